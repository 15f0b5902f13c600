/**
 * A model server that speaks TGI 3.3's wire format on llama.cpp, as a process of its own, with the weights it serves.
 *
 * <p>{@link parkmeter.local.tgi.ModelServer} is the process, {@link parkmeter.local.tgi.Weights} finds or gets the model
 * file, {@link parkmeter.local.tgi.TinyModel} writes one when there is no network. Inside, a body becomes one of TGI's
 * {@code Requests}, {@code Validation} turns it into a {@code Job} or a {@code Refusal} in TGI's words, {@code Llm} runs it
 * on llama.cpp, and {@code Answers} says the {@code Generation} in TGI's format; {@code Router} ties them together.
 */
@NullMarked
package parkmeter.local.tgi;

import org.jspecify.annotations.NullMarked;
