package parkmeter.local.models;

import java.util.Optional;
import java.util.Set;
import parkmeter.local.tgi.TgiVersion;

/** Whose requests and answers a model server speaks. */
public sealed interface WireFormat {
    /** What is served where nothing says which. */
    WireFormat DEFAULT = new Tgi(TgiVersion.CURRENT);

    /** TGI's, of a version. */
    record Tgi(TgiVersion version) implements WireFormat {
        @Override
        public String text() {
            return "tgi" + version;
        }
    }

    /** vLLM's. */
    record Vllm() implements WireFormat {
        @Override
        public String text() {
            return "vllm";
        }
    }

    /** That of AWS's LMI containers: vLLM's chats, and inputs of its own. */
    record Lmi() implements WireFormat {
        @Override
        public String text() {
            return "lmi";
        }
    }

    /** llama.cpp's. */
    record LlamaCpp() implements WireFormat {
        @Override
        public String text() {
            return "llamacpp";
        }
    }

    /** One word for it, which {@link #of(String)} reads. */
    String text();

    /**
     * The wire format of the containers of an image.
     *
     * @param image {@code <registry>/<repository>:<tag>}; the registry may be absent
     * @return empty for a repository that isn't known
     */
    static Optional<WireFormat> ofImage(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        int colon = (name + ":").indexOf(':');
        String repository = name.substring(0, colon);
        if (repository.equals("huggingface-pytorch-tgi-inference")) {
            return Optional.of(new Tgi(TgiVersion.inTag(name.substring(colon).replaceFirst("^:", ""))
                    .orElse(TgiVersion.CURRENT)));
        }
        if (Set.of("vllm", "huggingface-vllm").contains(repository)) {
            return Optional.of(new Vllm());
        }
        if (repository.equals("djl-inference")) {
            return Optional.of(new Lmi());
        }
        return repository.equals("llama-cpp") || repository.equals("llama-cpp-arm64")
                ? Optional.of(new LlamaCpp())
                : Optional.empty();
    }

    /**
     * The wire format that a function expects.
     *
     * @param type {@code tgi}, {@code vllm} or {@code llamacpp}
     * @param chats whether it sends chats; TGI took none before 2.4
     * @throws IllegalArgumentException for another type
     */
    static WireFormat expected(String type, boolean chats) {
        return type.equals("tgi") && !chats ? new Tgi(TgiVersion.LAST_WITHOUT_CHATS) : of(type);
    }

    /**
     * The wire format of a word.
     *
     * @param text {@code vllm}, {@code lmi}, {@code llamacpp}, or {@code tgi} with or without a version
     * @throws IllegalArgumentException for another word
     */
    static WireFormat of(String text) {
        return switch (text) {
            case "vllm" -> new Vllm();
            case "lmi" -> new Lmi();
            case "llamacpp" -> new LlamaCpp();
            case "tgi" -> DEFAULT;
            default ->
                TgiVersion.inTag(text)
                        .<WireFormat>map(Tgi::new)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "no wire format " + text + "; there are tgi, vllm, lmi and llamacpp"));
        };
    }
}
