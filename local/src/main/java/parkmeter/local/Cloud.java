package parkmeter.local;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import parkmeter.local.aws.AwsApi;
import parkmeter.local.aws.CloudWatch;
import parkmeter.local.aws.Containers;
import parkmeter.local.aws.DynamoDb;
import parkmeter.local.aws.SageMaker;
import parkmeter.local.aws.SageMakerRuntime;
import parkmeter.local.aws.Sns;
import parkmeter.local.aws.Ssm;
import parkmeter.local.aws.StackClock;

/**
 * What answers in AWS's stead in a run.
 *
 * @param sageMaker the endpoints
 * @param url where all of it is but the runtime and the table, with what lets endpoints fail
 * @param services where the services are that the API calls without a function, by API Gateway's names
 * @param variables what the functions are to know of it
 */
record Cloud(SageMaker sageMaker, URI url, Map<String, URI> services, Map<String, String> variables) {

    /** Who ends what was started, when the run ends. */
    interface Keeper {
        <T extends AutoCloseable> T opened(T part) throws CannotRun;
    }

    /**
     * Starts it, with the endpoints that the stack itself declares; these may still be starting.
     *
     * @param containers what runs behind the endpoints
     * @param news is told of the meter's doings
     */
    static Cloud start(
            Deployment deployment, Order order, Containers containers, StackClock clock, Keeper keeper, MeterNews news)
            throws CannotRun {
        CompletableFuture<Map<String, String>> table = CompletableFuture.supplyAsync(() -> {
            try {
                return table(deployment.meter().tables(), order, keeper);
            } catch (IOException | CannotRun e) {
                throw new CompletionException(e);
            }
        });
        var cloudWatch = new CloudWatch(clock);
        SageMakerRuntime runtime = keeper.opened(
                SageMakerRuntime.start(deployment.region(), deployment.api().account(), cloudWatch));
        SageMaker sageMaker = keeper.opened(new SageMaker(
                deployment.place(),
                deployment.configurations().values().stream()
                        .map(Deployment.Configuration::declared)
                        .toList(),
                containers,
                runtime,
                clock,
                order.start()));
        // What the meter tells is shown by the run, also where the stack names nobody to tell.
        String topic = deployment.meter().topic().orElseGet(() -> "arn:%s:sns:%s:%s:terminal"
                .formatted(
                        deployment.place().partition(),
                        deployment.region(),
                        deployment.api().account()));
        AwsApi api = keeper.opened(AwsApi.start(
                sageMaker, new Ssm(clock, news::mirrored), cloudWatch, new Sns(Set.of(topic), news::published)));
        deployment.models().stream()
                .filter(Deployment.Model::alwaysOn)
                .forEach(model -> sageMaker.declare(model.endpoint(), model.configuration()));
        Map<String, String> variables = new HashMap<>(table.join());
        variables.put("AWS_ENDPOINT_URL", api.url().toString());
        variables.put("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", runtime.url().toString());
        variables.put("PARKMETER_TOPIC", topic);
        variables.put("PARKMETER_CLOCK", clock.variable());
        return new Cloud(sageMaker, api.url(), Map.of("runtime.sagemaker", runtime.url()), variables);
    }

    /** Starts DynamoDB Local where a table is declared; what the functions are to know of it. */
    private static Map<String, String> table(List<DynamoDb.Table> tables, Order order, Keeper keeper)
            throws IOException, CannotRun {
        if (tables.isEmpty()) {
            return Map.of();
        }
        DynamoDb dynamoDb = keeper.opened(DynamoDb.start(order.project().resolve("local/target/dynamodb")));
        for (DynamoDb.Table each : tables) {
            dynamoDb.create(each);
        }
        return Map.of("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url().toString());
    }
}
