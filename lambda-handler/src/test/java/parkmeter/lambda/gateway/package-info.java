/** What the tests of everything behind API Gateway use: its events, and what it gets. */
@NullMarked
package parkmeter.lambda.gateway;

import org.jspecify.annotations.NullMarked;
