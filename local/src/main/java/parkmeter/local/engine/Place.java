package parkmeter.local.engine;

import java.util.Map;

/**
 * Where in AWS something stands: what its ARN and its host name are made of.
 *
 * @param partition {@code aws}, {@code aws-cn}, …
 * @param dnsSuffix the end of the partition's host names
 */
record Place(String partition, String dnsSuffix, String region, String account) {
    /** The account of every plan and local run: AWS's own in its documentation. */
    static final String ACCOUNT = "123456789012";

    private record Partition(String name, String dnsSuffix) {}

    /** By the region's first part; AWS SDK's partitions.json. */
    private static final Map<String, Partition> PARTITIONS = Map.of(
            "cn", new Partition("aws-cn", "amazonaws.com.cn"),
            "us-gov", new Partition("aws-us-gov", "amazonaws.com"),
            "us-iso", new Partition("aws-iso", "c2s.ic.gov"),
            "us-isob", new Partition("aws-iso-b", "sc2s.sgov.gov"),
            "eu-isoe", new Partition("aws-iso-e", "cloud.adc-e.uk"),
            "us-isof", new Partition("aws-iso-f", "csp.hci.ic.gov"),
            "eusc-de", new Partition("aws-eusc", "amazonaws.eu"));

    static Place of(String region) {
        // The first part is all before "-<direction>-<number>": us-gov of us-gov-east-1.
        String prefix = region.replaceFirst("-[a-z]+-\\d+$", "");
        Partition partition = PARTITIONS.getOrDefault(prefix, new Partition("aws", "amazonaws.com"));
        return new Place(partition.name(), partition.dnsSuffix(), region, ACCOUNT);
    }

    /** The ARN of a resource of this region and account. */
    String arn(String service, String resource) {
        return "arn:%s:%s:%s:%s:%s".formatted(partition, service, region, account, resource);
    }

    /** The ARN of what AWS doesn't put in an account: API Gateway's own resources. */
    String arnWithoutAccount(String service, String resource) {
        return "arn:%s:%s:%s::%s".formatted(partition, service, region, resource);
    }

    /** The ARN of what AWS doesn't put in a region: IAM. */
    String globalArn(String service, String resource) {
        return "arn:%s:%s::%s:%s".formatted(partition, service, account, resource);
    }
}
