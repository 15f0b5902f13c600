package parkmeter.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container's image in a registry.
 *
 * @param uri {@code <account>.dkr.ecr.<region>.<suffix>/<repository>:<tag>}, as SageMaker's CreateModel takes it
 */
public record ContainerImage(String uri) {

    private static final Pattern TGI_IN_TAG = Pattern.compile("(?:^|-)tgi(\\d+)\\.(\\d+)");

    /** What listens in a container. */
    public enum EngineType {
        /** Hugging Face's Text Generation Inference. */
        TGI,
        /** vLLM, or what speaks as it does. */
        VLLM,
        /** llama.cpp's server. */
        LLAMACPP;

        /** As a stack file writes it: {@code tgi}, {@code vllm} or {@code llamacpp}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A version of TGI.
     *
     * @param major the first number
     * @param minor the second number
     */
    public record TgiVersion(int major, int minor) {

        /** Whether {@code /invocations} takes a chat: from 2.4 on; an older one takes {@code inputs} alone. */
        public boolean takesChat() {
            return major > 2 || (major == 2 && minor >= 4);
        }
    }

    /** The versions of SageMaker's machine image with GPUs that Pulumi's AWS provider takes (aws.sagemaker.EndpointConfiguration, 6.83). */
    static final List<String> MACHINE_IMAGES = List.of(
            "al2-ami-sagemaker-inference-gpu-2",
            "al2-ami-sagemaker-inference-gpu-2-1",
            "al2-ami-sagemaker-inference-gpu-3-1");

    private static final Pattern CUDA_IN_TAG = Pattern.compile("(?:^|-)cu(\\d{3})(?:-|$)");

    private static final Pattern DJL_IN_TAG = Pattern.compile("^0\\.(\\d+)\\.");

    /** The first DJL, 0.27, whose LMI containers take chats (DJL Serving, "Chat Completions API Schema"). */
    private static final int DJL_WITH_CHATS = 27;

    /** vLLM's own scheme: its first major version has CUDA 12.9, those since have CUDA 13. */
    private static final Pattern VLLM_IN_TAG = Pattern.compile("^server-sagemaker-cuda-v(\\d+)");

    /**
     * One among AWS's Deep Learning Containers, whose registry differs by region and tells nothing of it.
     *
     * @param repository its repository
     * @param tag its tag
     */
    public static ContainerImage ofAws(String repository, String tag) {
        return new ContainerImage("registry/" + repository + ":" + tag);
    }

    /** The tag, empty where it is named by its digest. */
    public String tag() {
        return uri.matches(".*/[^/@:]+:[^/@:]+") ? uri.substring(uri.lastIndexOf(':') + 1) : "";
    }

    /**
     * The version of SageMaker's machine image whose GPU driver the image's CUDA needs; empty where SageMaker's own choice will do
     * (AWS Deep Learning Containers, "vLLM" and "llama.cpp: Amazon SageMaker AI Deployment").
     */
    public Optional<String> inferenceAmi() {
        Matcher cuda = CUDA_IN_TAG.matcher(tag());
        Matcher vllm = VLLM_IN_TAG.matcher(tag());
        int version = cuda.find() ? Integer.parseInt(cuda.group(1)) : 0;
        if (repository().equals(Engine.Vllm.REPOSITORY) && vllm.find()) {
            version = Integer.parseInt(vllm.group(1)) > 1 ? 130 : 129;
        } else if (repository().equals(Engine.Llamacpp.REPOSITORY) && tag().contains("-cuda-")) {
            // CUDA 13 as well, with what it needs of an older driver's in the image.
            version = 129;
        }
        if (version >= 130) {
            return Optional.of("al2023-ami-sagemaker-inference-gpu-4-1");
        }
        return version == 129 ? Optional.of("al2-ami-sagemaker-inference-gpu-3-1") : Optional.empty();
    }

    /** Whether the tag tells which CUDA is in it, so that {@link #inferenceAmi} knows; of vLLM's images alone that matters. */
    public boolean tellsCuda() {
        return CUDA_IN_TAG.matcher(tag()).find() || VLLM_IN_TAG.matcher(tag()).find();
    }

    /** Whether it is one of AWS's LMI containers that were made before these took chats. */
    public boolean isLmiWithoutChats() {
        Matcher djl = DJL_IN_TAG.matcher(tag());
        return repository().equals("djl-inference") && djl.find() && Integer.parseInt(djl.group(1)) < DJL_WITH_CHATS;
    }

    /** The repository's name without its registry. */
    public String repository() {
        String path = uri.substring(uri.indexOf('/') + 1);
        return path.split("[:@]", 2)[0];
    }

    /** Which engine it is, by its repository; empty for one that none of the engines is known to be published in. */
    public Optional<EngineType> engine() {
        return switch (repository()) {
            case Engine.Tgi.REPOSITORY -> Optional.of(EngineType.TGI);
            // DJL's serving takes and gives the same chat as vLLM, which runs in it.
            case Engine.Vllm.REPOSITORY, "huggingface-vllm", "djl-inference" -> Optional.of(EngineType.VLLM);
            case Engine.Llamacpp.REPOSITORY, Engine.Llamacpp.ARM_REPOSITORY -> Optional.of(EngineType.LLAMACPP);
            default -> Optional.empty();
        };
    }

    /** TGI's version, which AWS writes into the tag ({@code 2.1.1-tgi1.4.0-gpu-py310}); empty for another engine. */
    public Optional<TgiVersion> tgiVersion() {
        Matcher tag = TGI_IN_TAG.matcher(tag());
        return engine().equals(Optional.of(EngineType.TGI)) && tag.find()
                ? Optional.of(new TgiVersion(Integer.parseInt(tag.group(1)), Integer.parseInt(tag.group(2))))
                : Optional.empty();
    }
}
