package parkmeter.local.httpapi;

import java.util.List;
import java.util.OptionalInt;

/**
 * An API's {@code corsConfiguration} (API Gateway developer guide, "Configure CORS for HTTP APIs").
 *
 * @param origins such as {@code https://example.com}, or {@code *}
 * @param methods such as {@code POST}, or {@code *}
 * @param allowHeaders what a browser may send, or {@code *}
 * @param exposeHeaders what a page may read
 * @param credentials whether cookies may be sent
 * @param maxAge seconds for which a browser may remember the answer
 */
public record Cors(
        List<String> origins,
        List<String> methods,
        List<String> allowHeaders,
        List<String> exposeHeaders,
        boolean credentials,
        OptionalInt maxAge) {
    /** Copies the lists, so that it never changes. */
    public Cors {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        allowHeaders = List.copyOf(allowHeaders);
        exposeHeaders = List.copyOf(exposeHeaders);
    }
}
