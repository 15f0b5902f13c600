/**
 * One model in llama.cpp, and the weights that it is made of; what it is asked and answers is no wire format's.
 *
 * <p>{@link parkmeter.local.llm.Weights} finds or gets the model file, {@link parkmeter.local.llm.TinyModel} writes one when there is no
 * network. {@link parkmeter.local.llm.Llm} runs a {@link parkmeter.local.llm.Job} and gives a {@link parkmeter.local.llm.Generation}.
 */
@NullMarked
package parkmeter.local.llm;

import org.jspecify.annotations.NullMarked;
