package parkmeter.local.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireFormatTest {
    @ParameterizedTest
    @CsvSource({
        "1.dkr.ecr.eu-west-2.amazonaws.com/huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04,tgi1.4.0",
        "huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04,tgi3.3.6",
        "1.dkr.ecr.eu-west-2.amazonaws.com/vllm:server-sagemaker-cuda-v2.5.1,vllm",
        "huggingface-vllm:0.30.0-transformers5.15.0-gpu-py312-cu130-ubuntu24.04,vllm",
        "1.dkr.ecr.eu-west-2.amazonaws.com/djl-inference:0.38.0-lmi29.0.0-cu130,lmi",
        "llama-cpp:server-sagemaker-cpu-v1,llamacpp",
        "1.dkr.ecr.eu-west-2.amazonaws.com/llama-cpp-arm64:server-sagemaker-cpu-v1@sha256:ab,llamacpp"
    })
    void an_image_has_the_wire_format_of_its_repository(String image, String format) {
        assertThat(WireFormat.ofImage(image).map(WireFormat::text)).contains(format);
        assertThat(WireFormat.of(format).text()).isEqualTo(format);
    }

    @Test
    void an_image_of_somebody_elses_has_none() {
        assertThat(WireFormat.ofImage("1.dkr.ecr.eu-west-2.amazonaws.com/ours:1"))
                .isEmpty();
        assertThat(WireFormat.ofImage("")).isEmpty();
    }

    @Test
    void what_a_function_expects_is_a_wire_format_too() {
        assertThat(WireFormat.expected("tgi", true)).isEqualTo(WireFormat.DEFAULT);
        assertThat(WireFormat.expected("tgi", false).text()).isEqualTo("tgi2.3.1");
        assertThat(WireFormat.expected("vllm", true)).isEqualTo(new WireFormat.Vllm());
        assertThat(WireFormat.expected("llamacpp", true)).isEqualTo(new WireFormat.LlamaCpp());
        assertThatThrownBy(() -> WireFormat.expected("triton", true)).hasMessageContaining("triton");
    }
}
