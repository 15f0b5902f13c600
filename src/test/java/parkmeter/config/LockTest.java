package parkmeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program finds in parkmeter.lock.json, and what it says where it finds nothing. */
class LockTest {

    private static final String IMAGE =
            "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04";

    private static final LockedModel.Key FALCON =
            new LockedModel.Key("falcon", "2.3.22", "us-east-1", "ml.g5.12xlarge", Optional.empty());

    private static final String ENTRY =
            """
            {"id": "falcon", "version": "2.3.22", "region": "us-east-1", "instanceType": "ml.g5.12xlarge",
             "image": "%s",
             "artifact": {"uri": "s3://weights/falcon/v1/", "type": "S3Prefix", "compression": "None"},
             "environment": {"SM_NUM_GPUS": "4"}, "startupHealthCheckSeconds": 900, "volumeGigabytes": 256,
             "networkIsolation": true, "gated": false, "documentSha256": "0a"}
            """
                    .formatted(IMAGE);

    private static final String PACKAGE =
            """
            {"id": "bought", "version": "1.0.0", "region": "us-east-1", "instanceType": "ml.g5.xlarge", "config": "fast",
             "modelPackage": "arn:aws:sagemaker:us-east-1:865070037744:model-package/bought", "environment": {},
             "networkIsolation": true, "eula": {"uri": "s3://public/eula.txt", "accepted": "2026-11-26"}, "gated": true,
             "documentSha256": "0a"}
            """;

    private static Lock lock(String... entries) {
        return Lock.of("{\"version\": 1, \"models\": [" + String.join(",", entries) + "]}");
    }

    private static NotLocked refusal(Lock lock, LockedModel.Key wanted) {
        return Objects.requireNonNull(catchThrowableOfType(NotLocked.class, () -> lock.find(wanted, "dev")));
    }

    @Test
    void an_entry_says_what_is_deployed() throws NotLocked {
        assertThat(lock(PACKAGE, ENTRY).find(FALCON, "dev"))
                .isEqualTo(new LockedModel(
                        FALCON,
                        new LockedModel.Container(
                                new ContainerImage(IMAGE),
                                Optional.of(new LockedModel.Artifact("s3://weights/falcon/v1/", "S3Prefix", "None")),
                                Map.of("SM_NUM_GPUS", "4")),
                        Optional.of(900),
                        Optional.empty(),
                        Optional.of(256),
                        true,
                        Optional.empty(),
                        false));
    }

    @Test
    void a_package_has_neither_an_image_nor_an_environment() throws NotLocked {
        LockedModel bought = lock(ENTRY, PACKAGE)
                .find(new LockedModel.Key("bought", "1.0.0", "us-east-1", "ml.g5.xlarge", Optional.of("fast")), "dev");

        assertThat(bought.runs())
                .isEqualTo(
                        new LockedModel.ModelPackage("arn:aws:sagemaker:us-east-1:865070037744:model-package/bought"));
        assertThat(bought.gated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"environment\": {\"A\": \"b\"}",
                "\"environment\": {}, \"artifact\": {\"uri\": \"s3://a/b/\", \"type\": \"S3Prefix\", \"compression\": \"None\"}",
            })
    void a_package_with_either_is_damage(String more) {
        assertThat(refusal(lock(PACKAGE.replace("\"environment\": {}", more)), FALCON)
                        .rule())
                .endsWith("models[0] must have no 'artifact' and no 'environment' beside 'modelPackage'");
    }

