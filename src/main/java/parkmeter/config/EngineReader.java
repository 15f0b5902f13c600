package parkmeter.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads what serves a model. */
final class EngineReader {

    /** What other keys set, and what no container may be told. */
    private static final Set<String> OWN_VARIABLES = Set.of(
            "HF_MODEL_ID",
            "HF_MODEL_REVISION",
            "HF_MODEL_QUANTIZE",
            "HF_MODEL_TRUST_REMOTE_CODE",
            "MAX_INPUT_TOKENS",
            "MAX_INPUT_LENGTH",
            "MAX_TOTAL_TOKENS",
            "DTYPE",
            "SM_NUM_GPUS",
            "SM_VLLM_MODEL",
            "SM_VLLM_REVISION",
            "SM_VLLM_MAX_MODEL_LEN",
            "SM_VLLM_QUANTIZATION",
            "SM_VLLM_DTYPE",
            "SM_VLLM_TRUST_REMOTE_CODE",
            "SM_VLLM_TENSOR_PARALLEL_SIZE",
            "SM_LLAMA_CPP_MODEL",
            "SM_LLAMA_CPP_HF_REPO",
            "SM_LLAMA_CPP_HF_FILE",
            "SM_LLAMA_CPP_CTX_SIZE",
            "SM_LLAMA_CPP_N_GPU_LAYERS");

    /** The names under which containers look for a token, or would ask callers for one, which SageMaker's have not. */
    private static final Set<String> SECRETS = Set.of(
            "HF_TOKEN", "HF_API_TOKEN", "HUGGING_FACE_HUB_TOKEN", "API_KEY", "SM_VLLM_API_KEY", "SM_LLAMA_CPP_API_KEY");

    private static final List<String> VLLM_QUANTIZE = List.of("awq", "gptq", "fp8", "bitsandbytes");

    private final Report report;

    EngineReader(Report report) {
        this.report = report;
    }

    /** Reads what serves {@code source}. */
    Engine read(Section section, Source source) {
        Optional<ContainerImage> brought = source.image();
        String type = section.find(Keys.ENGINE_TYPE).orElseGet(() -> fallback(section, source, brought));
        boolean own = source instanceof Source.Hub || source instanceof Source.S3;
        if (!own) {
            refuseSettings(section, source);
        }
        Map<String, String> environment = environment(section, own);
        if (source instanceof Source.Hub hub && hub.file().isPresent() && !type.equals("llamacpp")) {
            section.refuse(
                    Keys.ENGINE_TYPE,
                    "must be llamacpp: source.file is a GGUF file, which nothing else serves",
                    report.set(section.pathOf(Keys.ENGINE_TYPE), "llamacpp"));
        }
        Engine engine =
                switch (type) {
                    case "vllm" -> vllm(section, brought, environment);
                    case "llamacpp" -> llamacpp(section, source, environment);
                    default -> tgi(section, brought, own, environment);
                };
        section.done();
        return engine;
    }

    private String fallback(Section section, Source source, Optional<ContainerImage> brought) {
        if (brought.isPresent()) {
            Optional<String> known = brought.get().engine().map(ContainerImage.EngineType::word);
            if (known.isEmpty() && !section.has(Keys.ENGINE_TYPE)) {
                report.add(
                        section.pathOf(Keys.ENGINE_TYPE),
                        "",
                        "is missing: the model's image, " + brought.get().repository()
                                + ", is of no engine that is known here; say whose requests it takes",
                        report.set(section.pathOf(Keys.ENGINE_TYPE), "vllm"));
            }
            return known.orElse("vllm");
        }
        return source instanceof Source.Hub hub && hub.file().isPresent() ? "llamacpp" : "tgi";
    }

    /** What brings its container brings its settings too. */
    private static void refuseSettings(Section section, Source source) {
        List<Key<?>> settings = List.of(
                Keys.TAG,
                Keys.MAX_INPUT_TOKENS,
                Keys.MAX_TOTAL_TOKENS,
                Keys.QUANTIZE,
                Keys.DTYPE,
                Keys.TRUST_REMOTE_CODE);
        String reason = source instanceof Source.JumpStart
                ? "has no place beside jumpStart, whose lock says image and settings; another value of a variable goes into"
                        + " engine.environment"
                : "has no place here: the model brings its container, image and settings";
        settings.stream().filter(section::has).forEach(key -> section.unused(key, reason));
        if (!(source instanceof Source.JumpStart) && section.has(Keys.ENVIRONMENT)) {
            section.unused(Keys.ENVIRONMENT, reason);
        }
    }

