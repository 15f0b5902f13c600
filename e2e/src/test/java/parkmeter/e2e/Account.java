package parkmeter.e2e;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigateway.ApiGatewayClient;
import software.amazon.awssdk.services.apigateway.model.ApiKey;
import software.amazon.awssdk.services.apigateway.model.RestApi;
import software.amazon.awssdk.services.apigateway.model.UsagePlan;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.EndpointConfigSummary;
import software.amazon.awssdk.services.sagemaker.model.EndpointSummary;
import software.amazon.awssdk.services.sagemaker.model.ModelSummary;

/**
 * One region of the account, through AWS's own APIs.
 *
 * @param gateway API Gateway
 * @param functions Lambda
 * @param models SageMaker
 * @param logs CloudWatch Logs
 * @param roles IAM
 */
record Account(
        ApiGatewayClient gateway,
        LambdaClient functions,
        SageMakerClient models,
        CloudWatchLogsClient logs,
        IamClient roles) {

    static Account in(URI endpoint, String region) {
        return new Account(
                at(ApiGatewayClient.builder(), endpoint, region).build(),
                at(LambdaClient.builder(), endpoint, region).build(),
                at(SageMakerClient.builder(), endpoint, region).build(),
                at(CloudWatchLogsClient.builder(), endpoint, region).build(),
                at(IamClient.builder(), endpoint, region).build());
    }

    private static <B extends AwsClientBuilder<B, ?>> B at(B builder, URI endpoint, String region) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    /**
     * What stands in the account of a stack, by its physical name: {@code role parkmeter-dev-tinyllama-execution}. Every resource of
     * a stack is called {@code parkmeter-<stack>} or {@code parkmeter-<stack>-<part>}, log groups behind their service's path; what
     * has no name of its own (a stage, a policy, a permission) goes with what it belongs to.
     */
    List<String> of(String stack) {
        var all = new ArrayList<String>();
        add(all, "API", gateway.getRestApisPaginator().items().stream(), RestApi::name);
        add(all, "API key", gateway.getApiKeysPaginator().items().stream(), ApiKey::name);
        add(all, "usage plan", gateway.getUsagePlansPaginator().items().stream(), UsagePlan::name);
        add(
                all,
                "function",
                functions.listFunctionsPaginator().functions().stream(),
                FunctionConfiguration::functionName);
        add(all, "model", models.listModelsPaginator().models().stream(), ModelSummary::modelName);
        add(
                all,
                "endpoint configuration",
                models.listEndpointConfigsPaginator().endpointConfigs().stream(),
                EndpointConfigSummary::endpointConfigName);
        add(all, "endpoint", models.listEndpointsPaginator().endpoints().stream(), EndpointSummary::endpointName);
        add(all, "log group", logs.describeLogGroupsPaginator().logGroups().stream(), LogGroup::logGroupName);
        add(all, "role", roles.listRolesPaginator().roles().stream(), Role::roleName);
        String whole = "parkmeter-" + stack;
        return all.stream()
                .filter(each -> Arrays.stream(each.split("[ /]"))
                        .anyMatch(word -> word.equals(whole) || word.startsWith(whole + "-")))
                .sorted()
                .toList();
    }

    private static <T> void add(List<String> all, String kind, Stream<T> found, Function<T, String> name) {
        found.map(name).map(each -> kind + " " + each).forEach(all::add);
    }
}
