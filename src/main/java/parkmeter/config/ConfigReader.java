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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Reads a stack's configuration as Pulumi hands it to a program. */
public final class ConfigReader {

    /** An endpoint's name has 63 characters at most, an EndpointConfiguration's carries nine more: {@code -} and a hash. */
    private static final int LONGEST_ENDPOINT_NAME = 54;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Names names;
    private final Report report;
    private final Map<String, String> values;
    private final Set<String> secretKeys;
    private final RouteReader routes;

    private ConfigReader(Names names, Map<String, String> values, Set<String> secretKeys) {
        this.names = names;
        this.report = new Report(names.stack());
        this.routes = new RouteReader(report);
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
        reader.refuseOtherSecrets();
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

    /** Said before anything is read: what is said of a value may show it. */
    private void refuseOtherSecrets() throws ConfigProblems {
        secretKeys.stream()
                .sorted()
                .filter(key -> key.startsWith("parkmeter:") || key.startsWith("aws:"))
                .filter(key -> !key.equals(Keys.HUGGING_FACE_TOKEN.path()))
                .forEach(key -> report.add(
                        key,
                        "",
                        "must not be a secret, nor hold one: its values become names and settings that AWS shows",
                        "in Pulumi." + names.stack() + ".yaml: write the values of " + key + " without 'secure:'"));
        report.throwIfAny();
    }

    private StackConfig stack() {
        misspeltNamespaces();
        AwsSettings aws = aws(top("aws"));
        Section top = top("parkmeter");
        if (!top.has(Keys.MODELS) && !top.has(Keys.FUNCTION_ROUTES)) {
            report.missing(Keys.MODELS.path(), Keys.MODELS);
        }
        List<ServedModel> models = top.has(Keys.MODELS) ? models(top.list(Keys.MODELS)) : List.of();
        List<FunctionRoute> functions = routes.functions(top);
        var apiReader = new ApiReader(report);
        Api api = apiReader.read(top.sectionOrWord(Keys.API));
        List<Section> planSections = top.list(Keys.PLANS);
        List<Plan> plans = planSections.stream().map(this::plan).toList();
        unique(planSections, Keys.PLAN_NAME, UnaryOperator.identity());
        List<Section> clientSections = top.list(Keys.CLIENTS);
        List<Client> clients = clients(clientSections, planSections);
        var meterReader = new MeterReader(names, report);
        Section meterSection = top.section(Keys.METER);
        MeterSettings meter = meterReader.read(meterSection, models);
        var jobsReader = new JobsReader(names, report);
        JobSettings jobs = jobsReader.read(top.section(Keys.JOBS));
        var accessReader = new AccessReader(names, report);
        TokenSettings tokens = accessReader.tokens(top.section(Keys.TOKENS));
        UserPoolSettings userPool = accessReader.userPool(top.section(Keys.COGNITO));
        Optional<Secret> token = top.find(Keys.HUGGING_FACE_TOKEN).map(Secret::new);
        if (token.isPresent() && !secretKeys.contains(Keys.HUGGING_FACE_TOKEN.path())) {
            report.add(
                    Keys.HUGGING_FACE_TOKEN.path(),
                    "",
                    "must be a secret, and stands in the stack file in clear",
                    report.set(Keys.HUGGING_FACE_TOKEN.path(), Keys.HUGGING_FACE_TOKEN));
        }
        Optional<WatchSettings> watch =
                top.findSection(Keys.WATCH).map(section -> new WatchReader(report).read(section, aws.region(), api));
        top.done();
        var stack = new StackConfig(
                names, aws, models, functions, api, plans, clients, tokens, userPool, meter, jobs, watch, token);
        if (stack.hasMeter()) {
            meterReader.checkRoom(routes.paths());
        } else {
            meterReader.refuseWithoutMeter(meterSection, stack.issuesTokens() ? List.of() : clientSections);
        }
        if (stack.hasJobs()) {
            jobsReader.checkRoom(routes.later(), routes.paths());
        } else {
            jobsReader.refuseWithoutJobs(top);
        }
        if (api instanceof Api.Http) {
            apiReader.refuseWhatNeedsRest(routes.all(), stack.hasMeter(), top);
        } else if (!stack.needsKeys() && !routes.all().isEmpty()) {
            apiReader.refuseKeys(top, "no route is for holders of keys or tokens, and there is no meter");
        }
        accessReader.check(stack, top, clientSections, routes.paths());
        return stack.needsKeys() ? stack : stack.withoutKeys();
    }

    private void misspeltNamespaces() {
        for (String key : values.keySet()) {
            String namespace = key.substring(0, Math.max(0, key.indexOf(':')));
            for (String known : List.of("parkmeter", "aws")) {
                int distance = Report.distance(namespace, known);
                if (distance > 0 && distance <= known.length() / 3) {
                    report.unknown(key, namespace, List.of(known), true);
                }
            }
        }
    }

    private List<ServedModel> models(List<Section> sections) {
        List<ServedModel> models = sections.stream().map(this::model).toList();
        // SageMaker tells names apart by case, and IAM's ARNs are in lower case: two such names would share their
        // rights.
        unique(sections, Keys.MODEL_NAME, name -> name.toLowerCase(Locale.ROOT));
        return models;
    }

    private ServedModel model(Section section) {
        String name = section.get(Keys.MODEL_NAME);
        section.given(Keys.MODEL_NAME).ifPresent(given -> endpointName(section, given));
        Source source = source(section.section(Keys.SOURCE));
        Engine engine = engine(section.sectionOrWord(Keys.ENGINE));
        Hosting hosting = hosting(section.sectionOrWord(Keys.HOSTING));
        Lifecycle lifecycle = new LifecycleReader(report).read(section.sectionOrWord(Keys.LIFECYCLE));
        section.get(Keys.NETWORK);
        List<Route> served = routes.read(section, name, section.get(Keys.ACCESS));
        section.done();
        return new ServedModel(name, source, engine, hosting, lifecycle, served);
    }

    private void endpointName(Section section, String name) {
        String endpoint = names.of(name);
        if (endpoint.length() > LONGEST_ENDPOINT_NAME || !endpoint.matches(Keys.SAGEMAKER_NAME)) {
            report.add(
                    section.pathOf(Keys.MODEL_NAME),
                    section.shown(Keys.MODEL_NAME),
                    "makes the endpoint's name '" + endpoint + "', which must have at most " + LONGEST_ENDPOINT_NAME
                            + " letters and digits, with hyphens between them",
                    "take a shorter or plainer name for the model or the stack: pulumi stack rename <name>");
        }
    }

    private Source source(Section section) {
        boolean another = Keys.OTHER_SOURCES.stream()
                        .filter(key -> section.node().has(key.name()))
                        .peek(section::find)
                        .count()
                > 0;
        // Another source is refused as it is; that there is no hub beside it is no second problem.
        String hub = another ? section.find(Keys.HUB).orElse("") : section.get(Keys.HUB);
        var source = new Source.Hub(hub, section.find(Keys.REVISION));
        section.done();
        return source;
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
        boolean serverless =
                section.node().path(Keys.HOSTING_TYPE.name()).asText().equals("serverless");
        if (serverless) {
            // SageMaker developer guide, "Deploy models with Amazon SageMaker Serverless Inference": "Feature
            // exclusions".
            report.add(
                    section.pathOf(Keys.HOSTING_TYPE),
                    section.shown(Keys.HOSTING_TYPE),
                    "must be realTime: a serverless endpoint has no GPU, and the engine runs on nothing else; what costs"
                            + " nothing while nobody calls is lifecycle: metered",
                    report.set(section.pathOf(Keys.HOSTING_TYPE), "realTime"));
        } else {
            section.get(Keys.HOSTING_TYPE);
        }
        var realTime = new Hosting.RealTime(
                section.get(Keys.INSTANCE_TYPE),
                section.get(Keys.INSTANCES),
                section.get(Keys.STARTUP_SECONDS),
                section.get(Keys.DOWNLOAD_SECONDS),
                section.find(Keys.VOLUME),
                section.find(Keys.INFERENCE_AMI));
        // What a serverless endpoint would have beside it is no key here, and no second problem.
        if (!serverless) {
            section.done();
        }
        return realTime;
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

    private List<Client> clients(List<Section> sections, List<Section> plans) {
        List<String> planNames = plans.stream()
                .flatMap(plan -> plan.given(Keys.PLAN_NAME).stream())
                .toList();
        boolean allKnown = planNames.size() == plans.size();
        String firstPlan = planNames.isEmpty() ? "" : planNames.get(0);
        List<Client> clients = sections.stream()
                .map(section -> {
                    var client = new Client(
                            section.get(Keys.CLIENT_NAME),
                            section.find(Keys.CLIENT_PLAN).orElse(firstPlan),
                            section.get(Keys.OPERATOR));
                    // Where a plan's own name is at fault, the client may mean just that one.
                    if (allKnown && !planNames.contains(client.plan())) {
                        report.add(
                                section.pathOf(Keys.CLIENT_PLAN),
                                section.shown(Keys.CLIENT_PLAN),
                                "must be one of the stack's plans: " + String.join(", ", planNames),
                                report.set(section.pathOf(Keys.CLIENT_PLAN), firstPlan));
                    }
                    section.done();
                    return client;
                })
                .toList();
        unique(sections, Keys.CLIENT_NAME, UnaryOperator.identity());
        return clients;
    }

    private AwsSettings aws(Section top) {
        var flags = new EnumMap<AwsSettings.Flag, Boolean>(AwsSettings.Flag.class);
        Keys.FLAGS.forEach((flag, key) -> top.find(key).ifPresent(value -> flags.put(flag, value)));
        var aws = new AwsSettings(
                top.get(Keys.REGION),
                top.find(Keys.PROFILE),
                top.findSection(Keys.ASSUME_ROLE).map(section -> {
                    String arn = section.get(Keys.ASSUME_ROLE_ARN);
                    section.done();
                    return arn;
                }),
                accounts(top),
                top.find(Keys.MAX_RETRIES),
                flags,
                tags(top));
        top.done();
        return aws;
    }

    private List<String> accounts(Section top) {
        var accounts = new ArrayList<String>();
        top.find(Keys.ALLOWED_ACCOUNT_IDS)
                .ifPresent(list -> list.forEach(account -> {
                    if (account.isTextual() && account.textValue().matches("[0-9]{12}")) {
                        accounts.add(account.textValue());
                    } else {
                        String place = top.pathOf(Keys.ALLOWED_ACCOUNT_IDS);
                        report.add(
                                place,
                                account.toString(),
                                "must be account ids, 12 digits in quotes each",
                                report.inFile(place, Keys.ALLOWED_ACCOUNT_IDS.example()));
                    }
                }));
        return accounts;
    }

    /** Tags beside the program's own (Tagging AWS resources, "Tag naming limits and requirements"). */
    private Map<String, String> tags(Section top) {
        var tags = new TreeMap<String, String>();
        top.findSection(Keys.DEFAULT_TAGS).ifPresent(section -> {
            Section named = section.section(Keys.DEFAULT_TAGS_TAGS);
            named.node().properties().forEach(tag -> {
                boolean known = tag.getKey().matches("(?i)(?!aws:)[\\p{L}\\p{N} _.:/=+@-]{1,128}")
                        && tag.getValue().isTextual()
                        && tag.getValue().textValue().matches("[\\p{L}\\p{N} _.:/=+@-]{0,256}");
                boolean own = tag.getKey().matches("(?i)Project|Stack|ManagedBy");
                if (known && !own) {
                    tags.put(tag.getKey(), tag.getValue().textValue());
                } else {
                    report.add(
                            named.pathOf(tag.getKey()),
                            tag.getValue().toString(),
                            own
                                    ? "must not be set: the program sets Project, Stack and ManagedBy itself"
                                    : "must be a text of at most 256 letters, digits, spaces and _.:/=+@-, and its name one of"
                                            + " at most 128 that does not begin with aws:",
                            report.remove(named.pathOf(tag.getKey())));
                }
            });
            section.done();
        });
        return tags;
    }

    /** Compares the names that stand in the file, in the form that must differ. */
    private void unique(List<Section> sections, Key<String> key, UnaryOperator<String> form) {
        var first = new HashMap<String, String>();
        for (Section section : sections) {
            section.given(key).ifPresent(name -> report.unique(section, key, form.apply(name), first));
        }
    }

    /** A namespace as a section. Pulumi hands lists and sections over as JSON, numbers and switches as plain text. */
    private Section top(String namespace) {
        Set<String> texts = Keys.all().stream()
                .filter(key -> key.type().kind() == ValueType.Kind.TEXT)
                .map(Key::path)
                .collect(Collectors.toSet());
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        values.forEach((key, text) -> {
            if (key.startsWith(namespace + ":")) {
                node.set(
                        key.substring(namespace.length() + 1),
                        texts.contains(key) ? TextNode.valueOf(text) : json(text));
            }
        });
        return new Section(namespace, namespace, node, report);
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
