package parkmeter.config;

/** Who may call a route. */
public sealed interface Access {

    /** Holders of one of the clients' API keys, within the client's usage plan. */
    record Key() implements Access {}

    /** Anybody, within the route's own throttle. */
    record Public() implements Access {}
}
