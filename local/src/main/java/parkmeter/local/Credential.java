package parkmeter.local;

import java.net.http.HttpRequest;

/**
 * What a caller shows, in a header.
 *
 * @param header the header's name
 * @param value what is in it; a secret
 * @param what says to people what it is
 */
record Credential(String header, String value, String what) {

    static Credential key(String value, String client) {
        return new Credential("x-api-key", value, "key of client " + client);
    }

    static Credential bearer(String value, String what) {
        return new Credential("Authorization", "Bearer " + value, what);
    }

    void on(HttpRequest.Builder request) {
        request.header(header, value);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return what;
    }
}
