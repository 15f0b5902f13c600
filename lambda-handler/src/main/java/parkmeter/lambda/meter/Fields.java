package parkmeter.lambda.meter;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A JSON object that is read field by field; what is wrong with it is gathered, all of it. */
final class Fields {
    private final Map<?, ?> object;
    private final String path;
    private final List<String> problems;

    /**
     * Begins to read.
     *
     * @param value the object; anything else is a problem
     * @param path where it stands, such as {@code schedule[2]}; empty for the whole document
     * @param problems takes a sentence for each problem
     */
    Fields(@Nullable Object value, String path, List<String> problems) {
        this.path = path;
        this.problems = problems;
        if (value instanceof Map<?, ?> map) {
            this.object = map;
        } else {
            this.object = Map.of();
            problems.add((path.isEmpty() ? "The document" : path) + " must be a JSON object.");
        }
    }

    /** Names every field that is not among {@code known}. */
    void onlyKnown(Set<String> known) {
        for (Object key : object.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                problems.add(at(String.valueOf(key)) + " is not known; known are "
                        + String.join(", ", new TreeSet<>(known)) + ".");
            }
        }
    }

    boolean has(String name) {
        return object.get(name) != null;
    }

    @Nullable
    Object raw(String name) {
        return object.get(name);
    }

    /** The sentence's subject, with the path. */
    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    void wrong(String name, String rule) {
        problems.add(at(name) + " must be " + rule + ".");
    }

    String text(String name) {
        String text = optionalText(name);
        if (text == null || text.isEmpty()) {
            if (!has(name)) {
                problems.add(at(name) + " is missing.");
            }
            return "";
        }
        return text;
    }

    @Nullable
    String optionalText(String name) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && !text.isEmpty()) {
            return text;
        }
        wrong(name, "a string that is not empty");
        return null;
    }

    /** Any string; the empty one where there is none. */
    String words(String name) {
        Object value = object.get(name);
        if (value != null && !(value instanceof String)) {
            wrong(name, "a string");
        }
        return value instanceof String words ? words : "";
    }

    /** A whole number of at least {@code least}; {@code least} with a problem where it is none. */
    int whole(String name, int least) {
        Integer number = optionalWhole(name, least);
        if (number == null && !has(name)) {
            problems.add(at(name) + " is missing.");
        }
        return number == null ? least : number;
    }

    @Nullable
    Integer optionalWhole(String name, int least) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer number && number >= least) {
            return number;
        }
        wrong(name, "a whole number of at least " + least);
        return null;
    }

    @Nullable
    BigDecimal optionalDecimal(String name) {
        Object value = object.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number) {
            BigDecimal decimal = number instanceof BigDecimal exact ? exact : new BigDecimal(number.toString());
            if (decimal.signum() >= 0) {
                return decimal;
            }
        }
        wrong(name, "a number of at least 0");
        return null;
    }

    boolean flag(String name) {
        Object value = object.get(name);
        if (value != null && !(value instanceof Boolean)) {
            wrong(name, "true or false");
        }
        return Boolean.TRUE.equals(value);
    }

    Instant instant(String name) {
        Instant instant = optionalInstant(name);
        if (instant == null && !has(name)) {
            problems.add(at(name) + " is missing.");
        }
        return instant == null ? Instant.EPOCH : instant;
    }

    @Nullable
    Instant optionalInstant(String name) {
        String text = optionalText(name);
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            wrong(name, "a moment such as 2026-10-25T01:30:00Z");
            return null;
        }
    }

    <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
        String text = optionalText(name);
        if (text == null) {
            return otherwise;
        }
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (word(constant).equals(text)) {
                return constant;
            }
            words.add(word(constant));
        }
        wrong(name, "one of " + String.join(", ", words));
        return otherwise;
    }

    /** The elements of a list; none where there is no such field. */
    List<?> list(String name) {
        Object value = object.get(name);
        if (value instanceof List<?> list) {
            return list;
        }
        if (value != null) {
            wrong(name, "a list");
        }
        return List.of();
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object element : list(name)) {
            if (element instanceof String text) {
                texts.add(text);
            } else {
                wrong(name, "a list of strings");
                return List.of();
            }
        }
        return texts;
    }

    /** An object inside; null where there is none. */
    @Nullable
    Fields inner(String name) {
        return has(name) ? new Fields(object.get(name), at(name), problems) : null;
    }

    /** How a choice is written. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
