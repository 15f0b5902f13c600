package parkmeter.model;

import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.cloudwatch.LogGroupArgs;
import com.pulumi.aws.iam.Role;
import com.pulumi.aws.iam.RoleArgs;
import com.pulumi.aws.iam.RolePolicy;
import com.pulumi.aws.iam.RolePolicyArgs;
import com.pulumi.aws.sagemaker.Endpoint;
import com.pulumi.aws.sagemaker.EndpointArgs;
import com.pulumi.aws.sagemaker.EndpointConfiguration;
import com.pulumi.aws.sagemaker.EndpointConfigurationArgs;
import com.pulumi.aws.sagemaker.Model;
import com.pulumi.aws.sagemaker.ModelArgs;
import com.pulumi.aws.sagemaker.SagemakerFunctions;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationProductionVariantArgs;
import com.pulumi.aws.sagemaker.inputs.GetPrebuiltEcrImageArgs;
import com.pulumi.aws.sagemaker.inputs.ModelPrimaryContainerArgs;
import com.pulumi.aws.sagemaker.outputs.GetPrebuiltEcrImageResult;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.CustomTimeouts;
import com.pulumi.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import parkmeter.config.ContentHash;
import parkmeter.config.Hosting;
import parkmeter.config.Lifecycle;
import parkmeter.config.Names;
import parkmeter.config.Secret;
import parkmeter.config.ServedModel;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;
import parkmeter.meter.Meter;
import parkmeter.meter.Registration;

