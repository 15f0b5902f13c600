package parkmeter.jobs;

import com.pulumi.aws.iam.Role;
import com.pulumi.aws.iam.RoleArgs;
import com.pulumi.aws.iam.RolePolicy;
import com.pulumi.aws.iam.RolePolicyArgs;
import com.pulumi.aws.sfn.StateMachine;
import com.pulumi.aws.sfn.StateMachineArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import parkmeter.api.RestFront;
import parkmeter.config.Names;
import parkmeter.function.JsonVariable;
import parkmeter.function.LambdaFunction;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;
import parkmeter.meter.Meter;

/** What takes the calls of long routes, has them done, and tells what became of them. */
public final class Jobs extends ComponentResource {

    private static final String MACHINE = "jobs";

    private final LambdaFunction api;
    private final Optional<LambdaFunction> worker;

    /**
     * A call that becomes a job.
     *
     * @param route method and path, {@code POST /jobs}
     * @param body what callers send, in the functions' words
     * @param endpoint the endpoint that answers
     */
    public record Call(String route, String body, Target endpoint) {}

    /**
     * An endpoint that answers.
     *
     * @param name its name
     * @param engine what serves it, in the functions' words
     * @param prefix what the keys of its jobs begin with, where SageMaker itself keeps them
     * @param grant allows to call it
     */
    public record Target(String name, String engine, Optional<String> prefix, Statement grant) {}

    /**
     * Which calls become jobs, and what becomes of those.
     *
     * @param answers where they are kept
     * @param calls at least one
     * @param meter where a called endpoint may be stopped, what starts it
     */
    public record Spec(Answers answers, List<Call> calls, Optional<Meter> meter) {

        public Spec {
            calls = List.copyOf(calls);
        }
    }

    /**
     * Declares what does the jobs.
     *
     * @param spec which calls become jobs
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options, with the provider
     */
    public Jobs(Spec spec, Names names, Account account, ComponentResourceOptions options) {
        super("parkmeter:jobs:Jobs", "jobs", options);
        var inner = ComponentResourceOptions.builder().parent(this).build();
        List<Call> worked = spec.calls().stream()
                .filter(call -> call.endpoint().prefix().isEmpty())
                .toList();
        var grants = new ArrayList<>(spec.answers().grants());
        var callers = environment(spec.calls(), spec.answers());
        callers.put("PARKMETER_ENDPOINTS", Output.of(byRoute(spec.calls(), call -> call.endpoint()
                .name())));
        this.worker = worked.isEmpty()
                ? Optional.empty()
                : Optional.of(new LambdaFunction(
                        work(spec, worked, environment(worked, spec.answers())), names, account, inner));
        worker.ifPresent(work -> {
            StateMachine machine = machine(work.arn(), names, account);
            callers.put("PARKMETER_STATE_MACHINE", machine.arn());
            grants.add(Statement.allow("StartJobs", List.of("states:StartExecution"), List.of(machine.arn())));
            grants.add(Statement.allow(
                    "SeeJobs",
                    List.of("states:DescribeExecution"),
                    List.of(account.arn("states", "execution:" + names.of(MACHINE) + ":*"))));
        });
        Map<String, String> prefixes = new LinkedHashMap<>();
        targets(spec.calls()).forEach(target -> target.prefix().ifPresent(prefix -> {
            prefixes.put(target.name(), prefix);
            grants.add(target.grant());
        }));
        if (!prefixes.isEmpty()) {
            callers.put("PARKMETER_ASYNC", Output.of(JsonVariable.object(prefixes)));
        }
        this.api = new LambdaFunction(
                function("jobs", "JobsHandler", RestFront.TIMEOUT, callers, grants), names, account, inner);
        registerOutputs(Map.of());
    }

    /** The function that does them, where jobs are executions of a state machine; those of asynchronous endpoints alone are none. */
    public Optional<LambdaFunction> worker() {
        return worker;
    }

    private static Map<String, Output<String>> environment(List<Call> calls, Answers answers) {
        var environment = new TreeMap<String, Output<String>>();
        environment.put("PARKMETER_ANSWERS_BUCKET", answers.name());
        environment.put("PARKMETER_ROUTES", Output.of(byRoute(calls, Call::body)));
        Map<String, String> engines = new LinkedHashMap<>();
        targets(calls).forEach(target -> engines.put(target.name(), target.engine()));
        environment.put("PARKMETER_ENGINES", Output.of(JsonVariable.objects(engines)));
        return environment;
    }

    /** The endpoints of calls, each once. */
    private static List<Target> targets(List<Call> calls) {
        Map<String, Target> targets = new LinkedHashMap<>();
        calls.forEach(call -> targets.putIfAbsent(call.endpoint().name(), call.endpoint()));
        return List.copyOf(targets.values());
    }

    /** The function that answers the long routes. */
    public LambdaFunction api() {
        return api;
    }

    private static LambdaFunction.Spec work(Spec spec, List<Call> calls, Map<String, Output<String>> variables) {
        var grants = new ArrayList<>(spec.answers().grants());
        targets(calls).forEach(target -> grants.add(target.grant()));
        spec.meter().ifPresent(meter -> {
            variables.put("PARKMETER_TABLE", meter.tableName());
            grants.add(meter.wakeGrant());
        });
        return function("work", "WorkHandler", Definition.WORK, variables, grants);
    }

    private static LambdaFunction.Spec function(
            String part,
            String handler,
            Duration timeout,
            Map<String, Output<String>> environment,
            List<Statement> grants) {
        return new LambdaFunction.Spec(
                part,
                LambdaFunction.Code.JOBS,
                "parkmeter.lambda.jobs." + handler + "::handleRequest",
                timeout,
                Optional.empty(),
                environment,
                grants);
    }

    /** The machine, which may start the task's function and nothing else. */
    private StateMachine machine(Output<String> function, Names names, Account account) {
        Role role = new Role(
                "jobs-machine-role",
                RoleArgs.builder()
                        .name(names.of("jobs-machine"))
                        .assumeRolePolicy(PolicyDocument.of(Statement.trust("states.amazonaws.com", account))
                                .json())
                        .build(),
                child().build());
        RolePolicy calls = new RolePolicy(
                "jobs-machine-role-calls",
                RolePolicyArgs.builder()
                        .name("calls")
                        .role(role.name())
                        .policy(PolicyDocument.of(
                                        Statement.allow("Work", List.of("lambda:InvokeFunction"), List.of(function)))
                                .json())
                        .build(),
                child().build());
        return new StateMachine(
                "jobs-machine",
                StateMachineArgs.builder()
                        .name(names.of(MACHINE))
                        .type("STANDARD")
                        .roleArn(role.arn())
                        .definition(Output.tuple(account.partition(), function)
                                .applyValue(known -> Definition.of(known.t1, known.t2)))
                        .build(),
                child().dependsOn(calls).build());
    }

    /** Something of each call, by its route. */
    private static String byRoute(List<Call> calls, Function<Call, String> part) {
        Map<String, String> parts = new LinkedHashMap<>();
        calls.forEach(call -> parts.put(call.route(), part.apply(call)));
        return JsonVariable.object(parts);
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
