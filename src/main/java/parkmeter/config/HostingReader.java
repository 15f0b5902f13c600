package parkmeter.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads where a model runs. */
final class HostingReader {

    /** What a serverless endpoint has for the server and a prompt's context beside the weights, at least, in megabytes. */
    private static final int BESIDE_WEIGHTS = 1024;

    private static final int MOST_MEMORY = 6144;

    /** Of the 5 GB of disk that a serverless endpoint has, whatever its memory; the rest is for the archive's other files. */
    private static final int MOST_WEIGHTS = 4500;

    private static final int MOST_SERVERLESS_CALLS = 200;
    private static final int MOST_ALARMS = 10;

    private final Report report;
    private final SourceReader sources;

    HostingReader(Report report, SourceReader sources) {
        this.report = report;
        this.sources = sources;
    }

    /** Reads where {@code source} runs; {@code megabytes}: how large its weights are. */
    Hosting read(Section section, Source source, Optional<Integer> megabytes) {
        String type = section.get(HostingKeys.TYPE);
        Optional<String> given = section.has(HostingKeys.TYPE) ? section.given(HostingKeys.TYPE) : Optional.of(type);
        // After a word that is no type nothing is said of what stands beside it.
        given.ifPresent(known -> refuseOfOthers(section, known));
        Hosting hosting;
        if (source instanceof Source.EndpointConfig) {
            hosting = elsewhere(section);
        } else if (type.equals("serverless")) {
            hosting = serverless(section, source, megabytes);
        } else if (type.equals("async")) {
            hosting = async(section, source);
        } else {
            hosting = realTime(section, source);
        }
        if (given.isPresent()) {
            section.done();
        }
        return hosting;
    }

    private static void refuseOfOthers(Section section, String type) {
        HostingKeys.all().stream()
                .filter(key -> key.parent().equals(HostingKeys.HOSTING.path()) && !key.equals(HostingKeys.TYPE))
                .filter(key -> !HostingKeys.BESIDE.getOrDefault(type, List.of()).contains(key) && section.has(key))
                .forEach(key -> section.unused(
                        key,
                        "belongs to type "
                                + HostingKeys.BESIDE.entrySet().stream()
                                        .filter(each -> each.getValue().contains(key))
                                        .map(Map.Entry::getKey)
                                        .sorted()
                                        .collect(Collectors.joining(" or "))
                                + ", and has nothing to say beside " + type));
    }

    private static Hosting elsewhere(Section section) {
        HostingKeys.all().stream()
                .filter(key -> key.parent().equals(HostingKeys.HOSTING.path()))
                .filter(section::has)
                .forEach(key -> section.unused(
                        key, "has nothing to say beside source.endpointConfig: that EndpointConfiguration says it"));
        return new Hosting.Elsewhere();
    }

    private Hosting realTime(Section section, Source source) {
        Hosting.Variant only = variant(section, Hosting.Variant.ONLY);
        List<Hosting.Variant> variants = section.has(HostingKeys.VARIANTS) ? variants(section, only) : List.of(only);
        Optional<Hosting.Scaling> scaling = section.findSection(HostingKeys.SCALING)
                .map(limits -> scaling(limits, 1, HostingKeys.CONCURRENCY, HostingKeys.BACKLOG));
        if (scaling.isPresent() && section.has(HostingKeys.VARIANTS)) {
            section.unused(
                    HostingKeys.SCALING,
                    "must not stand beside variants: the instances of each would change, and so the meaning of its weight");
        }
        List<Hosting.Variant> starting = startingWith(variants, scaling, section);
        refuseUpdates(section, source);
        return new Hosting.RealTime(
                starting,
                machines(section, source, starting),
                section.findSection(HostingKeys.UPDATE).map(update -> update(update, starting)),
                section.findSection(HostingKeys.DATA_CAPTURE).map(HostingReader::dataCapture),
                scaling);
    }

    /** SageMaker developer guide, "Deployment guardrails": "Exclusions". */
    private void refuseUpdates(Section section, Source source) {
        if (source.packageArn().isPresent() && section.has(HostingKeys.UPDATE)) {
            section.unused(
                    HostingKeys.UPDATE, "has no place beside a model package: SageMaker updates those all at once");
        }
        boolean rolling = section.node()
                .path(HostingKeys.UPDATE.name())
                .path(HostingKeys.UPDATE_TYPE.name())
                .asText()
                .equals("rolling");
        if (rolling && section.has(HostingKeys.VARIANTS)) {
            section.unused(
                    HostingKeys.UPDATE,
                    "must not be rolling beside variants: SageMaker rolls over endpoints of one variant");
        }
    }

