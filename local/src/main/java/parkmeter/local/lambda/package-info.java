/** Lambda on one machine: functions run from their zip in processes of their own through Lambda's runtime client. */
@NullMarked
package parkmeter.local.lambda;

import org.jspecify.annotations.NullMarked;
