package parkmeter.local.tgi;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parkmeter.local.llm.Job;
import parkmeter.local.llm.Llm;

/**
 * TGI 3.3's rules for a generation, in its order and its words (router/src/validation.rs): the first broken one is the
 * answer.
 */
final class Validation {
    private final TgiVersion version;
    private final Limits limits;
    private final Llm llm;
    private final RandomGenerator seeds;

    Validation(TgiVersion version, Limits limits, Llm llm, RandomGenerator seeds) {
        this.version = version;
        this.limits = limits;
        this.llm = llm;
        this.seeds = seeds;
    }

    /**
     * Checks a generation.
     *
     * @throws Refusal with the first rule that the request breaks
     */
    Job check(String inputs, Requests.Parameters asked) throws Refusal {
        boolean sampling = Boolean.TRUE.equals(asked.doSample())
                || asked.temperature() != null
                || asked.topK() != null
                || asked.topP() != null
                || asked.typicalP() != null;
        rule(asked.sequences() <= 1 || sampling, "you must use sampling when `best_of` is > 1");
        float temperature = or(asked.temperature(), 1);
        rule(temperature > 0, "`temperature` must be strictly positive");
        float repetitionPenalty = or(asked.repetitionPenalty(), 1);
        rule(repetitionPenalty > 0, "`repetition_penalty` must be strictly positive");
        float frequencyPenalty = or(asked.frequencyPenalty(), 0);
        rule(frequencyPenalty >= -2 && frequencyPenalty <= 2, "`frequency_penalty` must be >= -2.0 and <= 2.0");
        rule(asked.topP() == null || (asked.topP() > 0 && asked.topP() < 1), "`top_p` must be > 0.0 and < 1.0");
        rule(
                asked.typicalP() == null || (asked.typicalP() > 0 && asked.typicalP() < 1),
                "`typical_p` must be > 0.0 and < 1.0");
        rule(asked.topK() == null || asked.topK() > 0, "`top_k` must be strictly positive");
        Long maxNewTokens = asked.maxNewTokens() == null ? version.defaultMaxNewTokens() : asked.maxNewTokens();
        rule(maxNewTokens == null || maxNewTokens > 0, "`max_new_tokens` must be strictly positive");
        List<String> stop = asked.stop() == null ? List.of() : List.copyOf(asked.stop());
        rule(
                stop.size() <= limits.maxStopSequences(),
                "`stop` supports up to " + limits.maxStopSequences() + " stop sequences. Given: " + stop.size());
        rule(asked.seed() == null || asked.sequences() <= 1, "`seed` must not be set when `best_of` > 1");
        long topNTokens = asked.topNTokens() == null ? 0 : asked.topNTokens();
        rule(
                topNTokens <= limits.maxTopNTokens(),
                "`top_n_tokens` must be >= 0 and <= " + limits.maxTopNTokens() + ". Given: " + topNTokens);
        rule(!inputs.isEmpty(), "`inputs` cannot be empty");
        Long truncate = asked.truncate();
        rule(
                truncate == null || (truncate > 0 && truncate <= limits.maxInputTokens()),
                "`truncate` must be strictly positive and less than " + limits.maxInputTokens() + ". Given: "
                        + truncate);

        String prompt = inputs;
        List<Integer> tokens = llm.tokens(prompt);
        if (truncate != null && truncate < tokens.size()) {
            tokens = tokens.subList((int) (tokens.size() - truncate), tokens.size());
            prompt = llm.text(tokens);
        }
        long most = maxNewTokens == null ? Math.max(0, limits.maxTotalTokens() - tokens.size()) : maxNewTokens;
        rule(
                tokens.size() + most <= limits.maxTotalTokens(),
                "`inputs` tokens + `max_new_tokens` must be <= " + limits.maxTotalTokens() + ". Given: " + tokens.size()
                        + " `inputs` tokens and " + most + " `max_new_tokens`");
        rule(
                tokens.size() <= limits.maxInputTokens(),
                "`inputs` must have less than " + limits.maxInputTokens() + " tokens. Given: " + tokens.size());
        // What TGI says where DISABLE_GRAMMAR_SUPPORT is set: tools and response formats need grammars too.
        rule(asked.grammar() == null || asked.grammar().isNull(), "grammar is not supported");
        return new Job(
                prompt,
                List.copyOf(tokens),
                (int) most,
                sampling(asked, temperature, repetitionPenalty, frequencyPenalty),
                stop,
                false);
    }

    /**
     * The number of sequences that {@code best_of} asks for.
     *
     * @throws Refusal when it is more than the server allows
     */
    int sequences(Requests.Parameters asked) throws Refusal {
        if (asked.sequences() <= 1) {
            return 1;
        }
        rule(limits.maxBestOf() != 1, "`best_of` != 1 is not allowed for this endpoint");
        rule(
                asked.sequences() <= limits.maxBestOf(),
                "`best_of` must be > 0 and <= " + limits.maxBestOf() + ". Given: " + asked.sequences());
        return (int) asked.sequences();
    }

    /** What can be had in an answer but not in a stream. */
    void checkStream(Requests.Parameters asked) throws Refusal {
        rule(asked.bestOf() == null || asked.sequences() == 1, "`best_of` != 1 is not supported when streaming tokens");
        rule(!asked.wantsPrefill(), "`decoder_input_details` == true is not supported when streaming tokens");
    }

    /** TGI samples when it is told to, or when a parameter changes the distribution; else it is greedy. */
    private Job.Sampling sampling(
            Requests.Parameters asked, float temperature, float repetitionPenalty, float frequencyPenalty) {
        boolean samples = Boolean.TRUE.equals(asked.doSample())
                || temperature != 1
                || asked.topK() != null
                || asked.topP() != null
                || asked.typicalP() != null;
        BigInteger given = asked.seed();
        Long seed = samples ? Long.valueOf(given == null ? seeds.nextLong() : given.longValue()) : null;
        return new Job.Sampling(
                seed,
                temperature,
                asked.topK() == null ? 0 : asked.topK(),
                or(asked.topP(), 1),
                or(asked.typicalP(), 1),
                0,
                repetitionPenalty,
                frequencyPenalty,
                0);
    }

    private static float or(@Nullable Float value, float otherwise) {
        return value == null ? otherwise : value;
    }

    private static void rule(boolean kept, String words) throws Refusal {
        if (!kept) {
            throw Refusal.validation(words);
        }
    }
}
