package parkmeter.config;

import static parkmeter.config.Key.optional;
import static parkmeter.config.Key.required;
import static parkmeter.config.Key.withDefault;
import static parkmeter.config.ValueType.anyList;
import static parkmeter.config.ValueType.choice;
import static parkmeter.config.ValueType.instanceType;
import static parkmeter.config.ValueType.list;
import static parkmeter.config.ValueType.numberAbove0;
import static parkmeter.config.ValueType.s3Prefix;
import static parkmeter.config.ValueType.section;
import static parkmeter.config.ValueType.text;
import static parkmeter.config.ValueType.timeZone;
import static parkmeter.config.ValueType.wholeNumber;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The keys that say where a model runs. */
final class HostingKeys {

    private static final String AT = "parkmeter:models[].hosting";
    private static final String NAME_RULE = "1 to 63 letters and digits, with hyphens between them";
    private static final String NAME = "(?=.{1,63}$)" + Keys.SAGEMAKER_NAME;
    private static final String TOPIC = "arn:[\\w-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}";

    static final Key<JsonNode> HOSTING = withDefault(AT, section(), "{}", "Where the model runs.");
    static final Key<String> TYPE = withDefault(
            AT + ".type",
            choice(Keys.words("realTime", "async", "serverless")),
            "\"realTime\"",
            "`realTime`: instances that answer while the caller waits. `async`: instances that take jobs, and are none while there is "
                    + "no job. `serverless`: CPUs by the request, for `llamacpp`.");
    static final Key<InstanceType> INSTANCE_TYPE = withDefault(
            AT + ".instanceType",
            instanceType(),
            "\"ml.g5.xlarge\"",
            "The SageMaker instance type. The model is split over all of its GPUs.");
    static final Key<Integer> INSTANCES = withDefault(
            AT + ".instances", wholeNumber(1, 100), "1", "How many instances run; with `scaling`, how many begin.");
    static final Key<Integer> STARTUP_SECONDS = withDefault(
            AT + ".startupHealthCheckSeconds",
            wholeNumber(60, 3600),
            "900",
            "How long the container may take to download the model and answer its health check.");
    static final Key<Integer> DOWNLOAD_SECONDS = withDefault(
            AT + ".modelDownloadSeconds",
            wholeNumber(60, 3600),
            "900",
            "How long SageMaker may take to fetch weights from S3.");
    static final Key<Integer> VOLUME = optional(
            AT + ".volumeGigabytes",
            wholeNumber(1, 512),
            "128",
            "The size of the instance's EBS volume, of types without a GPU; those with one have disks of their own.");
    static final Key<String> INFERENCE_AMI = optional(
            AT + ".inferenceAmi",
            choice(Keys.words(ContainerImage.MACHINE_IMAGES.toArray(String[]::new))),
            "\"al2-ami-sagemaker-inference-gpu-2\"",
            "The machine image's version, which decides the GPU driver; without it what the container's CUDA needs.");

    static final Key<JsonNode> VARIANTS = optional(
            AT + ".variants",
            list(),
            "[{\"name\": \"old\", \"weight\": 9}, {\"name\": \"new\", \"weight\": 1}]",
            "Of `realTime`: several variants that share the calls, in place of one; SageMaker draws one for each call.");
    static final Key<String> VARIANT_NAME =
            required(AT + ".variants[].name", text(NAME_RULE, NAME), "\"new\"", "The variant's name.");
    static final Key<Double> WEIGHT = withDefault(
            AT + ".variants[].weight", numberAbove0(1_000), "1", "Its part of the calls, by the sum of all weights.");
    static final Key<InstanceType> VARIANT_INSTANCE_TYPE = optional(
            AT + ".variants[].instanceType",
            instanceType(),
            "\"ml.g5.xlarge\"",
            "Its instance type; without it that of `hosting`.");
    static final Key<Integer> VARIANT_INSTANCES = optional(
            AT + ".variants[].instances", wholeNumber(1, 100), "1", "Its instances; without it those of `hosting`.");
    static final Key<JsonNode> VARIANT_SOURCE = optional(
            AT + ".variants[].source",
            section(),
            "{\"hub\": \"TinyLlama/TinyLlama-1.1B-Chat-v1.0\", \"revision\": \"main\"}",
            "What it serves, by the keys of `source`; without it the model's own.");

