/** The program under Pulumi's mocks: what it declares for each kind of configuration, without an engine. */
@NullMarked
package parkmeter;

import org.jspecify.annotations.NullMarked;
