package parkmeter.model;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import parkmeter.config.Engine;
import parkmeter.config.Hosting;
import parkmeter.config.ServedModel;
import parkmeter.config.Source;

/**
 * The container that serves a model.
 *
 * @param repository the image's repository, in the registry that AWS keeps for each region
 * @param tag the image's tag
 * @param environment its variables but for secrets, in order of their names
 */
record Container(String repository, String tag, Map<String, String> environment) {

    private static final String TGI_REPOSITORY = "huggingface-pytorch-tgi-inference";
    private static final String TGI_TAG = "2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04";

    static Container of(ServedModel model) {
        var environment = new TreeMap<String, String>();
        if (model.source() instanceof Source.Hub hub) {
            environment.put("HF_MODEL_ID", hub.id());
            hub.revision().ifPresent(revision -> environment.put("HF_MODEL_REVISION", revision));
        }
        if (model.hosting() instanceof Hosting.RealTime realTime) {
            environment.put(
                    "SM_NUM_GPUS", String.valueOf(realTime.instanceType().gpus()));
        }
        if (model.engine() instanceof Engine.Tgi tgi) {
            put(environment, "MAX_INPUT_TOKENS", tgi.maxInputTokens());
            put(environment, "MAX_TOTAL_TOKENS", tgi.maxTotalTokens());
            put(environment, "HF_MODEL_QUANTIZE", tgi.quantize());
            put(environment, "DTYPE", tgi.dtype());
            if (tgi.trustRemoteCode()) {
                environment.put("HF_MODEL_TRUST_REMOTE_CODE", "true");
            }
        }
        // TGI reports each start to Hugging Face unless told not to (TGI, "Usage statistics").
        environment.put("USAGE_STATS", "off");
        return new Container(TGI_REPOSITORY, TGI_TAG, environment);
    }

    private static void put(Map<String, String> environment, String name, Optional<?> value) {
        value.ifPresent(known -> environment.put(name, known.toString()));
    }
}
