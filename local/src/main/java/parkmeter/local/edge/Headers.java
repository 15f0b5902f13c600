package parkmeter.local.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * HTTP header fields in the order and with the names that were sent; a name is found in any case.
 *
 * @param fields name and value of each
 */
public record Headers(List<Map.Entry<String, String>> fields) {

    /** Copies the fields, so that they never change. */
    public Headers {
        fields = List.copyOf(fields);
    }

    /** The first value of a header. */
    public Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The last value of a header. */
    public Optional<String> last(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .reduce((first, second) -> second);
    }

    /** The first media type that a header such as {@code Accept} names, in lower case, without its parameters. */
    public Optional<String> mediaType(String name) {
        return first(name)
                .map(value -> value.split("[;,]", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(type -> !type.isEmpty());
    }

    /** Characters of all names and values together. */
    public int size() {
        return fields.stream()
                .mapToInt(field -> field.getKey().length() + field.getValue().length())
                .sum();
    }

    /** All values of each name, under the first of its spellings. */
    public Map<String, List<String>> grouped() {
        Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.forEach(field -> values.computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                .add(field.getValue()));
        return values;
    }
}
