package parkmeter.local.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A stack's settings, as Pulumi's command gives them to a program ({@code sdk/go/common/resource/config}): every value is
 * text, structured values are JSON, keys are {@code namespace:key}.
 *
 * @param folder the project's folder, absolute: where the program runs
 * @param config every key with its value; what is encrypted is {@link #ENCRYPTED}
 * @param secretKeys the keys whose value is encrypted, or holds something that is
 */
public record Stack(Path folder, String project, String name, Map<String, String> config, Set<String> secretKeys) {
    /** Stands for an encrypted value: it takes the stack's passphrase to read one, and no plan needs it. */
    public static final String ENCRYPTED = "encrypted-value";

    /** Copies the collections. */
    public Stack {
        config = Map.copyOf(config);
        secretKeys = Set.copyOf(secretKeys);
    }

    /**
     * Reads {@code Pulumi.yaml} of the project's folder and {@code Pulumi.<name>.yaml} beside it, or else of one of its examples'
     * folders.
     *
     * @throws UnusableStack when either is missing or malformed
     */
    public static Stack read(Path folder, String name) throws UnusableStack {
        Path examples = folder.resolve("examples");
        if (Files.exists(file(folder, name)) || !Files.isDirectory(examples)) {
            return read(folder, folder, name);
        }
        try (Stream<Path> each = Files.list(examples)) {
            Optional<Path> example =
                    each.filter(one -> Files.exists(file(one, name))).findFirst();
            return read(folder, example.orElse(folder), name);
        } catch (IOException e) {
            throw new UnusableStack(examples + " can't be read: " + e.getMessage());
        }
    }

    /**
     * Reads {@code Pulumi.yaml} of the project's folder and {@code Pulumi.<name>.yaml} of another.
     *
     * @throws UnusableStack when either is missing or malformed
     */
    public static Stack read(Path folder, Path stacks, String name) throws UnusableStack {
        Path projectFile = folder.resolve("Pulumi.yaml");
        ObjectNode project = YamlFile.read(projectFile);
        String projectName = project.path("name").asText();
        if (projectName.isEmpty()) {
            throw new UnusableStack(projectFile + ": 'name' is missing.");
        }
        Path file = file(stacks, name);
        if (!Files.exists(file)) {
            throw new UnusableStack("There is no stack '" + name + "': " + file + " doesn't exist. Stacks that do: "
                    + String.join(", ", names(stacks)) + ".");
        }
        Map<String, String> config = new HashMap<>();
        Set<String> secretKeys = new HashSet<>();
        for (Map.Entry<String, JsonNode> entry : section(projectFile, project)) {
            Optional<JsonNode> value = declaredValue(entry.getValue());
            if (value.isPresent()) {
                config.put(key(projectFile, entry.getKey(), projectName), asText(value.get()));
            }
        }
        for (Map.Entry<String, JsonNode> entry : section(file, YamlFile.read(file))) {
            String key = key(file, entry.getKey(), projectName);
            JsonNode readable = withoutEncrypted(entry.getValue());
            config.put(key, asText(readable));
            if (!readable.equals(entry.getValue())) {
                secretKeys.add(key);
            }
        }
        return new Stack(folder.toAbsolutePath().normalize(), projectName, name, config, secretKeys);
    }

    private static Path file(Path stacks, String name) {
        return stacks.resolve("Pulumi." + name + ".yaml");
    }

    /** The stacks that have a file in the folder, sorted. */
    public static List<String> names(Path stacks) throws UnusableStack {
        try (Stream<Path> files = Files.list(stacks)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.matches("Pulumi\\..+\\.yaml"))
                    .map(file -> file.substring("Pulumi.".length(), file.length() - ".yaml".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UnusableStack(stacks + " can't be read: " + e.getMessage());
        }
    }

    private static Set<Map.Entry<String, JsonNode>> section(Path file, ObjectNode root) throws UnusableStack {
        JsonNode config = root.path("config");
        if (config.isMissingNode() || config.isNull()) {
            return Set.of();
        }
        if (!(config instanceof ObjectNode keys)) {
            throw new UnusableStack(file + ": 'config' must be a mapping of keys to values.");
        }
        return keys.properties();
    }

    private static String key(Path file, String key, String project) throws UnusableStack {
        // The form with ":config:" is Pulumi's older one.
        String[] parts = key.split(":(config:)?", -1);
        return switch (parts.length) {
            case 1 -> project + ":" + key;
            case 2 -> parts[0] + ":" + parts[1];
            default -> throw new UnusableStack(file + ": '" + key + "' is no key: write <namespace>:<name>.");
        };
    }

    /** What Pulumi.yaml sets for every stack: a value, a default, or nothing where it only says the key's type. */
    private static Optional<JsonNode> declaredValue(JsonNode declared) {
        if (!declared.isObject()) {
            return Optional.of(declared);
        }
        return Optional.ofNullable(declared.get("value")).or(() -> Optional.ofNullable(declared.get("default")));
    }

    private static JsonNode withoutEncrypted(JsonNode value) {
        if (value.size() == 1 && value.path("secure").isTextual()) {
            return TextNode.valueOf(ENCRYPTED);
        }
        if (value instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.properties().forEach(each -> copy.set(each.getKey(), withoutEncrypted(each.getValue())));
            return copy;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(each -> copy.add(withoutEncrypted(each)));
            return copy;
        }
        return value;
    }

    /** A text as it is, a number as Go's JSON writes it, null as nothing, all else as JSON. */
    private static String asText(JsonNode value) {
        if (value.isTextual() || value.isNull()) {
            return value.asText("");
        }
        return value.isNumber() ? value.toString().toLowerCase(Locale.ROOT) : value.toString();
    }
}
