package parkmeter.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * A key of the stack file.
 *
 * @param path where it stands, {@code parkmeter:models[].hosting.instances}
 * @param type what fits
 * @param presence what stands there when nobody says
 * @param example a value that fits, as JSON; the default where there is one
 * @param meaning what it does, as a sentence
 */
record Key<T>(String path, ValueType<T> type, Presence presence, String example, String meaning) {

    enum Presence {
        REQUIRED,
        OPTIONAL,
        DEFAULT
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    static <T> Key<T> required(String path, ValueType<T> type, String example, String meaning) {
        return new Key<>(path, type, Presence.REQUIRED, example, meaning);
    }

    static <T> Key<T> optional(String path, ValueType<T> type, String example, String meaning) {
        return new Key<>(path, type, Presence.OPTIONAL, example, meaning);
    }

    static <T> Key<T> withDefault(String path, ValueType<T> type, String fallback, String meaning) {
        return new Key<>(path, type, Presence.DEFAULT, fallback, meaning);
    }

    /** The last part of the path. */
    String name() {
        return path.substring(parent().length() + 1);
    }

    /** The path of the section that the key stands in; {@code parkmeter} or {@code aws} at the top. */
    String parent() {
        return path.substring(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf(':')));
    }

    JsonNode exampleNode() {
        try {
            return JSON.readTree(example);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(path + ": the example is no JSON", e);
        }
    }

    /** Whether the value is a secret. */
    boolean secret() {
        return path.equals("parkmeter:huggingFaceToken");
    }

    /** Whether no message shows the value: a secret, or what people may take for the place of one. */
    boolean hidden() {
        return path.startsWith("parkmeter:huggingFaceToken");
    }

    /** The example as a value: what a reading goes on with after a problem, so that the next one is found too. */
    Optional<T> exampleValue() {
        return type.read(exampleNode());
    }
}
