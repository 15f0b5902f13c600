package parkmeter.lambda.meter.http;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what a problem is about: a path such as {@code schedule[2].start} in a JSON object. */
final class Path {
    private static final Pattern STEP = Pattern.compile("\\[(\\d{1,9})\\]|([^.\\[\\]]+)");

    private Path() {}

    /** The value there; null where there is none. */
    static @Nullable Object at(Map<?, ?> object, String path) {
        Object found = object;
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            String index = step.group(1);
            if (index == null) {
                found = found instanceof Map<?, ?> map ? map.get(step.group(2)) : null;
            } else {
                int i = Integer.parseInt(index);
                found = found instanceof List<?> list && i < list.size() ? list.get(i) : null;
            }
        }
        return found;
    }
}
