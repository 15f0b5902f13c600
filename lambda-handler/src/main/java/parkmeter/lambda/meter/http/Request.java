package parkmeter.lambda.meter.http;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.gateway.Problem;
import parkmeter.lambda.meter.Invalid;
import parkmeter.lambda.meter.Schedule;

/** A request's JSON object while it is read: what is wrong with it is gathered, and told at once. */
final class Request {
    /** More than any cap; what a caller asks for beyond it makes no difference. */
    private static final BigInteger MOST_MINUTES = BigInteger.valueOf(10_000_000);

    private final Map<?, ?> fields;
    private final List<Problem> problems = new ArrayList<>();

    Request(GatewayEvent event) throws CallFailed {
        this.fields = GatewayEvent.object(event.json());
    }

    boolean has(String name) {
        return fields.get(name) != null;
    }

    @Nullable
    Object raw(String name) {
        return fields.get(name);
    }

    /** A whole number of minutes; a number beyond every cap counts as one that is. */
    int minutes(String name, int least) {
        Object value = fields.get(name);
        if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
            BigInteger minutes = new BigInteger(value.toString());
            if (minutes.compareTo(BigInteger.valueOf(least)) >= 0) {
                return minutes.min(MOST_MINUTES).intValue();
            }
        }
        problem(name, value, value == null ? "is missing" : "must be a whole number of at least " + least);
        return least;
    }

    /** Windows, in this project's form or with {@code start_time} and {@code stop_time}. */
    Schedule schedule(String name) {
        if (!has(name)) {
            problem(name, null, "is missing");
            return Schedule.NONE;
        }
        try {
            return Schedule.read(fields.get(name));
        } catch (Invalid e) {
            for (String sentence : e.problems()) {
                int end = sentence.indexOf(' ');
                String field = sentence.substring(0, end);
                problem(
                        field,
                        Path.at(fields, field),
                        sentence.substring(end + 1).replaceFirst("\\.$", ""));
            }
            return Schedule.NONE;
        }
    }

    /** A name as SageMaker takes it (API reference, CreateEndpoint, EndpointName). */
    String name(String field) {
        Object value = fields.get(field);
        if (value instanceof String name && name.matches("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")) {
            return name;
        }
        problem(field, value, "must be a name of letters, digits and single hyphens between them, 63 at most");
        return "";
    }

    void onlyKnown(Set<String> known) {
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            String name = String.valueOf(field.getKey());
            if (!known.contains(name)) {
                problem(name, field.getValue(), "is unknown; known are " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    private void problem(String field, @Nullable Object value, String rule) {
        problems.add(Problem.with(field, value, rule));
    }

    /** Fails when anything was wrong. */
    void check() throws CallFailed {
        if (!problems.isEmpty()) {
            throw CallFailed.invalid(problems);
        }
    }
}
