package parkmeter.local.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a template set in {@code $context.requestOverride} or {@code $context.responseOverride} (API Gateway developer guide, "Use a
 * mapping template to override an API's request and response parameters and status codes").
 *
 * @param status a status from 100 to 599; anything else is passed over
 */
record Overrides(Map<String, String> header, Map<String, String> query, Map<String, String> path, OptionalInt status) {

    static Overrides of(Map<String, Object> context, String which) {
        Map<?, ?> all = context.get(which) instanceof Map<?, ?> set ? set : Map.of();
        int status = all.get("status") instanceof Number number ? number.intValue() : 0;
        return new Overrides(
                texts(all.get("header")),
                texts(all.get("querystring")),
                texts(all.get("path")),
                status >= 100 && status <= 599 ? OptionalInt.of(status) : OptionalInt.empty());
    }

    private static Map<String, String> texts(@Nullable Object set) {
        Map<String, String> texts = new HashMap<>();
        if (set instanceof Map<?, ?> values) {
            values.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
        }
        return texts;
    }
}
