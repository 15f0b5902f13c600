package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.config.StackFiles;

/**
 * A Model and an EndpointConfiguration can't be changed, only replaced, and the new one stands before the old one goes: whatever differs
 * in them is a difference in their names.
 */
class ReplacementTest {

    private static final String VPC =
            "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b], securityGroups: [sg-0a1b2c3d]}";

    private static List<Object> names(String kind, String model, String vpc) {
        String yaml = "config:\n  aws:region: eu-west-2\n  parkmeter:models: [{name: tiny, " + model + "}]\n"
                + (model.contains("network: private") ? "  parkmeter:vpc: " + vpc + "\n" : "");
        return Declared.of(StackFiles.read("test", yaml)).all("aws:sagemaker/" + kind).stream()
                .map(each -> each.input("name"))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source: {s3: 's3://weights/a/'} | source: {s3: 's3://weights/b/'}",
                "source: {s3: 's3://weights/a/'} | source: {s3: 's3://weights/a/', acceptEula: true}",
                "source: {s3: 's3://weights/a/'} | source: {s3: 's3://weights/a/'}, network: isolated",
                "source: {s3: 's3://weights/a/'} | source: {s3: 's3://weights/a/'}, network: private",
                "source: {s3: 's3://weights/a/'} | source: {s3: 's3://weights/a/'}, engine: {tag: 2.7.0-tgi3.3.7-gpu-py311-cu124-ubuntu22.04}",
                "source: {hub: a/b} | source: {hub: a/b, revision: v2}",
            })
    void another_model_has_another_name_and_its_configuration_too(String before, String after) {
        for (String kind : List.of("model:Model", "endpointConfiguration:EndpointConfiguration")) {
            assertThat(names(kind, after, VPC)).hasSize(1).doesNotContainAnyElementsOf(names(kind, before, VPC));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subnet-4e5f6a7b | subnet-4e5f6a7c",
                "sg-0a1b2c3d | sg-0a1b2c3e",
            })
    void a_model_in_another_part_of_the_vpc_has_another_name(String here, String there) {
        String model = "source: {s3: 's3://weights/a/'}, network: private";
        assertThat(names("model:Model", model, VPC.replace(here, there)))
                .doesNotContainAnyElementsOf(names("model:Model", model, VPC));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hosting: {modelDownloadSeconds: 60} | hosting: {}",
                "hosting: {inferenceAmi: al2-ami-sagemaker-inference-gpu-2} | hosting: {}",
                "hosting: {variants: [{name: a}]} | hosting: {variants: [{name: b}]}",
                "hosting: {variants: [{name: a, weight: 2}, {name: b}]} | hosting: {variants: [{name: a}, {name: b}]}",
                "hosting: {variants: [{name: a, weight: 2}, {name: b}]} | hosting: {variants: [{name: a}, {name: b, weight: 2}]}",
                "hosting: {type: async} | hosting: {type: async, maxConcurrency: 5}",
                "hosting: {type: async} | hosting: {type: async, notify: {success: 'arn:aws:sns:eu-west-2:123456789012:a'}}",
                "hosting: {type: async} | hosting: {type: async, notify: {error: 'arn:aws:sns:eu-west-2:123456789012:a'}}",
                "hosting: {} | hosting: {dataCapture: {s3: 's3://captures/a/'}}",
                "hosting: {dataCapture: {s3: 's3://captures/a/'}} | hosting: {dataCapture: {s3: 's3://captures/a/', percent: 5}}",
            })
    void another_configuration_of_the_same_model_has_another_name(String before, String after) {
        String model = "source: {hub: a/b}, ";
        String kind = "endpointConfiguration:EndpointConfiguration";
        assertThat(names(kind, model + after, VPC)).doesNotContainAnyElementsOf(names(kind, model + before, VPC));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source: {hub: a/b, file: b.gguf}, hosting: {instanceType: ml.c7i.xlarge | , volumeGigabytes: 50",
                "source: {s3: 's3://weights/a.tar.gz', sizeMegabytes: 900}, engine: llamacpp, hosting: {type: serverless | , memoryMegabytes: 3072",
                "source: {s3: 's3://weights/a.tar.gz', sizeMegabytes: 900}, engine: llamacpp, hosting: {type: serverless | , maxConcurrency: 5",
            })
    void so_has_another_one_without_a_gpu(String model, String more) {
        String kind = "endpointConfiguration:EndpointConfiguration";
        assertThat(names(kind, model + more + "}", VPC)).doesNotContainAnyElementsOf(names(kind, model + "}", VPC));
    }

    @Test
    void a_serverless_one_of_another_model_has_another_name() {
        String kind = "endpointConfiguration:EndpointConfiguration";
        String model =
                "source: {s3: 's3://weights/a.tar.gz', sizeMegabytes: 900}, engine: llamacpp, hosting: serverless";
        assertThat(names(kind, model.replace("a.tar", "b.tar"), VPC))
                .doesNotContainAnyElementsOf(names(kind, model, VPC));
    }
}