    /** With scaling the first instances are within its limits, whether somebody wrote a number or not. */
    private List<Hosting.Variant> startingWith(
            List<Hosting.Variant> variants, Optional<Hosting.Scaling> scaling, Section section) {
        return variants.stream()
                .map(variant -> scaling.map(limits -> {
                            int most = limits.max();
                            int fewest = Math.max(1, limits.min());
                            if (section.given(HostingKeys.INSTANCES)
                                    .filter(count -> count < fewest || count > most)
                                    .isPresent()) {
                                section.refuse(
                                        HostingKeys.INSTANCES,
                                        "must be from " + fewest + " to " + most + ", as scaling says",
                                        report.set(section.pathOf(HostingKeys.INSTANCES), String.valueOf(fewest)));
                            }
                            return new Hosting.Variant(
                                    variant.name(),
                                    variant.weight(),
                                    variant.instanceType(),
                                    Math.min(most, Math.max(fewest, variant.instances())),
                                    variant.source());
                        })
                        .orElse(variant))
                .toList();
    }

    private static Hosting.Variant variant(Section section, String name) {
        return new Hosting.Variant(
                name, 1, section.get(HostingKeys.INSTANCE_TYPE), section.get(HostingKeys.INSTANCES), Optional.empty());
    }

    private List<Hosting.Variant> variants(Section section, Hosting.Variant fallback) {
        var names = new HashMap<String, String>();
        List<Hosting.Variant> variants = section.list(HostingKeys.VARIANTS).stream()
                .map(each -> {
                    each.given(HostingKeys.VARIANT_NAME)
                            .ifPresent(name -> report.unique(each, HostingKeys.VARIANT_NAME, name, names));
                    InstanceType type =
                            each.find(HostingKeys.VARIANT_INSTANCE_TYPE).orElse(fallback.instanceType());
                    var variant = new Hosting.Variant(
                            each.get(HostingKeys.VARIANT_NAME),
                            each.get(HostingKeys.WEIGHT),
                            type,
                            each.find(HostingKeys.VARIANT_INSTANCES).orElse(fallback.instances()),
                            each.findSection(HostingKeys.VARIANT_SOURCE, Keys.SOURCE)
                                    .map(source -> variantSource(source, type)));
                    each.done();
                    return variant;
                })
                .toList();
        return variants.isEmpty() ? List.of(fallback) : variants;
    }

    /** A model package or an EndpointConfiguration brings what an endpoint's other variants would have to share. */
    private Source variantSource(Section section, InstanceType type) {
        Source source = sources.read(section, Optional.of(type));
        for (Key<?> key : List.of(Keys.MODEL_PACKAGE, Keys.ENDPOINT_CONFIG)) {
            if (section.has(key)) {
                section.unused(key, "must not be a variant's: it is the whole of a model");
            }
        }
        return source;
    }

    private Hosting async(Section section, Source source) {
        Hosting.Variant variant = variant(section, Hosting.Variant.ONLY);
        Optional<Section> limits = section.findSection(HostingKeys.SCALING);
        Hosting.Scaling scaling = limits.map(given -> scaling(given, 0, HostingKeys.BACKLOG, HostingKeys.CONCURRENCY))
                .orElseGet(() -> new Hosting.Scaling(
                        0,
                        variant.instances(),
                        fallback(HostingKeys.BACKLOG),
                        fallback(HostingKeys.SCALE_OUT_SECONDS),
                        fallback(HostingKeys.SCALE_IN_SECONDS),
                        List.of()));
        Optional<Section> notices = section.findSection(HostingKeys.JOB_NOTICES);
        Optional<String> success = notices.flatMap(topics -> topics.find(HostingKeys.SUCCESS_TOPIC));
        Optional<String> error = notices.flatMap(topics -> topics.find(HostingKeys.ERROR_TOPIC));
        notices.ifPresent(topics -> {
            sources.region().ifPresent(region -> List.of(HostingKeys.SUCCESS_TOPIC, HostingKeys.ERROR_TOPIC)
                    .forEach(key -> topics.inRegion(
                            key,
                            region,
                            "must be a topic in " + region + ", the stack's region: SageMaker tells no other")));
            topics.done();
        });
        return new Hosting.Async(
                startingWith(List.of(variant), limits.map(any -> scaling), section)
                        .get(0),
                machines(section, source, List.of(variant)),
                section.get(HostingKeys.MAX_CONCURRENCY),
                scaling,
                success,
                error);
    }

    private static <T> T fallback(Key<T> key) {
        return key.exampleValue().orElseThrow();
    }

