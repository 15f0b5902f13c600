/** What the Pulumi program tells a function through its environment. */
@NullMarked
package parkmeter.lambda.environment;

import org.jspecify.annotations.NullMarked;
