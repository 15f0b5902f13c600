package parkmeter.model;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import parkmeter.config.ContainerImage;
import parkmeter.config.Engine;
import parkmeter.config.InstanceType;
import parkmeter.config.LockedModel;
import parkmeter.config.S3Location;
import parkmeter.config.Source;

/**
 * The container that serves a model.
 *
 * @param image its image
 * @param environment its variables but for secrets, in order of their names
 * @param weights what SageMaker puts into it before it starts; absent: it gets the model itself
 */
record Container(Image image, Map<String, String> environment, Optional<Weights> weights) {

    /** Where SageMaker puts weights (SageMaker developer guide, "How SageMaker loads your model artifacts"). */
    private static final String WEIGHTS_FOLDER = "/opt/ml/model";

    /** As llama.cpp counts: all layers of any model. */
    private static final String ALL_LAYERS = "999";

    /** A container's image. */
    sealed interface Image {

        /**
         * One among AWS's Deep Learning Containers, in the registry of the stack's region.
         *
         * @param repository its repository
         * @param tag its tag
         */
        record OfAws(String repository, String tag) implements Image {}

        /**
         * One that a lock names.
         *
         * @param image the image
         */
        record Locked(ContainerImage image) implements Image {}

        /** The version of SageMaker's machine image that it needs; empty where SageMaker's own choice will do. */
        default Optional<String> inferenceAmi() {
            return this instanceof OfAws own
                    ? ContainerImage.ofAws(own.repository(), own.tag()).inferenceAmi()
                    : ((Locked) this).image().inferenceAmi();
        }

        /** What tells it from another in a Model's name. */
        default String content() {
            if (this instanceof OfAws own) {
                return own.repository().equals(Engine.Tgi.REPOSITORY) ? own.tag() : own.repository() + ":" + own.tag();
            }
            return ((Locked) this).image().uri();
        }
    }

    /**
     * Weights in S3 (SageMaker API reference, S3ModelDataSource).
     *
     * @param location where they are
     * @param gzip whether they are one archive
     * @param acceptEula whether the licence of weights behind one is accepted
     */
    record Weights(S3Location location, boolean gzip, boolean acceptEula) {}

    /**
     * The container of a source that has one.
     *
     * @param source what it serves
     * @param engine what serves it
     * @param type what it runs on; absent: CPUs of a serverless endpoint
     */
    static Container of(Source source, Engine engine, Optional<InstanceType> type) {
        if (source instanceof Source.JumpStart jumpStart
                && jumpStart.locked().runs() instanceof LockedModel.Container locked) {
            var environment = new TreeMap<>(locked.environment());
            environment.putAll(engine.environment());
            return new Container(
                    new Image.Locked(locked.image()),
                    environment,
                    locked.artifact()
                            .map(artifact -> new Weights(
                                    location(artifact.uri()),
                                    artifact.compression().equals("Gzip"),
                                    jumpStart.locked().gated())));
        }
        boolean fromS3 = source instanceof Source.S3;
        var environment = new TreeMap<>(engine.environment());
        Image image;
        if (engine instanceof Engine.Llamacpp llamacpp) {
            image = llamacpp(llamacpp, source, type, environment);
        } else if (engine instanceof Engine.Vllm vllm) {
            image = vllm(vllm, source, type, environment);
        } else if (engine instanceof Engine.Tgi tgi) {
            image = tgi(tgi, source, type, environment);
        } else {
            throw new IllegalStateException("engine " + engine);
        }
        return new Container(
                image,
                environment,
                fromS3
                        ? Optional.of(new Weights(
                                ((Source.S3) source).location(),
                                ((Source.S3) source).location().isArchive(),
                                ((Source.S3) source).acceptEula()))
                        : Optional.empty());
    }

    /** Whether it downloads its model from the hub. */
    boolean downloads() {
        return weights.isEmpty();
    }

