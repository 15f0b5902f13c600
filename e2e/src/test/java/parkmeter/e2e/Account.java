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
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.Api;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.applicationautoscaling.model.ScheduledAction;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.budgets.BudgetsClient;
import software.amazon.awssdk.services.budgets.model.Budget;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DashboardEntry;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricFilter;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolDescriptionType;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.EndpointConfigSummary;
import software.amazon.awssdk.services.sagemaker.model.EndpointSummary;
import software.amazon.awssdk.services.sagemaker.model.ModelSummary;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.StateMachineListItem;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Topic;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;

/**
 * One region of the account, through AWS's own APIs.
 *
 * @param gateway API Gateway's REST APIs, keys and plans
 * @param httpApis API Gateway's HTTP APIs
 * @param functions Lambda
 * @param models SageMaker
 * @param logs CloudWatch Logs
 * @param roles IAM
 * @param tables DynamoDB
 * @param parameters Systems Manager's parameters
 * @param rules EventBridge
 * @param queues SQS
 * @param topics SNS
 * @param alarms CloudWatch
 * @param buckets S3
 * @param machines Step Functions
 * @param users Cognito
 * @param budgets AWS Budgets, which is no region's
 * @param scaling Application Auto Scaling
 * @param network EC2, for what is in a VPC
 * @param secrets Secrets Manager
 * @param invocations SageMaker's runtime
 */
