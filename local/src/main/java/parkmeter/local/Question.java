package parkmeter.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a route is asked: in the prompt API's words, or in those of the model itself. */
enum Question {
    PROMPT("prompt", ""),
    MODEL("inputs", "/0");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String field;
    private final String answer;

    Question(String field, String answer) {
        this.field = field;
        this.answer = answer;
    }

    /** The request that asks for a short, always equal answer. */
    String request(String prompt) {
        ObjectNode body = body(prompt);
        body.putObject("parameters").put("max_new_tokens", 128);
        if (this == PROMPT) {
            body.withObjectProperty("parameters").put("temperature", 0);
        }
        return body.toString();
    }

    /** The shortest request, for people. */
    ObjectNode body(String prompt) {
        return JsonNodeFactory.instance.objectNode().put(field, prompt);
    }

    /** The generated text in an answer, or in what a job that succeeded has as its answer. */
    String text(String body) throws CannotRun {
        try {
            JsonNode read = JSON.readTree(body);
            return (read.has("answer") ? read.path("answer") : read)
                    .at(answer + "/generated_text")
                    .asText()
                    .strip();
        } catch (JsonProcessingException e) {
            throw new CannotRun("The API's answer is no JSON.");
        }
    }
}
