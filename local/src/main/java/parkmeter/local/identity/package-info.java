/**
 * Who calls: what both kinds of API Gateway know of tokens and authorizers. {@link parkmeter.local.identity.Tokens} checks the JWTs of
 * user pools, {@link parkmeter.local.identity.UserPool} signs them on this machine, {@link parkmeter.local.identity.InvokePolicy}
 * evaluates what a Lambda authorizer answered, {@link parkmeter.local.identity.Remembered} keeps it for a while.
 */
@NullMarked
package parkmeter.local.identity;

import org.jspecify.annotations.NullMarked;
