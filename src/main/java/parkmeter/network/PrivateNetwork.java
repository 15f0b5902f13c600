package parkmeter.network;

import com.pulumi.aws.ec2.SecurityGroup;
import com.pulumi.aws.ec2.SecurityGroupArgs;
import com.pulumi.aws.ec2.VpcEndpoint;
import com.pulumi.aws.ec2.VpcEndpointArgs;
import com.pulumi.aws.ec2.inputs.SecurityGroupEgressArgs;
import com.pulumi.aws.ec2.inputs.SecurityGroupIngressArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import parkmeter.config.Names;
import parkmeter.config.VpcSettings;
import parkmeter.iam.Account;
import parkmeter.iam.Statement;

/** What of a stack is in a VPC that is there already: the ways in and out. */
public final class PrivateNetwork extends ComponentResource {

    private static final int HTTPS = 443;
    private static final String ANYWHERE = "0.0.0.0/0";

    private final VpcSettings vpc;
    private final Names names;
    private final Account account;
    private final Output<List<String>> securityGroups;
    private final Optional<Output<String>> apiEndpoint;

    /**
     * Who is in it.
     *
     * @param models whether models' containers are
     * @param api whether the API is
     */
    public record Inside(boolean models, boolean api) {}

    /**
     * Declares the ways.
     *
     * @param vpc the VPC
     * @param inside who is in it
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options, with the provider
     */
    public PrivateNetwork(
            VpcSettings vpc, Inside inside, Names names, Account account, ComponentResourceOptions options) {
        super("parkmeter:network:PrivateNetwork", "network", options);
        this.vpc = vpc;
        this.names = names;
        this.account = account;
        if (!vpc.securityGroups().isEmpty() || !inside.models()) {
            this.securityGroups = Output.of(vpc.securityGroups());
        } else {
            this.securityGroups = group("models", "Containers of models: nothing in, HTTPS out", false)
                    .id()
                    .applyValue(List::of);
        }
        if (!vpc.routeTables().isEmpty()) {
            endpoint("s3", "Gateway", builder -> builder.routeTableIds(vpc.routeTables()));
        }
        if (!inside.api()) {
            this.apiEndpoint = Optional.empty();
        } else if (vpc.apiEndpoint().isPresent()) {
            this.apiEndpoint = vpc.apiEndpoint().map(Output::of);
        } else {
            SecurityGroup callers = group("api", "Callers of the API, from wherever the VPC can be reached", true);
            // With private DNS every other API's public name would lead here too, and to nothing.
            this.apiEndpoint =
                    Optional.of(endpoint("execute-api", "Interface", builder -> builder.subnetIds(vpc.subnets())
                                    .securityGroupIds(callers.id().applyValue(List::of))
                                    .privateDnsEnabled(false))
                            .id());
        }
        registerOutputs(Map.of("securityGroups", securityGroups));
    }

    /** The ids of the subnets. */
    public List<String> subnets() {
        return vpc.subnets();
    }

    /** The ids of the security groups of models' containers. */
    public Output<List<String>> securityGroups() {
        return securityGroups;
    }

    /** The id of the endpoint through which the API is called; empty where the API is public. */
    public Optional<Output<String>> apiEndpoint() {
        return apiEndpoint;
    }

    /**
     * What SageMaker needs to put a model's instances into the VPC (SageMaker developer guide, "Give SageMaker AI hosted endpoints access
     * to resources in your Amazon VPC").
     */
    public List<Statement> interfaceGrants() {
        var places = new ArrayList<Output<String>>();
        places.add(account.arn("ec2", "network-interface/*"));
        vpc.subnets().forEach(id -> places.add(account.arn("ec2", "subnet/" + id)));
        if (vpc.securityGroups().isEmpty()) {
            places.add(
                    account.arn("ec2", account.id(), securityGroups.applyValue(ids -> "security-group/" + ids.get(0))));
        } else {
            vpc.securityGroups().forEach(id -> places.add(account.arn("ec2", "security-group/" + id)));
        }
        return List.of(
                Statement.allow("Place", List.of("ec2:CreateNetworkInterface"), places),
                Statement.allow(
                        "KeepPlaces",
                        List.of(
                                "ec2:CreateNetworkInterfacePermission",
                                "ec2:DeleteNetworkInterface",
                                "ec2:DeleteNetworkInterfacePermission"),
                        List.of(account.arn("ec2", "network-interface/*"))),
                // What may be seen belongs to no resource (Service authorization reference, Amazon EC2).
                Statement.allow(
                        "See",
                        List.of(
                                "ec2:DescribeDhcpOptions",
                                "ec2:DescribeNetworkInterfaces",
                                "ec2:DescribeSecurityGroups",
                                "ec2:DescribeSubnets",
                                "ec2:DescribeVpcs"),
                        List.of(Output.of("*"))));
    }

    private SecurityGroup group(String part, String description, boolean lets) {
        var args = SecurityGroupArgs.builder()
                .name(names.of(part))
                .description(description)
                .vpcId(vpc.id());
        if (lets) {
            args.ingress(SecurityGroupIngressArgs.builder()
                    .protocol("tcp")
                    .fromPort(HTTPS)
                    .toPort(HTTPS)
                    .cidrBlocks(ANYWHERE)
                    .build());
        } else {
            args.egress(SecurityGroupEgressArgs.builder()
                    .protocol("tcp")
                    .fromPort(HTTPS)
                    .toPort(HTTPS)
                    .cidrBlocks(ANYWHERE)
                    .build());
        }
        return new SecurityGroup("network-group-" + part, args.build(), child());
    }

    private VpcEndpoint endpoint(String service, String type, UnaryOperator<VpcEndpointArgs.Builder> where) {
        // China's names of services have a prefix of their own (Amazon VPC user guide, "AWS services that integrate").
        Output<String> prefix = account.partition()
                .applyValue(partition ->
                        partition.equals("aws-cn") && type.equals("Interface") ? "cn.com.amazonaws" : "com.amazonaws");
        return new VpcEndpoint(
                "network-endpoint-" + service,
                where.apply(VpcEndpointArgs.builder()
                                .vpcId(vpc.id())
                                .vpcEndpointType(type)
                                .serviceName(Output.format(
                                        "%s.%s.%s", prefix, Output.of(account.region()), Output.of(service))))
                        .build(),
                child());
    }

    private CustomResourceOptions child() {
        return CustomResourceOptions.builder().parent(this).build();
    }
}
