package parkmeter.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.config.ContainerImage;
import parkmeter.config.Engine;
import parkmeter.config.InstanceType;
import parkmeter.config.LockedModel;
import parkmeter.config.S3Location;
import parkmeter.config.Source;

/** Which container serves a source by an engine. */
class ContainerTest {

    private static final Optional<InstanceType> FOUR_GPUS = InstanceType.of("ml.g5.12xlarge");
    private static final Source.S3 WEIGHTS = new Source.S3(new S3Location("weights", "a/"), false);

    private static final Engine.Vllm VLLM = new Engine.Vllm(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, true, Map.of());

    private static Source.Hub hub(Optional<String> file) {
        return new Source.Hub("a/b", Optional.of("v2"), file);
    }

    private static Engine.Tgi tgi(Optional<String> tag, Map<String, String> environment) {
        return new Engine.Tgi(
                tag,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.empty(),
                environment);
    }

    @ParameterizedTest
    @CsvSource({"true, MAX_INPUT_TOKENS", "false, MAX_INPUT_LENGTH"})
    void a_tgi_that_takes_no_chats_knows_the_longest_prompt_by_its_older_name(boolean chats, String variable) {
        var limited = new Engine.Tgi(
                Optional.empty(),
                Optional.of(1024),
                Optional.of(2048),
                Optional.empty(),
                Optional.empty(),
                false,
                chats,
                Optional.empty(),
                Map.of());
        assertThat(Container.of(hub(Optional.empty()), limited, FOUR_GPUS).environment())
                .containsEntry(variable, "1024")
                .containsEntry("MAX_TOTAL_TOKENS", "2048")
                .doesNotContainKey(chats ? "MAX_INPUT_LENGTH" : "MAX_INPUT_TOKENS");
    }

    @Test
    void vllm_is_told_of_everything_by_its_own_variables() {
        var all = new Engine.Vllm(
                Optional.of("server-sagemaker-cuda-v1.2"),
                Optional.of(4096),
                Optional.of("awq"),
                Optional.of("float16"),
                true,
                true,
                Map.of("SM_VLLM_MAX_NUM_SEQS", "8"));
        Container container = Container.of(hub(Optional.empty()), all, FOUR_GPUS);
        assertThat(container.image()).isEqualTo(new Container.Image.OfAws("vllm", "server-sagemaker-cuda-v1.2"));
        assertThat(container.environment())
                .isEqualTo(Map.of(
                        "SM_VLLM_MODEL", "a/b",
                        "SM_VLLM_REVISION", "v2",
                        "SM_VLLM_TENSOR_PARALLEL_SIZE", "4",
                        "SM_VLLM_MAX_MODEL_LEN", "4096",
                        "SM_VLLM_QUANTIZATION", "awq",
                        "SM_VLLM_DTYPE", "float16",
                        "SM_VLLM_TRUST_REMOTE_CODE", "true",
                        "SM_VLLM_MAX_NUM_SEQS", "8",
                        "VLLM_NO_USAGE_STATS", "1"));
        assertThat(container.downloads()).isTrue();
    }

    @Test
    void vllm_finds_weights_of_a_bucket_by_itself_in_an_image_of_cuda_12() {
        Container container = Container.of(WEIGHTS, VLLM, FOUR_GPUS);
        assertThat(container.image()).isEqualTo(new Container.Image.OfAws("vllm", "server-sagemaker-cuda-v1.4"));
        assertThat(container.image().inferenceAmi()).contains("al2-ami-sagemaker-inference-gpu-3-1");
        assertThat(container.environment())
                .isEqualTo(Map.of("SM_VLLM_TENSOR_PARALLEL_SIZE", "4", "VLLM_NO_USAGE_STATS", "1"));
        assertThat(container.downloads()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ml.g5.xlarge, llama-cpp, server-sagemaker-cuda-v1, 999",
        "ml.c7i.xlarge, llama-cpp, server-sagemaker-cpu-v1,",
        "ml.c7g.xlarge, llama-cpp-arm64, server-sagemaker-cpu-v1,",
    })
    void llama_cpp_has_the_image_of_its_processors_and_all_layers_on_a_gpu(
            String type, String repository, String tag, String layers) {
        Container container = Container.of(
                hub(Optional.of("b.gguf")),
                new Engine.Llamacpp(Optional.empty(), Optional.of(4096), Map.of()),
                InstanceType.of(type));
        assertThat(container.image()).isEqualTo(new Container.Image.OfAws(repository, tag));
        assertThat(Optional.ofNullable(container.environment().get("SM_LLAMA_CPP_N_GPU_LAYERS")))
                .isEqualTo(Optional.ofNullable(layers));
        assertThat(container.environment())
                .containsEntry("SM_LLAMA_CPP_HF_REPO", "a/b")
                .containsEntry("SM_LLAMA_CPP_HF_FILE", "b.gguf")
                .containsEntry("SM_LLAMA_CPP_CTX_SIZE", "4096");
    }

    @Test
    void a_tag_of_the_stack_file_is_any_engines() {
        Optional<String> tag = Optional.of("mine");
        assertThat(Container.of(WEIGHTS, new Engine.Llamacpp(tag, Optional.empty(), Map.of()), FOUR_GPUS)
                        .image())
                .isEqualTo(new Container.Image.OfAws("llama-cpp", "mine"));
        assertThat(Container.of(WEIGHTS, tgi(tag, Map.of()), FOUR_GPUS).image())
                .isEqualTo(new Container.Image.OfAws(Engine.Tgi.REPOSITORY, "mine"));
    }

    @Test
    void who_wants_starts_to_be_reported_says_so() {
        assertThat(Container.of(WEIGHTS, tgi(Optional.empty(), Map.of("USAGE_STATS", "on")), FOUR_GPUS)
                        .environment())
                .containsEntry("USAGE_STATS", "on");
        assertThat(Container.of(WEIGHTS, tgi(Optional.empty(), Map.of()), FOUR_GPUS)
                        .environment())
                .containsEntry("USAGE_STATS", "off");
    }

    @ParameterizedTest
    @CsvSource({
        "s3://cache/a.tar.gz, S3Object, Gzip, true, true, true",
        "s3://cache/a/, S3Prefix, None, false, false, false",
    })
    void a_locked_model_is_unpacked_and_accepted_as_its_lock_says(
            String uri, String type, String compression, boolean gated, boolean gzip, boolean acceptEula) {
        var locked = new LockedModel(
                new LockedModel.Key("a", "1.0.0", "us-east-1", "ml.g5.12xlarge", Optional.empty()),
                new LockedModel.Container(
                        new ContainerImage("1.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.33.0-lmi15.0.0-cu129"),
                        Optional.of(new LockedModel.Artifact(uri, type, compression)),
                        Map.of("A", "lock", "B", "lock")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                gated);
        var over = new Engine.Vllm(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Map.of("B", "stack file"));
        Container container = Container.of(new Source.JumpStart("a", "1.0.0", locked), over, FOUR_GPUS);
        assertThat(container.weights())
                .contains(new Container.Weights(
                        new S3Location("cache", uri.substring("s3://cache/".length())), gzip, acceptEula));
        assertThat(container.environment()).isEqualTo(Map.of("A", "lock", "B", "stack file"));
        assertThat(container.image().inferenceAmi()).contains("al2-ami-sagemaker-inference-gpu-3-1");
    }

    @Test
    void a_models_name_has_another_hash_in_another_repository_of_the_same_tag() {
        assertThat(new Container.Image.OfAws("vllm", "v1").content())
                .isNotEqualTo(new Container.Image.OfAws("llama-cpp", "v1").content());
    }
}