record Account(
        ApiGatewayClient gateway,
        ApiGatewayV2Client httpApis,
        LambdaClient functions,
        SageMakerClient models,
        CloudWatchLogsClient logs,
        IamClient roles,
        DynamoDbClient tables,
        SsmClient parameters,
        EventBridgeClient rules,
        SqsClient queues,
        SnsClient topics,
        CloudWatchClient alarms,
        S3Client buckets,
        SfnClient machines,
        CognitoIdentityProviderClient users,
        BudgetsClient budgets,
        ApplicationAutoScalingClient scaling,
        Ec2Client network,
        SecretsManagerClient secrets,
        SageMakerRuntimeClient invocations) {

    /** Where AWS answers for all regions. */
    private static final String BILLING = "us-east-1";

    static Account in(URI endpoint, String region) {
        return new Account(
                at(ApiGatewayClient.builder(), endpoint, region).build(),
                at(ApiGatewayV2Client.builder(), endpoint, region).build(),
                at(LambdaClient.builder(), endpoint, region).build(),
                at(SageMakerClient.builder(), endpoint, region).build(),
                at(CloudWatchLogsClient.builder(), endpoint, region).build(),
                at(IamClient.builder(), endpoint, region).build(),
                at(DynamoDbClient.builder(), endpoint, region).build(),
                at(SsmClient.builder(), endpoint, region).build(),
                at(EventBridgeClient.builder(), endpoint, region).build(),
                at(SqsClient.builder(), endpoint, region).build(),
                at(SnsClient.builder(), endpoint, region).build(),
                at(CloudWatchClient.builder(), endpoint, region).build(),
                at(S3Client.builder(), endpoint, region).build(),
                at(SfnClient.builder(), endpoint, region).build(),
                at(CognitoIdentityProviderClient.builder(), endpoint, region).build(),
                at(BudgetsClient.builder(), endpoint, BILLING).build(),
                at(ApplicationAutoScalingClient.builder(), endpoint, region).build(),
                at(Ec2Client.builder(), endpoint, region).build(),
                at(SecretsManagerClient.builder(), endpoint, region).build(),
                at(SageMakerRuntimeClient.builder(), endpoint, region).build());
    }

    private static <B extends AwsClientBuilder<B, ?>> B at(B builder, URI endpoint, String region) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    /**
     * What stands in the account of a stack, by its physical name: {@code role parkmeter-dev-tinyllama-execution}. Every resource of
     * a stack is called {@code parkmeter-<stack>} or {@code parkmeter-<stack>-<part>}, log groups and parameters behind a path; what
     * has no name of its own (a stage, a policy, a permission, a subscription) goes with what it belongs to.
     */
    List<String> of(String stack) {
        var all = new ArrayList<String>();
        add(all, "API", gateway.getRestApisPaginator().items().stream(), RestApi::name);
        add(all, "API", httpApis.getApis(request -> {}).items().stream(), Api::name);
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
        add(
                all,
                "log group",
                logs.describeLogGroupsPaginator().logGroups().stream()
                        // A function that ends after its group makes another in an emulator, which asks no role whether
                        // it may;
                        // the stack's own have a retention.
                        .filter(group -> group.retentionInDays() != null),
                LogGroup::logGroupName);
        add(all, "role", roles.listRolesPaginator().roles().stream(), Role::roleName);
        add(all, "table", tables.listTablesPaginator().tableNames().stream(), Function.identity());
        add(
                all,
                "parameter",
                parameters.describeParametersPaginator().stream().flatMap(page -> page.parameters().stream()),
                ParameterMetadata::name);
        add(all, "rule", rules.listRules(request -> {}).rules().stream(), Rule::name);
        add(all, "queue", queues.listQueuesPaginator().queueUrls().stream(), Account::last);
        add(all, "topic", topics.listTopicsPaginator().topics().stream().map(Topic::topicArn), Account::last);
        add(all, "alarm", alarms.describeAlarmsPaginator().metricAlarms().stream(), MetricAlarm::alarmName);
        add(
                all,
                "alarm",
                alarms
                        .describeAlarms(request -> request.alarmTypes(AlarmType.COMPOSITE_ALARM))
                        .compositeAlarms()
                        .stream(),
                CompositeAlarm::alarmName);
        add(
                all,
                "dashboard",
                alarms.listDashboardsPaginator().dashboardEntries().stream(),
                DashboardEntry::dashboardName);
        add(
                all,
                "log filter",
                logs.describeMetricFiltersPaginator().metricFilters().stream(),
                MetricFilter::filterName);
        add(
                all,
                "budget",
                budgets.describeBudgetsPaginator(request -> request.accountId(AwsCall.ACCOUNT)).budgets().stream(),
                Budget::budgetName);
        add(all, "bucket", buckets.listBuckets().buckets().stream(), Bucket::name);
        add(
                all,
                "state machine",
                machines.listStateMachinesPaginator().stateMachines().stream(),
                StateMachineListItem::name);
        ServiceNamespace endpoints = ServiceNamespace.SAGEMAKER;
        add(
                all,
                "scaled",
                scaling
                        .describeScalableTargetsPaginator(request -> request.serviceNamespace(endpoints))
                        .scalableTargets()
                        .stream(),
                ScalableTarget::resourceId);
        add(
                all,
                "scaling policy",
                scaling
                        .describeScalingPoliciesPaginator(request -> request.serviceNamespace(endpoints))
                        .scalingPolicies()
                        .stream(),
                ScalingPolicy::policyName);
        add(
                all,
                "scheduled scaling",
                scaling
                        .describeScheduledActionsPaginator(request -> request.serviceNamespace(endpoints))
                        .scheduledActions()
                        .stream(),
                ScheduledAction::scheduledActionName);
        add(
                all,
                "security group",
                network.describeSecurityGroupsPaginator().securityGroups().stream(),
                SecurityGroup::groupName);
        // It has no name, but the tags of its stack.
        add(
                all,
                "VPC endpoint",
                network.describeVpcEndpointsPaginator().vpcEndpoints().stream()
                        .filter(endpoint -> !endpoint.stateAsString().equalsIgnoreCase("deleted")),
                Account::named);
        add(
                all,
                "secret",
                secrets.listSecretsPaginator().stream().flatMap(page -> page.secretList().stream()),
                SecretListEntry::name);
        // Not every region has Cognito.
        if (CognitoIdentityProviderClient.serviceMetadata()
                .regions()
                .contains(users.serviceClientConfiguration().region())) {
            add(
                    all,
                    "user pool",
                    users.listUserPoolsPaginator(request -> request.maxResults(60)).userPools().stream(),
                    UserPoolDescriptionType::name);
        }
        String whole = "parkmeter-" + stack;
        return all.stream()
                .filter(each -> Arrays.stream(each.split("[ /]"))
                        .anyMatch(word -> word.equals(whole) || word.startsWith(whole + "-")))
                .sorted()
                .toList();
    }

    private static String named(VpcEndpoint endpoint) {
        String stack = endpoint.tags().stream()
                .filter(tag -> tag.key().equals("Stack"))
                .map(Tag::value)
                .findFirst()
                .orElse("");
        return "parkmeter-" + stack + "-" + endpoint.serviceName().replaceFirst(".*\\.", "");
    }

    /** The name at the end of a URL or an ARN. */
    private static String last(String address) {
        return address.replaceFirst(".*[/:]", "");
    }

    private static <T> void add(List<String> all, String kind, Stream<T> found, Function<T, String> name) {
        found.map(name).map(each -> kind + " " + each).forEach(all::add);
    }
}
