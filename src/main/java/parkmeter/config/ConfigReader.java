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
    private final Lock lock;

    private ConfigReader(Names names, Map<String, String> values, Set<String> secretKeys, Lock lock) {
        this.lock = lock;
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
     * @param lock what is known of JumpStart's models
     * @throws ConfigProblems with everything that is wrong, where anything is
     */
    public static StackConfig read(Names names, Map<String, String> values, Set<String> secretKeys, Lock lock)
            throws ConfigProblems {
        var reader = new ConfigReader(names, values, secretKeys, lock);
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
     * @param lock what is known of JumpStart's models
     * @throws ConfigProblems with everything that is wrong, where anything is
     */
    public static StackConfig read(Map<String, String> environment, Lock lock) throws ConfigProblems {
        try {
            return read(
                    new Names(
                            environment.getOrDefault("PULUMI_PROJECT", ""),
                            environment.getOrDefault("PULUMI_STACK", "")),
                    JSON.readValue(environment.getOrDefault("PULUMI_CONFIG", "{}"), new TypeReference<>() {}),
                    JSON.readValue(
                            environment.getOrDefault("PULUMI_CONFIG_SECRET_KEYS", "[]"), new TypeReference<>() {}),
                    lock);
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
        Section awsSection = top("aws");
        AwsSettings aws = aws(awsSection);
        Section top = top("parkmeter");
        if (!top.has(Keys.MODELS) && !top.has(Keys.FUNCTION_ROUTES)) {
            report.missing(Keys.MODELS.path(), Keys.MODELS);
        }
        var vpcReader = new VpcReader(report);
        Optional<VpcSettings> vpc = vpcReader.read(top);
        List<ServedModel> models =
                top.has(Keys.MODELS) ? models(top.list(Keys.MODELS), awsSection.given(Keys.REGION), vpc) : List.of();
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
        if (vpc.isPresent()
                && !api.isPrivate()
                && models.stream().noneMatch(model -> model.network() == Network.PRIVATE)) {
            top.unusedWhole(VpcKeys.VPC, "no model's network is private, nor is the API");
        }
        vpc.ifPresent(network -> vpcReader.refuseUnused(
                top, network, models.stream().anyMatch(model -> model.network() == Network.PRIVATE), api.isPrivate()));
        if (vpc.isEmpty() && api.isPrivate()) {
            report.missing(VpcKeys.VPC.path(), VpcKeys.VPC);
        }
        var accessReader = new AccessReader(names, report);
        TokenSettings tokens = accessReader.tokens(top.section(Keys.TOKENS));
        UserPoolSettings userPool = accessReader.userPool(top.section(Keys.COGNITO));
        Optional<HubToken> token = token(top);
        Optional<WatchSettings> watch =
                top.findSection(Keys.WATCH).map(section -> new WatchReader().read(section, aws.region(), api));
        top.done();
        var stack = new StackConfig(
                names, aws, models, functions, api, plans, clients, tokens, userPool, meter, jobs, vpc, watch, token);
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

    private Optional<HubToken> token(Section top) {
        Optional<HubToken> given =
                top.find(Keys.HUGGING_FACE_TOKEN).map(value -> new HubToken.Given(new Secret(value)));
        if (given.isPresent() && !secretKeys.contains(Keys.HUGGING_FACE_TOKEN.path())) {
            report.add(
                    Keys.HUGGING_FACE_TOKEN.path(),
                    "",
                    "must be a secret, and stands in the stack file in clear",
                    report.set(Keys.HUGGING_FACE_TOKEN.path(), Keys.HUGGING_FACE_TOKEN));
        }
        Optional<HubToken> kept = top.find(Keys.TOKEN_SECRET).map(HubToken.Kept::new);
        if (given.isPresent() && kept.isPresent()) {
            top.unused(Keys.TOKEN_SECRET, "must not stand beside huggingFaceToken: there is one token");
        }
        return given.or(() -> kept);
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

    private List<ServedModel> models(List<Section> sections, Optional<String> region, Optional<VpcSettings> vpc) {
        List<ServedModel> models =
                sections.stream().map(section -> model(section, region, vpc)).toList();
        // SageMaker tells names apart by case, and IAM's ARNs are in lower case: two such names would share their
        // rights.
        unique(sections, Keys.MODEL_NAME, name -> name.toLowerCase(Locale.ROOT));
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).hosting() instanceof Hosting.RealTime realTime) {
                variantNames(sections.get(i), models.get(i).name(), realTime, models);
            }
        }
        return models;
    }

    /** What belongs to a variant is called by the model's name and its own. */
    private void variantNames(Section section, String model, Hosting.RealTime hosting, List<ServedModel> models) {
        hosting.variants().stream()
                .map(variant -> model + "-" + variant.name())
                .filter(name -> models.stream().anyMatch(other -> other.name().equalsIgnoreCase(name)))
                .findFirst()
                .ifPresent(name -> section.refuse(
                        HostingKeys.HOSTING,
                        "must have no variant with whose name the model's is '" + name + "': another model has that",
                        "take another name for the variant or for the model"));
    }

    /** What a model runs on, where the stack file names one that there is or leaves it at the default. */
    private static Optional<InstanceType> instanceType(Section hosting) {
        return hosting.has(HostingKeys.INSTANCE_TYPE)
                ? hosting.given(HostingKeys.INSTANCE_TYPE)
                : HostingKeys.INSTANCE_TYPE.exampleValue();
    }

    private ServedModel model(Section section, Optional<String> region, Optional<VpcSettings> vpc) {
        String name = section.get(Keys.MODEL_NAME);
        section.given(Keys.MODEL_NAME).ifPresent(given -> endpointName(section, given));
        Section where = section.sectionOrWord(HostingKeys.HOSTING);
        Section from = section.section(Keys.SOURCE);
        var sources = new SourceReader(report, names.stack(), region, lock);
        Source source = sources.read(from, instanceType(where));
        if (!sources.known()) {
            return unknown(section, name, where, lifecycle(section));
        }
        Engine engine = new EngineReader(report).read(section.sectionOrWord(Keys.ENGINE), source);
        Hosting hosting = new HostingReader(report, sources).read(where, source, from.given(Keys.SIZE));
        Lifecycle lifecycle = lifecycle(section);
        Network network = new VpcReader(report).network(section, source, hosting, vpc);
        List<Route> served = routes.read(
                section, name, section.get(Keys.ACCESS), Optional.of(engine), hosting instanceof Hosting.Async);
        section.done();
        var model = new ServedModel(name, source, engine, hosting, network, lifecycle, served);
        new Combinations(report, section, where).check(model);
        return model;
    }

    private Lifecycle lifecycle(Section section) {
        return new LifecycleReader(report).read(section.sectionOrWord(Keys.LIFECYCLE));
    }

    /** A model of which it is not known what runs it: what depends on that is not looked at, and no second problem. */
    private ServedModel unknown(Section section, String name, Section hosting, Lifecycle lifecycle) {
        section.has(Keys.ENGINE);
        section.has(Keys.NETWORK);
        // A type that there is not is why it is not known, and said nowhere else.
        hosting.find(HostingKeys.INSTANCE_TYPE);
        boolean jobs = hosting.given(HostingKeys.TYPE).filter("async"::equals).isPresent();
        List<Route> served = routes.read(section, name, section.get(Keys.ACCESS), Optional.empty(), jobs);
        section.done();
        return new ServedModel(
                name,
                new Source.EndpointConfig(name),
                new Engine.Llamacpp(Optional.empty(), Optional.empty(), Map.of()),
                new Hosting.Elsewhere(),
                section.given(Keys.NETWORK).filter("private"::equals).isPresent() ? Network.PRIVATE : Network.PUBLIC,
                lifecycle,
                served);
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
