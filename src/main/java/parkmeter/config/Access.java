package parkmeter.config;

/** Who may call a model. */
public sealed interface Access {

    /** Holders of one of the clients' API keys, within the client's usage plan. */
    record Key() implements Access {}
}
