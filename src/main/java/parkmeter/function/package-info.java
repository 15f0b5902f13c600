/**
 * A Lambda function with what it needs to run: a role of its own, a log group, the permissions that the resources it calls have
 * granted. The code is the zip that {@code lambda-handler} builds.
 */
@NullMarked
package parkmeter.function;

import org.jspecify.annotations.NullMarked;
