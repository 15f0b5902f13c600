package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request of the query protocol: {@code Metric.Dimensions.member.1.Name=EndpointName} is the member Name of the first member of
 * Dimensions of Metric.
 */
final class Form {
    private final Map<String, String> values;
    private final String prefix;

    private Form(Map<String, String> values, String prefix) {
        this.values = values;
        this.prefix = prefix;
    }

    /** Reads a body of the type {@code application/x-www-form-urlencoded}. */
    static Form of(String body) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            values.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
        }
        return new Form(values, "");
    }

    /** A member's text; empty where it was not sent. */
    Optional<String> text(String member) {
        return Optional.ofNullable(values.get(prefix + member));
    }

    /**
     * A member's text.
     *
     * @throws Refused where it was not sent
     */
    String needed(String member) {
        return text(member)
                .orElseThrow(() ->
                        new Refused(400, "MissingParameter", "The parameter " + prefix + member + " is required."));
    }

    /**
     * A member that is a time.
     *
     * @throws Refused where it was not sent, or is none
     */
    Instant time(String member) {
        String text = needed(member);
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new Refused(
                    400, "InvalidParameterValue", "The parameter " + prefix + member + " must be a timestamp.");
        }
    }

    /** The members of a list, in order. */
    List<Form> list(String member) {
        List<Form> members = new ArrayList<>();
        while (true) {
            String next = prefix + member + ".member." + (members.size() + 1) + ".";
            if (values.keySet().stream().noneMatch(name -> name.startsWith(next))) {
                return members;
            }
            members.add(new Form(values, next));
        }
    }

    /** A member that has members itself. */
    Form inner(String member) {
        return new Form(values, prefix + member + ".");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8);
    }
}
