package parkmeter.lambda.invoke;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.gateway.Problem;
import parkmeter.lambda.sagemaker.Ask;
import parkmeter.lambda.sagemaker.Content;
import parkmeter.lambda.sagemaker.Reply;

/** A body that goes to the model and back as it is, with its media type and its custom attributes. */
final class PassthroughApi {
    private static final String CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes";

    /** What SageMaker takes in a header (API reference, InvokeEndpoint). */
    private static final Pattern HEADER = Pattern.compile("[\\t\\x20-\\x7e]{0,1024}");

    private PassthroughApi() {}

    /**
     * Hands a request on, and its answer back.
     *
     * @param left how long Lambda lets the function run on
     * @throws CallFailed when there is no answer
     */
    static GatewayAnswer answer(GatewayEvent event, ServedModel model, Duration left) throws CallFailed {
        Reply.Answered answered = model.answer(read(event), Author.CALLER, left);
        return told(answered.content(), answered.customAttributes());
    }

    /**
     * An answer, handed back.
     *
     * @param customAttributes empty for none
     */
    static GatewayAnswer told(Content content, String customAttributes) {
        return GatewayAnswer.ok(
                content.bytes(),
                content.type().isEmpty() ? "application/octet-stream" : content.type(),
                customAttributes.isEmpty() ? Map.of() : Map.of(CUSTOM_ATTRIBUTES, customAttributes));
    }

    /**
     * Reads a request.
     *
     * @throws CallFailed when the model could not get it, with every problem in it
     */
    static Ask read(GatewayEvent event) throws CallFailed {
        List<Problem> problems = new ArrayList<>();
        byte[] body = event.bytes();
        if (body.length == 0) {
            problems.add(Problem.with("body", null, "is missing or empty"));
        }
        String type = header(event, "Content-Type", problems);
        Ask ask = new Ask(
                // API Gateway's own default, where it calls SageMaker itself.
                new Content(body, type.isEmpty() ? "application/json" : type),
                header(event, "Accept", problems),
                header(event, CUSTOM_ATTRIBUTES, problems));
        if (!problems.isEmpty()) {
            throw CallFailed.invalid(problems);
        }
        return ask;
    }

    private static String header(GatewayEvent event, String name, List<Problem> problems) {
        String value = event.header(name);
        if (!HEADER.matcher(value).matches()) {
            problems.add(Problem.withText(name, value, "must be at most 1024 characters of ASCII"));
        }
        return value;
    }
}
