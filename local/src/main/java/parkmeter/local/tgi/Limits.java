package parkmeter.local.tgi;

import java.util.Map;

/**
 * What TGI's launcher reads from the container's environment, so that the environment that is declared for the endpoint
 * limits the local model as it limits the deployed one. Names and defaults are the launcher's; only {@code
 * MAX_TOTAL_TOKENS} has a default of its own here (TGI takes it from the model and the GPU's memory).
 *
 * @param maxInputTokens longest prompt, in tokens
 * @param maxTotalTokens prompt and answer together, in tokens
 * @param payloadLimit longest request body, in bytes
 */
record Limits(
        int maxInputTokens,
        int maxTotalTokens,
        int maxConcurrentRequests,
        int maxStopSequences,
        int maxBestOf,
        int maxTopNTokens,
        int maxClientBatchSize,
        int payloadLimit) {

    private static final int TOTAL_TOKENS = 2048;

    /**
     * Reads the launcher's variables.
     *
     * @param environment the process's environment
     * @throws IllegalArgumentException for what the launcher refuses too: no number, both input variables, an input
     *     limit that leaves no token to generate
     */
    static Limits from(Map<String, String> environment) {
        if (environment.containsKey("MAX_INPUT_TOKENS") && environment.containsKey("MAX_INPUT_LENGTH")) {
            throw new IllegalArgumentException(
                    "Both `max_input_tokens` and `max_input_length` are set. Please define only one of them.");
        }
        int total = number(environment, "MAX_TOTAL_TOKENS", TOTAL_TOKENS);
        int input = number(
                environment, "MAX_INPUT_TOKENS", number(environment, "MAX_INPUT_LENGTH", Math.max(1, total - 1)));
        if (input >= total) {
            throw new IllegalArgumentException(
                    "`max_input_tokens` must be < `max_total_tokens`. Given: MAX_INPUT_TOKENS " + input
                            + " and MAX_TOTAL_TOKENS " + total);
        }
        int prefill = number(environment, "MAX_BATCH_PREFILL_TOKENS", Integer.MAX_VALUE);
        if (input > prefill) {
            throw new IllegalArgumentException(
                    "`max_batch_prefill_tokens` must be >= `max_input_tokens`. Given: " + prefill + " and " + input);
        }
        int batch = number(environment, "MAX_BATCH_TOTAL_TOKENS", Integer.MAX_VALUE);
        if (total > batch) {
            throw new IllegalArgumentException(
                    "`max_total_tokens` must be <= `max_batch_total_tokens`. Given: " + total + " and " + batch);
        }
        return new Limits(
                input,
                total,
                number(environment, "MAX_CONCURRENT_REQUESTS", 128),
                number(environment, "MAX_STOP_SEQUENCES", 4),
                number(environment, "MAX_BEST_OF", 2),
                number(environment, "MAX_TOP_N_TOKENS", 5),
                number(environment, "MAX_CLIENT_BATCH_SIZE", 4),
                number(environment, "PAYLOAD_LIMIT", 2_000_000));
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        String value = environment.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // The message below says it.
        }
        throw new IllegalArgumentException(name + " must be a whole number above 0. Given: " + value);
    }
}
