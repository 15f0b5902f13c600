package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pulumi.aws.iam.Role;
import com.pulumi.aws.iam.RoleArgs;
import com.pulumi.aws.iam.RolePolicy;
import com.pulumi.aws.iam.RolePolicyArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.config.Names;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;

/** What API Gateway needs to call SageMaker itself: a role, for all routes of that kind, and each route's integration. */
final class DirectCalls {

    private final Account account;
    private final Optional<Output<String>> role;

    /**
     * Declares the role where a route needs it.
     *
     * @param parent the component that it belongs to
     */
    DirectCalls(List<FrontRoute> routes, Names names, Account account, Resource parent) {
        this.account = account;
        // Two routes of one endpoint need one grant.
        Map<String, Statement> grants = new LinkedHashMap<>();
        for (FrontRoute route : routes) {
            if (route instanceof FrontRoute.Direct direct) {
                grants.putIfAbsent(direct.endpoint(), direct.grant());
            }
        }
        this.role =
                grants.isEmpty() ? Optional.empty() : Optional.of(role(List.copyOf(grants.values()), names, parent));
    }

    /** A route's integration, known as soon as its role is. */
    Output<ObjectNode> integration(FrontRoute.Direct route) {
        Output<String> uri = Output.format(
                "arn:%s:apigateway:%s:runtime.sagemaker:path/endpoints/%s/invocations",
                account.partition(), account.region(), route.endpoint());
        Output<String> credentials =
                role.orElseThrow(() -> new IllegalStateException(route.route().path() + " came without its grant"));
        return Output.tuple(uri, credentials)
                .applyValue(known -> DirectOperation.integration(route, known.t1, known.t2));
    }

    private Output<String> role(List<Statement> grants, Names names, Resource parent) {
        CustomResourceOptions child =
                CustomResourceOptions.builder().parent(parent).build();
        Role declared = new Role(
                "api-direct",
                RoleArgs.builder()
                        .name(names.of("api-direct"))
                        .assumeRolePolicy(PolicyDocument.of(Statement.trust("apigateway.amazonaws.com", account))
                                .json())
                        .build(),
                child);
        RolePolicy calls = new RolePolicy(
                "api-direct-calls",
                RolePolicyArgs.builder()
                        .name("calls")
                        .role(declared.name())
                        .policy(PolicyDocument.numbered(grants).json())
                        .build(),
                child);
        // The API stands only when it may call what it offers.
        return Output.tuple(declared.arn(), calls.id()).applyValue(known -> known.t1);
    }
}