    /** SageMaker developer guide, "Deploy models with Amazon SageMaker Serverless Inference". */
    private Hosting serverless(Section section, Source source, Optional<Integer> megabytes) {
        int memory = section.get(HostingKeys.MEMORY);
        int calls = section.get(HostingKeys.MAX_CONCURRENCY);
        boolean larger = memory < MOST_MEMORY
                && megabytes
                        .filter(size -> size <= MOST_WEIGHTS && size + BESIDE_WEIGHTS <= MOST_MEMORY)
                        .isPresent();
        if (calls > MOST_SERVERLESS_CALLS) {
            section.refuse(
                    HostingKeys.MAX_CONCURRENCY,
                    "must be at most " + MOST_SERVERLESS_CALLS + " of a serverless endpoint",
                    report.set(section.pathOf(HostingKeys.MAX_CONCURRENCY), String.valueOf(MOST_SERVERLESS_CALLS)));
        }
        if (!(source instanceof Source.S3 s3 && s3.location().isArchive())) {
            section.refuse(
                    HostingKeys.TYPE,
                    "must be realTime or async unless source.s3 is an archive: a serverless endpoint takes weights from a .tar.gz in S3 alone"
                            + "; what costs nothing while nobody calls is lifecycle: metered",
                    report.set(section.pathOf(HostingKeys.TYPE), "realTime"));
        } else if (megabytes.isEmpty()) {
            section.refuse(
                    HostingKeys.TYPE,
                    "must be realTime or async unless source.sizeMegabytes says how large the model is: it has to fit in the memory",
                    report.set(section.beside("source.sizeMegabytes"), Keys.SIZE.example()));
        } else if (megabytes.get() + BESIDE_WEIGHTS > memory) {
            section.refuse(
                    HostingKeys.TYPE,
                    "must be realTime or async: the model's " + megabytes.get() + " MB and " + BESIDE_WEIGHTS
                            + " MB beside them do not fit in " + memory + " MB of memory"
                            + (larger
                                    ? "; memoryMegabytes may be 6144"
                                    : ", and a serverless endpoint has 6144 at most"),
                    larger
                            ? report.set(section.pathOf(HostingKeys.MEMORY), "6144")
                            : report.set(section.pathOf(HostingKeys.TYPE), "realTime"));
        } else if (megabytes.get() > MOST_WEIGHTS) {
            section.refuse(
                    HostingKeys.TYPE,
                    "must be realTime or async: the model's " + megabytes.get()
                            + " MB do not fit on the 5 GB of disk that a serverless endpoint has; at most "
                            + MOST_WEIGHTS + " do",
                    report.set(section.pathOf(HostingKeys.TYPE), "realTime"));
        }
        return new Hosting.Serverless(memory, Math.min(calls, MOST_SERVERLESS_CALLS));
    }

    private Hosting.Machines machines(Section section, Source source, List<Hosting.Variant> variants) {
        boolean disks =
                variants.stream().anyMatch(variant -> variant.instanceType().gpus() > 0);
        Optional<Integer> volume = section.find(HostingKeys.VOLUME);
        if (disks && volume.isPresent()) {
            section.unused(
                    HostingKeys.VOLUME,
                    "must not be set of instance types with a GPU: they have disks of their own, and AWS refuses it");
        }
        Optional<LockedModel> locked =
                source instanceof Source.JumpStart jumpStart ? Optional.of(jumpStart.locked()) : Optional.empty();
        return new Hosting.Machines(
                orLocked(section, HostingKeys.STARTUP_SECONDS, locked.flatMap(LockedModel::startupHealthCheckSeconds)),
                orLocked(section, HostingKeys.DOWNLOAD_SECONDS, locked.flatMap(LockedModel::modelDownloadSeconds)),
                disks ? Optional.empty() : volume.or(() -> locked.flatMap(LockedModel::volumeGigabytes)),
                section.find(HostingKeys.INFERENCE_AMI).or(() -> locked.flatMap(LockedModel::inferenceAmi)));
    }

    /** What the stack file says goes before what the lock says. */
    private static int orLocked(Section section, Key<Integer> key, Optional<Integer> locked) {
        int value = section.get(key);
        return section.has(key) ? value : locked.orElse(value);
    }

