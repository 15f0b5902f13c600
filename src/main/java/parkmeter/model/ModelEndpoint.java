package parkmeter.model;

import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.cloudwatch.LogGroupArgs;
import com.pulumi.aws.sagemaker.Endpoint;
import com.pulumi.aws.sagemaker.EndpointArgs;
import com.pulumi.aws.sagemaker.EndpointConfiguration;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.CustomTimeouts;
import com.pulumi.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import parkmeter.config.Hosting;
import parkmeter.config.Lifecycle;
import parkmeter.config.Names;
import parkmeter.config.Network;
import parkmeter.config.ServedModel;
import parkmeter.config.Source;
import parkmeter.iam.Account;
import parkmeter.iam.Statement;
import parkmeter.jobs.Answers;
import parkmeter.meter.Meter;
import parkmeter.meter.Registration;
import parkmeter.network.PrivateNetwork;

/**
 * A model on a SageMaker endpoint, with the role under which its container runs. A metered model has everything but the endpoint,
 * which its meter creates and deletes.
 */
public final class ModelEndpoint extends ComponentResource {

    private static final int LOG_RETENTION_DAYS = 14;

    /** An endpoint takes 5 to 15 minutes to start, a large model longer; Pulumi's own patience would end sooner. */
    private static final Duration START = Duration.ofMinutes(60);

    /** What Pulumi's engine calls the difference of a resource that AWS made and whose start failed. */
    private static final String NOT_COME_UP = "#initerror";

    private final ServedModel model;
    private final Names names;
    private final Account account;
    private final Output<String> standing;

    /**
     * What of the rest of a stack a model stands on.
     *
     * @param token the token with which its container downloads it
     * @param meter the stack's meter, where it has one
     * @param answers where jobs are kept, where the stack has any
     * @param network the private network, where the stack has one
     */
    public record Ground(
            Optional<HubSecret> token,
            Optional<Meter> meter,
            Optional<Answers> answers,
            Optional<PrivateNetwork> network) {}

    /**
     * Declares the model's resources.
     *
     * @param model what is served and where
     * @param names the stack's names
     * @param account where the stack stands
     * @param ground what of the rest of the stack it stands on
     * @param options the component's options, with the provider
     */
    public ModelEndpoint(
            ServedModel model, Names names, Account account, Ground ground, ComponentResourceOptions options) {
        super("parkmeter:model:ModelEndpoint", model.name(), options);
        this.model = model;
        this.names = names;
        this.account = account;
        var first = new ArrayList<Resource>();
        Output<String> configuration;
        if (model.source() instanceof Source.EndpointConfig existing) {
            configuration = Output.of(existing.name());
        } else {
            var role = new ExecutionRole(
                    model.name(),
                    names,
                    account,
                    ComponentResourceOptions.builder().parent(this).build());
            configuration = configuration(role, ground).name();
            first.addAll(role.policies());
        }
        first.add(new LogGroup(
                model.name() + "-endpoint-logs",
                LogGroupArgs.builder()
                        .name(logGroup())
                        .retentionInDays(LOG_RETENTION_DAYS)
                        .build(),
                child().build()));
        if (model.lifecycle() instanceof Lifecycle.Metered metered) {
            ground.meter()
                    .orElseThrow(
                            () -> new IllegalArgumentException(model.name() + " is metered, and there is no meter"))
                    .register(
                            new Registration(model.name(), endpointName(), metered, instances()),
                            configuration,
                            first,
                            this);
            this.standing = Output.of(endpointName());
        } else {
            Endpoint endpoint = endpoint(configuration, first);
            this.standing = endpoint.name();
            model.hosting()
                    .scaling()
                    .ifPresent(scaling -> new Autoscaling(
                            model.name(),
                            endpoint.name(),
                            scaling,
                            model.hosting() instanceof Hosting.Async,
                            names,
                            ComponentResourceOptions.builder().parent(this).build()));
        }
        registerOutputs(Map.of("endpointName", standing));
    }

