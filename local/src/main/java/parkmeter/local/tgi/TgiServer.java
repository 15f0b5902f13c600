package parkmeter.local.tgi;

import io.javalin.Javalin;
import java.util.Map;
import parkmeter.local.llm.Llm;

/**
 * What makes an HTTP server answer as TGI does on the routes that SageMaker reaches ({@code POST /invocations}, {@code GET /ping}) and on
 * TGI's own for people ({@code /health}, {@code /info}, {@code /generate}, {@code /generate_stream}, {@code /v1/chat/completions},
 * {@code /v1/completions}).
 */
public final class TgiServer {
    private final TgiVersion version;
    private final String modelId;
    private final Limits limits;

    /**
     * @param version the TGI whose wire format it is
     * @param modelId the name that the model answers by
     * @param environment TGI's variables, as the container has them
     * @throws IllegalArgumentException for variables that TGI's launcher refuses
     */
    public TgiServer(TgiVersion version, String modelId, Map<String, String> environment) {
        this.version = version;
        this.modelId = modelId;
        this.limits = Limits.from(environment);
    }

    /** Tokens of a prompt and its answer together. */
    public int window() {
        return limits.maxTotalTokens();
    }

    /** How many requests run at once; further ones are refused. */
    public int concurrency() {
        return limits.maxConcurrentRequests();
    }

    /** Adds the routes, which ask the model. */
    public void mount(Javalin routes, Llm llm) {
        new Router(version, limits, llm, modelId).mount(routes);
    }
}
