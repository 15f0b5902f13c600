/**
 * Where access tokens and API keys are: tokens in DynamoDB, by their SHA-256 ({@link
 * parkmeter.lambda.access.store.TokenTable}) or in clear ({@link parkmeter.lambda.access.store.ClearTextTable}), keys in API
 * Gateway ({@link parkmeter.lambda.access.store.ClientKeys}).
 *
 * <p>An item of the first kind: {@code hash} (the partition key, S), {@code id} (S), {@code owner} (S), {@code client} (S,
 * left out where there are no clients), {@code createdAt}, {@code expiresAt} and, once it was used, {@code lastUsedAt} (N,
 * seconds since 1970).
 */
@NullMarked
package parkmeter.lambda.access.store;

import org.jspecify.annotations.NullMarked;
