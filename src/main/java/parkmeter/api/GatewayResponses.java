package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** What API Gateway answers itself, in this API's shape (API Gateway developer guide, "Gateway response types"). */
enum GatewayResponses {
    BAD_REQUEST_BODY(400, "invalid_json", "Invalid JSON in request body: it must be valid JSON, and one object"),
    BAD_REQUEST_PARAMETERS(
            400, "invalid_request", "The request's headers or query string are not as this route wants them"),
    UNAUTHORIZED(
            401, "unauthorized", "The header Authorization is missing, or what it holds is not, or no longer, good"),
    ACCESS_DENIED(403, "forbidden", "This credential may not call this route"),
    INVALID_API_KEY(403, "forbidden", "The header x-api-key is missing, or its key is not one of this API's"),
    // AWS's own status is 403, which sends a caller with a good key looking for a fault in the key.
    MISSING_AUTHENTICATION_TOKEN(
            404, "unknown_route", "There is no such route: check the path, the stage in it, and the method"),
    RESOURCE_NOT_FOUND(404, "unknown_route", "There is no such route: check the path, the stage in it, and the method"),
    REQUEST_TOO_LARGE(413, "payload_too_large", "The request is larger than the API takes"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", "The content type must be application/json"),
    THROTTLED(
            429, 1, "throttled", "Too many requests at once: this key's rate, or the API's, is used up for the moment"),
    QUOTA_EXCEEDED(429, "quota_exceeded", "The quota of this key is used up for this period"),
    // The authorizer fails where AWS gives it no answer: the gateway remembers a refusal, and does not remember a
    // failure.
    AUTHORIZER_FAILURE(
            503, 5, "tokens_unavailable", "Nobody could say what this credential is good for: try again in a moment"),
    INTEGRATION_FAILURE(504, "timeout", "The model's answer could not be had in time"),
    INTEGRATION_TIMEOUT(504, "timeout", "The model did not answer within the gateway's time; ask for fewer new tokens"),
    DEFAULT_4XX(0, "bad_request", "The gateway did not accept the request"),
    DEFAULT_5XX(0, "internal_error", "The API failed to answer; try again, and report the request id if it goes on");

    /** What each status of a failed call means. */
    static final Map<String, String> STATUSES = new TreeMap<>(Map.ofEntries(
            Map.entry("400", "The request is not as the API wants it; 'problems' names each field"),
            Map.entry("401", "The token is missing, or not one that is, or is still, good"),
            Map.entry("403", "The credential is missing or wrong"),
            Map.entry("404", "There is no such route"),
            Map.entry("500", "The API itself is at fault"),
            Map.entry("413", "The request is too large"),
            Map.entry("415", "The content type is not JSON"),
            Map.entry("422", "The model refuses the request"),
            Map.entry("429", "Too many requests, or the quota is used up"),
            Map.entry("502", "The model failed"),
            Map.entry("503", "The model is not ready; 'Retry-After' says when to try again"),
            Map.entry("504", "The model did not answer in time")));

    private final int status;
    private final int retryAfter;
    private final String code;
    private final String sentence;

    GatewayResponses(int status, String code, String sentence) {
        this(status, 0, code, sentence);
    }

    GatewayResponses(int status, int retryAfter, String code, String sentence) {
        this.status = status;
        this.retryAfter = retryAfter;
        this.code = code;
        this.sentence = sentence;
    }

    static ObjectNode all() {
        ObjectNode responses = OpenApiDocument.object();
        for (GatewayResponses response : values()) {
            responses.set(response.name(), response.declaration());
        }
        return responses;
    }

    private ObjectNode declaration() {
        ObjectNode declaration = OpenApiDocument.object();
        if (status > 0) {
            declaration.put("statusCode", String.valueOf(status));
        }
        ObjectNode headers = declaration.putObject("responseParameters");
        Cors.HEADERS.forEach((name, value) -> headers.put("gatewayresponse.header." + name, Cors.quoted(value)));
        if (retryAfter > 0) {
            headers.put("gatewayresponse.header.Retry-After", Cors.quoted(String.valueOf(retryAfter)));
        }
        ObjectNode body = OpenApiDocument.object().put("error", sentence).put("code", code);
        // The gateway puts its own words in, in quotes; so this part of the template is no JSON yet.
        String template = body.toString().replaceFirst("}$", ",\"message\":\\$context.error.messageString,")
                + "\"requestId\":\"$context.requestId\"}";
        declaration.putObject("responseTemplates").put("application/json", template);
        return declaration;
    }
}
