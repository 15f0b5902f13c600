package parkmeter.config;

import java.util.List;
import java.util.Optional;

/**
 * The private network of a stack, which is there already.
 *
 * @param id the VPC's id
 * @param subnets the ids of 2 to 16 of its subnets
 * @param securityGroups the ids of the security groups of models' containers; empty: the stack makes one
 * @param routeTables the ids of the route tables for which the stack makes a gateway endpoint to S3; empty: there is a way already
 * @param internet whether the subnets have a way to the internet
 * @param apiEndpoint the id of the VPC's endpoint for {@code execute-api}; absent: the stack makes one where it needs it
 */
public record VpcSettings(
        String id,
        List<String> subnets,
        List<String> securityGroups,
        List<String> routeTables,
        boolean internet,
        Optional<String> apiEndpoint) {

    public VpcSettings {
        subnets = List.copyOf(subnets);
        securityGroups = List.copyOf(securityGroups);
        routeTables = List.copyOf(routeTables);
    }
}
