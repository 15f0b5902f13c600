package parkmeter.lambda.sagemaker;

import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/** The real endpoint, but for the certificate of a stub: CRT's client takes no certificate of one's own. */
public final class TrustingEndpoint {
    private TrustingEndpoint() {}

    /** As {@link SageMakerEndpoint#named}. */
    public static SageMakerEndpoint named(String name, String region) {
        return SageMakerEndpoint.over(
                AwsCrtHttpClient.builder()
                        .buildWithDefaults(AttributeMap.builder()
                                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                                .build()),
                name,
                region);
    }
}
