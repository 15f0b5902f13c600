package parkmeter.model;

import com.pulumi.aws.sagemaker.EndpointConfiguration;
import com.pulumi.aws.sagemaker.EndpointConfigurationArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationAsyncInferenceConfigArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationAsyncInferenceConfigClientConfigArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationAsyncInferenceConfigOutputConfigArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfigArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationDataCaptureConfigArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationDataCaptureConfigCaptureOptionArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationProductionVariantArgs;
import com.pulumi.aws.sagemaker.inputs.EndpointConfigurationProductionVariantServerlessConfigArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import parkmeter.config.ContentHash;
import parkmeter.config.Hosting;
import parkmeter.config.InstanceType;
import parkmeter.config.Names;
import parkmeter.config.ServedModel;
import parkmeter.config.Source;

/** The EndpointConfiguration of one endpoint. */
final class Configurations {

    private final ServedModel model;
    private final Names names;
    private final Models models;
    private final Optional<Jobs> jobs;
    private final Resource parent;
    /** What tells one configuration from another. */
    private final TreeMap<String, Output<String>> content = new TreeMap<>();

    /**
     * Where an asynchronous endpoint keeps jobs.
     *
     * @param bucket the bucket's name
     * @param prefix what their keys begin with
     */
    record Jobs(Output<String> bucket, String prefix) {

        /** Where done jobs' answers are. */
        Output<String> answers() {
            return Output.format("s3://%s/%sout/", bucket, Output.of(prefix));
        }

        /** Where failed jobs' errors are. */
        Output<String> failures() {
            return Output.format("s3://%s/%sfailed/", bucket, Output.of(prefix));
        }
    }

    /**
     * @param models declares the Models of its variants
     * @param jobs where an asynchronous endpoint keeps its jobs
     */
    Configurations(ServedModel model, Names names, Models models, Optional<Jobs> jobs, Resource parent) {
        this.model = model;
        this.names = names;
        this.models = models;
        this.jobs = jobs;
        this.parent = parent;
    }

    EndpointConfiguration declare() {
        var args = EndpointConfigurationArgs.builder();
        if (model.hosting() instanceof Hosting.RealTime realTime) {
            args.productionVariants(variants(realTime.variants(), realTime.machines()));
            realTime.dataCapture().ifPresent(capture -> args.dataCaptureConfig(capture(capture)));
        } else if (model.hosting() instanceof Hosting.Async async) {
            args.productionVariants(variants(List.of(async.variant()), async.machines()));
            jobs.ifPresent(where -> args.asyncInferenceConfig(async(async, where)));
        } else if (model.hosting() instanceof Hosting.Serverless serverless) {
            args.productionVariants(serverless(serverless));
        } else {
            throw new IllegalStateException("hosting " + model.hosting());
        }
        return new EndpointConfiguration(
                model.name() + "-configuration", args.name(name()).build(), child());
    }

    private Output<String> name() {
        List<String> keys = List.copyOf(content.keySet());
        return Output.all(List.copyOf(content.values())).applyValue(values -> {
            var known = new TreeMap<String, String>();
            for (int i = 0; i < keys.size(); i++) {
                known.put(keys.get(i), values.get(i));
            }
            return names.of(model.name()) + "-"
                    + ContentHash.of(known.toString()).shortForm();
        });
    }

    private List<EndpointConfigurationProductionVariantArgs> variants(
            List<Hosting.Variant> variants, Hosting.Machines machines) {
        // A container is told of the GPUs that it has: variants share a Model where these are as many.
        Map<Object, Models.Declared> shared = new HashMap<>();
        var declared = new ArrayList<EndpointConfigurationProductionVariantArgs>();
        for (Hosting.Variant variant : variants) {
            InstanceType type = variant.instanceType();
            Source source = variant.source().orElse(model.source());
            Object container = List.of(source, type.gpus(), type.isArm());
            Models.Declared served = shared.get(container);
            if (served == null) {
                boolean own = shared.isEmpty() && variant.source().isEmpty();
                served = models.declare(own ? "" : "-" + variant.name(), source, Optional.of(type));
                shared.put(container, served);
            }
            declared.add(variant(variant, machines, served, variants.size() == 1));
        }
        return declared;
    }

