package parkmeter.config;

/** The token with which containers fetch gated or private models from the Hugging Face hub. */
public sealed interface HubToken {

    /** One that the stack file holds, as a secret of Pulumi's. */
    record Given(Secret value) implements HubToken {}

    /**
     * One that AWS Secrets Manager holds.
     *
     * @param secret the secret's ARN
     */
    record Kept(String secret) implements HubToken {}
}
