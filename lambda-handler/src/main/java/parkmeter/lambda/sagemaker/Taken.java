package parkmeter.lambda.sagemaker;

/** What came of a request to an asynchronous endpoint. */
public sealed interface Taken {

    /**
     * It waits its turn.
     *
     * @param output the {@code s3://} URI that its answer comes to
     * @param failure the {@code s3://} URI that the container's error comes to; empty where SageMaker named none
     */
    record Waiting(String output, String failure) implements Taken {}

    /**
     * It was not taken.
     *
     * @param failed as of a call that is answered at once
     */
    record Refused(Reply.Failed failed) implements Taken {}
}