    private EndpointConfigurationProductionVariantArgs variant(
            Hosting.Variant variant, Hosting.Machines machines, Models.Declared served, boolean only) {
        Optional<String> ami = machines.inferenceAmi().or(served::inferenceAmi);
        String at = only && variant.name().equals(Hosting.Variant.ONLY) ? "" : "variant." + variant.name() + ".";
        put(at + "model", served.model().name());
        put(at + "instanceType", variant.instanceType().name());
        put(at + "instances", variant.instances());
        put(at + "startup", machines.startupHealthCheckSeconds());
        put(at + "download", machines.modelDownloadSeconds());
        machines.volumeGigabytes().ifPresent(volume -> put(at + "volume", volume));
        ami.ifPresent(known -> put(at + "ami", known));
        if (!at.isEmpty()) {
            put(at + "weight", variant.weight());
        }
        var args = EndpointConfigurationProductionVariantArgs.builder()
                .variantName(variant.name())
                .modelName(served.model().name())
                .instanceType(variant.instanceType().name())
                .initialInstanceCount(variant.instances())
                .initialVariantWeight(variant.weight())
                .containerStartupHealthCheckTimeoutInSeconds(machines.startupHealthCheckSeconds())
                .modelDataDownloadTimeoutInSeconds(machines.modelDownloadSeconds());
        machines.volumeGigabytes().ifPresent(args::volumeSizeInGb);
        ami.ifPresent(args::inferenceAmiVersion);
        return args.build();
    }

    private EndpointConfigurationProductionVariantArgs serverless(Hosting.Serverless serverless) {
        Models.Declared served = models.declare("", model.source(), Optional.empty());
        put("model", served.model().name());
        put("memory", serverless.memoryMegabytes());
        put("concurrency", serverless.maxConcurrency());
        return EndpointConfigurationProductionVariantArgs.builder()
                .variantName(Hosting.Variant.ONLY)
                .modelName(served.model().name())
                .initialVariantWeight(1.0)
                .serverlessConfig(EndpointConfigurationProductionVariantServerlessConfigArgs.builder()
                        .memorySizeInMb(serverless.memoryMegabytes())
                        .maxConcurrency(serverless.maxConcurrency())
                        .build())
                .build();
    }

    private EndpointConfigurationAsyncInferenceConfigArgs async(Hosting.Async async, Jobs where) {
        put("concurrency", async.maxConcurrency());
        put("answers", where.answers());
        async.successTopic().ifPresent(topic -> put("success", topic));
        async.errorTopic().ifPresent(topic -> put("error", topic));
        var output = EndpointConfigurationAsyncInferenceConfigOutputConfigArgs.builder()
                .s3OutputPath(where.answers())
                .s3FailurePath(where.failures());
        if (async.successTopic().isPresent() || async.errorTopic().isPresent()) {
            var topics = EndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfigArgs.builder();
            async.successTopic().ifPresent(topics::successTopic);
            async.errorTopic().ifPresent(topics::errorTopic);
            output.notificationConfig(topics.build());
        }
        return EndpointConfigurationAsyncInferenceConfigArgs.builder()
                .clientConfig(EndpointConfigurationAsyncInferenceConfigClientConfigArgs.builder()
                        .maxConcurrentInvocationsPerInstance(async.maxConcurrency())
                        .build())
                .outputConfig(output.build())
                .build();
    }

    private EndpointConfigurationDataCaptureConfigArgs capture(Hosting.DataCapture capture) {
        put("capture", capture);
        return EndpointConfigurationDataCaptureConfigArgs.builder()
                .enableCapture(true)
                .initialSamplingPercentage(capture.percent())
                .destinationS3Uri(capture.destination().uri())
                .captureOptions(Stream.of(
                                capture.requests() ? Stream.of("Input") : Stream.<String>empty(),
                                capture.answers() ? Stream.of("Output") : Stream.<String>empty())
                        .flatMap(each -> each)
                        .map(mode -> EndpointConfigurationDataCaptureConfigCaptureOptionArgs.builder()
                                .captureMode(mode)
                                .build())
                        .toList())
                .build();
    }

    private void put(String key, Object value) {
        content.put(key, Output.of(value.toString()));
    }

    private void put(String key, Output<String> value) {
        content.put(key, value);
    }

    private CustomResourceOptions child() {
        return CustomResourceOptions.builder().parent(parent).build();
    }
}
