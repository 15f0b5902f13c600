package parkmeter.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * SageMaker's refusals in this API's shape (SageMaker API reference, InvokeEndpoint, "Errors"). None of its words go in: they name the
 * account, and what the model says may quote the prompt.
 */
final class DirectErrors {

    private static final String UNAVAILABLE =
            error("model_unavailable", "The model is not ready: try again after the time in Retry-After");

    /** The pattern of all statuses that no other names. */
    private static final String OTHERS = "default";

    private DirectErrors() {}

    /**
     * Templates by the pattern of SageMaker's status.
     *
     * @param metered whether the endpoint may have been stopped for its time being up
     * @param prompt whether the gateway has made the request itself
     */
    static Map<String, String> templates(boolean metered, boolean prompt) {
        Map<String, String> templates = new LinkedHashMap<>();
        templates.put("400", refused(metered, prompt));
        templates.put("413", error("payload_too_large", "The request is larger than SageMaker takes"));
        templates.put("424", modelError(prompt));
        templates.put("429|503", becomes(503, 30) + UNAVAILABLE);
        templates.put(OTHERS, error("model_error", "The model can't be called"));
        return templates;
    }

    /** The status of the answers that no template gives another. */
    static String status(String pattern) {
        return switch (pattern) {
            case "400", "413" -> pattern;
            case "429|503" -> "503";
            default -> "502";
        };
    }

    /** An endpoint that is not there, or not yet, is a mistake of the caller's to SageMaker; so is a call too many. */
    private static String refused(boolean metered, boolean prompt) {
        String absent = metered
                ? becomes(503, 300)
                        + error(
                                "model_stopped",
                                "The model does not run: it starts when time is put on its meter, and a call on this route"
                                        + " puts none there")
                : becomes(503, 30) + UNAVAILABLE;
        return "#set($said = \"$!input.path('$.Message')$!input.path('$.message')\")"
                + "#if($said.contains('not found'))" + absent
                + "#elseif($said.contains('Rate exceeded'))" + becomes(429, 1)
                + error("throttled", "Too many requests for the model: try again in a moment")
                + (prompt
                        ? "#else" + becomes(502, 0) + error("model_error", "The model can't be called")
                        : "#else"
                                + error("invalid_request", "SageMaker does not take the request's headers or its body"))
                + "#end";
    }

    /** The container's own status says whose fault it was. */
    private static String modelError(boolean prompt) {
        String refused = becomes(422, 0)
                + error(
                        "model_refused",
                        "The model refused the request: check its parameters, and whether prompt and answer are too long for it");
        return "#set($was = \"$!input.path('$.OriginalStatusCode')\")"
                + "#if($was == '422'" + (prompt ? "" : " || $was.matches('40[0456]')") + ")" + refused
                + "#elseif($was == '413')" + becomes(413, 0)
                + error("payload_too_large", "The request is too large for the model")
                + (prompt
                        ? ""
                        : "#elseif($was == '415')" + becomes(415, 0)
                                + error("unsupported_media_type", "The model does not take this Content-Type"))
                + "#elseif($was == '429')" + becomes(429, 1)
                + error("model_overloaded", "The model is overloaded: try again in a moment")
                + "#elseif($was == '503')" + becomes(503, 30) + UNAVAILABLE
                + "#elseif($was == '0' || $was == '408' || $was == '504')" + becomes(504, 0)
                + error("timeout", "The model took too long: ask for fewer new tokens")
                + "#else" + error("model_error", "The model failed to generate an answer") + "#end";
    }

    /** Another status, and when to come back, in seconds; 0: it does not help. */
    private static String becomes(int status, int retryAfter) {
        return "#set($context.responseOverride.status = " + status + ")"
                + (retryAfter > 0 ? "#set($context.responseOverride.header.Retry-After = '" + retryAfter + "')" : "");
    }

    private static String error(String code, String sentence) {
        return OpenApiDocument.object()
                        .put("error", sentence)
                        .put("code", code)
                        .toString()
                        .replaceFirst("}$", "") + ",\"requestId\":\"$context.requestId\"}";
    }
}
