package parkmeter.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads a stack's configuration as Pulumi hands it to a program. */
public final class ConfigReader {

    /** An endpoint's name has 63 characters at most, an EndpointConfiguration's carries nine more: {@code -} and a hash. */
    private static final int LONGEST_ENDPOINT_NAME = 54;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Names names;
    private final Report report;
    private final Map<String, String> values;
    private final Set<String> secretKeys;

    private ConfigReader(Names names, Map<String, String> values, Set<String> secretKeys) {
        this.names = names;
        this.report = new Report(names.stack());
        this.values = new TreeMap<>(values);
        this.secretKeys = Set.copyOf(secretKeys);
    }

    /**
     * Reads a configuration.
     *
     * @param names the project's and the stack's name
     * @param values the values by their whole key, {@code parkmeter:models}; lists and sections as JSON
     * @param secretKeys the keys whose values are secrets, wholly or in part
     * @throws ConfigProblems with everything that is wrong, where anything is
     */
    public static StackConfig read(Names names, Map<String, String> values, Set<String> secretKeys)
            throws ConfigProblems {
        var reader = new ConfigReader(names, values, secretKeys);
        StackConfig config = reader.stack();
        reader.report.throwIfAny();
        return config;
    }

    /**
     * Reads the configuration from the variables with which Pulumi starts a program: its own API can neither list the keys nor
     * tell a wrong number from a missing one.
     *
     * @param environment the process's environment variables
     * @throws ConfigProblems with everything that is wrong, where anything is
     */
    public static StackConfig read(Map<String, String> environment) throws ConfigProblems {
        try {
            return read(
                    new Names(
                            environment.getOrDefault("PULUMI_PROJECT", ""),
                            environment.getOrDefault("PULUMI_STACK", "")),
                    JSON.readValue(environment.getOrDefault("PULUMI_CONFIG", "{}"), new TypeReference<>() {}),
                    JSON.readValue(
                            environment.getOrDefault("PULUMI_CONFIG_SECRET_KEYS", "[]"), new TypeReference<>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PULUMI_CONFIG or PULUMI_CONFIG_SECRET_KEYS is not as Pulumi sets it");
        }
    }

    private StackConfig stack() {
        AwsSettings aws = aws(top("aws"));
        Section top = top("parkmeter");
        List<ServedModel> models = models(top);
        Api api = api(top.section(Keys.API));
        List<Plan> plans = top.list(Keys.PLANS).stream().map(this::plan).toList();
        unique(top, Keys.PLANS, plans.stream().map(Plan::name).toList(), Keys.PLAN_NAME);
        List<Client> clients = clients(top, plans);
        Optional<Secret> token = top.find(Keys.HUGGING_FACE_TOKEN).map(Secret::new);
        if (token.isPresent() && !secretKeys.contains(Keys.HUGGING_FACE_TOKEN.path())) {
            report.add(
                    Keys.HUGGING_FACE_TOKEN.path(),
                    "",
                    "must be a secret, and stands in the stack file in clear",
                    "pulumi config set --secret " + Keys.HUGGING_FACE_TOKEN.path() + " --stack " + names.stack());
        }
        top.find(Keys.WATCH);
        top.done();
        return new StackConfig(names, aws, models, api, plans, clients, token);
    }

    private List<ServedModel> models(Section top) {
        List<Section> sections = top.list(Keys.MODELS);
        List<ServedModel> models = sections.stream().map(this::model).toList();
        // SageMaker tells names apart by case, and IAM's ARNs are in lower case: two such names would share their
        // rights.
        unique(
                top,
                Keys.MODELS,
                models.stream()
                        .map(model -> model.name().toLowerCase(Locale.ROOT))
                        .toList(),
                Keys.MODEL_NAME);
        Map<String, String> paths = new HashMap<>();
        for (int m = 0; m < models.size(); m++) {
            List<Route> routes = models.get(m).routes();
            for (int r = 0; r < routes.size(); r++) {
                String place = "parkmeter:models[" + m + "].routes[" + r + "].path";
                String path = routes.get(r).path();
                String first = paths.putIfAbsent(path, place);
                if (first != null) {
                    report.add(
                            place,
                            TextNode.valueOf(path).toString(),
                            "must be a path of its own: " + first + " has the same",
                            report.set(place, path + "-" + models.get(m).name()));
                }
            }
        }
        return models;
    }

    private ServedModel model(Section section) {
        String name = section.get(Keys.MODEL_NAME);
        endpointName(section, name);
        Source source = source(section.section(Keys.SOURCE));
        Engine engine = engine(section.sectionOrWord(Keys.ENGINE, Keys.ENGINE_TYPE.name()));
        Hosting hosting = hosting(section.section(Keys.HOSTING));
        Lifecycle lifecycle = lifecycle(section.section(Keys.LIFECYCLE));
        List<Route> routes = section.list(Keys.ROUTES).stream().map(this::route).toList();
        section.get(Keys.NETWORK);
        section.get(Keys.ACCESS);
        section.done();
        return new ServedModel(name, source, engine, hosting, lifecycle, routes, new Access.Key());
    }

    private void endpointName(Section section, String name) {
        String endpoint = names.of(name);
        if (endpoint.length() > LONGEST_ENDPOINT_NAME || !endpoint.matches(Keys.SAGEMAKER_NAME)) {
            report.add(
                    section.pathOf(Keys.MODEL_NAME),
                    section.shown(Keys.MODEL_NAME),
                    "makes the endpoint's name '" + endpoint + "', which must have at most " + LONGEST_ENDPOINT_NAME
                            + " letters, digits and single hyphens between them",
                    "take a shorter or plainer name for the model or the stack: pulumi stack rename <name>");
        }
    }

    private Source source(Section section) {
        boolean another = Keys.OTHER_SOURCES.stream()
                .map(key -> section.node().has(key.name()) && section.find(key).isEmpty())
                .reduce(false, Boolean::logicalOr);
        if (another) {
            return new Source.Hub("", Optional.empty());
        }
        var hub = new Source.Hub(section.get(Keys.HUB), section.find(Keys.REVISION));
        section.done();
        return hub;
    }

    private Engine engine(Section section) {
        section.get(Keys.ENGINE_TYPE);
        Optional<Integer> input = section.find(Keys.MAX_INPUT_TOKENS);
        Optional<Integer> total = section.find(Keys.MAX_TOTAL_TOKENS);
        if (input.isPresent() && total.isPresent() && input.get() >= total.get()) {
            report.add(
                    section.pathOf(Keys.MAX_INPUT_TOKENS),
                    input.get().toString(),
                    "must be less than maxTotalTokens, which is " + total.get() + ": the answer needs room too",
                    report.set(
                            section.pathOf(Keys.MAX_INPUT_TOKENS), String.valueOf(Math.max(1, total.get() * 3 / 4))));
        }
        Optional<String> quantize = section.find(Keys.QUANTIZE);
        Optional<String> dtype = section.find(Keys.DTYPE);
        if (quantize.isPresent() && dtype.isPresent()) {
            report.add(
                    section.pathOf(Keys.DTYPE),
                    section.shown(Keys.DTYPE),
                    "must not stand beside quantize, which decides the type itself",
                    report.remove(section.pathOf(Keys.DTYPE)));
        }
        var tgi = new Engine.Tgi(input, total, quantize, dtype, section.get(Keys.TRUST_REMOTE_CODE));
        section.done();
        return tgi;
    }

    private Hosting hosting(Section section) {
        section.get(Keys.HOSTING_TYPE);
        var realTime = new Hosting.RealTime(
                section.get(Keys.INSTANCE_TYPE),
                section.get(Keys.INSTANCES),
                section.get(Keys.STARTUP_SECONDS),
                section.get(Keys.DOWNLOAD_SECONDS),
                section.find(Keys.VOLUME),
                section.find(Keys.INFERENCE_AMI));
        section.done();
        return realTime;
    }

    private Lifecycle lifecycle(Section section) {
        section.get(Keys.LIFECYCLE_TYPE);
        section.done();
        return new Lifecycle.AlwaysOn();
    }

    private Route route(Section section) {
        String path = section.get(Keys.PATH);
        section.get(Keys.BODY);
        section.get(Keys.VIA);
        var route = new Route(path, new Route.Body.Prompt(section.get(Keys.TEMPLATE)), new Route.Integration.Lambda());
        section.done();
        return route;
    }

    private Api api(Section section) {
        section.get(Keys.API_TYPE);
        String stage = section.get(Keys.STAGE);
        Section throttle = section.section(Keys.THROTTLE);
        var rest = new Api.Rest(stage, new Throttle(throttle.get(Keys.STAGE_RATE), throttle.get(Keys.STAGE_BURST)));
        throttle.done();
        section.done();
        return rest;
    }

    private Plan plan(Section section) {
        Optional<Plan.Quota> quota = section.findSection(Keys.QUOTA).map(q -> {
            var read = new Plan.Quota(q.get(Keys.LIMIT), q.get(Keys.PERIOD));
            q.done();
            return read;
        });
        var plan = new Plan(
                section.get(Keys.PLAN_NAME), new Throttle(section.get(Keys.RATE), section.get(Keys.BURST)), quota);
        section.done();
        return plan;
    }

    private List<Client> clients(Section top, List<Plan> plans) {
        List<String> planNames = plans.stream().map(Plan::name).toList();
        List<Client> clients = top.list(Keys.CLIENTS).stream()
                .map(section -> {
                    var client = new Client(
                            section.get(Keys.CLIENT_NAME),
                            section.find(Keys.CLIENT_PLAN)
                                    .orElseGet(() -> planNames.isEmpty() ? "" : planNames.get(0)));
                    if (!planNames.contains(client.plan()) && !client.plan().isEmpty()) {
                        report.add(
                                section.pathOf(Keys.CLIENT_PLAN),
                                section.shown(Keys.CLIENT_PLAN),
                                "must be one of the stack's plans: " + String.join(", ", planNames),
                                report.set(
                                        section.pathOf(Keys.CLIENT_PLAN),
                                        planNames.isEmpty() ? "default" : planNames.get(0)));
                    }
                    section.done();
                    return client;
                })
                .toList();
        unique(top, Keys.CLIENTS, clients.stream().map(Client::name).toList(), Keys.CLIENT_NAME);
        return clients;
    }

    private AwsSettings aws(Section top) {
        var flags = new EnumMap<AwsSettings.Flag, Boolean>(AwsSettings.Flag.class);
        Keys.FLAGS.forEach((flag, key) -> top.find(key).ifPresent(value -> flags.put(flag, value)));
        var tags = new TreeMap<String, String>();
        top.findSection(Keys.DEFAULT_TAGS).ifPresent(section -> {
            Section named = section.section(Keys.DEFAULT_TAGS_TAGS);
            named.names().forEach(tag -> tags.put(tag, named.node().get(tag).asText()));
            section.done();
        });
        var accounts = new ArrayList<String>();
        top.find(Keys.ALLOWED_ACCOUNT_IDS).ifPresent(list -> list.forEach(account -> accounts.add(account.asText())));
        var aws = new AwsSettings(
                top.get(Keys.REGION),
                top.find(Keys.PROFILE),
                top.findSection(Keys.ASSUME_ROLE).map(section -> {
                    String arn = section.get(Keys.ASSUME_ROLE_ARN);
                    section.done();
                    return arn;
                }),
                accounts,
                top.find(Keys.MAX_RETRIES),
                flags,
                tags);
        top.done();
        return aws;
    }

    private void unique(Section section, Key<JsonNode> list, List<String> found, Key<String> key) {
        for (int i = 0; i < found.size(); i++) {
            int first = found.indexOf(found.get(i));
            if (first < i) {
                String place = section.pathOf(list) + "[" + i + "]." + key.name();
                report.add(
                        place,
                        TextNode.valueOf(found.get(i)).toString(),
                        "must be a name of its own: entry " + first + " has the same",
                        report.set(place, found.get(i) + "-" + (i + 1)));
            }
        }
    }

    /** A namespace as a section. Pulumi hands lists and sections over as JSON, numbers and switches as plain text. */
    private Section top(String namespace) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        Set<String> texts = new HashSet<>();
        Keys.all().stream().filter(key -> key.type().isText()).forEach(key -> texts.add(key.path()));
        for (var entry : values.entrySet()) {
            if (entry.getKey().startsWith(namespace + ":")) {
                String text = entry.getValue();
                node.set(
                        entry.getKey().substring(namespace.length() + 1),
                        texts.contains(entry.getKey()) ? TextNode.valueOf(text) : json(text));
            }
        }
        return new Section(
                namespace,
                namespace,
                node,
                name -> secretKeys.contains(namespace + ":" + name)
                        || Keys.HUGGING_FACE_TOKEN.name().equals(name),
                report);
    }

    private static JsonNode json(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node.isMissingNode() ? TextNode.valueOf(text) : node;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }
}
