package parkmeter.local.llm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A generation that a server's rules allow.
 *
 * @param prompt what the model reads
 * @param promptTokens its tokens, a beginning-of-text token included
 * @param maxNewTokens most tokens to generate, above 0
 * @param sampling how the next token is chosen
 * @param stop texts that end the generation; they stay in its text
 * @param stopsWithin whether a stop text also ends it within a token's text, not only at the end of one
 */
public record Job(
        String prompt,
        List<Integer> promptTokens,
        int maxNewTokens,
        Sampling sampling,
        List<String> stop,
        boolean stopsWithin) {

    /**
     * How the next token is chosen.
     *
     * @param seed of the sampling, 64 bits unsigned; null when decoding is greedy
     * @param topK 0: all
     * @param minP least likelihood, as a part of the likeliest token's; 0: any
     * @param repetitionPenalty 1: none
     */
    public record Sampling(
            @Nullable Long seed,
            float temperature,
            int topK,
            float topP,
            float typicalP,
            float minP,
            float repetitionPenalty,
            float frequencyPenalty,
            float presencePenalty) {}
}
