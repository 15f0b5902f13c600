package parkmeter.meter;

import com.pulumi.aws.dynamodb.Table;
import com.pulumi.aws.dynamodb.TableArgs;
import com.pulumi.aws.dynamodb.inputs.TableAttributeArgs;
import com.pulumi.aws.lambda.Invocation;
import com.pulumi.aws.lambda.InvocationArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import parkmeter.api.RestFront;
import parkmeter.config.MeterSettings;
import parkmeter.config.Names;
import parkmeter.function.JsonVariable;
import parkmeter.function.LambdaFunction;
import parkmeter.iam.Account;
import parkmeter.iam.Statement;
import parkmeter.notice.MailTopic;

/** The table of the meters, the functions that keep them, and whom they tell. */
public final class Meter extends ComponentResource {

    /** As long as a function may run: a deployment waits that long for an endpoint to go. */
    private static final Duration REGISTRATION = Duration.ofMinutes(15);

    private final MeterSettings settings;
    private final Table table;
    private final LambdaFunction api;
    private final LambdaFunction registration;
    private final List<Resource> keepers;
    private final List<String> alarms;

    /**
     * What the meter keeps, and for whom.
     *
     * @param settings what it does beside keeping the models' time
     * @param operators the ids of the API keys that may use its API, as a JSON list; an empty one: every key
     * @param configurations the names of EndpointConfigurations that are not the stack's, of which its endpoints are made
     * @param counts whether a window says how many instances an endpoint has
     * @param tags what the endpoints that it creates are marked with
     * @param metrics the namespace of the metrics that each tick writes; absent: none
     * @param alerts the ARN of the topic that is told of alarms; absent: the meter's own, where it has one
     */
    public record Spec(
            MeterSettings settings,
            Output<String> operators,
            List<String> configurations,
            boolean counts,
            Map<String, String> tags,
            Optional<String> metrics,
            Optional<Output<String>> alerts) {

        public Spec {
            configurations = List.copyOf(configurations);
            tags = Map.copyOf(tags);
        }
    }

    /**
     * Declares the meter.
     *
     * @param spec what it keeps
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options, with the provider
     */
    public Meter(Spec spec, Names names, Account account, ComponentResourceOptions options) {
        super("parkmeter:meter:Meter", "meter", options);
        this.settings = spec.settings();
        this.table = new Table(
                "meter-table",
                TableArgs.builder()
                        .name(names.of("meters"))
                        .billingMode("PAY_PER_REQUEST")
                        .hashKey("endpoint")
                        .attributes(TableAttributeArgs.builder()
                                .name("endpoint")
                                .type("S")
                                .build())
                        .build(),
                child().build());
        Optional<MailTopic> topic = settings.notices()
                .map(notices -> MailTopic.declare("meter", names.of("meter"), Optional.empty(), notices.email(), this));
        this.keepers = new ArrayList<>(topic.map(MailTopic::subscriptions).orElseGet(List::of));

        var environment = new TreeMap<String, Output<String>>();
        environment.put("PARKMETER_TABLE", table.name());
        environment.put("PARKMETER_TAGS", Output.of(JsonVariable.object(new TreeMap<>(spec.tags()))));
        topic.ifPresent(known -> environment.put("PARKMETER_TOPIC", known.arn()));
        // The endpoint of a model that leaves the stack file is deleted when the policies have changed already.
        var endpoints = new ArrayList<>(List.of(names.of("*")));
        endpoints.addAll(settings.adopt());
        var grants = new MeterGrants(
                account, endpoints, spec.configurations(), spec.counts(), table.arn(), topic.map(MailTopic::arn));
        var inner = ComponentResourceOptions.builder().parent(this).build();
        var ticking = new TreeMap<>(environment);
        spec.metrics().ifPresent(namespace -> ticking.put("PARKMETER_METRICS", Output.of(namespace)));
        var clock = new MeterClock(
                ticking,
                grants.tick(),
                settings.reservedConcurrency(),
                spec.alerts().or(() -> topic.map(MailTopic::arn)),
                names,
                account,
                inner);
        this.alarms = clock.alarms();
        this.registration = new LambdaFunction(
                function(
                        "meter-registration",
                        "registration.RegistrationHandler",
                        REGISTRATION,
                        environment,
                        grants.steps()),
                names,
                account,
                inner);
        var callers = new TreeMap<>(environment);
        callers.put("PARKMETER_ADOPT", Output.of(JsonVariable.list(settings.adopt())));
        callers.put("PARKMETER_CONFIGURATIONS", Output.of(JsonVariable.list(endpoints)));
        callers.put("PARKMETER_OPERATORS", spec.operators());
        this.api = new LambdaFunction(
                function("meter-api", "http.MeterApiHandler", RestFront.TIMEOUT, callers, grants.steps()),
                names,
                account,
                inner);
        keepers.addAll(clock.running());
        // Made before every model's registration, deleted after them: its deletion ends what callers have registered.
        keepers.add(invocation("meter-everything", Output.of("{\"stack\":true}"), keepers, this));
        registerOutputs(Map.of("tableName", table.name()));
    }

    /**
     * Puts an endpoint on the meter. While the registration stands, the meter creates and deletes the endpoint; before the
     * registration is gone, it has deleted it.
     *
     * @param endpoint what is registered
     * @param configuration the name of the EndpointConfiguration with which the endpoint is created; an old one is no longer
     *     used once the registration has been updated
     * @param first what has to stand before the endpoint does
     * @param parent the component that the registration belongs to
     */
    public void register(Registration endpoint, Output<String> configuration, List<Resource> first, Resource parent) {
        var all = new ArrayList<>(keepers);
        all.addAll(first);
        invocation(
                endpoint.model() + "-registration",
                configuration.applyValue(name -> endpoint.json(name, settings.beforeStopMinutes())),
                all,
                parent);
    }

    /** The table's name. */
    public Output<String> tableName() {
        return table.name();
    }

    /** Allows to read meters and to put time on them. */
    public Statement wakeGrant() {
        return MeterGrants.table(table.arn(), "dynamodb:GetItem", "dynamodb:PutItem");
    }

    /** The names of the alarms that ring when ticks fail or stay away. */
    public List<String> alarms() {
        return alarms;
    }

    /** The function that answers the meter's API. */
    public LambdaFunction api() {
        return api;
    }

    private static LambdaFunction.Spec function(
            String part,
            String handler,
            Duration timeout,
            Map<String, Output<String>> environment,
            List<Statement> grants) {
        return new LambdaFunction.Spec(
                part,
                LambdaFunction.Code.METER,
                "parkmeter.lambda.meter." + handler + "::handleRequest",
                timeout,
                Optional.empty(),
                environment,
                grants);
    }

    /**
     * A call of the registration function with each change of its input, and before it goes; nothing else calls it again. Its
     * function's name never changes, since another function would be another registration: the endpoint would go first.
     */
    private Invocation invocation(String name, Output<String> input, List<Resource> first, Resource parent) {
        return new Invocation(
                name,
                InvocationArgs.builder()
                        .functionName(registration.name())
                        .input(input)
                        .lifecycleScope("CRUD")
                        .build(),
                CustomResourceOptions.builder()
                        .parent(parent)
                        .dependsOn(List.copyOf(first))
                        .build());
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