    /** The endpoint's name, known before it stands: what calls it need not wait for a GPU. */
    public String endpointName() {
        return names.of(model.name());
    }

    /** The endpoint's name, known once it stands; a metered one's always. */
    public Output<String> standing() {
        return standing;
    }

    /**
     * Allows a call of this endpoint: of one that takes jobs to give it one, of another to be answered, whole or as a stream (API
     * reference, InvokeEndpointWithResponseStream).
     */
    public Statement invokeGrant() {
        // SageMaker writes ARNs in lower case, whatever the name's case, and IAM compares case by case.
        return Statement.allow(
                "InvokeModel",
                model.hosting() instanceof Hosting.Async
                        ? List.of("sagemaker:InvokeEndpointAsync")
                        : List.of("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"),
                List.of(account.arn("sagemaker", "endpoint/" + endpointName().toLowerCase(Locale.ROOT))));
    }

    /** How many instances a metered endpoint has by itself; empty where its windows cannot say another number. */
    private Optional<Integer> instances() {
        return model.hosting() instanceof Hosting.RealTime realTime
                        && realTime.variants().size() == 1
                ? Optional.of(realTime.variants().get(0).instances())
                : Optional.empty();
    }

    private EndpointConfiguration configuration(ExecutionRole role, Ground ground) {
        var models = new Models(model, role, account, names, ground, this);
        Optional<Configurations.Jobs> jobs = Optional.empty();
        if (model.hosting() instanceof Hosting.Async async) {
            Answers answers = ground.answers()
                    .orElseThrow(() ->
                            new IllegalArgumentException(model.name() + " is async, and nothing keeps its answers"));
            jobs = Optional.of(new Configurations.Jobs(answers.name(), Answers.prefix(model.name())));
            role.allow("jobs", jobGrants(async, answers));
        }
        if (model.hosting() instanceof Hosting.RealTime realTime) {
            realTime.dataCapture()
                    .ifPresent(capture -> role.allow("capture", ExecutionRole.write(capture.destination(), account)));
        }
        if (model.network() == Network.PRIVATE) {
            ground.network().ifPresent(network -> role.allow("network", network.interfaceGrants()));
        }
        // A package's own container writes the same log, and SageMaker gets its image by itself.
        role.allow("logs", ExecutionRole.log(logGroup(), account));
        role.allow("metrics", ExecutionRole.metrics());
        return new Configurations(model, names, models, jobs, this).declare();
    }

    /** What the container's role needs for jobs: SageMaker reads and writes them under it. */
    private List<Statement> jobGrants(Hosting.Async async, Answers answers) {
        var grants = new ArrayList<>(answers.jobGrants(model.name()));
        List<Output<String>> topics = Stream.concat(async.successTopic().stream(), async.errorTopic().stream())
                .distinct()
                .map(Output::of)
                .toList();
        if (!topics.isEmpty()) {
            grants.add(Statement.allow("Tell", List.of("sns:Publish"), topics));
        }
        return grants;
    }

    private String logGroup() {
        return "/aws/sagemaker/Endpoints/" + endpointName();
    }

    private Endpoint endpoint(Output<String> configuration, List<Resource> first) {
        var args = EndpointArgs.builder().name(endpointName()).endpointConfigName(configuration);
        Optional<Hosting.Update> update =
                model.hosting() instanceof Hosting.RealTime realTime ? realTime.update() : Optional.empty();
        update.ifPresent(steps -> args.deploymentConfig(Updates.of(steps)));
        return new Endpoint(
                model.name() + "-endpoint",
                args.build(),
                child().dependsOn(first)
                        .customTimeouts(CustomTimeouts.builder()
                                .create(START)
                                .update(START.plus(update.map(Updates::watched).orElse(Duration.ZERO)))
                                .build())
                        // An endpoint that did not come up can only be deleted (SageMaker API reference,
                        // DescribeEndpoint, EndpointStatus), and the new one has its name.
                        .replaceOnChanges(NOT_COME_UP)
                        .deleteBeforeReplace(true)
                        .build());
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
