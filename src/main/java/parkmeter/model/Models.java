package parkmeter.model;

import com.pulumi.aws.sagemaker.Model;
import com.pulumi.aws.sagemaker.ModelArgs;
import com.pulumi.aws.sagemaker.SagemakerFunctions;
import com.pulumi.aws.sagemaker.inputs.GetPrebuiltEcrImageArgs;
import com.pulumi.aws.sagemaker.inputs.ModelPrimaryContainerArgs;
import com.pulumi.aws.sagemaker.inputs.ModelPrimaryContainerModelDataSourceArgs;
import com.pulumi.aws.sagemaker.inputs.ModelPrimaryContainerModelDataSourceS3DataSourceArgs;
import com.pulumi.aws.sagemaker.inputs.ModelPrimaryContainerModelDataSourceS3DataSourceModelAccessConfigArgs;
import com.pulumi.aws.sagemaker.inputs.ModelVpcConfigArgs;
import com.pulumi.aws.sagemaker.outputs.GetPrebuiltEcrImageResult;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import parkmeter.config.ContentHash;
import parkmeter.config.Engine;
import parkmeter.config.Hosting;
import parkmeter.config.InstanceType;
import parkmeter.config.Names;
import parkmeter.config.Network;
import parkmeter.config.ServedModel;
import parkmeter.config.Source;
import parkmeter.iam.Account;
import parkmeter.network.PrivateNetwork;

/** The SageMaker Models of one endpoint: one, and one for each variant that serves something else. */
final class Models {

    private final ServedModel model;
    private final ExecutionRole role;
    private final Account account;
    private final Names names;
    private final Optional<HubSecret> token;
    private final Optional<PrivateNetwork> network;
    private final Resource parent;

    Models(
            ServedModel model,
            ExecutionRole role,
            Account account,
            Names names,
            ModelEndpoint.Ground ground,
            Resource parent) {
        this.model = model;
        this.role = role;
        this.account = account;
        this.names = names;
        this.token = ground.token();
        this.network = ground.network();
        this.parent = parent;
    }

    /**
     * Declares the Model of a source, with what its container may do.
     *
     * @param part what tells its resources from those of the endpoint's other Models; empty for the first
     * @param source what it serves
     * @param type what it runs on; absent: CPUs of a serverless endpoint
     * @return the Model, and the version of SageMaker's machine image that its container needs
     */
    Declared declare(String part, Source source, Optional<InstanceType> type) {
        Optional<String> packaged = source.packageArn();
        if (packaged.isPresent()) {
            return new Declared(ofPackage(part, packaged.get()), Optional.empty());
        }
        Container container = Container.of(source, model.engine(), type);
        Output<Placed> image = image(container);
        role.allow(
                "image" + part,
                ExecutionRole.pull(List.of(account.arn(
                        "ecr",
                        image.applyValue(Placed::registry),
                        image.applyValue(placed -> "repository/" + placed.repository())))));
        container
                .weights()
                .ifPresent(weights -> role.allow("weights" + part, ExecutionRole.read(weights.location(), account)));
        return new Declared(
                ofContainer(part, container, image), container.image().inferenceAmi());
    }

    /**
     * A Model.
     *
     * @param model the Model
     * @param inferenceAmi the version of SageMaker's machine image that its container needs
     */
    record Declared(Model model, Optional<String> inferenceAmi) {}

    /** An image with its place: the registry's account, the repository, and the whole of it. */
    private record Placed(String registry, String repository, String uri) {

        static Placed of(String uri) {
            return new Placed(
                    uri.substring(0, uri.indexOf('.')),
                    uri.substring(uri.indexOf('/') + 1).split("[:@]", 2)[0],
                    uri);
        }
    }

    private Output<Placed> image(Container container) {
        if (!(container.image() instanceof Container.Image.OfAws own)) {
            return Output.of(Placed.of(
                    ((Container.Image.Locked) container.image()).image().uri()));
        }
        // The provider knows the registry of each region, and not all of the repositories in it.
        return SagemakerFunctions.getPrebuiltEcrImage(
                        GetPrebuiltEcrImageArgs.builder()
                                .repositoryName(Engine.Tgi.REPOSITORY)
                                .imageTag(own.tag())
                                .build(),
                        InvokeOptions.builder().parent(parent).build())
                .applyValue(GetPrebuiltEcrImageResult::registryPath)
                .applyValue(path -> Placed.of(path.replace("/" + Engine.Tgi.REPOSITORY, "/" + own.repository())));
    }