    private static Image tgi(
            Engine.Tgi tgi, Source source, Optional<InstanceType> type, Map<String, String> environment) {
        if (source instanceof Source.Hub hub) {
            environment.put("HF_MODEL_ID", hub.id());
            put(environment, "HF_MODEL_REVISION", hub.revision());
        } else {
            environment.put("HF_MODEL_ID", WEIGHTS_FOLDER);
        }
        type.ifPresent(known -> environment.put("SM_NUM_GPUS", String.valueOf(known.gpus())));
        // The older name, which the newer ones know too and refuse beside the newer.
        put(environment, tgi.chats() ? "MAX_INPUT_TOKENS" : "MAX_INPUT_LENGTH", tgi.maxInputTokens());
        put(environment, "MAX_TOTAL_TOKENS", tgi.maxTotalTokens());
        put(environment, "HF_MODEL_QUANTIZE", tgi.quantize());
        put(environment, "DTYPE", tgi.dtype());
        if (tgi.trustRemoteCode()) {
            environment.put("HF_MODEL_TRUST_REMOTE_CODE", "true");
        }
        // TGI reports each start to Hugging Face unless told not to (TGI, "Usage statistics").
        environment.putIfAbsent("USAGE_STATS", "off");
        return new Image.OfAws(tgi.repository(), tgi.tag().orElse(Engine.Tgi.TAG));
    }

    /** AWS Deep Learning Containers, "vLLM: Configuration": SM_VLLM_X_Y is the server's argument --x-y. */
    private static Image vllm(
            Engine.Vllm vllm, Source source, Optional<InstanceType> type, Map<String, String> environment) {
        if (source instanceof Source.Hub hub) {
            environment.put("SM_VLLM_MODEL", hub.id());
            put(environment, "SM_VLLM_REVISION", hub.revision());
        }
        type.ifPresent(known -> environment.put("SM_VLLM_TENSOR_PARALLEL_SIZE", String.valueOf(known.gpus())));
        put(environment, "SM_VLLM_MAX_MODEL_LEN", vllm.maxTotalTokens());
        put(environment, "SM_VLLM_QUANTIZATION", vllm.quantize());
        put(environment, "SM_VLLM_DTYPE", vllm.dtype());
        if (vllm.trustRemoteCode()) {
            environment.put("SM_VLLM_TRUST_REMOTE_CODE", "true");
        }
        // As TGI does (vLLM, "Usage stats collection").
        environment.putIfAbsent("VLLM_NO_USAGE_STATS", "1");
        return new Image.OfAws(vllm.repository(), vllm.tag().orElse("server-sagemaker-cuda-v1.4"));
    }

    /** AWS Deep Learning Containers, "llama.cpp: Configuration": SM_LLAMA_CPP_X_Y is the server's argument --x-y. */
    private static Image llamacpp(
            Engine.Llamacpp llamacpp, Source source, Optional<InstanceType> type, Map<String, String> environment) {
        if (source instanceof Source.Hub hub) {
            environment.put("SM_LLAMA_CPP_HF_REPO", hub.id());
            put(environment, "SM_LLAMA_CPP_HF_FILE", hub.file());
        }
        put(environment, "SM_LLAMA_CPP_CTX_SIZE", llamacpp.maxTotalTokens());
        boolean gpu = type.filter(known -> known.gpus() > 0).isPresent();
        if (gpu) {
            environment.put("SM_LLAMA_CPP_N_GPU_LAYERS", ALL_LAYERS);
        }
        return new Image.OfAws(
                type.filter(InstanceType::isArm).isPresent() ? Engine.Llamacpp.ARM_REPOSITORY : llamacpp.repository(),
                llamacpp.tag().orElse(gpu ? "server-sagemaker-cuda-v1" : "server-sagemaker-cpu-v1"));
    }

    private static S3Location location(String uri) {
        String[] parts = uri.substring("s3://".length()).split("/", 2);
        return new S3Location(parts[0], parts[1]);
    }

    private static void put(Map<String, String> environment, String name, Optional<?> value) {
        value.ifPresent(known -> environment.put(name, known.toString()));
    }
}
