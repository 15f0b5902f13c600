package parkmeter.config;

import java.util.List;

/** The API in front of the models. */
public sealed interface Api {

    /** The stage's name, part of the URL. */
    String stage();

    /** Whether it can be reached from the stack's VPC alone. */
    boolean isPrivate();

    /** The limit over all callers, for each route that has none of its own. */
    Throttle throttle();

    /**
     * An API Gateway REST API: keys, usage plans, quotas, request validation, integrations without a function.
     *
     * @param isPrivate whether it can be reached from the stack's VPC alone
     * @param bearerKeys whether keys may come in the header {@code Authorization} too
     */
    record Rest(String stage, Throttle throttle, boolean isPrivate, boolean bearerKeys) implements Api {}

    /**
     * An API Gateway HTTP API: cheaper, and nothing of all that.
     *
     * @param corsOrigins the origins of the pages that browsers let call it; {@code *} for any
     */
    record Http(String stage, Throttle throttle, List<String> corsOrigins) implements Api {

        public Http {
            corsOrigins = List.copyOf(corsOrigins);
        }

        @Override
        public boolean isPrivate() {
            return false;
        }
    }
}
