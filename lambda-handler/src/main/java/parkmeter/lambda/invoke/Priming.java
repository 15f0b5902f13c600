package parkmeter.lambda.invoke;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.sagemaker.SageMakerEndpoint;

/**
 * Runs one request through all the code that a request takes, while Lambda is still starting the function: classes are
 * loaded then, when nobody waits and Lambda lends more CPU. No model is called: that would cost GPU time, or wake one.
 */
final class Priming {
    private static final String ANSWER =
            "{\"choices\":[{\"message\":{\"content\":\"\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1},"
                    + "\"generated_text\":\"\"}";

    private Priming() {}

    /** Answers one made-up request to the first route. */
    static void run(Settings settings) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("routeKey", settings.routes().keySet().iterator().next());
        event.put("headers", Map.of("Content-Type", "application/json"));
        event.put("body", "{\"prompt\":\"…\",\"parameters\":{\"max_new_tokens\":1,\"temperature\":0.5}}");
        try (SageMakerEndpoint canned = SageMakerEndpoint.canned(ANSWER, settings.region())) {
            new InvokeHandler(settings, canned, ModelMeter.NONE, Clock.systemUTC())
                    .answer(Json.bytes(event), Duration.ofSeconds(29), "", line -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
