package parkmeter.local.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a Lambda authorizer returned (API Gateway developer guide, "Output from an Amazon API Gateway Lambda authorizer").
 *
 * @param principalId who calls
 * @param policy what may be called
 * @param context what it tells the integration: an object
 * @param usageKey {@code usageIdentifierKey}, an API key's value; a secret
 */
public record AuthorizerAnswer(String principalId, InvokePolicy policy, JsonNode context, Optional<String> usageKey) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Reads the function's answer; empty for one that is malformed.
     *
     * @param plainContext whether the context's values can be texts, numbers and truth values only, as for REST APIs
     */
    public static Optional<AuthorizerAnswer> read(byte[] payload, boolean plainContext) {
        JsonNode answer;
        try {
            answer = JSON.readTree(payload);
        } catch (IOException notJson) {
            return Optional.empty();
        }
        JsonNode context = answer.has("context") ? answer.path("context") : JsonNodeFactory.instance.objectNode();
        JsonNode key = answer.path("usageIdentifierKey");
        boolean wellFormed = answer.path("principalId").isTextual()
                && (key.isMissingNode() || key.isNull() || key.isTextual())
                && context.isObject();
        for (JsonNode value : context) {
            wellFormed &= !plainContext || value.isTextual() || value.isNumber() || value.isBoolean();
        }
        return wellFormed
                ? InvokePolicy.read(answer.path("policyDocument"))
                        .map(policy -> new AuthorizerAnswer(
                                answer.path("principalId").asText(),
                                policy,
                                context,
                                Optional.of(key).filter(JsonNode::isTextual).map(JsonNode::asText)))
                : Optional.empty();
    }

    /** The context's values as texts. */
    public Map<String, String> contextTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        context.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "AuthorizerAnswer[principalId=" + principalId + "]";
    }
}
