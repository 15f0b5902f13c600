package parkmeter.local.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * One YAML file, read as Pulumi's command reads it: by gopkg.in/yaml.v3, where {@code yes} and {@code on} are texts,
 * {@code 017} and {@code 0o17} are octal, and what a mapping says itself wins over what it merges. SnakeYAML's tree is used, and not its or
 * Jackson's values, since only the tree still knows what was quoted and on which line.
 */
final class YamlFile {
    private static final BigInteger LARGEST_UNSIGNED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);
    private static final BigInteger SMALLEST_SIGNED = BigInteger.valueOf(Long.MIN_VALUE);

    /** From here on Go writes integers with an exponent. */
    private static final double FIRST_WITH_EXPONENT = 1e21;

    private final Path file;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private YamlFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file; an empty one is an empty object.
     *
     * @throws UnusableStack when it is missing, malformed, or no object, in one line with its place
     */
    static ObjectNode read(Path file) throws UnusableStack {
        YamlFile yaml = new YamlFile(file);
        LoaderOptions options = new LoaderOptions();
        try (Reader reader = Files.newBufferedReader(file)) {
            Node root = new Yaml(
                            new SafeConstructor(options),
                            new Representer(new DumperOptions()),
                            new DumperOptions(),
                            options,
                            new GoResolver())
                    .compose(reader);
            if (root == null) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (yaml.value(root) instanceof ObjectNode object) {
                return object;
            }
            throw yaml.problem(root, "a YAML file of Pulumi is a mapping of keys");
        } catch (NoSuchFileException e) {
            throw new UnusableStack(file + " doesn't exist.");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new UnusableStack(file + ", line " + line + ": " + e.getProblem() + ".");
        } catch (YAMLException | IOException e) {
            throw new UnusableStack(file + " can't be read: " + e.getMessage());
        }
    }

    private JsonNode value(Node node) throws UnusableStack {
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar);
        }
        if (!open.add(node)) {
            throw problem(node, "an anchor that holds itself");
        }
        JsonNode value = node instanceof SequenceNode sequence ? array(sequence) : object((MappingNode) node);
        open.remove(node);
        return value;
    }

    private ArrayNode array(SequenceNode sequence) throws UnusableStack {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Node each : sequence.getValue()) {
            array.add(value(each));
        }
        return array;
    }

    /** Keys are sorted, as Go's maps are in JSON. */
    private ObjectNode object(MappingNode mapping) throws UnusableStack {
        Map<String, JsonNode> members = new TreeMap<>();
        List<Node> merged = new ArrayList<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode().getTag().equals(Tag.MERGE)) {
                merged.add(entry.getValueNode());
            } else if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw problem(entry.getKeyNode(), "a key must be a text");
            } else if (members.put(key.getValue(), value(entry.getValueNode())) != null) {
                throw problem(key, "'" + key.getValue() + "' is there twice");
            }
        }
        for (Node node : merged) {
            for (Node source : node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node)) {
                if (!(value(source) instanceof ObjectNode object)) {
                    throw problem(source, "only a mapping can be merged with <<");
                }
                object.properties().forEach(member -> members.putIfAbsent(member.getKey(), member.getValue()));
            }
        }
        return JsonNodeFactory.instance.objectNode().setAll(members);
    }

    private JsonNode scalar(ScalarNode scalar) throws UnusableStack {
        JsonNodeFactory json = JsonNodeFactory.instance;
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return json.textNode(text);
        } else if (tag.equals(Tag.NULL)) {
            return json.nullNode();
        } else if (tag.equals(Tag.BOOL)) {
            return json.booleanNode(text.equalsIgnoreCase("true"));
        } else if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return number(scalar, text.replace("_", ""));
        } else if (tag.equals(Tag.TIMESTAMP)) {
            throw problem(
                    scalar, "a date without quotes becomes another text in Pulumi: write '" + text + "' in quotes");
        }
        throw problem(scalar, "the tag " + tag + " isn't supported");
    }

    private JsonNode number(ScalarNode scalar, String text) throws UnusableStack {
        try {
            Optional<BigInteger> integer = integer(text);
            if (integer.isPresent()) {
                return JsonNodeFactory.instance.numberNode(integer.get());
            }
            double number = Double.parseDouble(text);
            if (number == Math.rint(number) && Math.abs(number) < FIRST_WITH_EXPONENT) {
                return JsonNodeFactory.instance.numberNode(new BigDecimal(number).toBigIntegerExact());
            }
            return JsonNodeFactory.instance.numberNode(
                    BigDecimal.valueOf(number).stripTrailingZeros());
        } catch (NumberFormatException e) {
            throw problem(scalar, "'" + scalar.getValue() + "' is no number that JSON can hold");
        }
    }

    /** By Go's {@code strconv.ParseInt(text, 0, 64)}; empty for what yaml.v3 then takes for a floating point number. */
    private static Optional<BigInteger> integer(String text) {
        String sign = text.startsWith("-") ? "-" : "";
        String digits = text.replaceFirst("^[-+]", "");
        int radix = 10;
        if (digits.matches("0[xX].*")) {
            radix = 16;
        } else if (digits.matches("0[bB].*")) {
            radix = 2;
        } else if (digits.matches("0[oO]?[0-7]+")) {
            radix = 8;
        } else if (!digits.matches("0|[1-9][0-9]*")) {
            return Optional.empty();
        }
        BigInteger integer = new BigInteger(sign + digits.replaceFirst("^0[xXbBoO]", ""), radix);
        boolean fits = integer.compareTo(SMALLEST_SIGNED) >= 0 && integer.compareTo(LARGEST_UNSIGNED) <= 0;
        return fits ? Optional.of(integer) : Optional.empty();
    }

    private UnusableStack problem(Node node, String problem) {
        return new UnusableStack(file + ", line " + (node.getStartMark().getLine() + 1) + ": " + problem + ".");
    }

    /** What a scalar without quotes means in gopkg.in/yaml.v3 (its resolve.go). */
    private static final class GoResolver extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.MERGE, Pattern.compile("<<"), "<");
            addImplicitResolver(Tag.NULL, Pattern.compile("~|null|Null|NULL|"), "~nN\0");
            addImplicitResolver(Tag.NULL, Pattern.compile(""), null);
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|True|TRUE|false|False|FALSE"), "tTfF");
            addImplicitResolver(
                    Tag.INT,
                    Pattern.compile("[-+]?(0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*)"),
                    "-+0123456789");
            addImplicitResolver(
                    Tag.FLOAT,
                    Pattern.compile("[-+]?(\\.[0-9][0-9_]*|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?"),
                    "-+0123456789.");
            addImplicitResolver(Tag.FLOAT, Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"), "-+.");
            addImplicitResolver(
                    Tag.TIMESTAMP,
                    Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}.*)?"),
                    "0123456789");
        }
    }
}
