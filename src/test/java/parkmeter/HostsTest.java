package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.pulumi.resources.Resource;
import com.pulumi.test.PulumiTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.Declared.Declaration;
import parkmeter.config.StackFiles;

/** What a stack declares of models that come from elsewhere, run by other engines, and are hosted in other ways. */
class HostsTest {

    private static final String MODEL = "aws:sagemaker/model:Model";
    private static final String CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
    private static final String ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
    private static final String POLICY = "aws:appautoscaling/policy:Policy";
    private static final String REGISTRY = "763104351884.dkr.ecr.eu-west-2.amazonaws.com/";

    static final Declared SOURCES = stack("local/src/test/stacks", "sources");
    static final Declared HOSTING = stack("local/src/test/stacks", "hosting");
    static final Declared PRIVATE = stack(".", "private");
    static final Declared FLAN = stack(".", "flan");

    static List<Declared> stacks() {
        return List.of(SOURCES, HOSTING, PRIVATE, FLAN, stack(".", "falcon"), stack(".", "hermes"));
    }

    private static Declared stack(String folder, String name) {
        try {
            return Declared.of(StackFiles.read(name, Files.readString(Path.of(folder, "Pulumi." + name + ".yaml"))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, List<String>> grants(Declared stack, String policy) {
        Map<String, List<String>> grants = new TreeMap<>();
        for (JsonNode statement : Declared.statements(stack.policy(policy))) {
            statement.path("Action").forEach(action -> statement
                    .path("Resource")
                    .forEach(resource ->
                            grants.merge(action.asText(), List.of(resource.asText()), (some, more) -> Stream.concat(
                                            some.stream(), more.stream())
                                    .toList())));
        }
        return grants;
    }

    private static Object environment(Declared stack, String function, String variable) {
        return stack.named("aws:lambda/function:Function", function + "-function")
                .input("environment", "variables", variable);
    }

    @Nested
    class Sources {

        @Test
        void weights_in_a_bucket_are_put_into_a_container_without_a_network() {
            Declaration model = SOURCES.named(MODEL, "prefix-model");
            assertThat(model.input("enableNetworkIsolation")).isEqualTo(true);
            assertThat(model.input("primaryContainer", "environment", "HF_MODEL_ID"))
                    .isEqualTo("/opt/ml/model");
            assertThat(model.input("primaryContainer", "modelDataSource").toString())
                    .contains(
                            "s3Uri=s3://example-models/tiny/fe8a4ea1/",
                            "s3DataType=S3Prefix",
                            "compressionType=None",
                            "acceptEula=true");
            assertThat(grants(SOURCES, "prefix-execution-weights"))
                    .isEqualTo(Map.of(
                            "s3:GetObject", List.of("arn:aws:s3:::example-models/tiny/fe8a4ea1/*"),
                            "s3:ListBucket", List.of("arn:aws:s3:::example-models")));
            assertThat(Declared.statements(SOURCES.policy("prefix-execution-weights"))
                            .get(1)
                            .at("/Condition/StringLike/s3:prefix")
                            .asText())
                    .isEqualTo("tiny/fe8a4ea1/*");
        }

        @Test
        void an_archive_is_one_object_and_no_more_may_be_read() {
            assertThat(SOURCES.named(MODEL, "archive-model")
                            .input("primaryContainer", "modelDataSource")
                            .toString())
                    .contains("s3DataType=S3Object", "compressionType=Gzip")
                    .doesNotContain("acceptEula");
            assertThat(grants(SOURCES, "archive-execution-weights").get("s3:GetObject"))
                    .containsExactly("arn:aws:s3:::example-models/tiny/model.tar.gz");
        }

        @Test
        void a_package_has_no_image_no_variables_and_no_network() {
            Declaration model = SOURCES.named(MODEL, "package-model");
            assertThat(model.input("primaryContainer"))
                    .isEqualTo(Map.of(
                            "modelPackageName",
                            "arn:aws:sagemaker:us-east-1:123456789012:model-package/example-llm-v1"));
            assertThat(model.input("enableNetworkIsolation")).isEqualTo(true);
            assertThat(SOURCES.policies()).doesNotContainKey("package-execution-image");
        }

        @Test
        void of_an_endpoint_configuration_of_others_the_stack_has_the_endpoint_alone() {
            assertThat(SOURCES.all(MODEL)).noneMatch(each -> each.name().startsWith("theirs"));
            assertThat(SOURCES.all(CONFIGURATION)).noneMatch(each -> each.name().startsWith("theirs"));
            assertThat(SOURCES.policies().keySet()).noneMatch(name -> name.startsWith("theirs-execution"));
            assertThat(SOURCES.named("aws:lambda/invocation:Invocation", "theirs-registration")
                            .json("input")
                            .path("configuration")
                            .asText())
                    .isEqualTo("example-config");
            assertThat(grants(SOURCES, "meter-tick-role-calls").get("sagemaker:CreateEndpoint"))
                    .contains("arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/example-config");
        }

        @Test
        void a_locked_model_is_what_its_lock_says_with_the_stack_files_variables_over_it() {
            Declaration model = SOURCES.named(MODEL, "falcon-model");
            assertThat(model.input("primaryContainer", "image"))
                    .isEqualTo(
                            "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04");
            assertThat(model.input("primaryContainer", "environment", "MAX_TOTAL_TOKENS"))
                    .isEqualTo("1536");
            assertThat(model.input("primaryContainer", "environment", "MAX_INPUT_LENGTH"))
                    .isEqualTo("1024");
            assertThat(grants(SOURCES, "falcon-execution-image").get("ecr:BatchGetImage"))
                    .containsExactly("arn:aws:ecr:us-east-1:763104351884:repository/huggingface-pytorch-tgi-inference");
            assertThat(environment(SOURCES, "falcon-invoke", "PARKMETER_ENGINE"))
                    .isEqualTo("{\"type\":\"tgi\",\"inputs\":\"User: {prompt}\\nFalcon:\"}");
        }

        @Test
        void a_kept_token_goes_into_what_downloads_from_the_hub_and_nowhere_else() {
            assertThat(SOURCES.all(MODEL))
                    .filteredOn(each -> each.toString().contains("hf_kept_secret"))
                    .singleElement()
                    .satisfies(each -> assertThat(each.name()).isEqualTo("gguf-model"));
            assertThat(SOURCES.all())
                    .filteredOn(each -> !each.type().equals(MODEL))
                    .noneMatch(each -> each.toString().contains("hf_kept_secret"));
            assertThat(SOURCES.all("aws:secretsmanager/secret:Secret")).isEmpty();
        }

        @Test
        void a_gguf_file_on_arm_processors_has_their_image() {
            assertThat(SOURCES.named(MODEL, "gguf-model").input("primaryContainer", "image"))
                    .asString()
                    .endsWith("/llama-cpp-arm64:server-sagemaker-cpu-v1");
            assertThat(SOURCES.named(CONFIGURATION, "gguf-configuration")
                            .input("productionVariants", 0, "volumeSizeInGb"))
                    .isEqualTo(200.0);
            assertThat(environment(SOURCES, "gguf-invoke", "PARKMETER_ENGINE")).isEqualTo("{\"type\":\"llamacpp\"}");
        }
    }

    @Nested
    class Hosts {

        @Test
        void variants_share_the_calls_each_with_its_instances_and_what_it_serves() {
            List<?> variants = (List<?>)
                    HOSTING.named(CONFIGURATION, "shared-configuration").input("productionVariants");
            assertThat(variants).hasSize(2);
            assertThat(variants.get(0).toString())
                    .contains(
                            "variantName=old", "initialVariantWeight=9.0", "initialInstanceCount=4.0", "ml.g5.xlarge");
            assertThat(variants.get(1).toString())
                    .contains(
                            "variantName=new", "initialVariantWeight=1.0", "initialInstanceCount=2.0", "ml.g6.xlarge");
            assertThat(HOSTING.named(MODEL, "shared-model")
                            .input("primaryContainer", "environment", "HF_MODEL_REVISION"))
                    .isEqualTo("v1");
            assertThat(HOSTING.named(MODEL, "shared-new-model")
                            .input("primaryContainer", "environment", "HF_MODEL_REVISION"))
                    .isEqualTo("v2");
        }

        @Test
        void a_change_reaches_the_endpoint_in_steps_and_is_taken_back_by_an_alarm() {
            String update = HOSTING.named(ENDPOINT, "shared-endpoint")
                    .input("deploymentConfig")
                    .toString();
            assertThat(update)
                    .contains(
                            "blueGreenUpdatePolicy",
                            "type=CANARY",
                            "type=CAPACITY_PERCENT",
                            "value=50",
                            "alarmName=llm-errors")
                    .doesNotContain("rolling");
            assertThat(HOSTING.named(ENDPOINT, "scaled-endpoint")
                            .input("deploymentConfig")
                            .toString())
                    .contains("rollingUpdatePolicy", "value=50", "waitIntervalInSeconds=120");
            assertThat(HOSTING.named(ENDPOINT, "queued-endpoint").inputs()).doesNotContainKey("deploymentConfig");
        }

        @Test
        void calls_are_captured_where_the_stack_file_says_so_and_nowhere_else() {
            assertThat(HOSTING.named(CONFIGURATION, "shared-configuration")
                            .input("dataCaptureConfig")
                            .toString())
                    .contains("captureMode=Input", "initialSamplingPercentage=10.0", "s3://example-captures/shared/")
                    .doesNotContain("Output");
            assertThat(grants(HOSTING, "shared-execution-capture"))
                    .isEqualTo(Map.of("s3:PutObject", List.of("arn:aws:s3:::example-captures/shared/*")));
            assertThat(HOSTING.all(CONFIGURATION))
                    .filteredOn(each -> each.inputs().containsKey("dataCaptureConfig"))
                    .hasSize(1);
        }

        @Test
        void instances_follow_the_calls_between_limits_that_change_by_the_clock() {
            Declaration target = HOSTING.named("aws:appautoscaling/target:Target", "scaled-scaling-target");
            assertThat(target.input("resourceId")).isEqualTo("endpoint/parkmeter-hosting-scaled/variant/AllTraffic");
            assertThat(target.inputs()).containsEntry("minCapacity", 2.0).containsEntry("maxCapacity", 4.0);
            assertThat(HOSTING.named(POLICY, "scaled-scaling-load")
                            .input("targetTrackingScalingPolicyConfiguration")
                            .toString())
                    .contains(
                            "SageMakerVariantConcurrentRequestsPerModelHighResolution",
                            "targetValue=8.0",
                            "scaleOutCooldown=60",
                            "scaleInCooldown=600");
            assertThat(HOSTING.all("aws:appautoscaling/scheduledAction:ScheduledAction"))
                    .extracting(each -> each.input("schedule"), each -> each.input("timezone"))
                    .containsExactlyInAnyOrder(
                            tuple("cron(0 8 ? * MON-FRI *)", "Europe/London"),
                            tuple("cron(0 20 ? * MON-FRI *)", "Europe/London"));
        }

        @Test
        void an_endpoint_that_takes_jobs_has_no_instance_without_one_and_wakes_for_the_first() {
            assertThat(HOSTING.named("aws:appautoscaling/target:Target", "queued-scaling-target")
                            .inputs())
                    .containsEntry("minCapacity", 0.0)
                    .containsEntry("maxCapacity", 3.0);
            assertThat(HOSTING.named(POLICY, "queued-scaling-load")
                            .input("targetTrackingScalingPolicyConfiguration")
                            .toString())
                    .contains("ApproximateBacklogSizePerInstance", "targetValue=2.0");
            Declaration wake = HOSTING.named(POLICY, "queued-scaling-wake");
            assertThat(wake.input("stepScalingPolicyConfiguration").toString())
                    .contains("adjustmentType=ChangeInCapacity", "scalingAdjustment=1");
            assertThat(HOSTING.named("aws:cloudwatch/metricAlarm:MetricAlarm", "queued-scaling-wake-alarm")
                            .inputs())
                    .containsEntry("metricName", "HasBacklogWithoutCapacity")
                    .containsEntry("dimensions", Map.of("EndpointName", "parkmeter-hosting-queued"))
                    .containsEntry(
                            "alarmActions",
                            List.of("arn:aws:autoscaling:eu-west-2:123456789012:scalingPolicy:" + wake.input("name")));
        }

        @Test
        void jobs_are_kept_under_the_models_own_prefix_and_told_to_its_topics() {
            String jobs = HOSTING.named(CONFIGURATION, "queued-configuration")
                    .input("asyncInferenceConfig")
                    .toString();
            Object bucket = HOSTING.only("aws:s3/bucketV2:BucketV2").input("bucket");
            assertThat(jobs)
                    .contains(
                            "maxConcurrentInvocationsPerInstance=2.0",
                            "s3OutputPath=s3://" + bucket + "/async/queued/out/",
                            "s3FailurePath=s3://" + bucket + "/async/queued/failed/",
                            "successTopic=arn:aws:sns:eu-west-2:123456789012:done",
                            "errorTopic=arn:aws:sns:eu-west-2:123456789012:failed");
            String own = "arn:aws:s3:::" + bucket + "/async/queued/";
            assertThat(grants(HOSTING, "queued-execution-jobs"))
                    .isEqualTo(Map.of(
                            "s3:GetObject", List.of(own + "in/*"),
                            "s3:PutObject", List.of(own + "out/*", own + "failed/*"),
                            "sns:Publish",
                                    List.of(
                                            "arn:aws:sns:eu-west-2:123456789012:done",
                                            "arn:aws:sns:eu-west-2:123456789012:failed")));
        }

        @Test
        void jobs_of_sagemakers_own_need_no_state_machine() {
            assertThat(HOSTING.all("aws:sfn/stateMachine:StateMachine")).isEmpty();
            assertThat(HOSTING.all("aws:lambda/function:Function"))
                    .extracting(Declaration::name)
                    .contains("jobs-function")
                    .doesNotContain("work-function", "queued-invoke-function");
            assertThat(environment(HOSTING, "jobs", "PARKMETER_ASYNC"))
                    .isEqualTo("{\"parkmeter-hosting-queued\":\"async/queued/\"}");
            assertThat(environment(HOSTING, "jobs", "PARKMETER_ENGINES"))
                    .isEqualTo("{\"parkmeter-hosting-queued\":{\"type\":\"llamacpp\"}}");
            assertThat(grants(HOSTING, "jobs-role-calls").get("sagemaker:InvokeEndpointAsync"))
                    .containsExactly("arn:aws:sagemaker:eu-west-2:123456789012:endpoint/parkmeter-hosting-queued");
            assertThat(grants(HOSTING, "jobs-role-calls").keySet()).noneMatch(action -> action.startsWith("states:"));
            JsonNode paths =
                    HOSTING.only("aws:apigateway/restApi:RestApi").json("body").path("paths");
            assertThat(paths.has("/queued/{id}")).isTrue();
            assertThat(paths.has("/startexecution")).isFalse();
        }

        @Test
        void a_serverless_endpoint_has_memory_in_place_of_instances_and_weights_by_their_old_name() {
            List<?> variants = (List<?>)
                    HOSTING.named(CONFIGURATION, "small-configuration").input("productionVariants");
            assertThat(variants.get(0).toString())
                    .contains("memorySizeInMb=2048.0", "maxConcurrency=10.0")
                    .doesNotContain("instanceType", "initialInstanceCount", "containerStartup", "inferenceAmi");
            Declaration model = HOSTING.named(MODEL, "small-model");
            assertThat(model.input("primaryContainer", "modelDataUrl"))
                    .isEqualTo("s3://example-models/small/model.tar.gz");
            assertThat(model.input("primaryContainer", "image"))
                    .isEqualTo(REGISTRY + "llama-cpp:server-sagemaker-cpu-v1");
        }

        @Test
        void a_window_says_how_many_instances_run_in_it_and_the_meter_may_change_them() {
            JsonNode registered = HOSTING.named("aws:lambda/invocation:Invocation", "windows-registration")
                    .json("input");
            assertThat(registered.path("instances").asInt()).isEqualTo(1);
            assertThat(registered.at("/schedule/0/instances").asInt()).isEqualTo(3);
            assertThat(grants(HOSTING, "meter-tick-role-calls"))
                    .containsKey("sagemaker:UpdateEndpointWeightsAndCapacities");
            assertThat(grants(FLAN, "meter-tick-role-calls"))
                    .doesNotContainKey("sagemaker:UpdateEndpointWeightsAndCapacities");
        }

        @Test
        void each_way_of_scaling_is_of_the_endpoints_only_variant_and_none_says_how_many_there_are_now() {
            for (String type : List.of(POLICY, "aws:appautoscaling/scheduledAction:ScheduledAction")) {
                assertThat(HOSTING.all(type)).isNotEmpty().allSatisfy(each -> {
                    assertThat(each.inputs())
                            .containsEntry("serviceNamespace", "sagemaker")
                            .containsEntry("scalableDimension", "sagemaker:variant:DesiredInstanceCount");
                    assertThat(each.input("resourceId").toString())
                            .matches("endpoint/parkmeter-hosting-(scaled|queued)/variant/AllTraffic");
                });
            }
        }

        @Test
        void limits_by_the_clock_are_set_one_after_the_other() {
            Declaration morning =
                    HOSTING.named("aws:appautoscaling/scheduledAction:ScheduledAction", "scaled-scaling-morning");
            assertThat(morning.input("scalableTargetAction")).isEqualTo(Map.of("minCapacity", 2.0, "maxCapacity", 8.0));
            Declaration evening =
                    HOSTING.named("aws:appautoscaling/scheduledAction:ScheduledAction", "scaled-scaling-evening");
            assertThat(evening.input("scalableTargetAction")).isEqualTo(Map.of("minCapacity", 1.0, "maxCapacity", 2.0));
            assertThat(first(evening)).containsExactly("scaled-scaling-morning");
        }

        private List<String> first(Declaration declaration) {
            return Objects.requireNonNull(
                            PulumiTest.extractValue(HOSTING.options(declaration).getDependsOn()))
                    .stream()
                    .map(Resource::pulumiResourceName)
                    .toList();
        }

        @Test
        void an_endpoint_wakes_for_a_job_that_waits_two_minutes_by_one_instance_and_looks_again_after_five() {
            assertThat(HOSTING.named(POLICY, "queued-scaling-wake").input("stepScalingPolicyConfiguration"))
                    .isEqualTo(Map.of(
                            "adjustmentType",
                            "ChangeInCapacity",
                            "metricAggregationType",
                            "Average",
                            "cooldown",
                            300.0,
                            "stepAdjustments",
                            List.of(Map.of("metricIntervalLowerBound", "0", "scalingAdjustment", 1.0))));
            assertThat(HOSTING.named("aws:cloudwatch/metricAlarm:MetricAlarm", "queued-scaling-wake-alarm")
                            .inputs())
                    .containsEntry("namespace", "AWS/SageMaker")
                    .containsEntry("statistic", "Average")
                    .containsEntry("period", 60.0)
                    .containsEntry("evaluationPeriods", 2.0)
                    .containsEntry("datapointsToAlarm", 2.0)
                    .containsEntry("comparisonOperator", "GreaterThanOrEqualToThreshold")
                    .containsEntry("threshold", 1.0)
                    .containsEntry("treatMissingData", "missing");
            assertThat(HOSTING.named(POLICY, "queued-scaling-load")
                            .input("targetTrackingScalingPolicyConfiguration", "customizedMetricSpecification"))
                    .isEqualTo(Map.of(
                            "namespace",
                            "AWS/SageMaker",
                            "metricName",
                            "ApproximateBacklogSizePerInstance",
                            "statistic",
                            "Average",
                            "dimensions",
                            List.of(Map.of("name", "EndpointName", "value", "parkmeter-hosting-queued"))));
            assertThat(HOSTING.all(POLICY))
                    .filteredOn(each -> each.name().endsWith("-wake"))
                    .hasSize(1);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{shift: linear, percent: 30, waitSeconds: 600} | 100",
                    "{shift: canary, percent: 10, waitSeconds: 600} | 80",
                    "{waitSeconds: 600} | 80",
                    "{type: rolling, percent: 50, waitSeconds: 600} | 80",
                })
        void a_change_in_steps_may_take_as_long_as_its_steps_are_watched(String update, int minutes) {
            Declared stack = StackTest.smallest(", hosting: {instances: 4, update: " + update + "}");
            assertThat(stack.options(stack.only(ENDPOINT))
                            .getCustomTimeouts()
                            .orElseThrow()
                            .getUpdate())
                    .contains(Duration.ofMinutes(minutes));
        }

        @Test
        void each_kind_of_step_is_told_in_sagemakers_words() {
            assertThat(deployment("{shift: linear, percent: 30, waitSeconds: 600}"))
                    .isEqualTo(Map.of(
                            "blueGreenUpdatePolicy",
                            Map.of(
                                    "trafficRoutingConfiguration",
                                    Map.of(
                                            "type",
                                            "LINEAR",
                                            "waitIntervalInSeconds",
                                            600.0,
                                            "linearStepSize",
                                            Map.of("type", "CAPACITY_PERCENT", "value", 30.0)))));
            assertThat(deployment("{shift: canary, percent: 30, waitSeconds: 600}"))
                    .isEqualTo(Map.of(
                            "blueGreenUpdatePolicy",
                            Map.of(
                                    "trafficRoutingConfiguration",
                                    Map.of(
                                            "type",
                                            "CANARY",
                                            "waitIntervalInSeconds",
                                            600.0,
                                            "canarySize",
                                            Map.of("type", "CAPACITY_PERCENT", "value", 30.0)))));
        }

        private Object deployment(String update) {
            return StackTest.smallest(", hosting: {instances: 4, update: " + update + "}")
                    .only(ENDPOINT)
                    .input("deploymentConfig");
        }

        @ParameterizedTest
        @CsvSource({"success, successTopic, errorTopic", "error, errorTopic, successTopic"})
        void one_topic_is_enough_and_may_be_published_to_once(String end, String told, String other) {
            String topic = "arn:aws:sns:eu-west-2:123456789012:a";
            Declared one = StackTest.smallest(", hosting: {type: async, notify: {" + end + ": '" + topic + "'}}");
            assertThat(one.only(CONFIGURATION).input("asyncInferenceConfig", "outputConfig", "notificationConfig"))
                    .isEqualTo(Map.of(told, topic))
                    .isNotEqualTo(Map.of(other, topic));
            Declared both = StackTest.smallest(
                    ", hosting: {type: async, notify: {success: '" + topic + "', error: '" + topic + "'}}");
            assertThat(grants(both, "TinyLlama-execution-jobs").get("sns:Publish"))
                    .containsExactly(topic);
        }

        @Test
        void processors_of_another_kind_have_a_model_of_their_own() {
            Declared stack = Declared.of(
                    StackFiles.read(
                            "test",
                            """
                    config:
                      aws:region: eu-west-2
                      parkmeter:models:
                        - name: tiny
                          source: {hub: a/b, file: b.gguf}
                          hosting:
                            instanceType: ml.c7i.xlarge
                            variants: [{name: intel}, {name: arm, instanceType: ml.c7g.xlarge}]
                    """));
            assertThat(stack.all(MODEL))
                    .extracting(Declaration::name, each -> each.input("primaryContainer", "image"))
                    .containsExactlyInAnyOrder(
                            tuple("tiny-model", REGISTRY + "llama-cpp:server-sagemaker-cpu-v1"),
                            tuple("tiny-arm-model", REGISTRY + "llama-cpp-arm64:server-sagemaker-cpu-v1"));
        }

        @Test
        void variants_of_other_weights_may_read_each_their_own() {
            Declared stack = Declared.of(
                    StackFiles.read(
                            "test",
                            """
                    config:
                      aws:region: eu-west-2
                      parkmeter:models:
                        - name: tiny
                          source: {s3: 's3://weights/a/'}
                          hosting:
                            variants:
                              - {name: one, source: {s3: 's3://weights/b/'}}
                              - {name: two, source: {s3: 's3://weights/c/'}}
                    """));
            assertThat(stack.all(MODEL))
                    .extracting(Declaration::name)
                    .containsExactlyInAnyOrder("tiny-one-model", "tiny-two-model");
            assertThat(grants(stack, "tiny-execution-weights-one").get("s3:GetObject"))
                    .containsExactly("arn:aws:s3:::weights/b/*");
            assertThat(grants(stack, "tiny-execution-weights-two").get("s3:GetObject"))
                    .containsExactly("arn:aws:s3:::weights/c/*");
        }

        @Test
        void the_machine_image_of_the_stack_file_goes_before_the_containers() {
            assertThat(StackTest.smallest(", engine: vllm, hosting: {inferenceAmi: al2-ami-sagemaker-inference-gpu-2}")
                            .only(CONFIGURATION)
                            .input("productionVariants", 0, "inferenceAmiVersion"))
                    .isEqualTo("al2-ami-sagemaker-inference-gpu-2");
        }

        @Test
        void answers_are_captured_too_where_nobody_says_which() {
            assertThat(StackTest.smallest(", hosting: {dataCapture: {s3: 's3://captures/a/'}}")
                            .only(CONFIGURATION)
                            .input("dataCaptureConfig"))
                    .isEqualTo(Map.of(
                            "enableCapture",
                            true,
                            "initialSamplingPercentage",
                            100.0,
                            "destinationS3Uri",
                            "s3://captures/a/",
                            "captureOptions",
                            List.of(Map.of("captureMode", "Input"), Map.of("captureMode", "Output"))));
        }

        @Test
        void what_a_container_writes_is_kept_for_two_weeks() {
            assertThat(HOSTING.named("aws:cloudwatch/logGroup:LogGroup", "queued-endpoint-logs")
                            .inputs())
                    .containsEntry("name", "/aws/sagemaker/Endpoints/parkmeter-hosting-queued")
                    .containsEntry("retentionInDays", 14.0);
        }

        @Test
        void the_meter_is_told_no_number_of_instances_of_variants() {
            Declared stack = StackTest.smallest(
                    ", lifecycle: metered, hosting: {variants: [{name: a}, {name: b, instances: 2}]}");
            assertThat(stack.named("aws:lambda/invocation:Invocation", "TinyLlama-registration")
                            .json("input")
                            .has("instances"))
                    .isFalse();
        }

        @Test
        void a_gpu_image_gets_the_machine_image_that_its_cuda_needs() {
            assertThat(HOSTING.named(CONFIGURATION, "scaled-configuration")
                            .input("productionVariants")
                            .toString())
                    .contains("inferenceAmiVersion=al2-ami-sagemaker-inference-gpu-3-1");
            assertThat(HOSTING.named(CONFIGURATION, "windows-configuration")
                            .input("productionVariants")
                            .toString())
                    .doesNotContain("inferenceAmiVersion");
        }
    }

    @Nested
    class A_private_stack {

        @Test
        void has_its_containers_in_the_vpc_with_nothing_in_and_https_out() {
            Declaration group = PRIVATE.named("aws:ec2/securityGroup:SecurityGroup", "network-group-models");
            assertThat(group.inputs()).doesNotContainKey("ingress");
            assertThat(group.input("egress").toString()).contains("fromPort=443.0", "toPort=443.0");
            assertThat(PRIVATE.only(MODEL).input("vpcConfig").toString())
                    .contains("subnet-0a1b2c3d4e5f60718", "subnet-1a2b3c4d5e6f70819", "network-group-models-id");
            assertThat(grants(PRIVATE, "qwen-execution-network").get("ec2:CreateNetworkInterface"))
                    .containsExactly(
                            "arn:aws:ec2:eu-west-2:123456789012:network-interface/*",
                            "arn:aws:ec2:eu-west-2:123456789012:subnet/subnet-0a1b2c3d4e5f60718",
                            "arn:aws:ec2:eu-west-2:123456789012:subnet/subnet-1a2b3c4d5e6f70819",
                            "arn:aws:ec2:eu-west-2:123456789012:security-group/network-group-models-id");
        }

        @Test
        void has_a_way_to_s3_and_one_to_its_api_and_no_other() {
            assertThat(PRIVATE.all("aws:ec2/vpcEndpoint:VpcEndpoint"))
                    .extracting(each -> each.input("serviceName"), each -> each.input("vpcEndpointType"))
                    .containsExactlyInAnyOrder(
                            tuple("com.amazonaws.eu-west-2.s3", "Gateway"),
                            tuple("com.amazonaws.eu-west-2.execute-api", "Interface"));
        }

        @Test
        void has_the_ways_in_the_tables_and_subnets_that_it_names() {
            assertThat(PRIVATE.named("aws:ec2/vpcEndpoint:VpcEndpoint", "network-endpoint-s3")
                            .inputs())
                    .containsEntry("vpcId", "vpc-0a1b2c3d4e5f60718")
                    .containsEntry("routeTableIds", List.of("rtb-0a1b2c3d4e5f60718"));
            assertThat(PRIVATE.named("aws:ec2/vpcEndpoint:VpcEndpoint", "network-endpoint-execute-api")
                            .inputs())
                    .containsEntry("subnetIds", List.of("subnet-0a1b2c3d4e5f60718", "subnet-1a2b3c4d5e6f70819"))
                    .containsEntry("securityGroupIds", List.of("network-group-api-id"))
                    .containsEntry("privateDnsEnabled", false);
            Declaration callers = PRIVATE.named("aws:ec2/securityGroup:SecurityGroup", "network-group-api");
            assertThat(callers.inputs()).doesNotContainKey("egress");
            assertThat(callers.input("ingress"))
                    .isEqualTo(List.of(Map.of(
                            "protocol",
                            "tcp",
                            "fromPort",
                            443.0,
                            "toPort",
                            443.0,
                            "cidrBlocks",
                            List.of("0.0.0.0/0"))));
        }

        @Test
        void lets_sagemaker_keep_its_places_and_look_and_no_more() {
            Map<String, List<String>> grants = grants(PRIVATE, "qwen-execution-network");
            String places = "arn:aws:ec2:eu-west-2:123456789012:network-interface/*";
            for (String action : List.of(
                    "ec2:CreateNetworkInterfacePermission",
                    "ec2:DeleteNetworkInterface",
                    "ec2:DeleteNetworkInterfacePermission")) {
                assertThat(grants.remove(action)).containsExactly(places);
            }
            grants.remove("ec2:CreateNetworkInterface");
            assertThat(grants)
                    .isEqualTo(Map.of(
                            "ec2:DescribeDhcpOptions", List.of("*"),
                            "ec2:DescribeNetworkInterfaces", List.of("*"),
                            "ec2:DescribeSecurityGroups", List.of("*"),
                            "ec2:DescribeSubnets", List.of("*"),
                            "ec2:DescribeVpcs", List.of("*")));
        }

        @Test
        void uses_groups_and_an_endpoint_that_are_there_and_makes_none() {
            Declared stack = in("eu-west-2", ", securityGroups: [sg-0a1b2c3d], apiEndpoint: vpce-0a1b2c3d", "private");
            assertThat(stack.all("aws:ec2/securityGroup:SecurityGroup")).isEmpty();
            assertThat(stack.all("aws:ec2/vpcEndpoint:VpcEndpoint")).isEmpty();
            assertThat(stack.only(MODEL).input("vpcConfig", "securityGroupIds")).isEqualTo(List.of("sg-0a1b2c3d"));
            assertThat(stack.only("aws:apigateway/restApi:RestApi")
                            .input("endpointConfiguration")
                            .toString())
                    .contains("vpce-0a1b2c3d");
            assertThat(grants(stack, "tiny-execution-network").get("ec2:CreateNetworkInterface"))
                    .endsWith("arn:aws:ec2:eu-west-2:123456789012:security-group/sg-0a1b2c3d");
        }

        @Test
        void of_public_models_has_no_group_for_their_containers() {
            Declared stack = in("eu-west-2", "", "public");
            assertThat(stack.all("aws:ec2/securityGroup:SecurityGroup"))
                    .extracting(Declaration::name)
                    .containsExactly("network-group-api");
            assertThat(stack.policies()).doesNotContainKey("tiny-execution-network");
        }

        @Test
        void with_a_public_api_has_no_way_to_it_in_the_vpc() {
            Declared stack = StackTest.smallest(
                    ", network: private",
                    "parkmeter:vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b], internet: true}");
            assertThat(stack.all("aws:ec2/vpcEndpoint:VpcEndpoint")).isEmpty();
            assertThat(stack.only("aws:ec2/securityGroup:SecurityGroup").name()).isEqualTo("network-group-models");
        }

        @Test
        void in_china_has_interfaces_of_another_name_and_gateways_of_the_same() {
            assertThat(in("cn-north-1", ", routeTables: [rtb-0a1b2c3d]", "private")
                            .all("aws:ec2/vpcEndpoint:VpcEndpoint"))
                    .extracting(each -> each.input("serviceName"))
                    .containsExactlyInAnyOrder(
                            "com.amazonaws.cn-north-1.s3", "cn.com.amazonaws.cn-north-1.execute-api");
        }

        private Declared in(String region, String vpc, String network) {
            return Declared.of(StackFiles.read(
                    "test",
                    """
                    config:
                      aws:region: %s
                      parkmeter:vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b]%s}
                      parkmeter:api: {private: true}
                      parkmeter:models: [{name: tiny, source: {s3: 's3://weights/a/'}, network: %s}]
                    """
                            .formatted(region, vpc, network)));
        }

        @Test
        void answers_who_comes_through_its_endpoint_and_nobody_else() {
            Declaration api = PRIVATE.only("aws:apigateway/restApi:RestApi");
            assertThat(api.input("endpointConfiguration").toString())
                    .contains("types=PRIVATE", "network-endpoint-execute-api-id");
            JsonNode policy = api.json("body").path("x-amazon-apigateway-policy");
            assertThat(policy.at("/Statement/0/Effect").asText()).isEqualTo("Allow");
            assertThat(policy.at("/Statement/0/Principal").asText()).isEqualTo("*");
            assertThat(policy.at("/Statement/1/Effect").asText()).isEqualTo("Deny");
            assertThat(policy.at("/Statement/1/Condition/StringNotEquals/aws:SourceVpce")
                            .asText())
                    .isEqualTo("network-endpoint-execute-api-id");
            assertThat(PRIVATE.exported("invokeUrl").toString())
                    .isEqualTo(
                            "https://api-rest-id-network-endpoint-execute-api-id.execute-api.eu-west-2.amazonaws.com/prod/invoke");
        }

        @Test
        void is_the_only_one_with_a_policy_on_its_api() {
            for (Declared stack : List.of(SOURCES, HOSTING, FLAN)) {
                assertThat(stack.only("aws:apigateway/restApi:RestApi")
                                .json("body")
                                .has("x-amazon-apigateway-policy"))
                        .isFalse();
            }
        }
    }

    @Test
    void a_token_of_the_stack_file_stands_in_secrets_manager_for_others_to_use() {
        Declared stack = Declared.of(StackFiles.read(
                "test",
                """
                config:
                  aws:region: eu-west-2
                  parkmeter:huggingFaceToken: hf_secret
                  parkmeter:models: [{name: tiny, source: {hub: a/b}}]
                """,
                "parkmeter:huggingFaceToken"));
        assertThat(stack.only("aws:secretsmanager/secret:Secret").inputs())
                .containsEntry("name", "parkmeter-test-hub-token")
                .containsEntry("recoveryWindowInDays", 0.0);
        assertThat(stack.exported("huggingFaceTokenSecret").toString())
                .isEqualTo("arn:aws:secretsmanager:eu-west-2:123456789012:secret:parkmeter-test-hub-token-a1b2c3");
    }

    @Test
    void a_kept_token_is_read_where_the_stack_file_says_and_told_to_others() {
        String arn = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:hub-a1b2c3";
        Declared stack = StackTest.smallest("", "parkmeter:huggingFaceTokenSecret: '" + arn + "'");
        assertThat(stack.exported("huggingFaceTokenSecret")).isEqualTo(arn);
        assertThat(stack.only(MODEL).input("name"))
                .as("another token is another Model")
                .isNotEqualTo(StackTest.smallest("").only(MODEL).input("name"));
    }

    /** What the stack sets, a person may not set over it: it would be told to nobody which of both holds. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source: {hub: a/b, revision: v2} | engine: {maxInputTokens: 5, maxTotalTokens: 9, quantize: awq, trustRemoteCode: true%s}",
                "source: {hub: a/b} | engine: {dtype: float16%s}",
                "source: {hub: a/b, revision: v2} | engine: {type: vllm, maxTotalTokens: 9, quantize: awq, dtype: float16, trustRemoteCode: true%s}",
                "source: {hub: a/b, file: b.gguf} | engine: {type: llamacpp, maxTotalTokens: 9%s}",
            })
    void no_variable_of_the_stacks_own_may_be_set_over_it(String source, String engine) {
        String yaml =
                "config: {'aws:region': eu-west-2, 'parkmeter:models': [{name: tiny, " + source + ", " + engine + "}]}";
        Object set = Declared.of(StackFiles.read("test", yaml.formatted("")))
                .only(MODEL)
                .input("primaryContainer", "environment");
        assertThat(((Map<?, ?>) set).keySet())
                .filteredOn(name -> !name.toString().endsWith("USAGE_STATS"))
                .isNotEmpty()
                .allSatisfy(name -> assertThatThrownBy(
                                () -> StackFiles.read("test", yaml.formatted(", environment: {" + name + ": x}")))
                        .hasMessageContaining("another key of the model sets it"));
    }

    @Test
    void variants_of_one_source_share_a_model_only_on_as_many_gpus_and_no_two_models_have_one_name() {
        Declared stack = Declared.of(
                StackFiles.read(
                        "test",
                        """
                config:
                  aws:region: eu-west-2
                  parkmeter:models:
                    - name: tiny
                      source: {hub: a/b}
                      hosting:
                        variants:
                          - {name: one}
                          - {name: like, instanceType: ml.g6.xlarge}
                          - {name: four, instanceType: ml.g5.12xlarge}
                          - {name: trial, source: {hub: a/b}, instanceType: ml.g5.48xlarge}
                """));
        assertThat(stack.all(MODEL))
                .extracting(each -> each.input("primaryContainer", "environment", "SM_NUM_GPUS"))
                .containsExactlyInAnyOrder("1", "4", "8");
        assertThat(stack.all(MODEL)).extracting(each -> each.input("name")).doesNotHaveDuplicates();
    }

    @Test
    void variants_of_one_package_have_models_of_other_names_on_other_gpus() {
        Declared stack = Declared.of(
                StackFiles.read(
                        "test",
                        """
                config:
                  aws:region: eu-west-2
                  parkmeter:models:
                    - name: tiny
                      source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}
                      hosting: {variants: [{name: one}, {name: four, instanceType: ml.g5.12xlarge}]}
                """));
        assertThat(stack.all(MODEL))
                .hasSize(2)
                .extracting(each -> each.input("name"))
                .doesNotHaveDuplicates();
    }

    @Test
    void what_ec2_is_told_of_a_group_is_written_as_it_takes_it() {
        assertThat(PRIVATE.all("aws:ec2/securityGroup:SecurityGroup"))
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group.input("description").toString())
                        .matches("[a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}"));
    }

    @Test
    void whoever_may_wake_or_invoke_a_model_may_do_it_to_that_one_alone() {
        for (String model : Set.of("prefix", "archive", "falcon", "gguf")) {
            assertThat(grants(SOURCES, model + "-invoke-role-calls").get("sagemaker:InvokeEndpoint"))
                    .containsExactly("arn:aws:sagemaker:us-east-1:123456789012:endpoint/parkmeter-sources-" + model);
        }
    }
}