/**
 * A model on a SageMaker real-time endpoint, with the role under which its container runs. A metered model has everything but the
 * endpoint, which its meter creates and deletes.
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
     * Declares the model's resources.
     *
     * @param model what is served and where
     * @param names the stack's names
     * @param account where the stack stands
     * @param token the token with which the container downloads the model
     * @param meter the stack's meter, where it has one
     * @param options the component's options, with the provider
     */
    public ModelEndpoint(
            ServedModel model,
            Names names,
            Account account,
            Optional<Secret> token,
            Optional<Meter> meter,
            ComponentResourceOptions options) {
        super("parkmeter:model:ModelEndpoint", model.name(), options);
        this.model = model;
        this.names = names;
        this.account = account;
        Container container = Container.of(model);
        Output<GetPrebuiltEcrImageResult> image = SagemakerFunctions.getPrebuiltEcrImage(
                GetPrebuiltEcrImageArgs.builder()
                        .repositoryName(container.repository())
                        .imageTag(container.tag())
                        .build(),
                InvokeOptions.builder().parent(this).build());

        Role role = role();
        LogGroup logs = new LogGroup(
                model.name() + "-endpoint-logs",
                LogGroupArgs.builder()
                        .name(logGroup())
                        .retentionInDays(LOG_RETENTION_DAYS)
                        .build(),
                child().build());
        // The container starts as soon as the Endpoint stands: what it may do has to stand first.
        List<Resource> permissions = List.of(
                policy(role, "image", imageGrant(container, image)),
                policy(role, "logs", logGrant()),
                policy(role, "metrics", metricsGrant()),
                logs);
        Model served = model(container, image, role, token);
        EndpointConfiguration configuration = configuration(served);
        if (model.lifecycle() instanceof Lifecycle.Metered metered) {
            meter.orElseThrow(() -> new IllegalArgumentException(model.name() + " is metered, and there is no meter"))
                    .register(
                            new Registration(model.name(), endpointName(), metered),
                            configuration.name(),
                            permissions,
                            this);
            this.standing = Output.of(endpointName());
        } else {
            this.standing = endpoint(configuration, permissions).name();
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

    /** Allows a call of this endpoint, answered whole or as a stream (API reference, InvokeEndpointWithResponseStream). */
    public Statement invokeGrant() {
        // SageMaker writes ARNs in lower case, whatever the name's case, and IAM compares case by case.
        return Statement.allow(
                "InvokeModel",
                List.of("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"),
                List.of(account.arn("sagemaker", "endpoint/" + endpointName().toLowerCase(Locale.ROOT))));
    }

    private String logGroup() {
        return "/aws/sagemaker/Endpoints/" + endpointName();
    }

    private Role role() {
        return new Role(
                model.name() + "-execution",
                RoleArgs.builder()
                        .name(names.of(model.name() + "-execution"))
                        .assumeRolePolicy(PolicyDocument.of(Statement.trust("sagemaker.amazonaws.com", account))
                                .json())
                        .build(),
                child().build());
    }

    private RolePolicy policy(Role role, String concern, PolicyDocument document) {
        return new RolePolicy(
                model.name() + "-execution-" + concern,
                RolePolicyArgs.builder()
                        .name(concern)
                        .role(role.name())
                        .policy(document.json())
                        .build(),
                child().build());
    }

    private PolicyDocument imageGrant(Container container, Output<GetPrebuiltEcrImageResult> image) {
        return PolicyDocument.of(
                // A registry's token belongs to no resource (Service authorization reference, Amazon ECR).
                Statement.allow("Login", List.of("ecr:GetAuthorizationToken"), List.of(Output.of("*"))),
                Statement.allow(
                        "Pull",
                        List.of("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
                        List.of(account.arn(
                                "ecr",
                                image.applyValue(GetPrebuiltEcrImageResult::registryId),
                                Output.of("repository/" + container.repository())))));
    }

    private PolicyDocument logGrant() {
        return PolicyDocument.of(Statement.allow(
                "Write",
                List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                List.of(account.arn("logs", "log-group:" + logGroup() + ":*"))));
    }

    private static PolicyDocument metricsGrant() {
        // A metric belongs to no resource; its namespace is what can be limited (Service authorization reference,
        // CloudWatch).
        return PolicyDocument.of(
                Statement.allow("Publish", List.of("cloudwatch:PutMetricData"), List.of(Output.of("*")))
                        .when("StringEquals", "cloudwatch:namespace", Output.of("/aws/sagemaker/Endpoints")));
    }

    private Model model(
            Container container, Output<GetPrebuiltEcrImageResult> image, Role role, Optional<Secret> token) {
        Map<String, String> plain = container.environment();
        Output<Map<String, String>> environment = token.map(
                        secret -> Output.ofSecret(secret.reveal()).applyValue(value -> {
                            Map<String, String> all = new TreeMap<>(plain);
                            all.put("HF_TOKEN", value);
                            return all;
                        }))
                .orElseGet(() -> Output.of(plain));
        // With another token it is another Model. Eight digits of a hash over all of it tell nothing of the token.
        var content = new TreeMap<>(plain);
        content.put("image", container.tag());
        token.ifPresent(secret -> content.put("HF_TOKEN", secret.reveal()));
        return new Model(
                model.name() + "-model",
                ModelArgs.builder()
                        .name(hashedName(content))
                        .executionRoleArn(role.arn())
                        .primaryContainer(ModelPrimaryContainerArgs.builder()
                                .image(image.applyValue(GetPrebuiltEcrImageResult::registryPath))
                                .environment(environment)
                                .build())
                        .build(),
                child().build());
    }

    private EndpointConfiguration configuration(Model served) {
        if (!(model.hosting() instanceof Hosting.RealTime hosting)) {
            throw new IllegalStateException("hosting " + model.hosting());
        }
        var content = new TreeMap<String, String>();
        content.put("instanceType", hosting.instanceType().name());
        content.put("instances", String.valueOf(hosting.instances()));
        content.put("startup", String.valueOf(hosting.startupHealthCheckSeconds()));
        content.put("download", String.valueOf(hosting.modelDownloadSeconds()));
        hosting.volumeGigabytes().ifPresent(volume -> content.put("volume", volume.toString()));
        hosting.inferenceAmi().ifPresent(ami -> content.put("ami", ami));
        var variant = EndpointConfigurationProductionVariantArgs.builder()
                .variantName("AllTraffic")
                .modelName(served.name())
                .instanceType(hosting.instanceType().name())
                .initialInstanceCount(hosting.instances())
                .initialVariantWeight(1.0)
                .containerStartupHealthCheckTimeoutInSeconds(hosting.startupHealthCheckSeconds())
                .modelDataDownloadTimeoutInSeconds(hosting.modelDownloadSeconds());
        hosting.volumeGigabytes().ifPresent(variant::volumeSizeInGb);
        hosting.inferenceAmi().ifPresent(variant::inferenceAmiVersion);
        return new EndpointConfiguration(
                model.name() + "-configuration",
                EndpointConfigurationArgs.builder()
                        .name(served.name().applyValue(modelName -> {
                            var whole = new TreeMap<>(content);
                            whole.put("model", modelName);
                            return hashedName(whole);
                        }))
                        .productionVariants(variant.build())
                        .build(),
                child().build());
    }

    private Endpoint endpoint(EndpointConfiguration configuration, List<Resource> first) {
        return new Endpoint(
                model.name() + "-endpoint",
                EndpointArgs.builder()
                        .name(endpointName())
                        .endpointConfigName(configuration.name())
                        .build(),
                child().dependsOn(first)
                        .customTimeouts(CustomTimeouts.builder()
                                .create(START)
                                .update(START)
                                .build())
                        // An endpoint that did not come up can only be deleted (SageMaker API reference,
                        // DescribeEndpoint, EndpointStatus), and the new one has its name.
                        .replaceOnChanges(NOT_COME_UP)
                        .deleteBeforeReplace(true)
                        .build());
    }

    private String hashedName(SortedMap<String, String> content) {
        return endpointName() + "-" + ContentHash.of(content.toString()).shortForm();
    }

    private CustomResourceOptions.Builder child() {
        return CustomResourceOptions.builder().parent(this);
    }
}
