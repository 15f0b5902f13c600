package parkmeter.local.jumpstart;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Makes of what the hub says what SageMaker's CreateModel and CreateEndpointConfig are told, by the rules of the SageMaker Python
 * SDK (its modules {@code sagemaker.jumpstart.factory.model} and {@code sagemaker.jumpstart.artifacts}).
 */
final class Resolver {

    /** The versions of SageMaker's machine image that Pulumi's AWS provider takes, as the program's own list has them. */
    static final List<String> MACHINE_IMAGES = List.of(
            "al2-ami-sagemaker-inference-gpu-2",
            "al2-ami-sagemaker-inference-gpu-2-1",
            "al2-ami-sagemaker-inference-gpu-3-1");

    private final String region;
    private final LocalDate today;
    private final Problems problems;

    Resolver(String region, LocalDate today, Problems problems) {
        this.region = region;
        this.today = today;
        this.problems = problems;
    }

    /**
     * What was found.
     *
     * @param entry the entry of the lock
     * @param config the inference config that it is; empty where the model has none
     * @param subscription where a model package has to be subscribed to first
     */
    record Resolved(ObjectNode entry, Optional<String> config, Optional<String> subscription) {}

    /**
     * The entry of a model; nothing where there is a problem, which has been added then.
     *
     * @param document what the hub says of the model
     * @param sha256 the digest of its text
     */
    Optional<Resolved> resolve(Wanted wanted, HubDocument document, String sha256) {
        int before = problems.count();
        Optional<String> config = config(wanted, document);
        HubDocument model = config.map(document::with).orElse(document);
        checkInstanceType(wanted, document, model);
        checkWhatCannotBeDeployed(wanted, document, model, config);
        boolean gated =
                model.flag("gatedbucket") || model.text("hostingeulauri").isPresent();
        if (gated && !wanted.acceptEula()) {
            problems.add(
                    wanted.source() + ".acceptEula",
                    "",
                    "is missing: the model is had only by who accepts its licence"
                            + model.text("hostingeulauri")
                                    .map(uri -> ", " + readable(uri))
                                    .orElse(""),
                    "read it, then " + problems.set(wanted.source() + ".acceptEula", "true"));
        }
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("id", wanted.id())
                .put("version", wanted.version())
                .put("region", region)
                .put("instanceType", wanted.instanceType());
        wanted.config().ifPresent(asked -> entry.put("config", asked));
        config.ifPresent(found -> entry.put("resolvedConfig", found));
        Optional<String> modelPackage = model.ofVariant(wanted.instanceType(), "modelpackagearn")
                .or(() -> model.text("hostingmodelpackagearn"));
        if (modelPackage.isPresent()) {
            // A package brings its environment, and is made to run without a network.
            entry.putObject("environment");
            entry.put("modelPackage", modelPackage.get());
        } else {
            container(wanted, model, entry);
        }
        model.number("containerstartuphealthchecktimeout").ifPresent(s -> entry.put("startupHealthCheckSeconds", s));
        model.number("modeldatadownloadtimeout").ifPresent(s -> entry.put("modelDownloadSeconds", s));
        if (hasVolume(wanted.instanceType())) {
            model.number("inferencevolumesize").ifPresent(gigabytes -> entry.put("volumeGigabytes", gigabytes));
        }
        entry.put("networkIsolation", modelPackage.isPresent() || model.flag("inferenceenablenetworkisolation"));
        model.text("inferenceamiversion").ifPresent(ami -> entry.put("inferenceAmi", ami));
        if (gated) {
            ObjectNode eula = entry.putObject("eula");
            model.text("hostingeulauri").ifPresent(uri -> eula.put("uri", uri));
            eula.put("accepted", today.toString());
        }
        entry.put("gated", gated).put("documentSha256", sha256);
        return problems.count() > before
                ? Optional.empty()
                : Optional.of(
                        new Resolved(entry, config, modelPackage.flatMap(arn -> model.text("modelsubscriptionlink"))));
    }

    /** The config that is asked for, or else the first in rank that knows the instance type. */
    private Optional<String> config(Wanted wanted, HubDocument document) {
        List<String> configs = document.configs(wanted.instanceType());
        if (wanted.config().isEmpty()) {
            return configs.stream()
                    .filter(config -> document.with(config).instanceTypes().contains(wanted.instanceType()))
                    .findFirst()
                    .or(() -> configs.stream().findFirst());
        }
        if (configs.containsAll(wanted.config().stream().toList())) {
            return wanted.config();
        }
        String path = wanted.source() + ".config";
        problems.add(
                path,
                wanted.config().get(),
                configs.isEmpty()
                        ? "must not be set: this version of the model has no inference configs"
                        : "must be one of the model's inference configs: " + String.join(", ", configs),
                configs.isEmpty() ? problems.remove(path) : problems.set(path, configs.get(0)));
        return configs.stream().findFirst();
    }

    private void checkInstanceType(Wanted wanted, HubDocument document, HubDocument model) {
        var supported = new TreeSet<>(model.instanceTypes());
        if (wanted.config().isEmpty()) {
            document.configs(wanted.instanceType())
                    .forEach(config -> supported.addAll(document.with(config).instanceTypes()));
        }
        String path = wanted.hosting() + ".instanceType";
        String example = model.text("defaultinferenceinstancetype")
                .orElse(supported.isEmpty() ? "ml.g5.xlarge" : supported.first());
        if (wanted.instanceType().isEmpty()) {
            problems.add(
                    path,
                    "",
                    "is missing: image and settings of a JumpStart model depend on it"
                            + (supported.isEmpty() ? "" : "; it runs on " + String.join(", ", supported)),
                    problems.set(path, example));
        } else if (!supported.isEmpty() && !supported.contains(wanted.instanceType())) {
            problems.add(
                    path,
                    wanted.instanceType(),
                    "must be one that " + wanted.id() + " " + wanted.version()
                            + wanted.config()
                                    .map(config -> " in the config " + config)
                                    .orElse("") + " runs on: "
                            + String.join(", ", supported),
                    problems.set(path, example));
        }
    }

