package parkmeter.local.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.llm.Llm;

/**
 * A model process's conversation with the process that started it, a line of JSON each. It begins with <code>{"ready": true}</code>. Asked
 * to <code>{"open": {"format", "modelId", "environment"}}</code> it answers <code>{"port": N}</code> or <code>{"refused": reason}</code>;
 * to <code>{"close": N}</code> it answers nothing. It ends with what is asked.
 */
final class Asked {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Llm llm;
    private final PrintStream out;
    private final Map<Integer, ModelServer> servers = new HashMap<>();

    Asked(Llm llm, PrintStream out) {
        this.llm = llm;
        this.out = out;
    }

    void serve(InputStream in) {
        say(JSON.createObjectNode().put("ready", true));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode asked = JSON.readTree(line);
                if (asked.has("close")) {
                    Optional.ofNullable(servers.remove(asked.path("close").asInt()))
                            .ifPresent(ModelServer::close);
                } else {
                    open(asked.path("open"));
                }
            }
        } catch (IOException gone) {
            // As when nothing more is asked.
        }
    }

    private void open(JsonNode asked) {
        Map<String, String> environment = new HashMap<>();
        asked.path("environment")
                .properties()
                .forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
        try {
            ModelServer server = ModelServer.start(
                    llm,
                    new ModelServer.Container(
                            WireFormat.of(asked.path("format").asText()),
                            asked.path("modelId").asText(),
                            environment),
                    0);
            servers.put(server.port(), server);
            say(JSON.createObjectNode().put("port", server.port()));
        } catch (IllegalArgumentException refused) {
            say(JSON.createObjectNode().put("refused", refused.getMessage()));
        }
    }

    private void say(JsonNode line) {
        out.println(line);
        out.flush();
    }
}
