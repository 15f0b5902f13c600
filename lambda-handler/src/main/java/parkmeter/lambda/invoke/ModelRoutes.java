package parkmeter.lambda.invoke;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.gateway.GatewayAnswer;
import parkmeter.lambda.gateway.GatewayEvent;
import parkmeter.lambda.gateway.LogLine;
import parkmeter.lambda.sagemaker.Ask;
import parkmeter.lambda.sagemaker.Content;
import parkmeter.lambda.sagemaker.Reply;

/** What each route makes of a request to its model. Immutable. */
public final class ModelRoutes {
    private final Map<String, Body> bodies;

    ModelRoutes(Map<String, Body> bodies) {
        this.bodies = Map.copyOf(bodies);
    }

    /**
     * Reads {@code PARKMETER_ROUTES}.
     *
     * @throws IllegalStateException with one sentence when it can't be read
     */
    public static ModelRoutes read(String json) {
        return new ModelRoutes(Settings.routes(json));
    }

    /** The same, and one more whose body is handed on as it is. */
    public ModelRoutes withPassthrough(String route) {
        Map<String, Body> more = new LinkedHashMap<>(bodies);
        more.put(route, new Body.Passthrough());
        return new ModelRoutes(more);
    }

    /**
     * Whether an engine has a way to take what a route takes; a route that is none takes nothing.
     *
     * @param route its method and path
     */
    public boolean suits(String route, Engine engine) {
        return !(bodies.get(route) instanceof Body.Prompt prompt) || engine.takes(prompt.template());
    }

    /** The method and the path of each. */
    public Set<String> keys() {
        return bodies.keySet();
    }

    /**
     * Checks a request as far as that takes no model.
     *
     * @return what its model is to be asked
     * @throws CallFailed when it can't be answered
     */
    public Ask ask(GatewayEvent event, Engine engine) throws CallFailed {
        return body(event) instanceof Body.Prompt prompt
                ? Ask.json(engine.request(PromptApi.read(event, engine, prompt.template()), prompt.template()))
                : PassthroughApi.read(event);
    }

    /**
     * What a caller is told of an answer that his model has given since.
     *
     * @param event the request
     * @throws CallFailed when it is none
     */
    public GatewayAnswer told(GatewayEvent event, Engine engine, Content answer) throws CallFailed {
        return body(event) instanceof Body.Prompt prompt
                ? sendable(PromptApi.told(event, prompt.template(), engine, answer), Author.PROMPT_API)
                : sendable(PassthroughApi.told(answer, ""), Author.CALLER);
    }

    /**
     * What a caller is told of the error that a model's container has answered with since.
     *
     * @param route its method and path
     * @param text what is kept of the error
     */
    public CallFailed failure(String route, Engine engine, String text) {
        StoredError error = StoredError.of(text);
        return ServedModel.failed(
                engine.fault(error.status(), error.message()), author(route), "ModelError" + error.status());
    }

    /**
     * What a caller is told where SageMaker does not take his call.
     *
     * @param route its method and path
     */
    public CallFailed failure(String route, Reply.Failed failed) {
        return ServedModel.failed(failed, author(route));
    }

    private Author author(String route) {
        return bodies.get(route) instanceof Body.Prompt ? Author.PROMPT_API : Author.CALLER;
    }

    /**
     * Asks the model.
     *
     * @param left how long Lambda lets the function run on
     * @param line takes what the log is to say besides
     * @throws CallFailed when there is no answer
     */
    public GatewayAnswer answer(GatewayEvent event, ServedModel model, Duration left, LogLine line) throws CallFailed {
        return body(event) instanceof Body.Prompt prompt
                ? sendable(PromptApi.answer(event, prompt.template(), model, left, line), Author.PROMPT_API)
                : sendable(PassthroughApi.answer(event, model, left), Author.CALLER);
    }

    private Body body(GatewayEvent event) throws CallFailed {
        Body body = bodies.get(event.routeKey());
        if (body == null) {
            throw new CallFailed(Code.UNKNOWN_ROUTE, "There is no such route.");
        }
        return body;
    }

    private static GatewayAnswer sendable(GatewayAnswer answer, Author author) throws CallFailed {
        if (answer.length() > GatewayAnswer.MAX_BYTES) {
            throw new CallFailed(
                    Code.MODEL_ERROR,
                    "The answer is too long to be sent: " + author.smallerAnswer() + ".",
                    "AnswerTooLarge");
        }
        return answer;
    }
}
