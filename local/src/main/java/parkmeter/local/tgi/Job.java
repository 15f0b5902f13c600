package parkmeter.local.tgi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A generation that TGI's rules allow.
 *
 * @param prompt what the model reads
 * @param promptTokens its tokens, a beginning-of-text token included
 * @param maxNewTokens most tokens to generate, above 0
 * @param sampling how the next token is chosen
 * @param stop texts that end the generation; they stay in its text, as TGI leaves them there
 */
record Job(String prompt, List<Integer> promptTokens, int maxNewTokens, Sampling sampling, List<String> stop) {

    /**
     * How the next token is chosen, in TGI's terms.
     *
     * @param seed of the sampling, 64 bits unsigned; null when decoding is greedy
     * @param topK 0: all
     */
    record Sampling(
            @Nullable Long seed,
            float temperature,
            int topK,
            float topP,
            float typicalP,
            float repetitionPenalty,
            float frequencyPenalty) {}
}
