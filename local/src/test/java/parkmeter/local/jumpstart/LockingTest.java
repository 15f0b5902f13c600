package parkmeter.local.jumpstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.engine.ApiKeys;
import parkmeter.local.engine.Engine;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Program;
import parkmeter.local.engine.ProgramFailed;
import parkmeter.local.engine.Stack;

/** {@code make lock} against documents of every shape that the hub has, behind the AWS SDK's own client. */
class LockingTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static final String TGI =
            "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference:2.4.0-tgi2.4.0-gpu-py311-cu124-ubuntu22.04";
    private static final String LMI =
            "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.31.0-lmi13.0.0-cu124";

    private static final String PLAIN =
            """
            {"HostingEcrUri": "%s", "HostingArtifactUri": "s3://jumpstart-cache-prod-us-east-1/plain/v1/",
             "SupportedInferenceInstanceTypes": ["ml.g5.xlarge", "ml.g6.xlarge"], "DefaultInferenceInstanceType": "ml.g6.xlarge",
             "InferenceEnvironmentVariables": [{"Name": "HF_MODEL_ID", "Default": "/opt/ml/model", "RequiredForModelClass": true}]}
            """
                    .formatted(TGI);

    private final StubHub hub;
    private final Path folder;

    LockingTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        hub = StubHub.withSamples();
        Files.writeString(folder.resolve("Pulumi.yaml"), "name: parkmeter\nruntime: java\n");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private void stack(String name, String region, String models) throws IOException {
        Files.writeString(
                folder.resolve("Pulumi." + name + ".yaml"),
                "config:\n  aws:region: " + region + "\n  parkmeter:models:\n" + models.indent(4));
    }

    /** A model of the stack file. */
    private static String model(String id, String version, String more, String hosting) {
        return "- {name: m, source: {jumpStart: {id: " + id + ", version: '" + version + "'" + more + "}}, hosting: {"
                + hosting + "}}\n";
    }

    private List<String> lock(String stack, String day) throws Exception {
        Clock clock = Clock.fixed(Instant.parse(day + "T23:00:00Z"), ZoneOffset.UTC);
        return new Locking(hub.hub(), clock).lock(Stack.read(folder, stack));
    }

    private List<String> lock(String models) throws Exception {
        stack("dev", "us-east-1", models);
        return lock("dev", "2026-11-26");
    }

    /** The only entry that is locked for a version 1.0.0 that the document describes, on an instance type. */
    private JsonNode entry(String document, String type, String more) throws Exception {
        hub.put("us-east-1", "it", "1.0.0", document);
        lock(model("it", "1.0.0", more, "instanceType: " + type));
        JsonNode models = locked().path("models");
        assertThat(models).hasSize(1);
        return models.get(0);
    }

    private JsonNode locked() throws IOException {
        return JSON.readTree(folder.resolve("parkmeter.lock.json").toFile());
    }

    private String refusal(String models) {
        String text = Objects.requireNonNull(catchThrowableOfType(CannotLock.class, () -> lock(models)))
                .getMessage();
        assertThat(folder.resolve("parkmeter.lock.json")).doesNotExist();
        return Objects.requireNonNull(text);
    }

    /** What runs the program that reads the lock. */
    private static Engine program() throws ProgramFailed {
        Path built = PROJECT.resolve("target");
        return new Engine(
                Program.built("parkmeter.App", built.resolve("classes"), built.resolve("classpath.txt")),
                ApiKeys.MASKED,
                Duration.ofSeconds(60));
    }

    /** The end of a refusal: one problem, as a text block without its margin. */
    private static String problem(String text) {
        return "\n\n" + text.indent(2).stripTrailing();
    }

    private String refusal(String document, String type, String more) {
        hub.put("us-east-1", "it", "1.0.0", document);
        return refusal(model("it", "1.0.0", more, "instanceType: " + type));
    }

    @Test
    void falcon_is_locked_as_aws_publishes_it() throws Exception {
        assertThat(lock(model(StubHub.FALCON, "2.3.22", "", "instanceType: ml.g5.12xlarge")))
                .containsExactly(
                        "huggingface-llm-falcon-40b-instruct-bf16 2.3.22 in us-east-1 on ml.g5.12xlarge:"
                                + " huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04",
                        "Written to parkmeter.lock.json: commit it.");

        assertThat(Files.readString(folder.resolve("parkmeter.lock.json")))
                .startsWith(
                        """
                        {
                          "version": 1,
                          "models": [
                            {
                              "id": "huggingface-llm-falcon-40b-instruct-bf16",
                              "version": "2.3.22",
                              "region": "us-east-1",
                              "instanceType": "ml.g5.12xlarge",
                              "image": "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04",
                              "artifact": {
                                "uri": "s3://jumpstart-cache-prod-us-east-1/huggingface-llm/huggingface-llm-falcon-40b-instruct-bf16/artifacts/inference-prepack/v1.0.1/",
                                "type": "S3Prefix",
                                "compression": "None"
                              },
                              "environment": {
                                "ENDPOINT_SERVER_TIMEOUT": "3600",
                                "HF_MODEL_ID": "/opt/ml/model",
                                "MAX_BATCH_PREFILL_TOKENS": "2048",
                                "MAX_BATCH_TOTAL_TOKENS": "2048",
                                "MAX_INPUT_LENGTH": "1024",
                                "MAX_TOTAL_TOKENS": "2048",
                                "MODEL_CACHE_ROOT": "/opt/ml/model",
                                "SAGEMAKER_ENV": "1",
                                "SAGEMAKER_MODEL_SERVER_WORKERS": "1",
                                "SAGEMAKER_PROGRAM": "inference.py",
                                "SM_NUM_GPUS": "4"
                              },
                              "networkIsolation": false,
                              "gated": false,
                              "documentSha256": "\
                        """);
    }

    @Test
    void what_the_hub_writes_in_snake_case_is_read_too() throws Exception {
        lock(model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.8xlarge"));

        JsonNode flan = locked().path("models").get(0);
        assertThat(flan.path("image").asText()).isEqualTo(TGI);
        assertThat(flan.path("environment").path("SM_NUM_GPUS").asText()).isEqualTo("1");
        assertThat(flan.path("environment").path("HF_MODEL_ID").asText()).isEqualTo("/opt/ml/model");
    }

    @ParameterizedTest
    @CsvSource({
        "ml.g5.48xlarge, type:1, family, 8, type",
        "ml.g5.xlarge,   fam:1,  family, 4, family",
        "ml.g6.xlarge,   ecr:1,  model,  4, model",
    })
    void the_instance_type_goes_before_its_family_and_the_family_before_the_model(
            String type, String image, String order, String gpus, String word) throws Exception {
        JsonNode entry = entry(
                """
                {"HostingEcrUri": "ecr:1",
                 "InferenceEnvironmentVariables": [
                   {"Name": "SM_NUM_GPUS", "Default": "4", "RequiredForModelClass": true}, {"Name": "WORD", "Default": "model", "RequiredForModelClass": true}, {"Name": "EMPTY", "Default": "", "RequiredForModelClass": true},
                   {"Name": "NONE", "RequiredForModelClass": true}, {"Name": "NULL", "Default": null, "RequiredForModelClass": true}, {"Name": "OLDER", "DefaultValue": "1", "RequiredForModelClass": true},
                   {"Name": "SAGEMAKER_SUBMIT_DIRECTORY", "Default": "/opt/ml/model/code", "RequiredForModelClass": false},
                   {"Name": "SAGEMAKER_CONTAINER_LOG_LEVEL", "Default": "20"}],
                 "HostingInstanceTypeVariants": {
                   "Aliases": {"f": "fam:1", "t": "type:1"},
                   "Variants": {
                     "g5": {"Properties": {"ImageUri": "$f", "EnvironmentVariables": {"WORD": "family"}}},
                     "ml.g5.48xlarge": {"Properties": {"ImageUri": "$t",
                       "EnvironmentVariables": {"SM_NUM_GPUS": "8", "WORD": "type"}}}}},
                 "UnknownKey": {"Deep": [1, {"Er": null}]}}
                """,
                type,
                "");

        assertThat(entry.path("image").asText()).isEqualTo(image);
        assertThat(entry.path("environment"))
                .isEqualTo(JSON.valueToTree(Map.of("SM_NUM_GPUS", gpus, "WORD", word, "OLDER", "1")));
        assertThat(entry.has("artifact")).isFalse();
    }

    @Test
    void the_artifact_is_the_packed_one_where_there_is_one() throws Exception {
        String document =
                """
                {"HostingEcrUri": "ecr:1", "HostingArtifactUri": "s3://cache/plain/infer.tar.gz", "HostingUseScriptUri": true,
                 "HostingScriptUri": "s3://cache/script.tar.gz", "HostingPrepackedArtifactUri": "s3://cache/packed/v1/",
                 "HostingInstanceTypeVariants": {"Variants": {
                   "ml.g5.xlarge": {"properties": {"prepacked_artifact_key": "neuron/v2/"}}}}}
                """;
        assertThat(entry(document, "ml.g5.xlarge", "")
                        .path("artifact")
                        .path("uri")
                        .asText())
                .isEqualTo("s3://cache/neuron/v2/");
        Files.delete(folder.resolve("parkmeter.lock.json"));
        assertThat(entry(document, "ml.g6.xlarge", "")
                        .path("artifact")
                        .path("uri")
                        .asText())
                .isEqualTo("s3://cache/packed/v1/");
    }

    @ParameterizedTest
    @CsvSource({
        "s3://cache/v1/, , , s3://cache/v1/, S3Prefix, None",
        "s3://cache/infer.tar.gz, , , s3://cache/infer.tar.gz, S3Object, Gzip",
        "s3://cache/model.gguf, , , s3://cache/model.gguf, S3Object, None",
        "s3://cache/model.gguf, S3Object, Gzip, s3://cache/model.gguf, S3Object, Gzip",
        "s3://cache/v1, S3Prefix, None, s3://cache/v1/, S3Prefix, None",
        "s3://cache/v1/, S3Object, Gzip, s3://cache/v1/, S3Prefix, None",
        "s3://cache/infer.tar.gz, S3Prefix, Gzip, s3://cache/infer.tar.gz, S3Object, Gzip",
    })
    void an_artifact_is_what_the_hub_says_as_far_as_its_name_fits_and_a_prefix_ends_with_a_slash(
            String uri, String saidType, String saidCompression, String written, String type, String compression)
            throws Exception {
        JsonNode artifact = entry(
                        JSON.writeValueAsString(JSON.createObjectNode()
                                .put("HostingEcrUri", "ecr:1")
                                .put("HostingArtifactUri", uri)
                                .put("HostingArtifactS3DataType", saidType)
                                .put("HostingArtifactCompressionType", saidCompression)),
                        "ml.g5.xlarge",
                        "")
                .path("artifact");

        assertThat(artifact.path("uri").asText()).isEqualTo(written);
        assertThat(artifact.path("type").asText()).isEqualTo(type);
        assertThat(artifact.path("compression").asText()).isEqualTo(compression);
    }

    @ParameterizedTest
    @CsvSource({
        "ml.g4dn.xlarge, 0",
        "ml.g5.xlarge, 0",
        "ml.g6.xlarge, 0",
        "ml.g6e.xlarge, 0",
        "ml.p4d.24xlarge, 0",
        "ml.p4de.24xlarge, 0",
        "ml.p5.48xlarge, 0",
        "ml.p5e.48xlarge, 0",
        "ml.p5en.48xlarge, 0",
        "ml.c7i.xlarge, 256",
        "ml.m5.xlarge, 256",
    })
    void time_outs_isolation_image_version_and_volume_are_the_models_where_the_type_takes_them(String type, int volume)
            throws Exception {
        JsonNode entry = entry(
                """
                {"HostingEcrUri": "ecr:1", "ContainerStartupHealthCheckTimeout": 1200, "ModelDataDownloadTimeout": "1800",
                 "InferenceVolumeSize": 256, "InferenceEnableNetworkIsolation": true,
                 "InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2"}
                """,
                type,
                "");

        assertThat(entry.path("startupHealthCheckSeconds").asInt()).isEqualTo(1200);
        assertThat(entry.path("modelDownloadSeconds").asInt()).isEqualTo(1800);
        assertThat(entry.path("volumeGigabytes").asInt()).isEqualTo(volume);
        assertThat(entry.path("networkIsolation").asBoolean()).isTrue();
        assertThat(entry.path("inferenceAmi").asText()).isEqualTo("al2-ami-sagemaker-inference-gpu-2");
    }

    /** Two configs, and a third of which the ranking does not know. */
    private static final String CONFIGS =
            """
            {"HostingArtifactUri": "s3://cache/base/v1/", "GatedBucket": false,
             "SupportedInferenceInstanceTypes": ["ml.g5.xlarge"],
             "InferenceEnvironmentVariables": [{"Name": "BASE", "Default": "1", "RequiredForModelClass": true}],
             "HostingInstanceTypeVariants": {"Variants": {"g5": {"Properties": {"EnvironmentVariables": {"KEPT": "1"}}}}},
             "InferenceConfigs": {
               "tgi": {"ComponentNames": ["tgi"]},
               "lmi": {"ComponentNames": ["lmi", "big"]},
               "draft": {"ComponentNames": ["tgi", "draft"]}},
             "InferenceConfigComponents": {
               "tgi": {"ComponentName": "tgi", "HostingEcrUri": "%s", "GatedBucket": true},
               "lmi": {"HostingEcrUri": "%s", "SupportedInferenceInstanceTypes": ["ml.g5.xlarge", "ml.g6.xlarge"],
                 "HostingInstanceTypeVariants": {"Variants": {"g5": {"Properties": {"EnvironmentVariables": {"OPTION_A": "2"}}}}}},
               "big": {"InferenceEnvironmentVariables": [{"Name": "BIG", "Default": "yes", "RequiredForModelClass": true}]},
               "draft": {"HostingAdditionalDataSources": {"speculative_decoding": [{"channel_name": "draft_model",
                 "s3_data_source": {"s3_uri": "draft/v1/"}}]}}},
             "InferenceConfigRankings": {"overall": {"Description": "all", "Rankings": ["%s"]}}}
            """;

    private static String configs(String ranking) {
        return CONFIGS.formatted(TGI, LMI, ranking);
    }

    @Test
    void the_config_that_the_model_ranks_first_lies_over_the_rest() throws Exception {
        hub.put("us-east-1", "it", "1.0.0", configs("lmi\", \"tgi"));
        assertThat(lock(model("it", "1.0.0", "", "instanceType: ml.g5.xlarge")))
                .contains("it 1.0.0 in us-east-1 on ml.g5.xlarge, config lmi: djl-inference:0.31.0-lmi13.0.0-cu124");

        JsonNode entry = locked().path("models").get(0);
        assertThat(entry.path("environment"))
                .isEqualTo(JSON.valueToTree(Map.of("BIG", "yes", "KEPT", "1", "OPTION_A", "2")));
        assertThat(entry.path("artifact").path("uri").asText()).isEqualTo("s3://cache/base/v1/");
        assertThat(entry.has("config")).as("none was asked for").isFalse();
        assertThat(entry.path("resolvedConfig").asText()).isEqualTo("lmi");
        assertThat(entry.path("gated").asBoolean()).isFalse();
    }

    @Test
    void a_config_that_does_not_know_the_instance_type_is_passed_over() throws Exception {
        assertThat(entry(configs("tgi\", \"lmi"), "ml.g6.xlarge", "")
                        .path("image")
                        .asText())
                .isEqualTo(LMI);
    }

    @ParameterizedTest
    @CsvSource({"ml.g5.xlarge, " + TGI, "ml.g6.xlarge, " + LMI})
    void a_ranking_of_the_instance_type_s_own_goes_before_the_one_of_all(String type, String image) throws Exception {
        String document = configs("lmi\", \"tgi")
                .replace(
                        "\"Description\": \"all\"",
                        "\"Description\": \"all\", \"InstanceTypeOverrides\": {\"ml.g5.xlarge\": [\"tgi\"]}");
        assertThat(entry(document, type, "").path("image").asText()).isEqualTo(image);
    }

    @Test
    void a_config_that_is_asked_for_is_part_of_the_key() throws Exception {
        JsonNode entry = entry(configs("lmi"), "ml.g5.xlarge", ", config: tgi");

        assertThat(entry.path("image").asText()).isEqualTo(TGI);
        assertThat(entry.path("config").asText()).isEqualTo("tgi");
        assertThat(entry.path("gated").asBoolean())
                .as("the bucket is the model's, not a component's")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ml.g5.xlarge, arn:type", "ml.g5.2xlarge, arn:family", "ml.g6.xlarge, arn:model"})
    void a_package_has_no_image_no_weights_and_no_environment_and_runs_alone(String type, String arn) throws Exception {
        hub.put(
                "us-east-1",
                "it",
                "1.0.0",
                """
                {"HostingEcrUri": "ecr:1", "HostingArtifactUri": "s3://cache/v1/", "HostingModelPackageArn": "arn:model",
                 "InferenceEnvironmentVariables": [{"Name": "A", "Default": "1", "RequiredForModelClass": true}], "ModelSubscriptionLink": "https://aws.amazon.com/mp/1",
                 "HostingInstanceTypeVariants": {"Variants": {"g5": {"Properties": {"ModelPackageArn": "arn:family"}},
                   "ml.g5.xlarge": {"Properties": {"ModelPackageArn": "arn:type"}}}}}
                """);
        assertThat(lock(model("it", "1.0.0", "", "instanceType: " + type)))
                .contains(
                        "it 1.0.0 in us-east-1 on " + type + ": a model package",
                        "  It is a product of the Marketplace: subscribe first, at https://aws.amazon.com/mp/1");

        JsonNode entry = locked().path("models").get(0);
        assertThat(entry.path("modelPackage").asText()).isEqualTo(arn);
        assertThat(entry.has("image")).isFalse();
        assertThat(entry.has("artifact")).isFalse();
        assertThat(entry.path("environment")).isEmpty();
        assertThat(entry.path("environment").isObject()).isTrue();
        assertThat(entry.path("networkIsolation").asBoolean()).isTrue();
    }

    private static final String GATED =
            """
            {"HostingEcrUri": "ecr:1", "GatedBucket": true,
             "HostingArtifactUri": "s3://jumpstart-private-cache-prod-us-east-1/llama/v2.0.0/",
             "HostingEulaUri": "s3://jumpstart-cache-prod-us-east-1/fmhMetadata/eula/llama3_1Eula.txt"}
            """;

    @Test
    void a_gated_model_is_locked_with_the_day_on_which_its_licence_was_accepted_first() throws Exception {
        hub.put("us-east-1", "it", "1.0.0", GATED);
        stack("dev", "us-east-1", model("it", "1.0.0", ", acceptEula: true", "instanceType: ml.g5.xlarge"));
        lock("dev", "2026-11-26");
        String first = Files.readString(folder.resolve("parkmeter.lock.json"));
        lock("dev", "2027-01-01");

        assertThat(Files.readString(folder.resolve("parkmeter.lock.json"))).isEqualTo(first);
        JsonNode entry = locked().path("models").get(0);
        assertThat(entry.path("gated").asBoolean()).isTrue();
        assertThat(entry.path("eula").path("accepted").asText()).isEqualTo("2026-11-26");
        assertThat(entry.path("eula").path("uri").asText())
                .isEqualTo("s3://jumpstart-cache-prod-us-east-1/fmhMetadata/eula/llama3_1Eula.txt");
    }

    @Test
    void a_gated_model_whose_licence_has_no_address_is_deployed_by_the_lock_that_was_written() throws Exception {
        hub.put(
                "us-east-1",
                "it",
                "1.0.0",
                GATED.replaceFirst(",\\s+\"HostingEulaUri\": \"[^\"]+\"", "").replace("ecr:1", TGI));
        stack("dev", "us-east-1", model("it", "1.0.0", ", acceptEula: true", "instanceType: ml.g5.xlarge"));
        lock("dev", "2026-11-26");
        lock("dev", "2027-01-01");

        assertThat(locked().path("models").get(0).path("eula"))
                .isEqualTo(JSON.valueToTree(Map.of("accepted", "2026-11-26")));
        Plan plan = program().preview(Stack.read(folder, "dev"));
        assertThat(plan.ofType("aws:sagemaker/model:Model").get(0).inputs().toString())
                .contains("s3://jumpstart-private-cache-prod-us-east-1/llama/v2.0.0/", "\"acceptEula\":true");
    }

    @Test
    void a_licence_that_nobody_accepted_is_refused_with_where_to_read_it() {
        assertThat(refusal(GATED, "ml.g5.xlarge", ""))
                .isEqualTo(
                        """
                        The JumpStart models of stack 'dev' have a problem; parkmeter.lock.json is as it was.

                          parkmeter:models[0].source.jumpStart.acceptEula
                            is missing: the model is had only by who accepts its licence, https://jumpstart-cache-prod-us-east-1.s3.us-east-1.amazonaws.com/fmhMetadata/eula/llama3_1Eula.txt
                            read it, then pulumi config set --path 'parkmeter:models[0].source.jumpStart.acceptEula' true --stack dev""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2.3.1 | must be a version of it: 2.3.22, 2.3.9, 2.0.0, 10.0.0, 1.0.0  | 2.3.22",
                "2.9.0 | must be a version of it: 2.3.22, 2.3.9, 2.0.0, 10.0.0, 1.0.0  | 2.3.22",
                "4.0.0 | must be a version of it: 10.0.0, 2.3.22, 2.3.9, 2.0.0, 1.0.0  | 10.0.0",
                "1.*   | must be a version of it: 1.0.0, 10.0.0, 2.3.22, 2.3.9, 2.0.0  | 1.0.0",
                "''    | is missing: it must be a version of it: 10.0.0, 2.3.22, 2.3.9, 2.0.0, 1.0.0 | 10.0.0",
            })
    void an_unknown_version_is_refused_with_the_nearest_and_the_newest(String version, String rule, String nearest) {
        for (String known : List.of("1.0.0", "10.0.0", "2.3.9", "2.3.22", "2.0.0")) {
            hub.put("us-east-1", "it", known, PLAIN);
        }
        String value = version.isEmpty() ? "" : " = " + version;
        assertThat(refusal(model("it", version, "", "instanceType: ml.g5.xlarge")))
                .endsWith("\n\n  parkmeter:models[0].source.jumpStart.version" + value + "\n    " + rule
                        + "\n    pulumi config set --path 'parkmeter:models[0].source.jumpStart.version' " + nearest
                        + " --stack dev");
    }

    @Test
    void an_unknown_model_is_refused_with_the_command_that_lists_them() {
        assertThat(refusal(model("falcon", "1.0.0", "", "instanceType: ml.g5.xlarge")))
                .endsWith(
                        problem(
                                """
                          parkmeter:models[0].source.jumpStart.id = falcon
                            must be a model of SageMaker's public hub
                            aws sagemaker list-hub-contents --hub-name SageMakerPublicHub --hub-content-type Model --region us-east-1 --name-contains falcon lists those it has"""));
    }

    @Test
    void a_region_without_the_model_is_refused_with_one_that_has_it() throws Exception {
        hub.put("us-east-1", "it", "1.0.0", PLAIN);
        stack("dev", "eu-west-2", model("it", "1.0.0", "", "instanceType: ml.g5.xlarge"));

        assertThat(catchThrowableOfType(CannotLock.class, () -> lock("dev", "2026-11-26")))
                .hasMessageEndingWith(
                        problem(
                                """
                          aws:region = eu-west-2
                            must be a region whose hub has it: this one has not, us-east-1 has
                            pulumi config set aws:region us-east-1 --stack dev, or another model in parkmeter:models[0].source.jumpStart"""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "instanceType: ml.p5.48xlarge | ' = ml.p5.48xlarge' | must be one that it 1.0.0 runs on: ml.g5.xlarge, ml.g6.xlarge",
                "instances: 1 | '' | is missing: image and settings of a JumpStart model depend on it; it runs on ml.g5.xlarge, ml.g6.xlarge",
            })
    void an_instance_type_that_does_not_fit_is_refused_with_those_that_do(String hosting, String value, String rule) {
        hub.put("us-east-1", "it", "1.0.0", PLAIN);
        assertThat(refusal(model("it", "1.0.0", "", hosting)))
                .endsWith(
                        "  parkmeter:models[0].hosting.instanceType" + value + "\n    " + rule
                                + "\n    pulumi config set --path 'parkmeter:models[0].hosting.instanceType' ml.g6.xlarge --stack dev");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"HostingInstanceTypeVariants\": {\"Variants\": {\"g5\": {\"Properties\": {\"ImageUri\": \"$x\"}}}}} | it says '$x' and not what that is",
                "{} | it names none",
            })
    void an_instance_type_without_an_image_is_refused(String document, String what) {
        assertThat(refusal(document, "ml.g5.xlarge", ""))
                .contains(
                        "  parkmeter:models[0].hosting.instanceType = ml.g5.xlarge\n    must be one for which the hub names an image: "
                                + what + "\n    take another instance type");
    }

    @Test
    void a_draft_for_speculative_decoding_is_refused_with_the_config_that_has_none() {
        assertThat(refusal(configs("draft\", \"tgi"), "ml.g5.xlarge", ""))
                .endsWith(
                        problem(
                                """
                          parkmeter:models[0].source.jumpStart = it
                            must be a model whose weights are in one place: its config draft brings a second one, such as a draft for speculative decoding, and Pulumi's AWS provider has no additionalModelDataSources
                            pulumi config set --path 'parkmeter:models[0].source.jumpStart.config' tgi --stack dev"""));
    }

    @Test
    void weights_by_way_of_a_private_hub_are_refused() {
        assertThat(refusal(
                        """
                                {"HostingEcrUri": "ecr:1", "ModelDataSource": {"S3DataSource": {"HubAccessConfig": {"HubContentArn": "arn:x"}}}}
                                """,
                        "ml.g5.xlarge",
                        ""))
                .contains("must be a model of the public hub", "no hubAccessConfig");
    }

    /** A config that needs a newer machine image than another, and both have an image. */
    private static final String NEW_MACHINE =
            """
            {"SupportedInferenceInstanceTypes": ["ml.g5.xlarge"],
             "InferenceConfigs": {"new": {"ComponentNames": ["new"]}, "newer": {"ComponentNames": ["newer"]}%s},
             "InferenceConfigComponents": {
               "new": {"HostingEcrUri": "ecr:1", "InferenceAmiVersion": "al2023-ami-sagemaker-inference-gpu-4-1"},
               "newer": {"HostingEcrUri": "ecr:2", "InferenceAmiVersion": "al2023-ami-sagemaker-inference-gpu-5-1"},
               "old": {"HostingEcrUri": "ecr:3", "InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-3-1"}},
             "InferenceConfigRankings": {"overall": {"Rankings": ["new", "newer", "old"]}}}
            """;

    @Test
    void a_machine_image_that_the_provider_does_not_know_is_refused_with_the_config_that_needs_none_such() {
        assertThat(refusal(NEW_MACHINE.formatted(", \"old\": {\"ComponentNames\": [\"old\"]}"), "ml.g5.xlarge", ""))
                .endsWith(
                        problem(
                                """
                          parkmeter:models[0].source.jumpStart = it
                            must be a version whose container runs on a machine image that Pulumi's AWS provider knows (al2-ami-sagemaker-inference-gpu-2, al2-ami-sagemaker-inference-gpu-2-1, al2-ami-sagemaker-inference-gpu-3-1): its config new needs al2023-ami-sagemaker-inference-gpu-4-1
                            pulumi config set --path 'parkmeter:models[0].source.jumpStart.config' old --stack dev"""));
    }

    @Test
    void where_every_config_needs_such_a_machine_image_another_version_has_to_be_taken() {
        assertThat(refusal(NEW_MACHINE.formatted(""), "ml.g5.xlarge", ", config: newer"))
                .endsWith(": its config newer needs al2023-ami-sagemaker-inference-gpu-5-1\n"
                        + "    take another version or another model");
    }

    @Test
    void a_machine_image_of_the_stack_file_goes_before_the_hubs_for_variants_too() throws Exception {
        hub.put("us-east-1", "it", "1.0.0", NEW_MACHINE.formatted(""));
        lock(model(
                "it",
                "1.0.0",
                "",
                "instanceType: ml.g5.xlarge, inferenceAmi: al2-ami-sagemaker-inference-gpu-3-1, variants: [{name: a, source:"
                        + " {jumpStart: {id: it, version: 1.0.0, config: newer}}, instanceType: ml.g5.xlarge}]"));

        assertThat(locked().path("models").valueStream().map(entry -> entry.path("inferenceAmi")
                        .asText()))
                .containsExactly("al2023-ami-sagemaker-inference-gpu-4-1", "al2023-ami-sagemaker-inference-gpu-5-1");
    }

    @Test
    void the_machine_images_are_those_that_the_program_takes() throws Exception {
        stack("dev", "us-east-1", "- {name: m, source: {hub: a/b}, hosting: {inferenceAmi: none}}\n");
        Stack stack = Stack.read(folder, "dev");

        assertThat(catchThrowableOfType(ProgramFailed.class, () -> program().preview(stack)))
                .hasMessageContaining("must be one of " + String.join(", ", Resolver.MACHINE_IMAGES) + "\n");
    }

    @Test
    void code_in_an_archive_of_its_own_is_refused() {
        assertThat(refusal(
                        """
                                {"HostingEcrUri": "ecr:1", "HostingArtifactUri": "s3://cache/infer.tar.gz",
                                 "HostingUseScriptUri": true, "HostingScriptUri": "s3://cache/script.tar.gz"}
                                """,
                        "ml.g5.xlarge",
                        ""))
                .contains("must be a model whose code lies beside its weights");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lmx | must be one of the model's inference configs: lmi, draft, tgi | set --path 'parkmeter:models[0].source.jumpStart.config' lmi",
            })
    void an_unknown_config_is_refused_with_those_there_are(String config, String rule, String mend) {
        assertThat(refusal(configs("lmi"), "ml.g5.xlarge", ", config: " + config))
                .contains("  parkmeter:models[0].source.jumpStart.config = " + config + "\n    " + rule
                        + "\n    pulumi config " + mend);
    }

    @Test
    void a_config_of_a_model_without_any_is_refused() {
        assertThat(refusal(PLAIN, "ml.g5.xlarge", ", config: lmi"))
                .endsWith("must not be set: this version of the model has no inference configs\n"
                        + "    pulumi config rm --path 'parkmeter:models[0].source.jumpStart.config' --stack dev");
    }

    @Test
    void all_problems_of_all_models_and_variants_are_told_at_once_and_nothing_is_written() {
        hub.put("us-east-1", "it", "1.0.0", PLAIN);
        assertThat(
                        refusal(
                                model("it", "1.0.0", ", config: a", "instanceType: ml.p5.48xlarge")
                                        + model(
                                                StubHub.FLAN,
                                                "2.2.16",
                                                "",
                                                "instanceType: ml.g5.12xlarge, variants: [{name: a, instanceType: ml.x.y}, {name: b, source: {jumpStart: {id: other, version: 1.0.0}}}]")))
                .startsWith("The JumpStart models of stack 'dev' have 4 problems;")
                .contains(
                        "parkmeter:models[0].source.jumpStart.config = a\n",
                        "parkmeter:models[0].hosting.instanceType = ml.p5.48xlarge\n",
                        "parkmeter:models[1].hosting.variants[0].instanceType = ml.x.y\n",
                        "parkmeter:models[1].hosting.variants[1].source.jumpStart.id = other\n");
    }

    @Test
    void every_variants_own_type_and_source_is_locked() throws Exception {
        hub.put("us-east-1", "it", "1.0.0", PLAIN);
        lock(model(
                "it",
                "1.0.0",
                "",
                "instanceType: ml.g5.xlarge, variants: [{name: a}, {name: b, instanceType: ml.g6.xlarge},"
                        + " {name: c, instanceType: ml.g5.8xlarge, source: {jumpStart: {id: " + StubHub.FLAN
                        + ", version: 2.2.16}}}, {name: d, source: {hub: a/b}}]"));

        assertThat(locked().path("models")
                        .valueStream()
                        .map(entry -> entry.path("id").asText() + " "
                                + entry.path("instanceType").asText()))
                .containsExactly(StubHub.FLAN + " ml.g5.8xlarge", "it ml.g5.xlarge", "it ml.g6.xlarge");
    }

    @Test
    void entries_of_other_stacks_stay_and_the_order_is_always_the_same() throws Exception {
        lock(model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.12xlarge"));
        stack("prod", "us-east-1", model(StubHub.FALCON, "2.3.22", "", "instanceType: ml.g5.12xlarge"));
        lock("prod", "2026-11-26");
        String both = Files.readString(folder.resolve("parkmeter.lock.json"));
        lock("dev", "2026-11-26");

        assertThat(Files.readString(folder.resolve("parkmeter.lock.json"))).isEqualTo(both);
        assertThat(locked().path("models").valueStream().map(entry -> entry.path("id")
                        .asText()))
                .containsExactly(StubHub.FALCON, StubHub.FLAN);
    }

    @Test
    void the_sample_stacks_models_are_committed_as_their_documents_have_them() throws Exception {
        lock(model(StubHub.FALCON, "2.3.22", "", "instanceType: ml.g5.12xlarge")
                + model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.12xlarge")
                + model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.8xlarge"));
        JsonNode committed =
                JSON.readTree(PROJECT.resolve("parkmeter.lock.json").toFile()).path("models");

        assertThat(locked().path("models")).hasSize(3).allSatisfy(sample -> assertThat(committed)
                .anySatisfy(entry -> {
                    for (String part : List.of("id", "version", "region", "instanceType", "image", "artifact")) {
                        assertThat(entry.path(part)).isEqualTo(sample.path(part));
                    }
                }));
    }

    @Test
    void a_stack_without_such_a_model_asks_nobody() throws Exception {
        assertThat(lock("- {name: m, source: {hub: a/b}}\n"))
                .containsExactly("Stack 'dev' has no model of JumpStart: there is nothing to lock.");
        assertThat(hub.asked()).isEmpty();
        assertThat(folder.resolve("parkmeter.lock.json")).doesNotExist();
    }

    @Test
    void a_model_without_an_id_and_a_stack_without_a_region_are_told_before_anybody_is_asked() throws Exception {
        stack("dev", "nowhere", "- {name: m, source: {jumpStart: {version: 1.0.0}}}\n");

        assertThat(catchThrowableOfType(CannotLock.class, () -> lock("dev", "2026-11-26")))
                .hasMessageContaining(
                        "parkmeter:models[0].source.jumpStart.id\n    is missing: it must be a JumpStart model's id")
                .hasMessageContaining("aws:region = nowhere\n    must be the AWS region");
        assertThat(hub.asked()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'{', no JSON",
        "'{}', 'no list of models, in version 1'",
        "'{\"version\": 1, \"models\": [3]}', an entry without an id"
    })
    void a_damaged_lock_is_not_written_over(String text, String what) throws Exception {
        Files.writeString(folder.resolve("parkmeter.lock.json"), text);

        assertThat(catchThrowableOfType(
                        CannotLock.class,
                        () -> lock(model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.12xlarge"))))
                .hasMessage(
                        "parkmeter.lock.json is damaged: " + what
                                + ". Take it back with git checkout -- parkmeter.lock.json, or delete it and lock each stack again.");
        assertThat(Files.readString(folder.resolve("parkmeter.lock.json"))).isEqualTo(text);
    }

    @Test
    void a_version_that_is_not_recommended_any_more_is_locked_and_told() throws Exception {
        hub.supports("Deprecated");
        assertThat(lock(model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.12xlarge")))
                .contains("  AWS does not recommend this version any more.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AccessDeniedException | The credentials may not ask the hub. Their policy needs this statement:",
                "ExpiredTokenException | AWS does not take the credentials (ExpiredTokenException): sign in again (aws sso login)",
                "ValidationException   | SageMaker in us-east-1 answered ValidationException: try again in a minute.",
            })
    void what_sagemaker_refuses_is_one_sentence_without_its_words(String code, String start) {
        hub.refuse(code);
        assertThat(refusal(model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.12xlarge")))
                .startsWith(start)
                .doesNotContain("123456789012");
    }

    @Test
    void a_hub_that_cannot_be_reached_is_one_sentence() throws Exception {
        URI nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
        stack("dev", "us-east-1", model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.12xlarge"));
        var locking = new Locking(new PublicHub(region -> StubHub.client(region, nobody)), Clock.systemUTC());

        assertThat(catchThrowableOfType(CannotLock.class, () -> locking.lock(Stack.read(folder, "dev"))))
                .hasMessageStartingWith("SageMaker in us-east-1 can't be reached: ConnectException")
                .hasMessageContaining("aws:region");
    }

    @Test
    void without_credentials_there_is_one_sentence_that_says_how_to_get_some() throws Exception {
        stack("dev", "us-east-1", model(StubHub.FLAN, "2.2.16", "", "instanceType: ml.g5.12xlarge"));
        var locking = new Locking(PublicHub.of(Optional.of("no-such-profile")), Clock.systemUTC());

        assertThat(catchThrowableOfType(CannotLock.class, () -> locking.lock(Stack.read(folder, "dev"))))
                .hasMessageStartingWith("There are no AWS credentials");
    }

    /** The policy that docs/operations.md gives for it, the one that the command itself names, and what it calls are the same. */
    @Test
    void the_policy_in_the_documents_allows_what_is_called_and_no_more() throws Exception {
        hub.put("us-east-1", "it", "1.0.0", PLAIN);
        refusal(model("it", "1.0.1", "", "instanceType: ml.g5.xlarge"));
        Matcher block = Pattern.compile("<!-- policy: lock -->\\s+```json\\R(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PROJECT.resolve("docs/operations.md")));
        assertThat(block.find()).isTrue();
        JsonNode statement = JSON.readTree(block.group(1)).path("Statement").get(0);

        assertThat(statement).isEqualTo(JSON.readTree(PublicHub.STATEMENT));
        assertThat(statement.path("Action").valueStream().map(action -> action.asText()
                        .replace("sagemaker:", "")))
                .hasSameElementsAs(new TreeSet<>(hub.asked()));
    }
}