    private Hosting.Update update(Section section, List<Hosting.Variant> variants) {
        boolean rolling = section.get(HostingKeys.UPDATE_TYPE).equals("rolling");
        String shift = section.get(HostingKeys.SHIFT);
        int wait = section.get(HostingKeys.WAIT_SECONDS);
        List<String> alarms = section.values(HostingKeys.ROLLBACK_ALARMS, HostingKeys.ROLLBACK_ALARM);
        boolean steps = rolling || !shift.equals("allAtOnce");
        Optional<Integer> percent = section.find(HostingKeys.PERCENT);
        if (rolling && section.has(HostingKeys.SHIFT)) {
            section.unused(HostingKeys.SHIFT, "belongs to type blueGreen");
        }
        if (!steps && section.has(HostingKeys.PERCENT)) {
            section.unused(HostingKeys.PERCENT, "has nothing to say where all calls go over at once");
        }
        if (shift.equals("linear")
                && !rolling
                && percent.filter(each -> each < 10).isPresent()) {
            section.refuse(
                    HostingKeys.PERCENT,
                    "must be at least 10 of linear",
                    report.set(section.pathOf(HostingKeys.PERCENT), "10"));
        }
        // A step is at most half of the instances (SageMaker API reference, CapacitySize), and at least one.
        if (steps && variants.stream().anyMatch(variant -> variant.instances() < 2)) {
            section.refuse(
                    rolling ? HostingKeys.UPDATE_TYPE : HostingKeys.SHIFT,
                    "must go over all at once: a step is at most half of the instances, and there is only one",
                    report.set(section.beside(HostingKeys.INSTANCES.name()), "2"));
        }
        if (alarms.size() > MOST_ALARMS) {
            section.refuse(
                    HostingKeys.ROLLBACK_ALARMS,
                    "must be at most " + MOST_ALARMS + " alarms",
                    report.remove(section.pathOf(HostingKeys.ROLLBACK_ALARMS) + "[" + MOST_ALARMS + "]"));
        }
        section.done();
        int step = percent.orElse(20);
        if (rolling) {
            return new Hosting.Update.Rolling(step, wait, alarms);
        }
        return switch (shift) {
            case "canary" -> new Hosting.Update.BlueGreen(Hosting.Shift.CANARY, Optional.of(step), wait, alarms);
            case "linear" -> new Hosting.Update.BlueGreen(Hosting.Shift.LINEAR, Optional.of(step), wait, alarms);
            default -> new Hosting.Update.BlueGreen(Hosting.Shift.ALL_AT_ONCE, Optional.empty(), wait, alarms);
        };
    }

    private static Hosting.DataCapture dataCapture(Section section) {
        String what = section.get(HostingKeys.CAPTURE);
        var capture = new Hosting.DataCapture(
                section.get(HostingKeys.CAPTURE_S3),
                section.get(HostingKeys.CAPTURE_PERCENT),
                !what.equals("answers"),
                !what.equals("requests"));
        section.done();
        return capture;
    }

    private Hosting.Scaling scaling(Section section, int fewest, Key<Double> target, Key<Double> others) {
        if (section.has(others)) {
            section.unused(
                    others,
                    "belongs to type " + (others.equals(HostingKeys.BACKLOG) ? "async" : "realTime") + "; here it is "
                            + target.name());
        }
        int min = section.find(HostingKeys.MIN).orElse(fewest);
        int max = section.get(HostingKeys.MAX);
        limits(section, HostingKeys.MIN, HostingKeys.MAX, fewest);
        var names = new HashMap<String, String>();
        List<Hosting.Scheduled> schedule = section.list(HostingKeys.SCALING_SCHEDULE).stream()
                .map(each -> {
                    each.given(HostingKeys.SCHEDULED_NAME)
                            .ifPresent(name -> report.unique(each, HostingKeys.SCHEDULED_NAME, name, names));
                    limits(each, HostingKeys.SCHEDULED_MIN, HostingKeys.SCHEDULED_MAX, fewest);
                    var scheduled = new Hosting.Scheduled(
                            each.get(HostingKeys.SCHEDULED_NAME),
                            each.get(HostingKeys.WHEN),
                            each.get(HostingKeys.SCALING_TIME_ZONE).getId(),
                            each.get(HostingKeys.SCHEDULED_MIN),
                            each.get(HostingKeys.SCHEDULED_MAX));
                    each.done();
                    return scheduled;
                })
                .toList();
        var scaling = new Hosting.Scaling(
                min,
                max,
                section.get(target),
                section.get(HostingKeys.SCALE_OUT_SECONDS),
                section.get(HostingKeys.SCALE_IN_SECONDS),
                schedule);
        section.done();
        return scaling;
    }

    private void limits(Section section, Key<Integer> min, Key<Integer> max, int fewest) {
        Optional<Integer> lower = section.given(min);
        Optional<Integer> upper = section.given(max);
        if (lower.filter(count -> count < fewest).isPresent()) {
            section.refuse(
                    min,
                    "must be at least " + fewest
                            + ": a real-time endpoint has an instance as long as it stands; what has none while"
                            + " nobody calls is lifecycle: metered, or type async",
                    report.set(section.pathOf(min), String.valueOf(fewest)));
        }
        if (lower.isPresent() && upper.isPresent() && lower.get() > upper.get()) {
            section.refuse(
                    min,
                    "must be at most " + max.name() + ", which is " + upper.get(),
                    report.set(section.pathOf(min), upper.get().toString()));
        }
    }
}
