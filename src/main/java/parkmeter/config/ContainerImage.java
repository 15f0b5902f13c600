package parkmeter.config;

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

    /** The repository's name without its registry. */
    public String repository() {
        String path = uri.substring(uri.indexOf('/') + 1);
        return path.split("[:@]", 2)[0];
    }

    /** Which engine it is, by its repository; empty for one that none of the engines is known to be published in. */
    public Optional<EngineType> engine() {
        return switch (repository()) {
            case "huggingface-pytorch-tgi-inference" -> Optional.of(EngineType.TGI);
            // DJL's serving takes and gives the same chat as vLLM, which runs in it.
            case "vllm", "huggingface-vllm", "djl-inference" -> Optional.of(EngineType.VLLM);
            case "llama-cpp", "llama-cpp-arm64" -> Optional.of(EngineType.LLAMACPP);
            default -> Optional.empty();
        };
    }

    /** TGI's version, which AWS writes into the tag ({@code 2.1.1-tgi1.4.0-gpu-py310}); empty for another engine. */
    public Optional<TgiVersion> tgiVersion() {
        Matcher tag = TGI_IN_TAG.matcher(uri.substring(uri.lastIndexOf(':') + 1));
        return engine().equals(Optional.of(EngineType.TGI)) && tag.find()
                ? Optional.of(new TgiVersion(Integer.parseInt(tag.group(1)), Integer.parseInt(tag.group(2))))
                : Optional.empty();
    }
}
