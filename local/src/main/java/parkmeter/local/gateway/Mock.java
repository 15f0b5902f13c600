package parkmeter.local.gateway;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import parkmeter.local.edge.Headers;
import parkmeter.local.edge.Reply;

/**
 * A mock integration: the request's template says a status, and the response declared for that status is the answer (API
 * Gateway developer guide, "Mock integrations").
 */
record Mock(RequestTemplates templates, IntegrationResponses responses) implements Integration {
    /** AWS reads the template's result less strictly than JSON is defined. */
    private static final ObjectReader LENIENT_JSON = JsonMapper.builder()
            .enable(
                    JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES,
                    JsonReadFeature.ALLOW_SINGLE_QUOTES,
                    JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build()
            .reader();

    @Override
    public CompletableFuture<Reply> answer(Exchange exchange) {
        Map<String, Object> context = exchange.context();
        byte[] said =
                templates.fill(exchange, context, new Payload(exchange.request().body(), true));
        return CompletableFuture.completedFuture(responses.reply(
                exchange, context, new IntegrationResponses.Answer(status(said), new Headers(List.of()), new byte[0])));
    }

    private static int status(byte[] said) {
        try {
            JsonNode status = LENIENT_JSON.readTree(said).path("statusCode");
            if (status.isIntegralNumber()) {
                return status.asInt();
            }
        } catch (IOException notJson) {
            // AWS's answer is the same as for a text without a status.
        }
        throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
    }
}