    static final Key<JsonNode> UPDATE = optional(
            AT + ".update",
            section(),
            "{\"type\": \"blueGreen\", \"shift\": \"canary\", \"percent\": 10}",
            "Of `realTime` and `alwaysOn`: how a change reaches the running endpoint; without it all calls go over to new instances at "
                    + "once, when those stand.");
    static final Key<String> UPDATE_TYPE = withDefault(
            AT + ".update.type",
            choice(Keys.words("blueGreen", "rolling")),
            "\"blueGreen\"",
            "`blueGreen`: new instances beside all old ones. `rolling`: some at a time, with less room in the quota.");
    static final Key<String> SHIFT = withDefault(
            AT + ".update.shift",
            choice(Keys.words("allAtOnce", "canary", "linear")),
            "\"allAtOnce\"",
            "Of `blueGreen`: how calls go over. `canary`: `percent` of the instances first. `linear`: `percent` of them at each step.");
    static final Key<Integer> PERCENT = optional(
            AT + ".update.percent",
            wholeNumber(5, 50),
            "20",
            "How many of the instances, of a hundred, a step is: of `canary`, `linear` (from 10) and `rolling`.");
    static final Key<Integer> WAIT_SECONDS = withDefault(
            AT + ".update.waitSeconds", wholeNumber(0, 3600), "300", "How long a step is watched before the next.");
    static final Key<JsonNode> ROLLBACK_ALARMS = withDefault(
            AT + ".update.rollbackAlarms",
            anyList(),
            "[]",
            "CloudWatch alarms that take the change back when one rings meanwhile: up to ten names.");
    static final Key<String> ROLLBACK_ALARM = optional(
            AT + ".update.rollbackAlarms[]",
            text("an alarm's name", "[^\\s:*?][^:*?\\p{Cntrl}]{0,254}"),
            "\"llm-errors\"",
            "An alarm's name.");

    static final Key<JsonNode> DATA_CAPTURE = optional(
            AT + ".dataCapture",
            section(),
            "{\"s3\": \"s3://example-captures/tinyllama/\"}",
            "Of `realTime`: writes what is asked and answered into a bucket. Prompts are private: without it nothing is kept.");
    static final Key<S3Location> CAPTURE_S3 = required(
            AT + ".dataCapture.s3",
            s3Prefix(),
            "\"s3://example-captures/tinyllama/\"",
            "Where to: a prefix of a bucket of the stack's region.");
    static final Key<Integer> CAPTURE_PERCENT =
            withDefault(AT + ".dataCapture.percent", wholeNumber(1, 100), "100", "How many calls of a hundred.");
    static final Key<String> CAPTURE = withDefault(
            AT + ".dataCapture.capture",
            choice(Keys.words("requests", "answers", "both")),
            "\"both\"",
            "What of a call.");

    static final Key<JsonNode> SCALING = optional(
            AT + ".scaling",
            section(),
            "{\"min\": 1, \"max\": 4}",
            "How many instances there are by what there is to do; of `alwaysOn` models. An `async` one without it has none while there "
                    + "is no job, and `instances` while there is.");
    static final Key<Integer> MIN = optional(
            AT + ".scaling.min",
            wholeNumber(0, 100),
            "1",
            "The fewest; without it 1 of `realTime`, which can have no fewer, and 0 of `async`.");
    static final Key<Integer> MAX = required(AT + ".scaling.max", wholeNumber(1, 100), "4", "The most.");
    static final Key<Double> CONCURRENCY = withDefault(
            AT + ".scaling.concurrency",
            numberAbove0(1_000),
            "5",
            "Of `realTime`: how many calls at once an instance is to have, those that wait in it counted.");
    static final Key<Double> BACKLOG = withDefault(
            AT + ".scaling.backlog",
            numberAbove0(100_000),
            "5",
            "Of `async`: how many waiting jobs an instance is to have.");
    static final Key<Integer> SCALE_OUT_SECONDS = withDefault(
            AT + ".scaling.scaleOutSeconds",
            wholeNumber(0, 3600),
            "60",
            "How long after more instances it looks again.");
    static final Key<Integer> SCALE_IN_SECONDS = withDefault(
            AT + ".scaling.scaleInSeconds",
            wholeNumber(0, 3600),
            "600",
            "How long after a change it may take instances away.");
    static final Key<JsonNode> SCALING_SCHEDULE =
            withDefault(AT + ".scaling.schedule", anyList(), "[]", "Times from which other limits hold.");
    static final Key<String> SCHEDULED_NAME =
            required(AT + ".scaling.schedule[].name", text(NAME_RULE, NAME), "\"morning\"", "What people call it.");
    static final Key<String> WHEN = required(
            AT + ".scaling.schedule[].when",
            text(
                    "cron(…) with six fields, or at(yyyy-mm-ddThh:mm:ss)",
                    "cron\\([^()\\s]+( [^()\\s]+){5}\\)|at\\([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\)"),
            "\"cron(0 8 ? * MON-FRI *)\"",
            "From when (Application Auto Scaling user guide, \"Schedule expressions\").");
    static final Key<ZoneId> SCALING_TIME_ZONE =
            withDefault(AT + ".scaling.schedule[].timezone", timeZone(), "\"UTC\"", "By whose clock.");
    static final Key<Integer> SCHEDULED_MIN =
            required(AT + ".scaling.schedule[].min", wholeNumber(0, 100), "2", "The fewest from then on.");
    static final Key<Integer> SCHEDULED_MAX =
            required(AT + ".scaling.schedule[].max", wholeNumber(0, 100), "8", "The most from then on.");