    @ParameterizedTest
    @CsvSource({
        "huggingface-llm-falcon-40b-instruct-bf16, 2.3.22, ml.g5.12xlarge, false",
        "huggingface-text2text-flan-t5-xxl, 2.2.16, ml.g5.12xlarge, true",
        "huggingface-text2text-flan-t5-xxl, 2.2.16, ml.g5.8xlarge, true",
    })
    void the_committed_lock_has_the_sample_stacks_models(String id, String version, String type, boolean takesChat)
            throws NotLocked {
        LockedModel locked = Lock.read(Path.of(""))
                .find(new LockedModel.Key(id, version, "us-east-1", type, Optional.empty()), "dev");

        assertThat(locked.runs()).isInstanceOfSatisfying(LockedModel.Container.class, container -> assertThat(
                        container.image().tgiVersion().map(ContainerImage.TgiVersion::takesChat))
                .contains(takesChat));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "flan   | 2.3.22 | us-east-1 | ml.g5.12xlarge |      | must be in parkmeter.lock.json, which has no model 'flan'",
                "falcon | 2.3.23 | us-east-1 | ml.g5.12xlarge |      | must be in parkmeter.lock.json for version 2.3.23: it is there only for 2.3.22",
                "falcon | 2.3.22 | eu-west-2 | ml.g5.12xlarge |      | must be in parkmeter.lock.json for region eu-west-2: it is there only for us-east-1",
                "falcon | 2.3.22 | us-east-1 | ml.g5.xlarge   |      | must be in parkmeter.lock.json for instance type ml.g5.xlarge: it is there only for ml.g5.12xlarge",
                "falcon | 2.3.22 | us-east-1 | ml.g5.12xlarge | lmi  | must be in parkmeter.lock.json for config lmi: it is there only for the first by the model's own ranking",
            })
    void a_model_that_is_locked_for_something_else_is_refused_with_the_command_that_mends_it(
            String id, String version, String region, String type, String config, String rule) {
        NotLocked refusal = refusal(
                lock(ENTRY, PACKAGE), new LockedModel.Key(id, version, region, type, Optional.ofNullable(config)));

        assertThat(refusal.rule()).isEqualTo(rule);
        assertThat(refusal.mend()).isEqualTo("make lock STACK=dev");
    }

    @Test
    void a_gated_model_may_have_a_licence_without_an_address() throws NotLocked {
        String gated = ENTRY.replace("\"gated\": false", "\"gated\": true, \"eula\": {\"accepted\": \"2026-11-26\"}");

        assertThat(lock(gated).find(FALCON, "dev").gated()).isTrue();
    }

    @Test
    void a_missing_lock_is_refused_only_when_a_model_is_looked_for(@TempDir Path folder) {
        NotLocked refusal = refusal(Lock.read(folder), FALCON);

        assertThat(refusal.rule()).isEqualTo("must be in parkmeter.lock.json, and there is no such file");
        assertThat(refusal.mend()).isEqualTo("make lock STACK=dev");
    }

    @Test
    void the_lock_is_read_from_the_projects_folder(@TempDir Path folder) throws IOException, NotLocked {
        Files.writeString(folder.resolve("parkmeter.lock.json"), "{\"version\": 1, \"models\": [" + ENTRY + "]}");

        assertThat(Lock.read(folder).find(FALCON, "dev").key()).isEqualTo(FALCON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"version\": \"2.3.22\", '    | ''                             | 'models[0].version is missing'",
                "'\"networkIsolation\": true, ' | ''                             | 'models[0].networkIsolation must be true or false'",
                "'900'                          | '\"900\"'                      | 'models[0].startupHealthCheckSeconds must be a whole number from 1'",
                "'900'                          | '0'                            | 'models[0].startupHealthCheckSeconds must be a whole number from 1'",
                "'\"4\"'                        | '4'                            | 'models[0].environment must be texts by their names'",
                "'{\"SM_NUM_GPUS\": \"4\"}'     | '[]'                           | 'models[0].environment must be texts by their names'",
                "'\"image\"'                    | '\"imag\"'                     | 'models[0] must have either ''image'' or ''modelPackage'''",
                "'\"image\"'                    | '\"modelPackage\"'             | 'models[0] must have no ''artifact'' and no ''environment'' beside ''modelPackage'''",
                "'\"volumeGigabytes\"'          | '\"volume\"'                   | 'models[0].volume is no key that exists here'",
                "'s3://weights/falcon/v1/'      | 'weights'                      | 'models[0].artifact.uri must be s3://bucket/key'",
                "'falcon/v1/'                   | 'falcon/v1'                    | 'models[0].artifact.uri must end with a slash where it is an S3Prefix, and with none where it is an S3Object'",
                "'S3Prefix'                     | 'S3Object'                     | 'models[0].artifact.uri must end with a slash where it is an S3Prefix, and with none where it is an S3Object'",
                "'\"None\"'                     | '\"Zip\"'                      | 'models[0].artifact must be an S3Prefix or an S3Object, and compressed by None or Gzip'",
                "'\"gated\": false'             | '\"gated\": true'              | 'models[0] must have ''eula'', since it is gated'",
                "'\"image\"' | '\"modelPackage\": \"arn\", \"image\"' | 'models[0] must have either ''image'' or ''modelPackage'''",
                "'\"gated\": false' | '\"gated\": true, \"eula\": {}' | 'models[0].eula.accepted is missing'",
                "'\"gated\": false' | '\"gated\": true, \"eula\": {\"accepted\": \"2026-11-26\", \"by\": \"me\"}' | 'models[0].eula.by is no key that exists here'",
                "'\"gated\": false' | '\"gated\": true, \"eula\": {\"accepted\": \"2026-11-26\", \"uri\": 3}' | 'models[0].eula.uri must be a text'",
                "', \"documentSha256\": \"0a\"' | '' | 'models[0].documentSha256 is missing'",
                "'\"type\": \"S3Prefix\"' | '\"type\": \"S3Prefix\", \"etag\": \"0a\"' | 'models[0].artifact.etag is no key that exists here'",
                "'falcon/v1/' | '' | 'models[0].artifact.uri must be s3://bucket/key'",
                "'\"None\"' | '\"Gzip\"' | 'models[0].artifact must be an S3Prefix or an S3Object, and compressed by None or Gzip'",
                "'\"2.3.22\"' | '2' | 'models[0].version must be a text'",
                "'\"2.3.22\"' | '\"\"' | 'models[0].version must be a text'",
            })
    void a_damaged_entry_is_refused_with_its_place(String good, String bad, String what) {
        assertThat(ENTRY).contains(good);

        NotLocked refusal = refusal(lock(ENTRY.replace(good, bad)), FALCON);

        assertThat(refusal.rule()).isEqualTo("must be in parkmeter.lock.json, which is damaged: " + what);
        assertThat(refusal.mend())
                .isEqualTo("git checkout -- parkmeter.lock.json, or delete it; then make lock STACK=dev");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"version\": 1,'                  | it is no JSON",
                "'<<<<<<< HEAD'                      | it is no JSON",
                "''                                  | its 'version' must be 1",
                "'{\"version\": 2, \"models\": []}'  | its 'version' must be 1",
                "'{\"version\": 1}'                  | its 'models' must be a list",
            })
    void a_damaged_lock_is_refused(String text, String what) {
        assertThat(refusal(Lock.of(text), FALCON).rule())
                .isEqualTo("must be in parkmeter.lock.json, which is damaged: " + what.replace("''", "'"));
    }

    @ParameterizedTest
    @CsvSource({
        "huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04, tgi, 1.4, false",
        "huggingface-pytorch-tgi-inference:2.3.0-tgi2.3.1-gpu-py311-cu124-ubuntu22.04, tgi, 2.3, false",
        "huggingface-pytorch-tgi-inference:2.4.0-tgi2.4.0-gpu-py311-cu124-ubuntu22.04, tgi, 2.4, true",
        "huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04, tgi, 3.3, true",
        "huggingface-pytorch-tgi-inference@sha256:0a, tgi, , ",
        "vllm:server-sagemaker-cuda-v2.5, vllm, , ",
        "huggingface-vllm:0.30.0-transformers5.15.0-gpu-py312-cu130-ubuntu24.04, vllm, , ",
        "djl-inference:0.31.0-lmi13.0.0-cu124, vllm, , ",
        "llama-cpp:server-sagemaker-cpu-v1, llamacpp, , ",
        "llama-cpp-arm64:server-sagemaker-cpu-v1, llamacpp, , ",
        "pytorch-inference:2.0.0-tgi1.4, , , ",
    })
    void the_engine_and_its_version_are_told_by_the_image(
            String image, String engine, String version, Boolean takesChat) {
        var known = new ContainerImage("763104351884.dkr.ecr.us-east-1.amazonaws.com/" + image);

        assertThat(known.engine().map(ContainerImage.EngineType::word)).isEqualTo(Optional.ofNullable(engine));
        assertThat(known.tgiVersion().map(tgi -> tgi.major() + "." + tgi.minor()))
                .isEqualTo(Optional.ofNullable(version));
        assertThat(known.tgiVersion().map(ContainerImage.TgiVersion::takesChat))
                .isEqualTo(Optional.ofNullable(takesChat));
    }
}