    /** SageMaker API reference, CreateModel: a package of AWS Marketplace brings its container, which has no network. */
    private Model ofPackage(String part, String arn) {
        return declare(
                part,
                Output.of(new TreeMap<>(Map.of("package", arn))),
                ModelPrimaryContainerArgs.builder().modelPackageName(arn));
    }

    private Model ofContainer(String part, Container container, Output<Placed> image) {
        Optional<HubSecret> used = container.downloads() ? token : Optional.empty();
        Map<String, String> plain = container.environment();
        Output<Map<String, String>> environment = used.map(
                        secret -> secret.value().applyValue(value -> {
                            Map<String, String> all = new TreeMap<>(plain);
                            all.put("HF_TOKEN", value);
                            return all;
                        }))
                .orElseGet(() -> Output.of(plain));
        var content = new TreeMap<>(plain);
        content.put("image", container.image().content());
        container.weights().ifPresent(weights -> {
            content.put("weights", weights.location().uri());
            content.put("eula", String.valueOf(weights.acceptEula()));
        });
        var args = ModelPrimaryContainerArgs.builder()
                .image(image.applyValue(Placed::uri))
                .environment(environment);
        container.weights().ifPresent(weights -> weights(args, weights));
        // With another token it is another Model. Eight digits of a hash over all of it tell nothing of the token.
        return declare(
                part,
                used.map(secret -> secret.mark().applyValue(mark -> {
                            SortedMap<String, String> whole = new TreeMap<>(content);
                            whole.put("HF_TOKEN", mark);
                            return whole;
                        }))
                        .orElseGet(() -> Output.of(content)),
                args);
    }

    /** A serverless endpoint takes weights by their old name alone (SageMaker API reference, ContainerDefinition). */
    private void weights(ModelPrimaryContainerArgs.Builder args, Container.Weights weights) {
        if (model.hosting() instanceof Hosting.Serverless) {
            args.modelDataUrl(weights.location().uri());
            return;
        }
        var source = ModelPrimaryContainerModelDataSourceS3DataSourceArgs.builder()
                .s3Uri(weights.location().uri())
                .s3DataType(weights.location().isArchive() ? "S3Object" : "S3Prefix")
                .compressionType(weights.gzip() ? "Gzip" : "None");
        if (weights.acceptEula()) {
            source.modelAccessConfig(ModelPrimaryContainerModelDataSourceS3DataSourceModelAccessConfigArgs.builder()
                    .acceptEula(true)
                    .build());
        }
        args.modelDataSource(ModelPrimaryContainerModelDataSourceArgs.builder()
                .s3DataSources(source.build())
                .build());
    }

    private Model declare(
            String part,
            Output<? extends SortedMap<String, String>> content,
            ModelPrimaryContainerArgs.Builder container) {
        var network = new TreeMap<String, String>();
        var args = ModelArgs.builder().executionRoleArn(role.arn()).primaryContainer(container.build());
        Output<List<String>> groups = Output.of(List.of());
        if (model.network() == Network.ISOLATED) {
            args.enableNetworkIsolation(true);
            network.put("network", "isolated");
        } else if (model.network() == Network.PRIVATE) {
            PrivateNetwork own = this.network.orElseThrow(
                    () -> new IllegalArgumentException(model.name() + " is private, and there is no network"));
            groups = own.securityGroups();
            args.vpcConfig(ModelVpcConfigArgs.builder()
                    .subnets(own.subnets())
                    .securityGroupIds(groups)
                    .build());
            network.put("network", String.join(" ", own.subnets()));
        }
        Output<String> name = Output.tuple(content, groups).applyValue(known -> {
            var whole = new TreeMap<String, String>(known.t1);
            whole.putAll(network);
            if (!part.isEmpty()) {
                // Two variants may serve the same, and each has a Model of its own.
                whole.put("part", part);
            }
            if (!known.t2.isEmpty()) {
                whole.put("groups", String.join(" ", known.t2));
            }
            return names.of(model.name()) + "-"
                    + ContentHash.of(whole.toString()).shortForm();
        });
        return new Model(
                model.name() + part + "-model",
                args.name(name).build(),
                CustomResourceOptions.builder().parent(parent).build());
    }
}
