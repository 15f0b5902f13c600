package parkmeter.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import parkmeter.local.aws.EndpointConfig;
import parkmeter.local.aws.SageMaker;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.gateway.ApiKey;
import parkmeter.local.lambda.FunctionSpec;

/**
 * A plan in the words of the servers that stand in for AWS: what was declared, and nothing that was not.
 *
 * @param api the API with its keys and plans
 * @param functions the functions
 * @param containers what endpoints can be made of
 * @param models the endpoints that serve a model while they run
 * @param meter what keeps the metered ones; empty lists where the stack has none
 * @param declared what functions and authorizers find in AWS
 * @param clients the keys' values by the clients' names; empty where nothing is called with a key
 * @param invokePath the exported invoke URL's path, {@code /prod/invoke}
 * @param tokensPath the path of the exported URL where access tokens are issued, <code>/prod/tokens</code>; empty where there is none
 * @param partition the part of AWS that the region belongs to, {@code aws}
 * @param region the stack's region
 */
record Deployment(
        ServedApi api,
        List<FunctionSpec> functions,
        ModelContainers containers,
        List<Model> models,
        Metering meter,
        Declared declared,
        Map<String, String> clients,
        String invokePath,
        Optional<String> tokensPath,
        String partition,
        String region) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A model behind an endpoint.
     *
     * @param endpoint the endpoint's name
     * @param configuration the endpoint configuration's name
     * @param id what a person knows the model by
     * @param alwaysOn whether the stack declares the endpoint itself; else the meter creates it
     * @param wakes whether a call starts it while it is stopped
     */
    record Model(String endpoint, String configuration, String id, boolean alwaysOn, boolean wakes) {}

    /**
     * What the exported invoke URL leads to.
     *
     * @param functionArn the function between; absent where the API calls the model itself
     * @param model the model that it calls
     * @param question how it is asked
     */
    record Entrance(Optional<String> functionArn, Model model, Question question) {}

    /**
     * Takes from a plan what is to be served.
     *
     * @param project the folder that the plan's paths start from
     */
    static Deployment of(Plan plan, Path project) throws CannotRun {
        JsonNode outputs = plan.outputs();
        String region = outputs.path("region").asText();
        List<FunctionSpec> functions = plan.ofType("aws:lambda/function:Function").stream()
                .map(function -> function(function, project))
                .toList();
        ModelContainers containers = ModelContainers.of(plan, functions);
        Metering meter = Metering.of(plan, functions);
        Declared declared = Declared.of(plan, functions);
        return new Deployment(
                ServedApi.of(plan, region, declared),
                functions,
                containers,
                models(plan, meter, containers),
                meter,
                declared,
                clients(outputs.path("clients"), declared.keys()),
                URI.create(outputs.path("invokeUrl").asText()).getPath(),
                Optional.of(outputs.path("tokensUrl").asText())
                        .filter(tokensUrl -> !tokensUrl.isEmpty())
                        .map(tokensUrl -> URI.create(tokensUrl).getPath()),
                partition(plan),
                region);
    }

    /** What the exported invoke URL leads to; empty where it is no model. */
    Optional<Entrance> entrance() {
        String route = route(invokePath);
        String uri = api.integration(route).orElse("");
        for (Model model : models) {
            if (uri.endsWith("/endpoints/" + model.endpoint() + "/invocations")) {
                return Optional.of(new Entrance(
                        Optional.empty(), model, api.takesPrompt(route) ? Question.PROMPT : Question.MODEL));
            }
            for (FunctionSpec function : functions) {
                if (uri.contains(function.arn() + "/") && asks(function, route, model)) {
                    return Optional.of(new Entrance(Optional.of(function.arn()), model, question(function, route)));
                }
            }
        }
        return Optional.empty();
    }

    /** A URL's path behind the stage. */
    String route(String path) {
        return path.substring(api.stage().length() + 1);
    }

    /** Whether a function hands what is sent to a route to a model, at once or later. */
    private static boolean asks(FunctionSpec function, String route, Model model) {
        JsonNode later = json(function.environment().getOrDefault("PARKMETER_ENDPOINTS", "{}"));
        return model.endpoint().equals(function.environment().get("PARKMETER_ENDPOINT"))
                || model.endpoint().equals(later.path("POST " + route).asText());
    }

    private static Question question(FunctionSpec function, String route) {
        JsonNode routes = json(function.environment().getOrDefault("PARKMETER_ROUTES", "{}"));
        return routes.path("POST " + route).asText().equals("passthrough") ? Question.MODEL : Question.PROMPT;
    }

    /** What endpoints can be made of, those included that are in AWS and not in the stack. */
    List<EndpointConfig> configurations() {
        return Stream.concat(
                        containers.configurations().values().stream(),
                        models.stream()
                                .map(Model::configuration)
                                .filter(name -> !containers.configurations().containsKey(name))
                                .distinct()
                                .map(ModelContainers::ofOthers))
                .toList();
    }

    /** Where SageMaker stands. */
    SageMaker.Place place() {
        return new SageMaker.Place(partition, region, api.account());
    }

    /** The ARN of something in the stack's region and account. */
    String arn(String service, String resource) {
        return "arn:%s:%s:%s:%s:%s".formatted(partition, service, region, api.account(), resource);
    }

    private static String partition(Plan plan) {
        return plan.resources().stream()
                .map(each -> each.outputs().path("arn").asText().split(":", -1))
                .filter(parts -> parts.length > 1 && parts[0].equals("arn"))
                .map(parts -> parts[1])
                .findFirst()
                .orElse("aws");
    }

    static Registration only(Plan plan, String type) throws CannotRun {
        List<Registration> found = plan.ofType(type);
        if (found.size() != 1) {
            throw new CannotRun("The stack declares " + found.size() + " resources of type " + type
                    + "; the local run serves stacks that declare one.");
        }
        return found.get(0);
    }

    private static FunctionSpec function(Registration function, Path project) {
        JsonNode inputs = function.inputs();
        JsonNode reserved = inputs.path("reservedConcurrentExecutions");
        return new FunctionSpec(
                inputs.path("name").asText(),
                function.outputs().path("arn").asText(),
                inputs.path("handler").asText(),
                inputs.path("runtime").asText(),
                project.resolve(inputs.at("/code/archive/path").asText()),
                inputs.path("memorySize").asInt(128),
                Duration.ofSeconds(inputs.path("timeout").asInt(3)),
                texts(inputs.at("/environment/variables")),
                reserved.isInt() ? OptionalInt.of(reserved.asInt()) : OptionalInt.empty());
    }

    /** Those that the stack declares as endpoints, and those that it gives to the meter. */
    private static List<Model> models(Plan plan, Metering meter, ModelContainers containers) {
        List<Model> models = new ArrayList<>();
        for (Registration each : plan.ofType("aws:sagemaker/endpoint:Endpoint")) {
            String endpoint = each.inputs().path("name").asText();
            String configuration = each.inputs().path("endpointConfigName").asText();
            models.add(new Model(endpoint, configuration, containers.id(endpoint, configuration), true, false));
        }
        for (Metering.Invocation each : meter.registrations()) {
            if (each.payload().has("endpoint")) {
                String endpoint = each.payload().path("endpoint").asText();
                String configuration = each.payload().path("configuration").asText();
                String id = containers.id(endpoint, configuration);
                models.add(new Model(
                        endpoint, configuration, id, false, each.payload().has("wakeMinutes")));
            }
        }
        return models;
    }

    /** The outputs of the resource of a type that has this name. */
    static JsonNode named(Plan plan, String type, String name) {
        return plan.ofType(type).stream()
                .map(Registration::outputs)
                .filter(outputs -> outputs.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the plan refers to no " + type));
    }

    private static Map<String, String> clients(JsonNode keyIds, List<ApiKey> keys) {
        Map<String, String> clients = new LinkedHashMap<>();
        for (var client : keyIds.properties()) {
            keys.stream()
                    .filter(key -> key.id().equals(client.getValue().asText()))
                    .forEach(key -> clients.put(client.getKey(), key.value()));
        }
        return clients;
    }

    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    static List<String> list(JsonNode texts) {
        List<String> list = new ArrayList<>();
        texts.forEach(text -> list.add(text.asText()));
        return list;
    }

    /** JSON that the program declared as text. */
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the program declared a document that is no JSON", e);
        }
    }
}
