package parkmeter.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets browsers call the API from any origin (Fetch standard, "CORS protocol"). The key travels in a header that a page must send
 * itself, so an open origin gives nobody else's rights away.
 */
final class Cors {

    /** On every answer. */
    static final Map<String, String> HEADERS = ordered(
            "Access-Control-Allow-Origin", "*", "Access-Control-Expose-Headers", "Retry-After,x-amzn-RequestId");

    static final String API_KEY = "X-Api-Key";

    private Cors() {}

    /** On the answer to a preflight of one path; browsers keep it for the age, in seconds. */
    static Map<String, String> preflightHeaders(List<Operation> operations, Security security) {
        Stream<String> methods =
                operations.stream().map(Operation::method).filter(method -> !method.equals(Operation.ANY));
        Stream<String> headers = operations.stream()
                .flatMap(operation ->
                        Stream.concat(security.headers(operation.access()).stream(), operation.headers().stream()));
        return ordered(
                "Access-Control-Allow-Origin",
                "*",
                "Access-Control-Allow-Methods",
                list(methods, Stream.of("OPTIONS")),
                "Access-Control-Allow-Headers",
                list(Stream.of("Content-Type"), headers),
                "Access-Control-Max-Age",
                "3600");
    }

    /** A constant, as API Gateway's mappings write one. */
    static String quoted(String value) {
        return "'" + value + "'";
    }

    private static String list(Stream<String> first, Stream<String> then) {
        return Stream.concat(first, then).distinct().collect(Collectors.joining(","));
    }

    private static Map<String, String> ordered(String... namesAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Collections.unmodifiableMap(map);
    }
}