    private void checkWhatCannotBeDeployed(
            Wanted wanted, HubDocument document, HubDocument model, Optional<String> config) {
        String another = document.configs(wanted.instanceType()).stream()
                .filter(other -> !document.with(other).hasAny("hostingadditionaldatasources"))
                .filter(other ->
                        unknownMachineImage(wanted, document.with(other)).isEmpty())
                .filter(other -> document.with(other).instanceTypes().contains(wanted.instanceType()))
                .findFirst()
                .map(other -> problems.set(wanted.source() + ".config", other))
                .orElse("take another version or another model");
        if (model.hasAny("hostingadditionaldatasources")) {
            problems.add(
                    wanted.source(),
                    wanted.id(),
                    "must be a model whose weights are in one place:"
                            + config.map(name -> " its config " + name).orElse(" it")
                            + " brings a second one, such as a draft for speculative decoding, and Pulumi's AWS provider has no"
                            + " additionalModelDataSources",
                    another);
        } else if (model.needsHubAccess()) {
            problems.add(
                    wanted.source(),
                    wanted.id(),
                    "must be a model of the public hub: its weights are had by way of a private hub, and Pulumi's AWS provider has"
                            + " no hubAccessConfig",
                    another);
        }
        unknownMachineImage(wanted, model)
                .ifPresent(ami -> problems.add(
                        wanted.source(),
                        wanted.id(),
                        "must be a version whose container runs on a machine image that Pulumi's AWS provider knows ("
                                + String.join(", ", MACHINE_IMAGES) + "):"
                                + config.map(name -> " its config " + name).orElse(" this one") + " needs " + ami,
                        another));
    }

    private static Optional<String> unknownMachineImage(Wanted wanted, HubDocument model) {
        return model.text("inferenceamiversion")
                .filter(ami -> !wanted.ownMachineImage() && !MACHINE_IMAGES.contains(ami));
    }

    private void container(Wanted wanted, HubDocument model, ObjectNode entry) {
        Optional<String> named = model.ofVariant(wanted.instanceType(), "imageuri");
        Optional<String> image = named.isPresent()
                ? named.filter(uri -> !uri.startsWith("$"))
                        .or(() -> model.alias(named.get().substring(1)))
                : model.text("hostingecruri");
        image.ifPresentOrElse(
                uri -> entry.put("image", uri),
                () -> problems.add(
                        wanted.hosting() + ".instanceType",
                        wanted.instanceType(),
                        "must be one for which the hub names an image: "
                                + named.map(alias -> "it says '" + alias + "' and not what that is")
                                        .orElse("it names none"),
                        "take another instance type, or another version in " + wanted.source() + ".version"));
        artifact(wanted, model).ifPresent(artifact -> entry.set("artifact", artifact));
        ObjectNode environment = entry.putObject("environment");
        model.environment(wanted.instanceType()).forEach(environment::put);
    }

    private Optional<ObjectNode> artifact(Wanted wanted, HubDocument model) {
        Optional<String> whole = model.text("hostingartifacturi");
        Optional<String> prepacked = model.ofVariant(wanted.instanceType(), "prepackedartifacturi")
                .or(() -> model.ofVariant(wanted.instanceType(), "prepackedartifactkey")
                        .flatMap(key -> whole.map(uri -> bucket(uri) + key)))
                .or(() -> model.text("hostingprepackedartifacturi"));
        if (prepacked.isEmpty()
                && model.flag("hostingusescripturi")
                && model.text("hostingscripturi").isPresent()) {
            problems.add(
                    wanted.source(),
                    wanted.id(),
                    "must be a model whose code lies beside its weights: this version's is an archive of its own, which SageMaker's"
                            + " Python SDK would pack together with them",
                    "take a newer version in " + wanted.source() + ".version");
        }
        return prepacked.or(() -> whole).map(uri -> {
            Optional<HubDocument> said = prepacked.isEmpty() ? Optional.of(model) : Optional.empty();
            boolean named = said.flatMap(hub -> hub.text("hostingartifacts3datatype"))
                    .filter("S3Prefix"::equals)
                    .isPresent();
            boolean archive = uri.endsWith(".tar.gz");
            ObjectNode artifact = JsonNodeFactory.instance.objectNode();
            if (uri.endsWith("/") || (named && !archive)) {
                // Without its slash it would be every key that begins so, and compressed there is no prefix.
                return artifact.put("uri", uri.endsWith("/") ? uri : uri + "/")
                        .put("type", "S3Prefix")
                        .put("compression", "None");
            }
            return artifact.put("uri", uri)
                    .put("type", "S3Object")
                    .put(
                            "compression",
                            said.flatMap(hub -> hub.text("hostingartifactcompressiontype"))
                                    .orElse(archive ? "Gzip" : "None"));
        });
    }

    /** {@code s3://bucket/} of a URI. */
    private static String bucket(String uri) {
        return uri.substring(0, uri.indexOf('/', "s3://".length()) + 1);
    }

    /** As a browser opens it. */
    private String readable(String uri) {
        return uri.replaceFirst("^s3://([^/]+)/", "https://$1.s3." + region + ".amazonaws.com/");
    }

    /** Types with a GPU have disks of their own, and SageMaker takes no volume for them. */
    private static boolean hasVolume(String instanceType) {
        return !instanceType.matches("ml\\.[gp][0-9].*");
    }
}
