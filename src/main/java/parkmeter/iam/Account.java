package parkmeter.iam;

import com.pulumi.core.Output;

/**
 * The account and region that a stack is deployed in.
 *
 * @param id the account's id, 12 digits
 * @param partition {@code aws}, {@code aws-cn}, …
 * @param region the region
 */
public record Account(Output<String> id, Output<String> partition, String region) {

    /**
     * The ARN of a resource of this account and region.
     *
     * @param service the service's name in ARNs, {@code logs}
     * @param resource what stands behind the account, {@code log-group:/aws/lambda/name:*}
     */
    public Output<String> arn(String service, String resource) {
        return arn(service, id, Output.of(resource));
    }

    /** As {@link #arn(String, String)}, of a resource that another account owns. */
    public Output<String> arn(String service, Output<String> owner, Output<String> resource) {
        return Output.format("arn:%s:%s:%s:%s:%s", partition, service, region, owner, resource);
    }
}
