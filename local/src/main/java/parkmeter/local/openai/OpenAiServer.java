package parkmeter.local.openai;

import io.javalin.Javalin;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import parkmeter.local.llm.Llm;

/**
 * What makes an HTTP server answer as one of the servers does that take OpenAI's bodies, on the routes that SageMaker reaches ({@code
 * POST /invocations}, {@code GET /ping}) and on {@code /health} and {@code /v1/chat/completions}.
 */
public final class OpenAiServer {
    /** Where none is declared: the real ones take it from the model. A small model on a small machine fills no more in a minute. */
    private static final int WINDOW = 2048;

    private final int window;
    private final Start start;

    /** Makes a dialect for a window that the model can hold. */
    private interface Start {
        Dialect dialect(int window, Llm llm);
    }

    private OpenAiServer(int window, Start start) {
        this.window = window;
        this.start = start;
    }

    /**
     * vLLM's.
     *
     * @param modelId the name that the model answers by, where {@code SM_VLLM_SERVED_MODEL_NAME} names no other
     * @param environment vLLM's variables, as AWS's container has them
     * @throws IllegalArgumentException for a window that is none
     */
    public static OpenAiServer vllm(String modelId, Map<String, String> environment) {
        String name = environment.getOrDefault("SM_VLLM_SERVED_MODEL_NAME", modelId);
        return new OpenAiServer(
                window(environment, "SM_VLLM_MAX_MODEL_LEN"),
                (window, llm) -> new Vllm(name, window, llm, new SecureRandom()));
    }

    /**
     * LMI's.
     *
     * @param modelId the name that the model answers by
     * @param environment LMI's variables
     * @throws IllegalArgumentException for a window that is none
     */
    public static OpenAiServer lmi(String modelId, Map<String, String> environment) {
        return new OpenAiServer(
                window(environment, "OPTION_MAX_MODEL_LEN"),
                (window, llm) -> new Lmi(new Vllm(modelId, window, llm, new SecureRandom())));
    }

    /**
     * llama.cpp's.
     *
     * @param modelId what answers name where a request names no model
     * @param environment llama.cpp's variables, as AWS's container has them
     * @throws IllegalArgumentException for a window that is none
     */
    public static OpenAiServer llamaCpp(String modelId, Map<String, String> environment) {
        return new OpenAiServer(
                window(environment, "SM_LLAMA_CPP_CTX_SIZE"),
                (window, llm) -> new LlamaCpp(modelId, window, llm, new SecureRandom()));
    }

    private static int window(Map<String, String> environment, String name) {
        String declared = environment.get(name);
        if (declared == null || declared.equals("0")) { // 0 is llama.cpp's word for the model's own
            return WINDOW;
        }
        if (!declared.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(name + " must be a whole number above 0. Given: " + declared);
        }
        return Integer.parseInt(declared);
    }

    /** Tokens of a prompt and its answer together. */
    public int window() {
        return window;
    }

    /** Adds the routes, which ask the model. */
    public void mount(Javalin routes, Llm llm) {
        Dialect dialect = start.dialect(Math.min(window, llm.contextTokens()), llm);
        new Routes(dialect, llm, Clock.systemUTC()).mount(routes);
    }
}
