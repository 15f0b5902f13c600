package parkmeter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pulumi.aws.AwsFunctions;
import com.pulumi.aws.Provider;
import com.pulumi.aws.ProviderArgs;
import com.pulumi.aws.inputs.GetCallerIdentityPlainArgs;
import com.pulumi.aws.inputs.GetPartitionPlainArgs;
import com.pulumi.aws.inputs.ProviderAssumeRoleArgs;
import com.pulumi.aws.inputs.ProviderDefaultTagsArgs;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.exceptions.RunException;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import parkmeter.api.Clients;
import parkmeter.api.FrontRoute;
import parkmeter.api.Plans;
import parkmeter.api.RestFront;
import parkmeter.config.Api;
import parkmeter.config.AwsSettings;
import parkmeter.config.Lifecycle;
import parkmeter.config.Names;
import parkmeter.config.Route;
import parkmeter.config.ServedModel;
import parkmeter.config.StackConfig;
import parkmeter.function.LambdaFunction;
import parkmeter.iam.Account;
import parkmeter.meter.Meter;
import parkmeter.model.ModelEndpoint;

/**
 * The whole of one environment: the clients' keys, the meter, for each model an endpoint and the function that calls it, one API in
 * front of them.
 *
 * @param outputs the stack's outputs by name
 */
record ServingStack(Map<String, Output<?>> outputs) {

    static ServingStack declare(StackConfig config) {
        Provider provider = provider(config.names(), config.aws());
        var options = ComponentResourceOptions.builder().providers(provider).build();
        Account account = account(config.aws(), provider);
        var clients = new Clients(config.clients(), config.names(), options);
        Optional<Meter> meter = config.hasMeter()
                ? Optional.of(new Meter(meter(config, clients), config.names(), account, options))
                : Optional.empty();

        var endpoints = new ArrayList<ModelEndpoint>();
        var routes = new ArrayList<FrontRoute>();
        for (ServedModel model : config.models()) {
            var endpoint = new ModelEndpoint(model, config.names(), account, config.huggingFaceToken(), meter, options);
            endpoints.add(endpoint);
            var function = new LambdaFunction(invokeFunction(model, endpoint, meter), config.names(), account, options);
            model.routes()
                    .forEach(route -> routes.add(new FrontRoute.Prompt(route, function.name(), function.invokeArn())));
        }
        meter.map(Meter::api)
                .ifPresent(function -> routes.add(new FrontRoute.Meters(function.name(), function.invokeArn())));
        if (!(config.api() instanceof Api.Rest rest)) {
            throw new IllegalStateException("api " + config.api());
        }
        var api = new RestFront(rest, routes, config.names(), options);
        new Plans(config.plans(), clients, api, config.names(), options);

        var outputs = new LinkedHashMap<String, Output<?>>();
        outputs.put("invokeUrl", api.url(config.models().get(0).routes().get(0).path()));
        outputs.put("apiKeyId", clients.firstKeyId());
        outputs.put("apiKey", clients.firstKeyValue());
        outputs.put("clients", clients.keyIds());
        outputs.put("endpointName", endpoints.get(0).standing());
        meter.ifPresent(known -> outputs.put("meterUrl", api.url(RestFront.METERS)));
        outputs.put("region", Output.of(config.aws().region()));
        return new ServingStack(outputs);
    }

    private static Meter.Spec meter(StackConfig config, Clients clients) {
        Map<String, String> tags = tags(config.names(), config.aws());
        tags.put("ManagedBy", "parkmeter");
        return new Meter.Spec(config.meter(), clients.operatorKeyIds(), tags);
    }

