package parkmeter.config;

import java.util.List;
import java.util.Optional;

/** Refuses what of a model is good by itself and can't stand together. */
final class Combinations {

    private final Report report;
    private final Section model;
    private final Section hosting;

    /**
     * @param model the model's section
     * @param hosting the section of its hosting
     */
    Combinations(Report report, Section model, Section hosting) {
        this.report = report;
        this.model = model;
        this.hosting = hosting;
    }

    void check(ServedModel served) {
        processors(served);
        processorsOfTag(served);
        chats(served);
        inputLimits(served);
        machineImage(served);
        variants(served);
        lifecycle(served);
    }

    /** TGI's and vLLM's images hold CUDA alone; AWS's have no others of them for these instance types. */
    private void processors(ServedModel served) {
        boolean own = served.source() instanceof Source.Hub || served.source() instanceof Source.S3;
        if (!own || served.engine() instanceof Engine.Llamacpp) {
            return;
        }
        String engine = served.engine().type().word();
        if (served.hosting() instanceof Hosting.Serverless) {
            hosting.refuse(
                    HostingKeys.TYPE,
                    "must be realTime or async with " + engine + ": a serverless endpoint has no GPU, and " + engine
                            + " runs on nothing else; engine llamacpp does, and what costs nothing while nobody calls is lifecycle: metered",
                    report.set(hosting.pathOf(HostingKeys.TYPE), "realTime"));
        }
        List<InstanceType> types = instanceTypes(served.hosting());
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).gpus() == 0) {
                String inVariant = hosting.pathOf(HostingKeys.VARIANTS) + "[" + i + "]."
                        + HostingKeys.VARIANT_INSTANCE_TYPE.name();
                boolean variants = hosting.node()
                        .path(HostingKeys.VARIANTS.name())
                        .path(i)
                        .has(HostingKeys.VARIANT_INSTANCE_TYPE.name());
                String place = variants ? inVariant : hosting.pathOf(HostingKeys.INSTANCE_TYPE);
                report.add(
                        place,
                        "\"" + types.get(i).name() + "\"",
                        "must have a GPU: " + engine + " runs on nothing else; engine llamacpp does",
                        report.set(place, HostingKeys.INSTANCE_TYPE));
                return;
            }
        }
    }

    /** llama.cpp's images are for GPUs or for CPUs, which stands in their tags. */
    private void processorsOfTag(ServedModel served) {
        if (!(served.engine() instanceof Engine.Llamacpp llamacpp)) {
            return;
        }
        List<InstanceType> types = instanceTypes(served.hosting());
        boolean gpus = types.stream().anyMatch(type -> type.gpus() > 0);
        boolean cpus = types.isEmpty() || types.stream().anyMatch(type -> type.gpus() == 0);
        llamacpp.tag()
                .filter(tag -> tag.contains("-cuda-") ? cpus : tag.contains("-cpu-") && gpus)
                .ifPresent(tag -> report.add(
                        model.pathOf(Keys.ENGINE) + "." + Keys.TAG.name(),
                        "\"" + tag + "\"",
                        tag.contains("-cuda-")
                                ? "must be of an image for CPUs: there is no GPU to run on"
                                : "must be of an image for GPUs, which would do nothing else",
                        report.remove(model.pathOf(Keys.ENGINE) + "." + Keys.TAG.name())));
    }

    private void chats(ServedModel served) {
        if (served.source() instanceof Source.JumpStart jumpStart
                && jumpStart.image().filter(ContainerImage::isLmiWithoutChats).isPresent()) {
            model.refuse(
                    Keys.SOURCE,
                    "must be a version whose container takes chats, as LMI's do from DJL 0.27 on: this one's is "
                            + jumpStart.image().map(ContainerImage::tag).orElse(""),
                    "take a newer version, and make its lock again");
        }
    }

    /** TGI does not start where its limit is set under both of its names (TGI, "Launcher arguments"). */
    private void inputLimits(ServedModel served) {
        if (served.source() instanceof Source.JumpStart jumpStart
                && jumpStart.locked().runs() instanceof LockedModel.Container container
                && container.environment().containsKey("MAX_INPUT_LENGTH")
                && served.engine().environment().containsKey("MAX_INPUT_TOKENS")) {
            String place = model.pathOf(Keys.ENGINE) + ".environment.MAX_INPUT_TOKENS";
            report.add(
                    place,
                    "",
                    "must be MAX_INPUT_LENGTH: so the lock has it, and TGI takes one of the two names",
                    report.remove(place));
        }
    }

    /** A machine image that the provider does not know can't be asked for, and a container without it would never start. */
    private void machineImage(ServedModel served) {
        if (served.hosting() instanceof Hosting.Serverless) {
            return;
        }
        if (hosting.has(HostingKeys.INFERENCE_AMI)) {
            if (instanceTypes(served.hosting()).stream().anyMatch(type -> type.gpus() == 0)) {
                hosting.unused(
                        HostingKeys.INFERENCE_AMI,
                        "has nothing to say of an instance type without a GPU: it chooses the GPU's driver");
            }
            return;
        }
        if (served.source() instanceof Source.JumpStart jumpStart) {
            jumpStart
                    .locked()
                    .inferenceAmi()
                    .or(() -> jumpStart.image().flatMap(ContainerImage::inferenceAmi))
                    .filter(ami -> !ContainerImage.MACHINE_IMAGES.contains(ami))
                    .ifPresent(ami -> model.refuse(
                            Keys.SOURCE,
                            "must be a version whose container runs on a machine image that Pulumi's AWS provider knows ("
                                    + String.join(", ", ContainerImage.MACHINE_IMAGES) + "): this one needs " + ami,
                            "take an older version, or another config of it, and make its lock again"));
        } else {
            served.engine()
                    .tag()
                    .ifPresent(tag -> machineImage(
                            served.engine(),
                            ContainerImage.ofAws(served.engine().repository(), tag)));
        }
    }

    private void machineImage(Engine engine, ContainerImage image) {
        String place = model.pathOf(Keys.ENGINE) + "." + Keys.TAG.name();
        if (engine instanceof Engine.Vllm && !image.tellsCuda()) {
            report.add(
                    place,
                    "\"" + image.tag() + "\"",
                    "must tell its CUDA, as server-sagemaker-cuda-v1.4 does and what has cu129 in it, for the GPU's driver goes by it;"
                            + " or else hosting.inferenceAmi must name the driver",
                    report.remove(place));
        }
        image.inferenceAmi()
                .filter(ami -> !ContainerImage.MACHINE_IMAGES.contains(ami))
                .ifPresent(ami -> report.add(
                        place,
                        "\"" + image.tag() + "\"",
                        "must be of an image with CUDA 12.9 or older: this one needs SageMaker's machine image " + ami
                                + ", which Pulumi's AWS provider does not know",
                        report.remove(place)));
    }

    private static List<InstanceType> instanceTypes(Hosting hosting) {
        if (hosting instanceof Hosting.RealTime realTime) {
            return realTime.variants().stream()
                    .map(Hosting.Variant::instanceType)
                    .toList();
        }
        return hosting instanceof Hosting.Async async ? List.of(async.variant().instanceType()) : List.of();
    }

    /** The engine and its settings are the model's, whatever its variants serve. */
    private void variants(ServedModel served) {
        if (!(served.hosting() instanceof Hosting.RealTime realTime)) {
            return;
        }
        List<Source> sources = realTime.variants().stream()
                .flatMap(variant -> variant.source().stream())
                .toList();
        if (sources.stream().anyMatch(source -> !likes(source, served.source()))) {
            hosting.refuse(
                    HostingKeys.VARIANTS,
                    "must have sources of the model's own kind and engine, that need the same network: what calls the endpoint does not know"
                            + " which variant answers",
                    report.remove(hosting.pathOf(HostingKeys.VARIANTS)));
        }
        boolean locked = served.source() instanceof Source.JumpStart jumpStart
                && realTime.variants().stream()
                        .filter(variant -> variant.source().isEmpty())
                        .anyMatch(variant -> !variant.instanceType()
                                .name()
                                .equals(jumpStart.locked().key().instanceType()));
        if (locked) {
            hosting.refuse(
                    HostingKeys.VARIANTS,
                    "must each have hosting.instanceType, or a source of their own: a lock is of one instance type",
                    "write the model's source into the variant too, and make its lock: make lock");
        }
    }

    /** Whether one may answer in the other's place: by the same engine, asked in the same form, in the same network. */
    private static boolean likes(Source source, Source other) {
        if (source instanceof Source.Hub one && other instanceof Source.Hub two) {
            return one.file().isPresent() == two.file().isPresent();
        }
        if (source instanceof Source.JumpStart one && other instanceof Source.JumpStart two) {
            return one.image()
                            .flatMap(ContainerImage::engine)
                            .equals(two.image().flatMap(ContainerImage::engine))
                    && takesChats(one).equals(takesChats(two))
                    && one.locked().networkIsolation() == two.locked().networkIsolation();
        }
        return source.getClass().equals(other.getClass());
    }

    private static Optional<Boolean> takesChats(Source source) {
        return source.image().flatMap(ContainerImage::tgiVersion).map(ContainerImage.TgiVersion::takesChat);
    }

    private void lifecycle(ServedModel served) {
        Hosting hosted = served.hosting();
        if (!(served.lifecycle() instanceof Lifecycle.Metered metered)) {
            return;
        }
        if (hosted instanceof Hosting.Async || hosted instanceof Hosting.Serverless) {
            String type = hosted instanceof Hosting.Async ? "async" : "serverless";
            model.refuse(
                    Keys.LIFECYCLE,
                    "must be alwaysOn where hosting.type is " + type
                            + ": it costs nothing while nobody calls as it is, and a meter has" + " nothing to stop",
                    report.set(model.pathOf(Keys.LIFECYCLE), "alwaysOn"));
        } else {
            for (Key<?> key : List.of(HostingKeys.SCALING, HostingKeys.UPDATE)) {
                if (hosting.has(key)) {
                    hosting.unused(
                            key,
                            "belongs to lifecycle alwaysOn: the meter has a metered endpoint made and changed; how many instances it has"
                                    + " may be said in lifecycle.schedule[].instances, and how a change reaches it in onChange");
                }
            }
        }
        boolean one = hosted instanceof Hosting.RealTime realTime
                && realTime.variants().size() == 1
                && realTime.variants().get(0).name().equals(Hosting.Variant.ONLY);
        if (metered.countsInstances() && !one) {
            report.add(
                    model.pathOf(Keys.LIFECYCLE) + ".schedule",
                    "",
                    "must not say how many instances there are: the endpoint has "
                            + (hosted instanceof Hosting.Elsewhere
                                    ? "an EndpointConfiguration of others"
                                    : "variants of its own")
                            + ", and a window does not say of which",
                    "take 'instances' out of its windows in the stack file");
        }
    }
}
