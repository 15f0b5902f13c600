package parkmeter.meter;

import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import parkmeter.iam.Account;
import parkmeter.iam.Statement;

/**
 * What the meter's functions may do. Each of them takes steps: the tick those of all records, the others that of the record
 * that was asked for.
 *
 * @param account where the stack stands
 * @param endpoints the names, with {@code *}, of the endpoints and their configurations
 * @param configurations the names of the other EndpointConfigurations that endpoints are made of
 * @param counts whether a window says how many instances an endpoint has
 * @param table the table's ARN
 * @param topic the topic's ARN
 */
record MeterGrants(
        Account account,
        List<String> endpoints,
        List<String> configurations,
        boolean counts,
        Output<String> table,
        Optional<Output<String>> topic) {

    static Statement table(Output<String> table, String... actions) {
        return Statement.allow("Meters", List.of(actions), List.of(table));
    }

    /** What a step needs: to see and change the endpoint and its record, to see when it was last called, to tell of it. */
    List<Statement> steps() {
        var grants = new ArrayList<Statement>();
        grants.add(table(table, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Scan"));
        var keep = new ArrayList<>(List.of(
                "sagemaker:CreateEndpoint",
                "sagemaker:UpdateEndpoint",
                "sagemaker:DeleteEndpoint",
                "sagemaker:DescribeEndpoint",
                "sagemaker:AddTags",
                "sagemaker:ListTags"));
        if (counts) {
            keep.add("sagemaker:UpdateEndpointWeightsAndCapacities");
        }
        grants.add(Statement.allow("KeepEndpoints", keep, sageMaker("endpoint/", endpoints)));
        grants.add(Statement.allow(
                "UseConfigurations",
                List.of("sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"),
                sageMaker(
                        "endpoint-config/",
                        Stream.concat(endpoints.stream(), configurations.stream())
                                .toList())));
        grants.add(Statement.allow(
                "Mirror",
                List.of("ssm:PutParameter", "ssm:DeleteParameter"),
                endpoints.stream()
                        .map(name -> account.arn("ssm", "parameter/sagemaker/endpoint/expiry/" + name))
                        .toList()));
        // A metric belongs to no resource, and reading knows no namespace (Service authorization reference,
        // CloudWatch).
        grants.add(Statement.allow("ReadInvocations", List.of("cloudwatch:GetMetricData"), List.of(Output.of("*"))));
        topic.ifPresent(arn -> grants.add(Statement.allow("Tell", List.of("sns:Publish"), List.of(arn))));
        return grants;
    }

    /** The steps of all records: their endpoints are looked for in one list. */
    List<Statement> tick() {
        List<Statement> grants = steps();
        // The list of all endpoints belongs to none of them (Service authorization reference, Amazon SageMaker).
        grants.add(Statement.allow("ListEndpoints", List.of("sagemaker:ListEndpoints"), List.of(Output.of("*"))));
        return grants;
    }

    /** SageMaker writes ARNs in lower case, whatever the name's case, and IAM compares case by case. */
    private List<Output<String>> sageMaker(String kind, List<String> names) {
        return names.stream()
                .map(name -> account.arn("sagemaker", kind + name.toLowerCase(Locale.ROOT)))
                .toList();
    }
}
