package parkmeter.lambda.access;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** What a caller shows: a secret. */
sealed interface Credential {

    /** In {@code Authorization}: a token or an API key. */
    record Bearer(String secret) implements Credential {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /** In {@code x-api-key}. */
    record Key(String secret) implements Credential {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Key";
        }
    }

    /** Longer ones there are none. */
    int MAX_LENGTH = 1024;

    /** {@code Bearer}, in any case (RFC 9110, 11.1), and the secret; or the secret alone. */
    Pattern AUTHORIZATION = Pattern.compile("(?i:Bearer +)?([\\x20-\\x7e]+)");

    /**
     * Reads the headers of an authorizer's event, whose names come in any case.
     *
     * @return null where there is none; and where there are two, since API Gateway remembers the answer by one of them
     */
    static @Nullable Credential of(@Nullable Object event) {
        Set<String> authorizations = values(event, "authorization");
        if (!authorizations.isEmpty()) {
            String value = only(authorizations);
            Matcher matcher = AUTHORIZATION.matcher(value);
            return matcher.matches() && fits(matcher.group(1)) ? new Bearer(matcher.group(1)) : null;
        }
        String key = only(values(event, "x-api-key"));
        return fits(key) ? new Key(key) : null;
    }

    private static boolean fits(String secret) {
        return !secret.isBlank() && secret.length() <= MAX_LENGTH;
    }

    private static String only(Set<String> values) {
        return values.size() == 1 ? values.iterator().next() : "";
    }

    private static Set<String> values(@Nullable Object event, String name) {
        Set<String> values = new TreeSet<>();
        Stream.of("multiValueHeaders", "headers")
                .map(headers -> Json.at(event, headers))
                .filter(Map.class::isInstance)
                .flatMap(headers -> ((Map<?, ?>) headers).entrySet().stream())
                .filter(header -> name.equalsIgnoreCase(String.valueOf(header.getKey())))
                .flatMap(header ->
                        (header.getValue() instanceof Collection<?> list ? list : List.of(header.getValue())).stream())
                .forEach(value -> values.add(String.valueOf(value).strip()));
        return values;
    }
}
