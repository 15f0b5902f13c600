package parkmeter.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Systems Manager's parameters in memory: PutParameter, GetParameter, DeleteParameter (API reference of Systems Manager). */
public final class Ssm implements JsonService {
    private final Map<String, ObjectNode> parameters = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Consumer<Put> watcher;

    /** A parameter has got a value. */
    public record Put(String name, String value) {}

    /**
     * Starts without a parameter.
     *
     * @param clock what their dates go by
     * @param watcher hears of each value that is put
     */
    public Ssm(Clock clock, Consumer<Put> watcher) {
        this.clock = clock;
        this.watcher = watcher;
    }

    @Override
    public String target() {
        return "AmazonSSM";
    }

    @Override
    public JsonNode answer(String operation, JsonNode request) {
        String name = request.path("Name").asText();
        return switch (operation) {
            case "PutParameter" -> put(name, request);
            case "GetParameter" -> JsonNodeFactory.instance.objectNode().set("Parameter", get(name));
            case "DeleteParameter" -> delete(name);
            default -> throw AwsApi.unknown("SSM " + operation);
        };
    }

    private JsonNode put(String name, JsonNode request) {
        ObjectNode stored = parameters.compute(name, (key, before) -> {
            if (before != null && !request.path("Overwrite").asBoolean()) {
                throw new Refused(
                        400,
                        "ParameterAlreadyExists",
                        "The parameter already exists. To overwrite this value, set the overwrite option in the"
                                + " request to true.");
            }
            long version = before == null ? 1 : before.path("Version").asLong() + 1;
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("Name", name)
                    .put("Type", request.path("Type").asText("String"))
                    .put("Value", request.path("Value").asText())
                    .put("DataType", "text")
                    .put("LastModifiedDate", clock.millis() / 1000.0)
                    .put("Version", version);
        });
        watcher.accept(new Put(name, stored.path("Value").asText()));
        return JsonNodeFactory.instance
                .objectNode()
                .put("Tier", "Standard")
                .put("Version", stored.path("Version").asLong());
    }

    private JsonNode get(String name) {
        ObjectNode found = parameters.get(name);
        if (found == null) {
            throw notFound(name);
        }
        return found;
    }

    private JsonNode delete(String name) {
        if (parameters.remove(name) == null) {
            throw notFound(name);
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private static Refused notFound(String name) {
        return new Refused(400, "ParameterNotFound", "Parameter " + name + " not found.");
    }
}
