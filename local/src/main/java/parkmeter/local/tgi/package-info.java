/**
 * A model server that speaks TGI 3.3's wire format on llama.cpp, as a process of its own, with the weights it serves.
 *
 * <p>{@link parkmeter.local.tgi.ModelServer} is the process, {@link parkmeter.local.tgi.Weights} finds or gets the model
 * file, {@link parkmeter.local.tgi.TinyModel} writes one when there is no network. Inside: {@code Limits} (TGI's
 * launcher variables), {@code Requests} (a body to one of TGI's requests), {@code Validation} (TGI's rules and its
 * words for them), {@code Llm} (llama.cpp), {@code Answers} (TGI's answers and events).
 */
@NullMarked
package parkmeter.local.tgi;

import org.jspecify.annotations.NullMarked;
