package parkmeter.lambda.meter.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which endpoints may be registered by their names, and with which EndpointConfigurations: those that a pattern allows, in which
 * {@code *} stands for any characters and {@code ?} for one. IAM lets the functions reach no others. Case does not matter: ARNs
 * have none.
 */
final class Adoptable {
    private final List<Pattern> endpoints;
    private final List<Pattern> configurations;

    Adoptable(List<String> endpoints, List<String> configurations) {
        this.endpoints = endpoints.stream().map(Adoptable::pattern).toList();
        this.configurations = configurations.stream().map(Adoptable::pattern).toList();
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(glob.toLowerCase(Locale.ROOT)
                .chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining()));
    }

    boolean allows(String endpoint) {
        return fits(endpoints, endpoint);
    }

    boolean allowsConfiguration(String configuration) {
        return fits(configurations, configuration);
    }

    private static boolean fits(List<Pattern> patterns, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return patterns.stream().anyMatch(pattern -> pattern.matcher(lower).matches());
    }
}
