package parkmeter.lambda.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.sagemaker.ModelEndpoint;
import parkmeter.lambda.sagemaker.Reply;

/** The prompt API: from API Gateway's request to a model's completion, or to the reason why there is none. */
final class PromptApi {
    /** TGI's own limit on a request (its {@code PAYLOAD_LIMIT}), in bytes: what is longer can't reach the model. */
    static final int MAX_BYTES = 2_000_000;

    /** For reading the request, and for the answer's way back, before Lambda and API Gateway give up. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final Map<String, Template> routes;
    private final ModelEndpoint model;
    private final ModelMeter meter;

    PromptApi(Map<String, Template> routes, ModelEndpoint model, ModelMeter meter) {
        this.routes = Map.copyOf(routes);
        this.model = model;
        this.meter = meter;
    }

    /** A completed request, with the answer's body. */
    record Completed(PromptRequest request, Completion completion) {
        /** What the caller gets, in the order of the documented answer. */
        Map<String, Object> body() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("generated_text", completion.text());
            body.put("prompt", request.prompt());
            body.put("parameters", request.parameters());
            return body;
        }
    }

    /**
     * Completes the prompt of a request.
     *
     * @param left how long Lambda lets the function run on
     * @throws CallFailed when there is no completion
     */
    Completed complete(GatewayEvent event, Duration left) throws CallFailed {
        long start = System.nanoTime();
        Template template = routes.get(event.route());
        if (template == null) {
            throw new CallFailed(Code.UNKNOWN_ROUTE, "There is no such route.");
        }
        String body = event.json();
        checkSize(body);
        PromptRequest request = PromptRequest.read(body, template);
        String json = Tgi.request(request, template);
        checkSize(json);
        Duration atMost = left.minus(MARGIN);
        if (atMost.isNegative() || atMost.isZero()) {
            throw timeout("");
        }
        Reply reply = model.invoke(json, atMost);
        if (reply instanceof Reply.Answered answered) {
            return new Completed(
                    request,
                    Tgi.completion(answered.body())
                            .orElseThrow(() -> new CallFailed(
                                    Code.MODEL_ERROR,
                                    "The model's answer can't be understood: is its container a TGI server?",
                                    "UnreadableAnswer")));
        }
        if (reply instanceof Reply.Failed failed && failed.reason() == Reply.Reason.UNAVAILABLE) {
            throw meter.refusal(failed.cause(), left.minusNanos(System.nanoTime() - start))
                    .orElseGet(() -> unavailable(failed.cause()));
        }
        throw reply instanceof Reply.ModelError error ? failed(error) : failed((Reply.Failed) reply);
    }

    private static void checkSize(String json) throws CallFailed {
        int bytes = json.getBytes(UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new CallFailed(
                    Code.PAYLOAD_TOO_LARGE,
                    "The request is too large: " + bytes + " bytes, where the model takes at most " + MAX_BYTES
                            + ". Send a shorter prompt.");
        }
    }

    private static CallFailed failed(Reply.ModelError error) {
        String cause = "ModelError" + error.status();
        return switch (error.status()) {
            case 413 ->
                new CallFailed(
                        Code.PAYLOAD_TOO_LARGE,
                        "The request is too large for the model. Send a shorter prompt.",
                        cause);
            case 422 ->
                new CallFailed(
                        Code.MODEL_REFUSED, "The model refused the request: " + Tgi.refusal(error.message()), cause);
            case 429 -> new CallFailed(Code.MODEL_OVERLOADED, "The model is overloaded: try again in a moment.", cause);
            case 503 -> unavailable(cause);
            case 408, 504 -> timeout(cause);
            default -> new CallFailed(Code.MODEL_ERROR, "The model failed to generate an answer.", cause);
        };
    }

    private static CallFailed failed(Reply.Failed failed) {
        String cause = failed.cause();
        return switch (failed.reason()) {
            case THROTTLED ->
                new CallFailed(Code.THROTTLED, "Too many requests for the model: try again in a moment.", cause);
            case UNAVAILABLE -> unavailable(cause);
            case TIMED_OUT -> timeout(cause);
            case BROKEN ->
                new CallFailed(Code.MODEL_ERROR, "The model can't be called: see the function's log.", cause);
        };
    }

    /** Nobody knows more than that the endpoint refused the call. */
    static CallFailed unavailable(String cause) {
        return new CallFailed(
                Code.MODEL_UNAVAILABLE, "The model is not ready: try again after the time in Retry-After.", cause);
    }

    private static CallFailed timeout(String cause) {
        return new CallFailed(
                Code.TIMEOUT, "The model took too long: ask for fewer tokens with max_new_tokens.", cause);
    }
}
