/** Lambda's side of a function: the Runtime API, and the process that asks it for events. */
@NullMarked
package parkmeter.lambda.runtime;

import org.jspecify.annotations.NullMarked;
