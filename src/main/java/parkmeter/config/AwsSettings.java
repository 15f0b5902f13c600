package parkmeter.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the stack stands: the {@code aws:} keys of its file. The program declares its provider itself (for the tags), and such a
 * provider reads none of these keys, so they are handed over one by one.
 *
 * @param region the AWS region
 * @param profile the profile of the AWS credentials file
 * @param assumeRoleArn the role to act as
 * @param allowedAccountIds the accounts in which alone the stack may be deployed; empty: any
 * @param maxRetries how often a failed call to AWS is tried again
 * @param flags the switches that are set
 * @param tags tags for every resource, beside the stack's own
 */
public record AwsSettings(
        String region,
        Optional<String> profile,
        Optional<String> assumeRoleArn,
        List<String> allowedAccountIds,
        Optional<Integer> maxRetries,
        Map<Flag, Boolean> flags,
        Map<String, String> tags) {

    /** The provider's switches for AWS endpoints that are not AWS's own, and for special networks. */
    public enum Flag {
        SKIP_CREDENTIALS_VALIDATION,
        SKIP_METADATA_API_CHECK,
        SKIP_REGION_VALIDATION,
        SKIP_REQUESTING_ACCOUNT_ID,
        S3_USE_PATH_STYLE,
        USE_FIPS_ENDPOINT,
        USE_DUALSTACK_ENDPOINT
    }

    public AwsSettings {
        allowedAccountIds = List.copyOf(allowedAccountIds);
        flags = Map.copyOf(flags);
        tags = Map.copyOf(tags);
    }
}
