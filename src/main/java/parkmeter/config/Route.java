package parkmeter.config;

import java.util.Optional;

/**
 * A path under which a model is called, by POST.
 *
 * @param path starts with a slash; unique in the stack
 * @param body what callers send and get
 * @param via what stands between the API and the model
 * @param access who may call it
 * @param throttle its own limit over all callers; absent: the API's. A public route has one
 */
public record Route(String path, Body body, Integration via, Access access, Optional<Throttle> throttle) {

    /** What callers send and get. */
    public sealed interface Body {

        /**
         * The prompt API: {@code {"prompt", "parameters"}} → {@code {"generated_text", "prompt", "parameters"}}.
         *
         * @param template how the prompt reaches the model
         */
        record Prompt(Template template) implements Body {}

        /** What the model itself takes and gives, bytes and content type as they come. */
        record Passthrough() implements Body {}
    }

    /** How a prompt reaches the model. */
    public enum Template {
        /** As a chat of one message, put into form by the model's own chat template. */
        CHAT,
        /** As it is: for models that have no chat template. */
        NONE
    }

    /** What stands between the API and the model. */
    public sealed interface Integration {

        /** This project's own function. */
        record Lambda() implements Integration {}

        /** A job: a call is taken, this project's functions have it done, and its answer is asked for later. */
        record Job() implements Integration {}

        /** Nothing: API Gateway calls SageMaker itself. */
        record Direct() implements Integration {}
    }
}
