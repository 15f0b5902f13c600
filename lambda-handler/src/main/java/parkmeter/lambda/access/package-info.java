/**
 * Who may call: access tokens, the authorizer that reads them, and the API that issues them.
 *
 * <p>{@code AuthorizerHandler::handleRequest} is a Lambda authorizer of type REQUEST, for REST APIs and, with payload format
 * 2.0 and without simple responses, for HTTP APIs. It takes {@code Authorization: <token>}, {@code Authorization: Bearer
 * <token or API key>} and {@code x-api-key: <API key>}, and answers an IAM policy for the routes that the credential may
 * call, whatever route was asked for: so API Gateway may remember the answer by the header. Its environment:
 *
 * <ul>
 *   <li>{@code PARKMETER_TOKEN_TABLE}: the table's name; left out where no route takes a token.
 *   <li>{@code PARKMETER_CLIENT_KEYS}: a JSON object from each client's name to the id of its API key; {@code {}} where the
 *       API has no keys. A token of a client that is not in it is refused.
 *   <li>{@code PARKMETER_TOKEN_ROUTES}, {@code PARKMETER_KEY_ROUTES}: JSON lists of {@code METHOD /path}, as the API
 *       declares them ({@code GET /jobs/{id}}, {@code ANY /model}): what a token, and what an API key, may call. Left out:
 *       nothing.
 *   <li>{@code PARKMETER_LEGACY_CLEAR_TEXT}: {@code true} where the table is one that holds tokens in clear; left out
 *       otherwise.
 * </ul>
 *
 * It needs {@code dynamodb:GetItem} and {@code dynamodb:UpdateItem} on the table, and {@code apigateway:GET} on {@code
 * /apikeys/<id>} of each client.
 *
 * <p>{@code TokensHandler::handleRequest} serves {@code POST /tokens}, {@code GET /tokens} and {@code DELETE
 * /tokens/{id}}. Its environment:
 *
 * <ul>
 *   <li>{@code PARKMETER_TOKEN_TABLE}: as above.
 *   <li>{@code PARKMETER_CLIENTS}: a JSON list of the clients' names; {@code []} where the API has none.
 *   <li>{@code PARKMETER_OPERATORS}: a JSON list, not empty, of whom it is for: ids of API keys, or users' subjects.
 * </ul>
 *
 * It needs {@code dynamodb:PutItem}, {@code dynamodb:Scan} and {@code dynamodb:DeleteItem} on the table.
 *
 * <p>The table has the partition key {@code hash} (S) and its time-to-live attribute is {@code expiresAt}. One that holds
 * tokens in clear has the partition key {@code token} (S); all its tokens without an {@code owner} are one caller.
 *
 * <p>Both functions are in {@code target/access.zip}: a third of the meter's, since an authorizer is on the way of every
 * call. {@code Credential} is what a call shows, {@code Grant} what it is good for, {@code Policy} how API Gateway is told;
 * {@code Authorizer} goes from the first to the second.
 */
@NullMarked
package parkmeter.lambda.access;

import org.jspecify.annotations.NullMarked;
