package parkmeter.config;

/** Who may call a route. */
public sealed interface Access {

    /** Holders of one of the clients' API keys, within the client's usage plan. */
    record Key() implements Access {}

    /** Holders of an access token, on a REST API within the usage plan of the token's client. */
    record Token() implements Access {}

    /** Who has signed in to the stack's Cognito user pool. */
    record Cognito() implements Access {}

    /** Anybody, within the route's own throttle. */
    record Public() implements Access {}
}