    static final Key<Integer> MAX_CONCURRENCY = withDefault(
            AT + ".maxConcurrency",
            wholeNumber(1, 1_000),
            "4",
            "Of `async`: how many jobs an instance does at once, at most 1000. Of `serverless`: how many calls there are at once, at "
                    + "most 200; more are refused.");
    static final Key<JsonNode> JOB_NOTICES = optional(
            AT + ".notify",
            section(),
            "{\"error\": \"arn:aws:sns:eu-west-2:123456789012:failed-jobs\"}",
            "Of `async`: who is told of each job's end, beside its caller who asks.");
    static final Key<String> SUCCESS_TOPIC = optional(
            AT + ".notify.success",
            text("an SNS topic's ARN", TOPIC),
            "\"arn:aws:sns:eu-west-2:123456789012:done-jobs\"",
            "The topic for jobs that are done.");
    static final Key<String> ERROR_TOPIC = optional(
            AT + ".notify.error",
            text("an SNS topic's ARN", TOPIC),
            "\"arn:aws:sns:eu-west-2:123456789012:failed-jobs\"",
            "The topic for jobs that failed.");

    static final Key<Integer> MEMORY = withDefault(
            AT + ".memoryMegabytes",
            new ValueType<>(
                    ValueType.Kind.CHOICE,
                    "one of 1024, 2048, 3072, 4096, 5120, 6144",
                    List.of(),
                    node -> wholeNumber(1024, 6144).read(node).filter(size -> size % 1024 == 0)),
            "6144",
            "Of `serverless`: the container's memory, which holds the model too.");

    /** What stands beside type serverless. */
    static final List<Key<?>> SERVERLESS = List.of(MEMORY, MAX_CONCURRENCY);

    /** What has instances. */
    private static final List<Key<?>> MACHINES =
            List.of(INSTANCE_TYPE, INSTANCES, STARTUP_SECONDS, DOWNLOAD_SECONDS, VOLUME, INFERENCE_AMI, SCALING);

    /** What stands beside each type, by its word. */
    static final Map<String, List<Key<?>>> BESIDE = Map.of(
            "realTime", with(MACHINES, VARIANTS, UPDATE, DATA_CAPTURE),
            "async", with(MACHINES, MAX_CONCURRENCY, JOB_NOTICES),
            "serverless", SERVERLESS);

    /** All keys, in the order of the documentation. */
    static List<Key<?>> all() {
        var keys = new ArrayList<Key<?>>(List.of(HOSTING, TYPE, INSTANCE_TYPE, INSTANCES, STARTUP_SECONDS));
        keys.addAll(List.of(DOWNLOAD_SECONDS, VOLUME, INFERENCE_AMI, SCALING, MIN, MAX, CONCURRENCY, BACKLOG));
        keys.addAll(List.of(SCALE_OUT_SECONDS, SCALE_IN_SECONDS, SCALING_SCHEDULE, SCHEDULED_NAME, WHEN));
        keys.addAll(List.of(SCALING_TIME_ZONE, SCHEDULED_MIN, SCHEDULED_MAX));
        keys.addAll(List.of(VARIANTS, VARIANT_NAME, WEIGHT, VARIANT_INSTANCE_TYPE, VARIANT_INSTANCES, VARIANT_SOURCE));
        keys.addAll(List.of(UPDATE, UPDATE_TYPE, SHIFT, PERCENT, WAIT_SECONDS, ROLLBACK_ALARMS, ROLLBACK_ALARM));
        keys.addAll(List.of(DATA_CAPTURE, CAPTURE_S3, CAPTURE_PERCENT, CAPTURE));
        keys.addAll(List.of(MAX_CONCURRENCY, JOB_NOTICES, SUCCESS_TOPIC, ERROR_TOPIC, MEMORY));
        return keys;
    }

    private static List<Key<?>> with(List<Key<?>> keys, Key<?>... more) {
        var all = new ArrayList<>(keys);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    private HostingKeys() {}
}
