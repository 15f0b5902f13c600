package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
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
