package parkmeter.config;

import java.util.Optional;

/** What serves the model. */
public sealed interface Engine {

    /**
     * Hugging Face's Text Generation Inference. What is absent is left to TGI, which derives it from the model and the GPU.
     *
     * @param maxInputTokens the longest prompt, in tokens
     * @param maxTotalTokens the longest prompt and answer together, in tokens; more than {@code maxInputTokens}
     * @param quantize how weights are quantised, in TGI's words
     * @param dtype the type of the weights, in TGI's words
     * @param trustRemoteCode whether code of the model's repository may run in the container
     */
    record Tgi(
            Optional<Integer> maxInputTokens,
            Optional<Integer> maxTotalTokens,
            Optional<String> quantize,
            Optional<String> dtype,
            boolean trustRemoteCode)
            implements Engine {}
}
