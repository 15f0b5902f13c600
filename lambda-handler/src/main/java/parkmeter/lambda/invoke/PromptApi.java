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
import parkmeter.lambda.sagemaker.Content;
import parkmeter.lambda.sagemaker.Reply;

/** The prompt API: from API Gateway's request to a model's completion, or to the reason why there is none. */
final class PromptApi {
    private PromptApi() {}

    /**
     * Reads a request.
     *
     * @throws CallFailed when it is none, with every problem in it
     */
    static PromptRequest read(GatewayEvent event, Engine engine, Template template) throws CallFailed {
        String body = event.json();
        checkSize(body, engine);
        PromptRequest request = PromptRequest.read(body, engine, template);
        checkSize(engine.request(request, template), engine);
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
        PromptRequest request = read(event, model.engine(), template);
        Reply.Answered answered =
                model.answer(Ask.json(model.engine().request(request, template)), Author.PROMPT_API, left);
        Completion completion = completion(answered.content(), model.engine());
        line.outcome("promptTokens", completion.promptTokens());
        line.outcome("completionTokens", completion.completionTokens());
        return GatewayAnswer.ok(body(request, completion));
    }

    /**
     * What a caller is told of an answer that his model has given since.
     *
     * @throws CallFailed when it is none
     */
    static GatewayAnswer told(GatewayEvent event, Template template, Engine engine, Content answer) throws CallFailed {
        return GatewayAnswer.ok(body(read(event, engine, template), completion(answer, engine)));
    }

    private static Completion completion(Content answer, Engine engine) throws CallFailed {
        return engine.completion(answer.text())
                .orElseThrow(() -> new CallFailed(
                        Code.MODEL_ERROR,
                        "The model's answer can't be understood: is its container " + engine.product() + "'s?",
                        "UnreadableAnswer"));
    }

    /** What the caller gets, in the order of the documented answer. */
    private static Map<String, Object> body(PromptRequest request, Completion completion) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("generated_text", completion.text());
        body.put("prompt", request.prompt());
        body.put("parameters", request.parameters());
        return body;
    }

    private static void checkSize(String json, Engine engine) throws CallFailed {
        int bytes = json.getBytes(UTF_8).length;
        if (bytes > engine.longestRequest()) {
            throw new CallFailed(
                    Code.PAYLOAD_TOO_LARGE,
                    "The request is too large: " + bytes + " bytes, where the model takes at most "
                            + engine.longestRequest() + ". "
                            + Author.PROMPT_API.smallerRequest());
        }
    }
}
