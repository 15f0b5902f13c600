package parkmeter.local.gateway;

import java.net.URI;
import java.util.Map;
import parkmeter.local.identity.KeySets;
import parkmeter.local.lambda.Functions;

/**
 * What a REST API calls.
 *
 * @param functions Lambda
 * @param services where each AWS service of an {@code aws} integration answers, by API Gateway's name for it: {@code
 *     runtime.sagemaker}, {@code states}, {@code dynamodb}
 * @param keys what user pools sign with
 */
public record Backends(Functions functions, Map<String, URI> services, KeySets keys) {
    /** Copies the map, so that it never changes. */
    public Backends {
        services = Map.copyOf(services);
    }
}
