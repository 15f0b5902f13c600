/**
 * A model's routes: the prompt API, {@code POST {"prompt", "parameters"}} to {@code {"generated_text", "prompt",
 * "parameters"}}, and routes whose body goes to the model and back as it is.
 *
 * <p>{@code InvokeHandler::handleRequest} is behind REST APIs (payload format 1.0) and HTTP APIs (2.0). Its environment:
 *
 * <ul>
 *   <li>{@code PARKMETER_MODEL}: the model's name, for the log.
 *   <li>{@code PARKMETER_ENDPOINT}: the name of its SageMaker endpoint.
 *   <li>{@code PARKMETER_ROUTES}: a JSON object from each route, {@code METHOD /path} as the API declares it, to its body:
 *       {@code "prompt"} (the model's own chat template is applied), {@code "prompt/none"} (it has none) or {@code
 *       "passthrough"}.
 *   <li>{@code PARKMETER_ENGINE}: what runs in its container, {@code {"type": "tgi" | "vllm" | "llamacpp"}}; left out it is
 *       TGI. TGI before 2.4 takes no chat and has {@code "inputs"} beside its type: the text that a prompt stands in, at
 *       {@code {prompt}}; its {@code "prompt/none"} is the prompt alone. llama.cpp's container has no {@code "prompt/none"}.
 *   <li>{@code PARKMETER_TABLE}: the name of the meter's table; left out where the model is always on.
 * </ul>
 *
 * A REST API hands bytes on as they are only for the media types among its {@code x-amazon-apigateway-binary-media-types};
 * everything else it takes for UTF-8 text, both ways.
 *
 * <p>{@link parkmeter.lambda.invoke.InvokeHandler} is what Lambda starts. Inside, one request goes {@code GatewayEvent}
 * (API Gateway's event) → {@code PromptRequest} (checked against the table {@code Parameter}, every problem at once) →
 * {@code Engine} (the body that the model's container reads, and its answers and errors) → {@code ServedModel} (a {@link
 * parkmeter.lambda.sagemaker.ModelEndpoint} with its meter) → {@code Completion}; {@code PromptApi} is that path, and
 * {@code PassthroughApi} is the one of a body that is handed on as it is. Whatever goes wrong on either is one {@code
 * CallFailed}, with a stable code: an engine says what its container's error means as a {@code Fault}, and passes on no
 * sentence that it does not know word for word. {@code GatewayAnswer} writes any of them; {@code LogLine} says what happened, without
 * a word of prompt or completion.
 *
 * <p>A cold start pays for every class it loads, so JSON is read and written by jackson-jr as plain maps and lists
 * ({@link parkmeter.lambda.json.Json}), not bound to types by databind.
 */
@NullMarked
package parkmeter.lambda.invoke;

import org.jspecify.annotations.NullMarked;
