package parkmeter.lambda.invoke;

import org.jspecify.annotations.Nullable;

/**
 * What a model made of a prompt.
 *
 * @param text the generated text
 * @param promptTokens null when the model does not say
 * @param completionTokens null when the model does not say
 */
record Completion(String text, @Nullable Integer promptTokens, @Nullable Integer completionTokens) {}