    private Engine tgi(
            Section section, Optional<ContainerImage> brought, boolean own, Map<String, String> environment) {
        Optional<Integer> input = section.find(Keys.MAX_INPUT_TOKENS);
        Optional<Integer> total = section.find(Keys.MAX_TOTAL_TOKENS);
        if (input.isPresent() && total.isPresent() && input.get() >= total.get()) {
            report.add(
                    section.pathOf(Keys.MAX_INPUT_TOKENS),
                    input.get().toString(),
                    "must be less than maxTotalTokens, which is " + total.get() + ": the answer needs room too",
                    report.set(
                            section.pathOf(Keys.MAX_INPUT_TOKENS), String.valueOf(Math.max(1, total.get() * 3 / 4))));
        }
        Optional<String> quantize = section.find(Keys.QUANTIZE);
        Optional<String> dtype = section.find(Keys.DTYPE);
        if (quantize.isPresent() && dtype.isPresent()) {
            section.unused(Keys.DTYPE, "must not stand beside quantize, which decides the type itself");
        }
        Optional<String> tag = section.find(Keys.TAG);
        Optional<String> template = section.find(Keys.CHAT_TEMPLATE);
        Optional<ContainerImage.TgiVersion> version = brought.or(
                        () -> tag.map(name -> ContainerImage.ofAws(Engine.Tgi.REPOSITORY, name)))
                .flatMap(ContainerImage::tgiVersion);
        // What others' containers hold is known to nobody here: who gives a template says that they take no chats.
        boolean chats = version.map(ContainerImage.TgiVersion::takesChat)
                .orElse(own || brought.isPresent() || template.isEmpty());
        if (own && tag.isPresent() && version.isEmpty()) {
            report.add(
                    section.pathOf(Keys.TAG),
                    section.shown(Keys.TAG),
                    "must name a TGI: AWS writes its version into the tag, as in " + Engine.Tgi.TAG,
                    report.remove(section.pathOf(Keys.TAG)));
        }
        if (chats && template.isPresent()) {
            section.unused(
                    Keys.CHAT_TEMPLATE,
                    "has nothing to say: this TGI takes chats, and applies the model's own template");
        }
        return new Engine.Tgi(
                tag, input, total, quantize, dtype, section.get(Keys.TRUST_REMOTE_CODE), chats, template, environment);
    }

    private Engine vllm(Section section, Optional<ContainerImage> brought, Map<String, String> environment) {
        refuse(section, "vllm", Keys.MAX_INPUT_TOKENS, Keys.CHAT_TEMPLATE);
        Optional<String> quantize = section.find(Keys.QUANTIZE);
        if (quantize.isPresent() && !VLLM_QUANTIZE.contains(quantize.get())) {
            report.add(
                    section.pathOf(Keys.QUANTIZE),
                    section.shown(Keys.QUANTIZE),
                    "must be one of " + String.join(", ", VLLM_QUANTIZE) + " with vllm",
                    report.set(section.pathOf(Keys.QUANTIZE), "awq"));
        }
        return new Engine.Vllm(
                section.find(Keys.TAG),
                section.find(Keys.MAX_TOTAL_TOKENS),
                quantize,
                section.find(Keys.DTYPE),
                section.get(Keys.TRUST_REMOTE_CODE),
                brought.filter(image -> image.repository().equals("djl-inference"))
                        .isEmpty(),
                environment);
    }

    private Engine llamacpp(Section section, Source source, Map<String, String> environment) {
        refuse(
                section,
                "llamacpp",
                Keys.MAX_INPUT_TOKENS,
                Keys.QUANTIZE,
                Keys.DTYPE,
                Keys.TRUST_REMOTE_CODE,
                Keys.CHAT_TEMPLATE);
        if (source instanceof Source.Hub hub && hub.file().isEmpty()) {
            report.add(
                    section.pathOf(Keys.ENGINE_TYPE),
                    section.shown(Keys.ENGINE_TYPE),
                    "must not be llamacpp without source.file: a repository of the hub may have many GGUF files, and it serves one",
                    report.inFile(section.beside("source.file"), Keys.FILE.example()));
        }
        return new Engine.Llamacpp(section.find(Keys.TAG), section.find(Keys.MAX_TOTAL_TOKENS), environment);
    }

    private static void refuse(Section section, String engine, Key<?>... keys) {
        for (Key<?> key : keys) {
            if (section.has(key)) {
                section.unused(key, "has nothing to say with " + engine);
            }
        }
    }

    /** Variables (SageMaker API reference, ContainerDefinition: names and values of at most 1024 characters). */
    private Map<String, String> environment(Section section, boolean own) {
        var environment = new TreeMap<String, String>();
        section.findSection(Keys.ENVIRONMENT)
                .ifPresent(variables -> variables.node().properties().forEach(variable -> {
                    String name = variable.getKey();
                    String place = variables.pathOf(name);
                    if (SECRETS.contains(name)) {
                        report.add(
                                place,
                                "[secret]",
                                "must not be set: whoever may describe the model reads its variables; a token of the hub goes into"
                                        + " parkmeter:huggingFaceToken",
                                report.remove(place));
                    } else if (own && OWN_VARIABLES.contains(name)) {
                        report.add(
                                place,
                                variable.getValue().toString(),
                                "must not be set here: another key of the model sets it",
                                report.remove(place));
                    } else if (name.matches("[A-Za-z_][A-Za-z0-9_]{0,255}")
                            && variable.getValue().isTextual()
                            && variable.getValue().textValue().length() <= 1024) {
                        environment.put(name, variable.getValue().textValue());
                    } else {
                        report.add(
                                place,
                                "",
                                "must be a text of at most 1024 characters, in quotes, and its name letters, digits and underscores",
                                report.inFile(section.pathOf(Keys.ENVIRONMENT), Keys.ENVIRONMENT.example()));
                    }
                }));
        return environment;
    }
}
