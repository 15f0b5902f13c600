package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import parkmeter.local.aws.EndpointConfig;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.lambda.FunctionSpec;

class ModelContainersTest {
    private static final String TGI = "'1.dkr.ecr.eu-west-2.amazonaws.com/huggingface-pytorch-tgi-inference:%s'";

    private final List<Registration> resources = new ArrayList<>();
    private final List<FunctionSpec> functions = new ArrayList<>();

    @Test
    void the_images_tag_comes_before_what_a_function_expects() {
        model("m", "{'image': " + TGI.formatted("2.1.1-tgi1.4.0-gpu") + ", 'environment': {'HF_MODEL_ID': 'a/b'}}");
        configuration("c", "{'modelName': 'm', 'instanceType': 'ml.g5.xlarge'}", "");
        function(Map.of("PARKMETER_ENDPOINT", "e", "PARKMETER_ENGINE", "{\"type\": \"vllm\"}"));
        var container = containers().container("e", "c", "AllTraffic");
        assertThat(container.format().text()).isEqualTo("tgi1.4.0");
        assertThat(container.modelId()).isEqualTo("a/b");
        assertThat(containers().id("e", "c")).isEqualTo("a/b");
    }

    @Test
    void without_an_image_the_functions_say_what_it_speaks() {
        function(Map.of("PARKMETER_ENDPOINT", "e", "PARKMETER_ENGINE", "{\"type\": \"vllm\"}"));
        function(Map.of(
                "PARKMETER_ENGINES",
                "{\"old\": {\"type\": \"tgi\", \"inputs\": \"{prompt}\"}, \"small\": {\"type\": \"llamacpp\"}}"));
        assertThat(format("e")).isEqualTo("vllm");
        assertThat(format("old")).isEqualTo("tgi2.3.1");
        assertThat(format("small")).isEqualTo("llamacpp");
        assertThat(format("unheard-of")).isEqualTo("tgi3.3.6");
        assertThat(containers().id("e", "theirs")).isEqualTo("theirs");
    }

    @Test
    void vllm_answers_by_the_folder_of_weights_that_come_from_s3() {
        model(
                "m",
                "{'image': 'r/vllm:v2.5.1', 'environment': {},"
                        + " 'modelDataSource': {'s3DataSource': {'s3Uri': 's3://b/m/'}}}");
        model("n", "{'image': 'r/llama-cpp:v1', 'environment': {}, 'modelDataUrl': 's3://b/n.tar.gz'}");
        configuration("c", "{'modelName': 'm', 'instanceType': 'ml.g5.xlarge'}", "");
        configuration("d", "{'modelName': 'n', 'serverlessConfig': {'memorySizeInMb': 2048}}", "");
        assertThat(containers().container("e", "c", "AllTraffic").modelId()).isEqualTo("/opt/ml/model");
        assertThat(containers().id("e", "c")).isEqualTo("s3://b/m/");
        assertThat(containers().id("e", "d")).isEqualTo("s3://b/n.tar.gz");
        assertThat(containers().configurations().values().stream()
                        .filter(EndpointConfig::serverless)
                        .map(EndpointConfig::name))
                .containsExactly("d");
    }

    @Test
    void variants_and_where_answers_go_are_the_configurations() {
        model("m", "{'modelPackageName': 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/bought'}");
        configuration(
                "c",
                "{'variantName': 'a', 'modelName': 'm', 'instanceType': 'ml.g5.xlarge', 'initialInstanceCount': 2,"
                        + " 'initialVariantWeight': 3}, {'variantName': 'b', 'modelName': 'm',"
                        + " 'instanceType': 'ml.g6.xlarge'}",
                ", 'asyncInferenceConfig': {'clientConfig': {'maxConcurrentInvocationsPerInstance': 4},"
                        + " 'outputConfig': {'s3OutputPath': 's3://b/out/', 's3FailurePath': 's3://b/failed/',"
                        + " 'notificationConfig': {'errorTopic': 'arn:topic'}}}");
        assertThat(containers().configurations().get("c"))
                .isEqualTo(new EndpointConfig(
                        "c",
                        List.of(
                                new EndpointConfig.Variant("a", Optional.of("ml.g5.xlarge"), 2, 3),
                                new EndpointConfig.Variant("b", Optional.of("ml.g6.xlarge"), 1, 1)),
                        Optional.of(new EndpointConfig.Async(
                                "s3://b/out/",
                                Optional.of("s3://b/failed/"),
                                Optional.empty(),
                                Optional.of("arn:topic"),
                                4))));
        assertThat(containers().id("e", "c")).isEqualTo("bought");
    }

    @Test
    void the_window_is_the_longest_of_those_that_can_be_served() {
        model(
                "m",
                "{'image': " + TGI.formatted("2.7.0-tgi3.3.6-gpu") + ", 'environment': {'MAX_TOTAL_TOKENS': '300'}}");
        model("n", "{'image': 'r/vllm:v2.5.1', 'environment': {'SM_VLLM_MAX_MODEL_LEN': '700'}}");
        model("o", "{'image': 'r/vllm:v2.5.1', 'environment': {'SM_VLLM_MAX_MODEL_LEN': 'none'}}");
        for (String each : List.of("m", "n", "o")) {
            configuration(each, "{'modelName': '" + each + "', 'instanceType': 'ml.g5.xlarge'}", "");
        }
        assertThat(containers().window(List.of(deployed("m"), deployed("n"), deployed("o"))))
                .isEqualTo(700);
        assertThat(containers().window(List.of(deployed("m")))).isEqualTo(300);
    }

    private static Deployment.Model deployed(String configuration) {
        return new Deployment.Model("e", configuration, "id", true, false);
    }

    private String format(String endpoint) {
        return containers().container(endpoint, "theirs", "AllTraffic").format().text();
    }

    private ModelContainers containers() {
        return ModelContainers.of(new Plan("p", "s", resources, List.of(), List.of()), functions);
    }

    private void function(Map<String, String> environment) {
        functions.add(new FunctionSpec(
                "f",
                "arn:function:f",
                "a.B::c",
                "java21",
                Path.of("f.zip"),
                512,
                Duration.ofSeconds(3),
                environment,
                OptionalInt.empty()));
    }

    private void model(String name, String container) {
        declare("aws:sagemaker/model:Model", "{'name': '" + name + "', 'primaryContainer': " + container + "}");
    }

    private void configuration(String name, String variants, String more) {
        declare(
                "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
                "{'name': '" + name + "', 'productionVariants': [" + variants + "]" + more + "}");
    }

    private void declare(String type, String properties) {
        ObjectNode inputs = (ObjectNode) Deployment.json(properties.replace('\'', '"'));
        String name = "resource" + resources.size();
        resources.add(new Registration(
                "urn:pulumi:s::p::" + type + "::" + name,
                type,
                name,
                Optional.empty(),
                Optional.empty(),
                true,
                List.of(),
                Map.of(),
                inputs,
                inputs,
                Set.of(),
                Deployment.json("{}")));
    }
}