    private static LambdaFunction.Spec invokeFunction(
            ServedModel model, ModelEndpoint endpoint, Optional<Meter> meter) {
        ObjectNode routes = JsonNodeFactory.instance.objectNode();
        for (Route route : model.routes()) {
            if (route.body() instanceof Route.Body.Prompt prompt) {
                routes.putObject(route.path())
                        .put("body", "prompt")
                        .put("template", prompt.template().name().toLowerCase(Locale.ROOT));
            }
        }
        var environment = new TreeMap<String, Output<String>>();
        environment.put("PARKMETER_MODEL", Output.of(model.name()));
        environment.put("PARKMETER_ENDPOINT", Output.of(endpoint.endpointName()));
        environment.put("PARKMETER_ROUTES", Output.of(routes.toString()));
        var grants = new ArrayList<>(List.of(endpoint.invokeGrant()));
        if (model.lifecycle() instanceof Lifecycle.Metered) {
            meter.ifPresent(known -> {
                environment.put("PARKMETER_TABLE", known.tableName());
                grants.add(known.wakeGrant());
            });
        }
        return new LambdaFunction.Spec(
                model.name() + "-invoke",
                LambdaFunction.Code.FUNCTION,
                "parkmeter.lambda.invoke.InvokeHandler::handleRequest",
                RestFront.TIMEOUT,
                Optional.empty(),
                environment,
                grants);
    }

    private static Provider provider(Names names, AwsSettings aws) {
        var args = ProviderArgs.builder()
                .region(aws.region())
                .defaultTags(
                        ProviderDefaultTagsArgs.builder().tags(tags(names, aws)).build());
        aws.profile().ifPresent(args::profile);
        aws.assumeRoleArn()
                .ifPresent(arn -> args.assumeRole(
                        ProviderAssumeRoleArgs.builder().roleArn(arn).build()));
        aws.maxRetries().ifPresent(args::maxRetries);
        if (!aws.allowedAccountIds().isEmpty()) {
            args.allowedAccountIds(aws.allowedAccountIds());
        }
        aws.flags().forEach((flag, value) -> {
            switch (flag) {
                case SKIP_CREDENTIALS_VALIDATION -> args.skipCredentialsValidation(value);
                case SKIP_METADATA_API_CHECK -> args.skipMetadataApiCheck(value);
                case SKIP_REGION_VALIDATION -> args.skipRegionValidation(value);
                case SKIP_REQUESTING_ACCOUNT_ID -> args.skipRequestingAccountId(value);
                case S3_USE_PATH_STYLE -> args.s3UsePathStyle(value);
                case USE_FIPS_ENDPOINT -> args.useFipsEndpoint(value);
                case USE_DUALSTACK_ENDPOINT -> args.useDualstackEndpoint(value);
            }
        });
        // Else the provider would look in the new region for what stands in the old one, and find nothing. The old goes
        // first: a role's name is taken in every region at once.
        return new Provider(
                "aws",
                args.build(),
                CustomResourceOptions.builder()
                        .replaceOnChanges("region")
                        .deleteBeforeReplace(true)
                        .build());
    }

    /** What every resource is marked with. */
    private static Map<String, String> tags(Names names, AwsSettings aws) {
        var tags = new TreeMap<>(aws.tags());
        tags.put("Project", names.project());
        tags.put("Stack", names.stack());
        tags.put("ManagedBy", "pulumi");
        return tags;
    }

    /**
     * Asks AWS which account the credentials are for, and waits for the answer: without one nothing can be declared, and AWS's own
     * word on it is all that a person has to read. An output that failed would be told with each resource that wanted it, and
     * with the SDK's stack trace.
     */
    private static Account account(AwsSettings aws, Provider provider) {
        var options = InvokeOptions.builder().provider(provider).build();
        try {
            return AwsFunctions.getCallerIdentityPlain(GetCallerIdentityPlainArgs.Empty, options)
                    .thenCombine(
                            AwsFunctions.getPartitionPlain(GetPartitionPlainArgs.Empty, options),
                            (identity, partition) -> new Account(
                                    Output.of(identity.accountId()), Output.of(partition.partition()), aws.region()))
                    .join();
        } catch (CompletionException e) {
            throw new RunException("AWS does not say which account this is: "
                    + Objects.requireNonNullElse(e.getCause(), e).getMessage()
                    + "\n`aws sts get-caller-identity` has to work in this shell before `pulumi` can.");
        }
    }
}
