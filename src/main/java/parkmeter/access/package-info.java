/**
 * Who may call beside those with an API key: {@link parkmeter.access.Tokens} keeps access tokens and issues them, {@link
 * parkmeter.access.Authorizer} looks at a call's token or key for API Gateway, {@link parkmeter.access.Users} sign in to a Cognito
 * user pool.
 */
@NullMarked
package parkmeter.access;

import org.jspecify.annotations.NullMarked;
