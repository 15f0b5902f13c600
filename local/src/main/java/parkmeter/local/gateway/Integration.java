package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import parkmeter.local.lambda.Functions;

/** What answers a request that passed every check. */
@FunctionalInterface
interface Integration {
    /** Answers without holding the caller's thread; completes with {@link Refused} where the gateway must answer itself. */
    CompletableFuture<Reply> answer(Exchange exchange);

    /**
     * Reads a method's {@code x-amazon-apigateway-integration}.
     *
     * @param binaryMediaTypes the API's
     * @throws Undeployable for one that isn't served here
     */
    static Integration of(JsonNode declared, List<String> binaryMediaTypes, Functions functions, String where) {
        String type = declared.path("type").asText();
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "aws_proxy" -> LambdaProxy.of(declared, binaryMediaTypes, functions, where);
            case "mock" -> new Mock(declared, where);
            case "" -> throw new Undeployable(where, "x-amazon-apigateway-integration is missing");
            default ->
                throw new Undeployable(
                        where, "integration type '" + type + "' is not served locally; aws_proxy and mock are");
        };
    }
}
