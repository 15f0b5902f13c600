package parkmeter.local;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import parkmeter.local.aws.ApiGateway;
import parkmeter.local.aws.AsyncInference;
import parkmeter.local.aws.AwsApi;
import parkmeter.local.aws.CloudWatch;
import parkmeter.local.aws.Cognito;
import parkmeter.local.aws.Containers;
import parkmeter.local.aws.DynamoDb;
import parkmeter.local.aws.S3;
import parkmeter.local.aws.SageMaker;
import parkmeter.local.aws.SageMakerRuntime;
import parkmeter.local.aws.Sns;
import parkmeter.local.aws.Ssm;
import parkmeter.local.aws.StackClock;
import parkmeter.local.identity.KeySets;
import parkmeter.local.identity.UserPool;
import parkmeter.local.lambda.Functions;
import parkmeter.local.states.InvokeFunction;
import parkmeter.local.states.StepFunctions;

/**
 * What answers in AWS's stead in a run.
 *
 * @param sageMaker the endpoints
 * @param url where all of it is that has no address of its own, with what lets endpoints fail
 * @param table where DynamoDB is; empty where there is no table
 * @param keys what the user pools sign with
 * @param user somebody who can sign in; empty where there is no user pool
 * @param token an access token that is in the table of tokens in clear; empty where there is no such table
 * @param services where the services are that the API calls without a function, by API Gateway's names
 * @param variables what the functions are to know of it
 */
record Cloud(
        SageMaker sageMaker,
        URI url,
        Optional<URI> table,
        KeySets keys,
        Optional<User> user,
        Optional<String> token,
        Map<String, URI> services,
        Map<String, String> variables) {

    /**
     * Somebody whom a user pool knows.
     *
     * @param keys the pool's
     * @param client the app client that he signs in with
     */
    record User(UserPool keys, Cognito.Client client, String name, String password) {

        /** A token that says so. */
        String idToken() {
            return keys.idToken(name, client.id());
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "User[" + name + "]";
        }
    }

    /** Who ends what was started, when the run ends. */
    interface Keeper {
        <T extends AutoCloseable> T opened(T part) throws CannotRun;
    }

    /** DynamoDB with the declared tables. */
    private record Tables(Optional<URI> url, Optional<String> token) {}

    /**
     * Starts it, with the endpoints that the stack itself declares; these may still be starting.
     *
     * @param containers what runs behind the endpoints
     * @param functions what state machines call, later
     * @param news is told of the meter's doings
     */
    static Cloud start(
            Deployment deployment,
            Order order,
            Containers containers,
            StackClock clock,
            Functions functions,
            Keeper keeper,
            MeterNews news)
            throws CannotRun {
        Declared declared = deployment.declared();
        CompletableFuture<Tables> tables = CompletableFuture.supplyAsync(() -> {
            try {
                return tables(declared, order, keeper);
            } catch (IOException | CannotRun e) {
                throw new CompletionException(e);
            }
        });
        var cloudWatch = new CloudWatch(clock);
        Optional<S3> s3 = declared.buckets().isEmpty()
                ? Optional.empty()
                : Optional.of(keeper.opened(S3.start(declared.buckets(), clock)));
        SageMakerRuntime runtime = keeper.opened(SageMakerRuntime.start(
                deployment.region(),
                deployment.api().account(),
                cloudWatch,
                new AsyncInference.Surroundings(
                        s3, clock, order.start(), declared.toZero()::contains, news::answered)));
        SageMaker sageMaker = keeper.opened(new SageMaker(
                deployment.place(), deployment.configurations(), containers, runtime, clock, order.start()));
        // What the meter tells is shown by the run, also where the stack names nobody to tell.
        String topic = deployment.meter().topic().orElseGet(() -> deployment.arn("sns", "terminal"));
        List<Cognito.Pool> pools = declared.pools().stream()
                .map(id ->
                        new Cognito.Pool(id, UserPool.create(deployment.arn("cognito-idp", "userpool/" + id), clock)))
                .toList();
        Cognito cognito = new Cognito(pools, declared.appClients(), clock);
        AwsApi api = keeper.opened(AwsApi.start(new AwsApi.Services(
                sageMaker,
                new Ssm(clock, news::mirrored),
                cloudWatch,
                new Sns(Set.of(topic), news::published),
                cognito,
                new ApiGateway(declared.keys()))));
        deployment.models().stream()
                .filter(Deployment.Model::alwaysOn)
                .forEach(model -> sageMaker.declare(model.endpoint(), model.configuration()));
        Map<String, String> variables = new HashMap<>();
        s3.ifPresent(
                started -> variables.put("AWS_ENDPOINT_URL_S3", started.url().toString()));
        if (!declared.machines().isEmpty()) {
            StepFunctions states = keeper.opened(states(deployment, functions, clock));
            variables.put("AWS_ENDPOINT_URL_SFN", states.url().toString());
        }
        Tables found = tables.join();
        found.url().ifPresent(url -> variables.put("AWS_ENDPOINT_URL_DYNAMODB", url.toString()));
        variables.put("AWS_ENDPOINT_URL", api.url().toString());
        variables.put("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", runtime.url().toString());
        variables.put("PARKMETER_TOPIC", topic);
        variables.put("PARKMETER_CLOCK", clock.variable());
        return new Cloud(
                sageMaker,
                api.url(),
                found.url(),
                UserPool.keys(pools.stream().map(Cognito.Pool::keys).toList()),
                user(declared, pools, cognito),
                found.token(),
                Map.of("runtime.sagemaker", runtime.url()),
                variables);
    }

    private static StepFunctions states(Deployment deployment, Functions functions, StackClock clock) {
        return StepFunctions.start(
                deployment.declared().machines(),
                Map.of(
                        InvokeFunction.resource(deployment.partition()),
                        new InvokeFunction(functions, deployment.arn("lambda", "function:"))),
                time -> Thread.sleep(clock.onTheMachine(time).toMillis()),
                clock);
    }

    /** Somebody who can sign in: an operator by his sub, where the stack names one. */
    private static Optional<User> user(Declared declared, List<Cognito.Pool> pools, Cognito cognito) {
        return declared.appClients().stream().findFirst().flatMap(client -> pools.stream()
                .filter(pool -> pool.id().equals(client.poolId()))
                .findFirst()
                .map(pool -> {
                    String name = declared.operators().stream()
                            .filter(operator -> UserPool.subject(operator).equals(operator))
                            .findFirst()
                            .orElse("local");
                    String password = UUID.randomUUID().toString();
                    cognito.add(pool.id(), name, password);
                    return new User(pool.keys(), client, name, password);
                }));
    }

    /** Starts DynamoDB Local where there are tables. */
    private static Tables tables(Declared declared, Order order, Keeper keeper) throws IOException, CannotRun {
        if (declared.tables().isEmpty()) {
            return new Tables(Optional.empty(), Optional.empty());
        }
        DynamoDb dynamoDb = keeper.opened(DynamoDb.start(order.project().resolve("local/target/dynamodb")));
        for (DynamoDb.Table each : declared.tables()) {
            dynamoDb.create(each);
        }
        Optional<String> token = Optional.empty();
        for (String name : declared.clearTextTables()) {
            token = Optional.of(UUID.randomUUID().toString());
            dynamoDb.put(name, Map.of("token", token.get()));
        }
        return new Tables(Optional.of(dynamoDb.url()), token);
    }
}
