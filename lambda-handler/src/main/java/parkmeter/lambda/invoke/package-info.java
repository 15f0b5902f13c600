/**
 * The prompt API: {@code POST {"prompt", "parameters"}} to {@code {"generated_text", "prompt", "parameters"}}.
 *
 * <p>{@link parkmeter.lambda.invoke.InvokeHandler} is what Lambda starts. Inside, one request goes {@code GatewayEvent}
 * (API Gateway's event) → {@code PromptRequest} (checked against the table {@code Parameter}, every problem at once) →
 * {@code Tgi} (the body that the model's container reads, and its answers) → {@link
 * parkmeter.lambda.sagemaker.ModelEndpoint} → {@code Completion}; {@code PromptApi} is that path. Whatever goes wrong on
 * it is one {@code CallFailed}, with a stable code. {@code GatewayAnswer} writes either; {@code LogLine} says what
 * happened, without a word of prompt or completion.
 *
 * <p>A cold start pays for every class it loads, so JSON is read and written by jackson-jr as plain maps and lists
 * ({@link parkmeter.lambda.json.Json}), not bound to types by databind.
 */
@NullMarked
package parkmeter.lambda.invoke;

import org.jspecify.annotations.NullMarked;
