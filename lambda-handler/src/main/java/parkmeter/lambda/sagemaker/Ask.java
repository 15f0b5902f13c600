package parkmeter.lambda.sagemaker;

/**
 * What a model is asked.
 *
 * @param content the body, as the model's container reads it
 * @param accept the media type that is wanted; empty when any will do
 * @param customAttributes what the container reads in {@code X-Amzn-SageMaker-Custom-Attributes}; empty for none
 */
public record Ask(Content content, String accept, String customAttributes) {

    /** JSON for JSON. */
    public static Ask json(String json) {
        return new Ask(Content.json(json), "application/json", "");
    }
}
