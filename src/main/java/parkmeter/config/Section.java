package parkmeter.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A section of the stack file under reading. Every problem goes to the {@link Report} and the reading goes on with the key's
 * example, so that all problems are found in one go.
 */
final class Section {

    private final String shape;
    private final String path;
    private final JsonNode node;
    private final Report report;
    private final Set<String> taken = new HashSet<>();
    private boolean open;

    /**
     * @param shape the section's path in the catalogue, {@code parkmeter:models[].hosting}
     * @param path where it stands, {@code parkmeter:models[0].hosting}
     */
    Section(String shape, String path, JsonNode node, Report report) {
        this.shape = shape;
        this.path = path;
        this.node = node;
        this.report = report;
    }

    /** The key's value, its default, or, after a problem, its example. */
    <T> T get(Key<T> key) {
        Optional<T> value = find(key);
        if (value.isEmpty() && key.presence() == Key.Presence.REQUIRED && !node.has(key.name())) {
            report.missing(pathOf(key), key);
        }
        return value.or(key::exampleValue)
                .orElseThrow(() -> new IllegalStateException(key.path() + ": the example does not fit"));
    }

    /** The key's value, if there is one that fits. */
    <T> Optional<T> find(Key<T> key) {
        taken.add(key.name());
        JsonNode value = node.get(key.name());
        if (value == null) {
            return Optional.empty();
        }
        if (key.type().isLater(value)) {
            report.notYet(pathOf(key), shown(key, value), key);
            open = true;
            return Optional.empty();
        }
        Optional<T> fitting = key.type().read(value);
        if (fitting.isEmpty()) {
            report.unfit(pathOf(key), shown(key, value), key);
        }
        return fitting;
    }

    /** The value that stands in the file and fits; not a default, not an example, and nothing is reported. */
    <T> Optional<T> given(Key<T> key) {
        return Optional.ofNullable(node.get(key.name())).flatMap(key.type()::read);
    }

    /** The section under the key, its default, or an empty one. */
    Section section(Key<JsonNode> key) {
        return child(key, get(key));
    }

    /** As {@link #section}, where a lone word stands for the section that has just this {@code type}. */
    Section sectionOrWord(Key<JsonNode> key) {
        JsonNode value = node.get(key.name());
        if (value == null || !value.isTextual()) {
            return section(key);
        }
        taken.add(key.name());
        return child(key, JsonNodeFactory.instance.objectNode().set("type", value));
    }

    /** The section under the key, whose keys are those of {@code shape}, if there is one. */
    Optional<Section> findSection(Key<JsonNode> key, Key<JsonNode> shape) {
        return find(key).map(value -> new Section(shape.path(), pathOf(key), value, report));
    }

    /** The section under the key, if there is one. */
    Optional<Section> findSection(Key<JsonNode> key) {
        return find(key).map(value -> child(key, value));
    }

    /** The sections of the list under the key, or of its default. */
    List<Section> list(Key<JsonNode> key) {
        var sections = new ArrayList<Section>();
        int index = 0;
        for (JsonNode entry : get(key)) {
            String entryPath = pathOf(key) + "[" + index++ + "]";
            if (entry.isObject()) {
                sections.add(new Section(key.path() + "[]", entryPath, entry, report));
            } else {
                report.add(
                        entryPath,
                        shown(key, entry),
                        "must be a section of keys",
                        report.inFile(entryPath, key.exampleNode().get(0).toString()));
            }
        }
        return sections;
    }

    /** The values of the list under the key that fit; {@code entry} says what does. */
    <T> List<T> values(Key<JsonNode> key, Key<T> entry) {
        var values = new ArrayList<T>();
        int index = 0;
        for (JsonNode node : get(key)) {
            String entryPath = pathOf(key) + "[" + index++ + "]";
            entry.type()
                    .read(node)
                    .ifPresentOrElse(values::add, () -> report.unfit(entryPath, shown(key, node), entry));
        }
        return values;
    }

    /** Whether anything stands under the key, which is no unknown one then. */
    boolean has(Key<?> key) {
        taken.add(key.name());
        return node.has(key.name());
    }

    /** The key's whole path here. */
    String pathOf(Key<?> key) {
        return pathOf(key.name());
    }

    /** The whole path of a name here. */
    String pathOf(String name) {
        boolean plain = name.matches("\\w+");
        if (!path.contains(":")) {
            return path + ":" + name;
        }
        return plain ? path + "." + name : path + "[\"" + name + "\"]";
    }

    /** The whole path of what stands beside this section, {@code hosting.instances} beside {@code hosting.update}. */
    String beside(String name) {
        return path.substring(0, path.lastIndexOf('.') + 1) + name;
    }

    /** The key's value as a message may show it. */
    String shown(Key<?> key) {
        JsonNode value = node.get(key.name());
        return value == null ? "" : shown(key, value);
    }

    /** Refuses the key's value, with the line that mends it. */
    void refuse(Key<?> key, String rule, String mend) {
        report.add(pathOf(key), shown(key), rule, mend);
    }

    /** Refuses a value that has no place here, with the line that takes it out. */
    void unused(Key<?> key, String rule) {
        refuse(key, rule, report.remove(pathOf(key)));
    }

    /**
     * Refuses an ARN of another region than the stack's, with the same in its region as what mends it.
     *
     * @param rule what it must be
     */
    void inRegion(Key<String> key, String region, String rule) {
        given(key).ifPresent(arn -> {
            String there = arn.split(":", -1)[3];
            if (!there.equals(region)) {
                refuse(key, rule, report.set(pathOf(key), arn.replace(":" + there + ":", ":" + region + ":")));
            }
        });
    }

    /** Refuses a section or a list that nothing uses, where there is one. */
    void unusedWhole(Key<?> key, String reason) {
        if (has(key)) {
            report.add(pathOf(key), "", "has nothing to say: " + reason, report.remove(pathOf(key)));
        }
    }

    JsonNode node() {
        return node;
    }

    /** Reports what stands here and nobody has asked for. */
    void done() {
        if (open) {
            return;
        }
        List<String> known = Keys.all().stream()
                .filter(key -> key.parent().equals(shape))
                .map(Key::name)
                .filter(name -> !name.endsWith("[]"))
                .toList();
        node.fieldNames().forEachRemaining(name -> {
            if (!taken.contains(name)) {
                report.unknown(pathOf(name), name, known, !path.contains(":"));
            }
        });
    }

    private Section child(Key<JsonNode> key, JsonNode value) {
        return new Section(key.path(), pathOf(key), value, report);
    }

    private static String shown(Key<?> key, JsonNode value) {
        String text = value.toString();
        return key.hidden() ? "[secret]" : text.length() <= 80 ? text : text.substring(0, 79) + "…";
    }
}
