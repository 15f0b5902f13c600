package parkmeter.local.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Pulumi's property values: JSON in a protobuf {@link Struct}, with marked objects for what JSON hasn't (secrets, archives,
 * references). The marks are those of Pulumi's {@code sdk/go/common/resource/properties.go}.
 */
final class Wire {
    /** What Pulumi sends for a value that isn't known yet. */
    static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    private static final String SIGNATURE = "4dabf18193072939515e22adb298388d";
    private static final String SECRET = "1b47061264138c4ac30d75fd1eb44270";
    private static final String ASSET = "c44067f5952c0a294b673a41bacd8c17";
    private static final String ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
    private static final String RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
    private static final String OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

    /** Beyond this a double no longer holds every integer. */
    private static final double LARGEST_INTEGER = 1L << 53;

    private final Path folder;
    private final Set<String> secrets = new TreeSet<>();

    private Wire(Path folder) {
        this.folder = folder;
    }

    /**
     * Plain JSON, with secrets in plain text.
     *
     * @param secrets JSON pointers to what was marked as secret
     */
    record Decoded(ObjectNode value, Set<String> secrets) {}

    /** Reads properties; the paths of assets in {@code folder} become relative to it. */
    static Decoded decode(Struct properties, Path folder) {
        Wire wire = new Wire(folder);
        return new Decoded(wire.object(properties, ""), wire.secrets);
    }

    /** Marks a value as secret. */
    static Value secret(Value value) {
        return Value.newBuilder()
                .setStructValue(
                        Struct.newBuilder().putFields(SIGNATURE, text(SECRET)).putFields("value", value))
                .build();
    }

    static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }

    /** The JSON pointer to a member of the value at {@code pointer}. */
    static String pointer(String pointer, String member) {
        return pointer + "/" + member.replace("~", "~0").replace("/", "~1");
    }

    private ObjectNode object(Struct struct, String pointer) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(struct.getFieldsMap())
                .forEach((name, value) -> object.set(name, value(value, pointer(pointer, name))));
        return object;
    }

    private JsonNode value(Value value, String pointer) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (value.getKindCase()) {
            case STRING_VALUE -> json.textNode(value.getStringValue());
            case BOOL_VALUE -> json.booleanNode(value.getBoolValue());
            case NUMBER_VALUE -> number(value.getNumberValue());
            case LIST_VALUE -> array(value.getListValue(), pointer);
            case STRUCT_VALUE -> marked(value.getStructValue(), pointer);
            case NULL_VALUE, KIND_NOT_SET -> json.nullNode();
        };
    }

    private static JsonNode number(double number) {
        boolean integer = number == Math.rint(number) && Math.abs(number) <= LARGEST_INTEGER;
        return integer
                ? JsonNodeFactory.instance.numberNode((long) number)
                : JsonNodeFactory.instance.numberNode(number);
    }

    private ArrayNode array(ListValue list, String pointer) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Value each : list.getValuesList()) {
            array.add(value(each, pointer + "/" + array.size()));
        }
        return array;
    }

    private JsonNode marked(Struct struct, String pointer) {
        Map<String, Value> fields = struct.getFieldsMap();
        return switch (member(fields, SIGNATURE).getStringValue()) {
            case SECRET -> {
                secrets.add(pointer);
                yield value(member(fields, "value"), pointer);
            }
            case OUTPUT -> {
                if (member(fields, "secret").getBoolValue()) {
                    secrets.add(pointer);
                }
                yield value(fields.getOrDefault("value", text(UNKNOWN)), pointer);
            }
            case ASSET -> file("asset", struct, pointer);
            case ARCHIVE -> file("archive", struct, pointer);
            case RESOURCE ->
                JsonNodeFactory.instance.textNode(member(fields, "urn").getStringValue());
            default -> object(struct, pointer);
        };
    }

    private ObjectNode file(String kind, Struct struct, String pointer) {
        ObjectNode content = object(struct, pointer).without(Set.of(SIGNATURE, "hash"));
        if (content.path("path").isTextual()) {
            Path path = folder.resolve(content.path("path").asText()).normalize();
            Path shown = path.startsWith(folder) ? folder.relativize(path) : path;
            content.put("path", shown.toString().replace('\\', '/'));
        }
        return JsonNodeFactory.instance.objectNode().set(kind, content);
    }

    private static Value member(Map<String, Value> fields, String name) {
        return fields.getOrDefault(name, Value.getDefaultInstance());
    }
}
