/**
 * The wire formats of vLLM's, LMI's and llama.cpp's servers: all take OpenAI's bodies, and each answers, and refuses, in its own way.
 *
 * <p>{@code Routes} takes a request from its body to the model and back; what the servers do differently is a {@code Dialect}: {@code
 * Vllm}, {@code Lmi} or {@code LlamaCpp}.
 */
@NullMarked
package parkmeter.local.openai;

import org.jspecify.annotations.NullMarked;
