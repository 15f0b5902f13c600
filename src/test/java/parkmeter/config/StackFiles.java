package parkmeter.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.yaml.snakeyaml.Yaml;

/** Stack files, handed over as Pulumi's CLI hands them to a program. */
public final class StackFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a project without JumpStart models. */
    static final Lock NO_LOCK = Lock.of("{\"version\": 1, \"models\": []}");

    private StackFiles() {}

    /** Reads {@code Pulumi.<stack>.yaml} of the project. */
    public static StackConfig sample(String stack) {
        try {
            return read(stack, Files.readString(Path.of("Pulumi." + stack + ".yaml")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads the text of a stack file that must be good. */
    public static StackConfig read(String stack, String yaml, String... secretKeys) {
        try {
            return ConfigReader.read(
                    new Names("parkmeter", stack), values(yaml), Set.of(secretKeys), Lock.read(Path.of("")));
        } catch (ConfigProblems problems) {
            throw new AssertionError(problems.getMessage());
        }
    }

    /** The values of the text of a stack file, as the CLI puts them into {@code PULUMI_CONFIG}. */
    static Map<String, String> values(String yaml) {
        Map<String, Map<String, Object>> file = new Yaml().load(yaml);
        var values = new TreeMap<String, String>();
        file.getOrDefault("config", Map.of()).forEach((key, value) -> values.put(key, text(value)));
        return values;
    }

    private static String text(Object value) {
        try {
            return value instanceof String text ? text : JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
