package parkmeter.e2e;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** A model and an API in a VPC that was there before the stack, and stays behind it. */
@Story
final class PrivateStory extends LifeCycle {

    private static final String REGION = "eu-west-2";

    /** By its addresses the VPC is known again. */
    private static final String ADDRESSES = "10.77.0.0/16";

    PrivateStory(Workbench workbench) throws IOException {
        super(
                workbench,
                new Sample(
                        "private",
                        named(
                                workbench.file("Pulumi.private.yaml"),
                                Account.in(workbench.endpoint(), REGION).network()),
                        Map.of(),
                        "qwen",
                        "/invoke"));
    }

    /** The sample, with the ids of a VPC that is there in place of its own. */
    private static String named(String file, Ec2Client network) {
        String vpc =
                network.createVpc(request -> request.cidrBlock(ADDRESSES)).vpc().vpcId();
        List<String> subnets = Stream.of("10.77.0.0/24", "10.77.1.0/24")
                .map(block -> network.createSubnet(request -> request.vpcId(vpc).cidrBlock(block))
                        .subnet()
                        .subnetId())
                .toList();
        String routes = network.createRouteTable(request -> request.vpcId(vpc))
                .routeTable()
                .routeTableId();
        return file.replace("vpc-0a1b2c3d4e5f60718", vpc)
                .replace("subnet-0a1b2c3d4e5f60718", subnets.get(0))
                .replace("subnet-1a2b3c4d5e6f70819", subnets.get(1))
                .replace("rtb-0a1b2c3d4e5f60718", routes);
    }

    /** The API's document names the VPC endpoint, whose id EC2 makes up: another document has another hash. */
    @Override
    boolean unplanned(String difference) {
        return difference.startsWith("api-deployment inputs.triggers.openapi: ");
    }

    /** A private API's name leads to the VPC endpoint. */
    @Override
    String label(String api) {
        return api + "-"
                + stack.account()
                        .network()
                        .describeVpcEndpoints(request -> request.filters(filter("vpc-endpoint-type", "Interface")))
                        .vpcEndpoints()
                        .get(0)
                        .vpcEndpointId();
    }

    /** EC2 refuses while anything of the stack's is in it. */
    @AfterAll
    void the_vpc_goes_too() {
        Ec2Client network = stack.account().network();
        String vpc = network.describeVpcs(request -> request.filters(filter("cidr", ADDRESSES)))
                .vpcs()
                .get(0)
                .vpcId();
        network.describeRouteTables(request -> request.filters(filter("vpc-id", vpc))).routeTables().stream()
                .filter(table -> table.associations().isEmpty())
                .map(RouteTable::routeTableId)
                .forEach(table -> network.deleteRouteTable(request -> request.routeTableId(table)));
        network.describeSubnets(request -> request.filters(filter("vpc-id", vpc))).subnets().stream()
                .map(Subnet::subnetId)
                .forEach(subnet -> network.deleteSubnet(request -> request.subnetId(subnet)));
        network.deleteVpc(request -> request.vpcId(vpc));
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }
}
