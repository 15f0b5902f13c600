package parkmeter.lambda.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.gateway.LogLine;
import parkmeter.lambda.sagemaker.Ask;
import parkmeter.lambda.sagemaker.Reply;

/** The prompt API: from API Gateway's request to a model's completion, or to the reason why there is none. */
final class PromptApi {
    /** TGI's own limit on a request (its {@code PAYLOAD_LIMIT}), in bytes: what is longer can't reach the model. */
    static final int MAX_BYTES = 2_000_000;

    private PromptApi() {}

    /**
     * Reads a request.
     *
     * @throws CallFailed when it is none, with every problem in it
     */
    static PromptRequest read(GatewayEvent event, Template template) throws CallFailed {
        String body = event.json();
        checkSize(body);
        PromptRequest request = PromptRequest.read(body, template);
        checkSize(Tgi.request(request, template));
        return request;
    }

    /**
     * Completes the prompt of a request.
     *
     * @param left how long Lambda lets the function run on
     * @throws CallFailed when there is no completion
     */
    static GatewayAnswer answer(GatewayEvent event, Template template, ServedModel model, Duration left, LogLine line)
            throws CallFailed {
        PromptRequest request = read(event, template);
        Reply.Answered answered = model.answer(Ask.json(Tgi.request(request, template)), Author.PROMPT_API, left);
        Completion completion = Tgi.completion(answered.content().text())
                .orElseThrow(() -> new CallFailed(
                        Code.MODEL_ERROR,
                        "The model's answer can't be understood: is its container a TGI server?",
                        "UnreadableAnswer"));
        line.outcome("promptTokens", completion.promptTokens());
        line.outcome("completionTokens", completion.completionTokens());
        return GatewayAnswer.ok(body(request, completion));
    }

    /** What the caller gets, in the order of the documented answer. */
    private static Map<String, Object> body(PromptRequest request, Completion completion) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("generated_text", completion.text());
        body.put("prompt", request.prompt());
        body.put("parameters", request.parameters());
        return body;
    }

    private static void checkSize(String json) throws CallFailed {
        int bytes = json.getBytes(UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new CallFailed(
                    Code.PAYLOAD_TOO_LARGE,
                    "The request is too large: " + bytes + " bytes, where the model takes at most " + MAX_BYTES + ". "
                            + Author.PROMPT_API.smallerRequest());
        }
    }
}
