package parkmeter.lambda.meter;

/** What is to be done about one endpoint now. */
public sealed interface Action {

    /** Nothing. */
    record Rest() implements Action {}

    /** CreateEndpoint with this configuration. */
    record Create(String configuration) implements Action {}

    /** UpdateEndpoint to this configuration. */
    record Update(String configuration) implements Action {}

    /** UpdateEndpointWeightsAndCapacities to so many instances. */
    record Scale(int instances) implements Action {}

    /** DeleteEndpoint. */
    record Delete() implements Action {}

    /** The record goes: the endpoint is gone, and nobody can be creating it. */
    record Forget() implements Action {}
}
