package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import parkmeter.local.edge.Undeployable;

/** The methods' {@code x-amazon-apigateway-integration}. */
final class Integrations {
    private final Backends backends;
    private final List<String> binaryMediaTypes = new ArrayList<>();
    private final ServiceCalls calls = new ServiceCalls();

    Integrations(Api api, Backends backends) {
        this.backends = backends;
        api.openApi()
                .path("x-amazon-apigateway-binary-media-types")
                .forEach(type -> binaryMediaTypes.add(type.asText()));
    }

    /**
     * Reads a method's integration.
     *
     * @param path the path's object, whose parameters hold for each of its methods
     * @throws Undeployable for one that isn't served here
     */
    Integration of(JsonNode path, JsonNode operation, String where) {
        JsonNode declared = operation.path("x-amazon-apigateway-integration");
        String type = declared.path("type").asText();
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "aws_proxy" -> LambdaProxy.of(declared, binaryMediaTypes, backends.functions(), where);
            case "aws" ->
                new AwsIntegration(
                        AwsRequest.of(declared, List.of(path, operation), binaryMediaTypes, backends.services(), where),
                        calls,
                        IntegrationResponses.of(operation, binaryMediaTypes, where));
            case "mock" ->
                new Mock(
                        RequestTemplates.of(declared, where),
                        IntegrationResponses.of(operation, binaryMediaTypes, where));
            case "" -> throw new Undeployable(where, "x-amazon-apigateway-integration is missing");
            default ->
                throw new Undeployable(
                        where, "integration type '" + type + "' is not served locally; aws_proxy, aws and mock are");
        };
    }
}
