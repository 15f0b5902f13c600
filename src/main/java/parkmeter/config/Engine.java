package parkmeter.config;

import java.util.Map;
import java.util.Optional;

/** What serves the model, and so how it is asked. */
public sealed interface Engine {

    /** Which of the engines it is. */
    ContainerImage.EngineType type();

    /** Where its images are among AWS's Deep Learning Containers; those for ARM's processors may be elsewhere. */
    String repository();

    /** The tag of its image, where the stack file names one. */
    Optional<String> tag();

    /** Variables of its container beside those that its other settings make. */
    Map<String, String> environment();

    /**
     * Hugging Face's Text Generation Inference. What is absent is left to TGI, which derives it from the model and the GPU.
     *
     * @param tag the image's tag; absent: the newest
     * @param maxInputTokens the longest prompt, in tokens
     * @param maxTotalTokens the longest prompt and answer together, in tokens; more than {@code maxInputTokens}
     * @param quantize how weights are quantised, in TGI's words
     * @param dtype the type of the weights, in TGI's words
     * @param trustRemoteCode whether code of the model's repository may run in the container
     * @param chats whether it takes chats, as TGI does from 2.4
     * @param chatTemplate what a prompt is put into where it takes none, with {@code {prompt}} in it
     * @param environment further variables
     */
    record Tgi(
            Optional<String> tag,
            Optional<Integer> maxInputTokens,
            Optional<Integer> maxTotalTokens,
            Optional<String> quantize,
            Optional<String> dtype,
            boolean trustRemoteCode,
            boolean chats,
            Optional<String> chatTemplate,
            Map<String, String> environment)
            implements Engine {

        /** Where its images are among AWS's Deep Learning Containers. */
        public static final String REPOSITORY = "huggingface-pytorch-tgi-inference";

        /** The newest of them (AWS Deep Learning Containers, "Hugging Face Text Generation Inference"). */
        public static final String TAG = "2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04";

        public Tgi {
            environment = Map.copyOf(environment);
        }

        @Override
        public ContainerImage.EngineType type() {
            return ContainerImage.EngineType.TGI;
        }

        @Override
        public String repository() {
            return REPOSITORY;
        }
    }

    /**
     * vLLM, and what speaks its wire format. What is absent is left to it.
     *
     * @param tag the image's tag; absent: the newest
     * @param maxTotalTokens the longest prompt and answer together, in tokens
     * @param quantize how weights are quantised, in vLLM's words
     * @param dtype the type of the weights, in vLLM's words
     * @param trustRemoteCode whether code of the model's repository may run in the container
     * @param completes whether it takes a prompt that is no chat, as AWS's LMI containers around it don't
     * @param environment further variables
     */
    record Vllm(
            Optional<String> tag,
            Optional<Integer> maxTotalTokens,
            Optional<String> quantize,
            Optional<String> dtype,
            boolean trustRemoteCode,
            boolean completes,
            Map<String, String> environment)
            implements Engine {

        static final String REPOSITORY = "vllm";

        public Vllm {
            environment = Map.copyOf(environment);
        }

        @Override
        public ContainerImage.EngineType type() {
            return ContainerImage.EngineType.VLLM;
        }

        @Override
        public String repository() {
            return REPOSITORY;
        }
    }

    /**
     * llama.cpp's server, on GPUs or CPUs. What is absent is left to it.
     *
     * @param tag the image's tag; absent: the newest
     * @param maxTotalTokens the longest prompt and answer together, in tokens
     * @param environment further variables
     */
    record Llamacpp(Optional<String> tag, Optional<Integer> maxTotalTokens, Map<String, String> environment)
            implements Engine {

        static final String REPOSITORY = "llama-cpp";

        /** Where its images for ARM's processors are. */
        public static final String ARM_REPOSITORY = "llama-cpp-arm64";

        public Llamacpp {
            environment = Map.copyOf(environment);
        }

        @Override
        public ContainerImage.EngineType type() {
            return ContainerImage.EngineType.LLAMACPP;
        }

        @Override
        public String repository() {
            return REPOSITORY;
        }
    }
}
