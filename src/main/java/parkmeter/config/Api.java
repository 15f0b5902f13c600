package parkmeter.config;

/** The API in front of the models. */
public sealed interface Api {

    /**
     * An API Gateway REST API: keys, usage plans, quotas, request validation.
     *
     * @param stage the stage's name, part of the URL
     * @param throttle the limit over all callers
     */
    record Rest(String stage, Throttle throttle) implements Api {}
}
