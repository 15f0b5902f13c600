package parkmeter.lambda.meter.aws;

import java.time.Duration;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.meter.Mirror;
import parkmeter.lambda.meter.Unavailable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterTier;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** The parameters {@code /sagemaker/endpoint/expiry/<endpoint>} in SSM. Thread-safe. */
public final class SsmMirror implements Mirror {
    private static final Duration ATTEMPT = Duration.ofSeconds(3);

    private final SsmClient client;

    /** This account's parameters. */
    public SsmMirror(Sdk sdk) {
        this.client = sdk.client(SsmClient.builder(), Sdk.retried(ATTEMPT));
    }

    @Override
    public void put(String endpoint, String json) {
        try {
            client.putParameter(put -> put.name(name(endpoint))
                    .type(ParameterType.STRING)
                    .value(json)
                    .overwrite(true)
                    // Standard, and free, up to 4 KB; a long schedule has more.
                    .tier(ParameterTier.INTELLIGENT_TIERING));
        } catch (SdkException e) {
            throw new Unavailable("PutParameter: " + Sdk.cause(e));
        }
    }

    @Override
    public void delete(String endpoint) {
        try {
            client.deleteParameter(delete -> delete.name(name(endpoint)));
        } catch (ParameterNotFoundException e) {
            // As it should be.
        } catch (SdkException e) {
            throw new Unavailable("DeleteParameter: " + Sdk.cause(e));
        }
    }

    private static String name(String endpoint) {
        return "/sagemaker/endpoint/expiry/" + endpoint;
    }
}
