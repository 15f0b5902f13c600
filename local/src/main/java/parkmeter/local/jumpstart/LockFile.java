package parkmeter.local.jumpstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code parkmeter.lock.json}: entries by their keys, in one order, so that the same models make the same bytes. */
final class LockFile {

    static final String NAME = "parkmeter.lock.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final TreeMap<String, ObjectNode> entries = new TreeMap<>();

    private LockFile(Path path) {
        this.path = path;
    }

    /**
     * Reads the lock of a project; a missing one has no entries.
     *
     * @throws CannotLock where it is damaged: what other stacks have in it would be lost
     */
    static LockFile read(Path folder) throws CannotLock {
        var lock = new LockFile(folder.resolve(NAME));
        if (!Files.exists(lock.path)) {
            return lock;
        }
        try {
            JsonNode root = JSON.readTree(lock.path.toFile());
            if (root.path("version").asInt() == 1 && root.path("models").isArray()) {
                for (JsonNode entry : root.path("models")) {
                    if (!(entry instanceof ObjectNode object)
                            || !object.path("id").isTextual()) {
                        throw damaged("an entry without an id");
                    }
                    lock.entries.put(key(object), object);
                }
                return lock;
            }
            throw damaged("no list of models, in version 1");
        } catch (JsonProcessingException e) {
            throw damaged("no JSON");
        } catch (IOException e) {
            throw new CannotLock(lock.path + " can't be read: " + e.getMessage());
        }
    }

    private static CannotLock damaged(String what) {
        return new CannotLock(NAME + " is damaged: " + what + ". Take it back with git checkout -- " + NAME
                + ", or delete it and lock each stack again.");
    }

    /** Puts entries in, or in the place of those with their keys: when a licence was accepted first is kept. */
    void put(List<ObjectNode> all) {
        for (ObjectNode entry : all) {
            JsonNode before = entries.getOrDefault(key(entry), JsonNodeFactory.instance.objectNode())
                    .path("eula");
            // No address is the same as no address, also where there was no licence before, and so no date.
            if (entry.path("eula") instanceof ObjectNode eula
                    && before.path("uri").equals(eula.path("uri"))
                    && before.path("accepted").isTextual()) {
                eula.set("accepted", before.path("accepted"));
            }
            entries.put(key(entry), entry);
        }
    }

    /** The newest version of each model. */
    Map<String, String> newest() {
        var newest = new TreeMap<String, String>();
        entries.values()
                .forEach(entry -> newest.merge(
                        entry.path("id").asText(), entry.path("version").asText(), (one, other) -> Versions.newestFirst(
                                        List.of(one, other))
                                .get(0)));
        return newest;
    }

    void write() throws CannotLock {
        ObjectNode root = JSON.createObjectNode().put("version", 1);
        root.putArray("models").addAll(entries.values());
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter()
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter)
                .withSeparators(
                        DefaultPrettyPrinter.DEFAULT_SEPARATORS.withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        try {
            Files.writeString(path, JSON.writer(printer).writeValueAsString(root) + "\n");
        } catch (IOException e) {
            throw new CannotLock(path + " can't be written: " + e.getMessage());
        }
    }

    private static String key(ObjectNode entry) {
        return Stream.of("id", "version", "region", "instanceType", "config")
                .map(part -> entry.path(part).asText())
                .reduce("", (one, other) -> one + other + "\n");
    }
}
