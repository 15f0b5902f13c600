package parkmeter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.config.ConfigProblems.Problem;

/** What a stack file says of sources, engines, hosting and networks. */
class HostsReaderTest {

    private static final String IMAGE = "763104351884.dkr.ecr.eu-west-2.amazonaws.com/";

    private static final String TGI_1 = "huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04";
    private static final String TGI_3 = "huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04";

    private static final Lock LOCK = Lock.of(
            """
            {"version": 1, "models": [
              {"id": "old-falcon", "version": "1.0.0", "region": "eu-west-2", "instanceType": "ml.g5.12xlarge",
               "image": "%shuggingface-pytorch-tgi-inference:2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04",
               "artifact": {"uri": "s3://jumpstart-cache-prod-eu-west-2/falcon/v1/", "type": "S3Prefix", "compression": "None"},
               "environment": {"HF_MODEL_ID": "/opt/ml/model", "MAX_INPUT_LENGTH": "1024"}, "startupHealthCheckSeconds": 1200, "modelDownloadSeconds": 1300,
               "volumeGigabytes": 256, "networkIsolation": true, "inferenceAmi": "al2-ami-sagemaker-inference-gpu-2",
               "gated": false, "documentSha256": "00"},
              {"id": "gated-llama", "version": "2.0.0", "region": "eu-west-2", "instanceType": "ml.g5.xlarge",
               "image": "%sdjl-inference:0.29.0-lmi11.0.0-cu124",
               "artifact": {"uri": "s3://jumpstart-private-cache-prod-eu-west-2/llama/v2/", "type": "S3Prefix", "compression": "None"},
               "environment": {}, "networkIsolation": false, "gated": true,
               "eula": {"uri": "s3://jumpstart-cache-prod-eu-west-2/eula.txt", "accepted": "2026-11-26"}, "documentSha256": "01"},
              {"id": "packaged", "version": "1.0.0", "region": "eu-west-2", "instanceType": "ml.g5.xlarge",
               "modelPackage": "arn:aws:sagemaker:eu-west-2:123456789012:model-package/packaged-v1",
               "environment": {}, "networkIsolation": true, "gated": false, "documentSha256": "02"},
              {"id": "strange", "version": "1.0.0", "region": "eu-west-2", "instanceType": "ml.g5.xlarge",
               "image": "%spytorch-inference:2.0.0-gpu", "environment": {}, "networkIsolation": false, "gated": false,
               "documentSha256": "03"}%s
            ]}
            """
                    .formatted(
                            IMAGE,
                            IMAGE,
                            IMAGE,
                            entry(
                                            "old-lmi",
                                            "djl-inference:0.26.0-deepspeed0.12.6-cu121",
                                            "\"resolvedConfig\": \"lmi\", ")
                                    + entry("new-tgi", TGI_3, "")
                                    + entry("old-tgi", TGI_1, "")
                                    + entry("isolated-tgi", TGI_3, "")
                                            .replace("\"networkIsolation\": false", "\"networkIsolation\": true")
                                    + entry("configured", TGI_3, "\"config\": \"fast\", ")
                                    + entry("other-type", TGI_3, "").replace("ml.g5.xlarge", "ml.g6.xlarge")
                                    + entry("new-cuda", "vllm:server-sagemaker-cuda-v2.5", "")
                                    + entry(
                                            "new-machine",
                                            TGI_3,
                                            "\"inferenceAmi\": \"al2023-ami-sagemaker-inference-gpu-4-1\", ")
                                    + entry(
                                            "known-machine",
                                            "vllm:server-sagemaker-cuda-v2.5",
                                            "\"inferenceAmi\": \"al2-ami-sagemaker-inference-gpu-3-1\", ")
                                    + entry(
                                                    "slow-disk",
                                                    "llama-cpp:server-sagemaker-cpu-v1",
                                                    "\"volumeGigabytes\": 50, \"modelDownloadSeconds\": 1300,"
                                                            + " \"inferenceAmi\": \"al2-ami-sagemaker-inference-gpu-2\", ")
                                            .replace("ml.g5.xlarge", "ml.c7i.xlarge")));

    /** One more entry of the lock: weights beside an image, on ml.g5.xlarge, with more keys. */
    private static String entry(String id, String image, String more) {
        return """
               , {"id": "%s", "version": "1.0.0", "region": "eu-west-2", "instanceType": "ml.g5.xlarge", "image": "%s",
                %s"artifact": {"uri": "s3://cache/%s/", "type": "S3Prefix", "compression": "None"}, "environment": {},
                "networkIsolation": false, "gated": false, "documentSha256": "04"}
               """
                .formatted(id, IMAGE + image, more, id);
    }

    private static final String S3 = "source: {s3: 's3://weights/tiny/abc/'}";

    private static List<Problem> problems(String model, String... more) {
        String yaml = "config:\n  aws:region: eu-west-2\n  parkmeter:models: [{name: tiny, " + model + "}]\n"
                + String.join(
                        "",
                        List.of(more).stream().map(line -> "  " + line + "\n").toList());
        ConfigProblems thrown = catchThrowableOfType(
                ConfigProblems.class,
                () -> ConfigReader.read(new Names("parkmeter", "dev"), StackFiles.values(yaml), Set.of(), LOCK));
        return thrown == null ? List.of() : thrown.problems();
    }

    private static ServedModel model(String model, String... more) {
        String yaml = "config:\n  aws:region: eu-west-2\n  parkmeter:models: [{name: tiny, " + model + "}]\n"
                + String.join(
                        "",
                        List.of(more).stream().map(line -> "  " + line + "\n").toList());
        try {
            return ConfigReader.read(new Names("parkmeter", "dev"), StackFiles.values(yaml), Set.of(), LOCK)
                    .models()
                    .get(0);
        } catch (ConfigProblems problems) {
            throw new AssertionError(problems.getMessage());
        }
    }

    private static Problem only(List<Problem> problems) {
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void the_engine_follows_the_source() {
        assertThat(model("source: {hub: a/b}").engine()).isInstanceOf(Engine.Tgi.class);
        assertThat(model("source: {hub: a/b, file: b.gguf}").engine()).isInstanceOf(Engine.Llamacpp.class);
        assertThat(model(S3).engine()).isInstanceOf(Engine.Tgi.class);
        assertThat(model("source: {jumpStart: {id: gated-llama, version: 2.0.0, acceptEula: true}}")
                        .engine())
                .isInstanceOf(Engine.Vllm.class);
        ServedModel falcon = model(
                "source: {jumpStart: {id: old-falcon, version: 1.0.0}}, hosting: {instanceType: ml.g5.12xlarge}, routes: [{path: /a, template: none}]");
        assertThat(falcon.engine()).isInstanceOf(Engine.Tgi.class);
        assertThat(((Engine.Tgi) falcon.engine()).chats()).isFalse();
    }

    @Test
    void what_the_lock_says_is_the_default_and_gives_way_to_the_stack_file() {
        ServedModel falcon = model(
                "source: {jumpStart: {id: old-falcon, version: 1.0.0}}, hosting: {instanceType: ml.g5.12xlarge, modelDownloadSeconds: 1500},"
                        + " routes: [{path: /a, body: passthrough}]");
        assertThat(((Hosting.RealTime) falcon.hosting()).machines())
                .isEqualTo(new Hosting.Machines(
                        1200, 1500, Optional.empty(), Optional.of("al2-ami-sagemaker-inference-gpu-2")));
        assertThat(falcon.network()).isEqualTo(Network.ISOLATED);
    }

    @Test
    void an_image_of_no_known_engine_asks_for_one() {
        Problem problem = only(problems("source: {jumpStart: {id: strange, version: 1.0.0}}"));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].engine.type");
        assertThat(problem.rule()).contains("pytorch-inference", "is of no engine that is known here");
        assertThat(model("source: {jumpStart: {id: strange, version: 1.0.0}}, engine: vllm")
                        .engine())
                .isInstanceOf(Engine.Vllm.class);
    }

    @Test
    void a_model_that_is_not_locked_as_the_stack_wants_it_names_the_command_that_mends_it() {
        Problem problem = only(problems("source: {jumpStart: {id: old-falcon, version: 1.0.0}}"));
        assertThat(problem.key()).isEqualTo("parkmeter:models[0].source.jumpStart.id");
        assertThat(problem.rule()).contains("instance type ml.g5.xlarge", "only for ml.g5.12xlarge");
        assertThat(problem.mend()).isEqualTo("make lock STACK=dev");
    }

    @Test
    void a_gated_model_needs_its_licence_accepted() {
        Problem problem = only(problems("source: {jumpStart: {id: gated-llama, version: 2.0.0}}"));
        assertThat(problem.rule()).contains("must be true");
        assertThat(problem.mend())
                .isEqualTo(
                        "pulumi config set --path 'parkmeter:models[0].source.jumpStart.acceptEula' true --stack dev");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source: {} | source.hub | is missing: it must be a Hugging Face model id",
                "source: {hub: a/b, s3: 's3://weights/a/'} | source.s3 | must not stand beside hub: a model comes from one place",
                "source: {hub: a/b, acceptEula: true} | source.acceptEula | belongs to s3",
                "source: {s3: 's3://weights/a/', revision: main} | source.revision | belongs to hub",
                "source: {s3: 's3://weights/a'} | source.s3 | must be s3://<bucket>/<prefix>/ or s3://<bucket>/<key>.tar.gz",
                "source: {s3: 's3://W/a/'} | source.s3 | must be s3://<bucket>/<prefix>/ or s3://<bucket>/<key>.tar.gz",
                "source: {modelPackage: 'arn:aws:sagemaker:us-east-1:123456789012:model-package/x'} | source.modelPackage | must be a package of the stack's region, eu-west-2",
                "source: {modelPackage: x} | source.modelPackage | must be a model package's ARN",
                "source: {endpointConfig: a_b} | source.endpointConfig | must be the name of an EndpointConfiguration",
                "source: {jumpStart: {id: old-falcon, version: '1'}} | source.jumpStart.version | must be a whole version, like 2.3.22, in quotes",
                "source: {jumpStart: {id: unknown-model, version: 1.0.0}} | source.jumpStart.id | must be in parkmeter.lock.json, which has no model 'unknown-model'",
                "source: {hub: a/b}, engine: llamacpp | engine.type | must not be llamacpp without source.file",
                "source: {hub: a/b}, engine: {type: vllm, maxInputTokens: 5} | engine.maxInputTokens | has nothing to say with vllm",
                "source: {hub: a/b}, engine: {type: vllm, quantize: eetq} | engine.quantize | must be one of awq, gptq, fp8, bitsandbytes with vllm",
                "source: {hub: a/b, file: b.gguf}, engine: {type: llamacpp, dtype: float16} | engine.dtype | has nothing to say with llamacpp",
                "source: {hub: a/b}, engine: {chatTemplate: '{prompt}'} | engine.chatTemplate | has nothing to say: this TGI takes chats",
                "source: {hub: a/b}, engine: {tag: latest} | engine.tag | must name a TGI",
                "source: {hub: a/b}, engine: {environment: {HF_TOKEN: hf_x}} | engine.environment.HF_TOKEN | must not be set: whoever may describe the model reads its variables",
                "source: {hub: a/b}, engine: {environment: {HF_MODEL_ID: x}} | engine.environment.HF_MODEL_ID | must not be set here: another key of the model sets it",
                "source: {hub: a/b}, engine: {environment: {A: 1}} | engine.environment.A | must be a text of at most 1024 characters",
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, engine: {environment: {A: b}} | engine.environment | has no place here: the model brings its container",
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, network: public | network | must be isolated: the model is made to run without a network",
                "source: {endpointConfig: x}, hosting: {instances: 2} | hosting.instances | has nothing to say beside source.endpointConfig",
                "source: {endpointConfig: x}, network: isolated | network | has nothing to say beside source.endpointConfig",
                "source: {hub: a/b}, network: isolated | network | must not be isolated: the container downloads the model from the hub",
                "source: {hub: a/b}, network: private | network | must be public or isolated without parkmeter:vpc",
                "source: {hub: a/b}, hosting: {instanceType: ml.c7i.xlarge} | hosting.instanceType | must have a GPU: tgi runs on nothing else",
                "source: {hub: a/b}, hosting: {variants: [{name: a}, {name: b, instanceType: ml.c7i.xlarge}]} | hosting.variants[1].instanceType | must have a GPU: tgi runs on nothing else",
                "source: {hub: a/b}, hosting: {volumeGigabytes: 100} | hosting.volumeGigabytes | must not be set of instance types with a GPU",
                "source: {hub: a/b}, hosting: {instances: 2, update: {type: rolling}, variants: [{name: a}, {name: b}]} | hosting.update | must not be rolling beside variants",
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, hosting: {instances: 2, update: {shift: canary}} | hosting.update | has no place beside a model package",
                "source: {hub: a/b, file: b.gguf}, engine: vllm | engine.type | must be llamacpp: source.file is a GGUF file",
                "source: {endpointConfig: x, sizeMegabytes: 5} | source.sizeMegabytes | belongs to s3",
                "source: {hub: a/b, sizeMegabytes: 5} | source.sizeMegabytes | belongs to s3",
                "source: {hub: a/b, file: b.gguf, revision: main} | source.revision | must not stand beside file: llama.cpp's server takes the newest file of the hub",
                "source: {hub: a/b, file: b.gguf}, engine: {type: llamacpp, tag: server-sagemaker-cpu-v1} | engine.tag | must be of an image for GPUs",
                "source: {hub: a/b, file: b.gguf}, engine: {type: llamacpp, tag: server-sagemaker-cuda-v1}, hosting: {instanceType: ml.c7i.xlarge} | engine.tag | must be of an image for CPUs",
                "source: {hub: a/b, file: b.gguf}, hosting: {instanceType: ml.c7i.xlarge, inferenceAmi: al2-ami-sagemaker-inference-gpu-2} | hosting.inferenceAmi | has nothing to say of an instance type without a GPU",
                "source: {hub: a/b}, engine: {type: vllm, tag: 0.23.0-gpu-py312} | engine.tag | must tell its CUDA",
                "source: {jumpStart: {id: old-lmi, version: 1.0.0}} | source | must be a version whose container takes chats, as LMI's do from DJL 0.27 on: this one's is 0.26.0-deepspeed0.12.6-cu121",
                "source: {jumpStart: {id: gated-llama, version: 2.0.0, acceptEula: true}}, routes: [{path: /a, template: none}] | routes[0].template | must be chat: the model's container is AWS's LMI",
                "source: {jumpStart: {id: gated-llama, version: 2.0.0, acceptEula: true}}, hosting: {variants: [{name: a, instanceType: ml.g6.xlarge}]} | hosting.variants | must each have hosting.instanceType, or a source of their own",
                "source: {jumpStart: {id: unknown-model, version: 1.0.0}}, engine: {type: tgi, chatTemplate: '{prompt}'}, network: isolated | source.jumpStart.id | must be in parkmeter.lock.json",
                "source: {hub: a/b, file: b.gguf}, hosting: {variants: [{name: a, source: {hub: a/b}}]} | hosting.variants | must have sources of the model's own kind and engine",
                "source: {hub: a/b}, hosting: {maxConcurrency: 2} | hosting.maxConcurrency | belongs to type async or serverless",
                "source: {hub: a/b}, hosting: {type: async, variants: [{name: a}]} | hosting.variants | belongs to type realTime",
                "source: {hub: a/b}, hosting: {type: async, notify: {success: 'arn:aws:sns:us-east-1:123456789012:done'}} | hosting.notify.success | must be a topic in eu-west-2, the stack's region",
                "source: {hub: a/b}, hosting: {type: async, notify: {error: 'arn:aws:sns:us-east-1:123456789012:done'}} | hosting.notify.error | must be a topic in eu-west-2, the stack's region",
                "source: {jumpStart: {id: old-falcon, version: 1.0.0}}, hosting: {instanceType: ml.g5.12xlarge}, engine: {environment: {MAX_INPUT_TOKENS: '9'}}, routes: [{path: /a, template: none}] | engine.environment.MAX_INPUT_TOKENS | must be MAX_INPUT_LENGTH",
                "source: {hub: a/b}, hosting: async, lifecycle: metered | lifecycle | must be alwaysOn where hosting.type is async",
                "source: {hub: a/b}, hosting: async, routes: [{path: /a, body: passthrough, via: direct}] | routes[0].via | must be lambda where hosting.type is async",
                "source: {hub: a/b}, hosting: async, routes: [{path: /a, public: true, throttle: {rate: 1, burst: 1}}] | routes[0].public | must be false where hosting.type is async",
                "source: {hub: a/b}, hosting: {scaling: {min: 0, max: 2}} | hosting.scaling.min | must be at least 1: a real-time endpoint has an instance as long as it stands",
                "source: {hub: a/b}, hosting: {scaling: {min: 3, max: 2}} | hosting.scaling.min | must be at most max, which is 2",
                "source: {hub: a/b}, hosting: {scaling: {max: 2, backlog: 4}} | hosting.scaling.backlog | belongs to type async; here it is concurrency",
                "source: {hub: a/b}, hosting: {instances: 5, scaling: {max: 2}} | hosting.instances | must be from 1 to 2, as scaling says",
                "source: {hub: a/b}, hosting: {scaling: {max: 2}}, lifecycle: metered | hosting.scaling | belongs to lifecycle alwaysOn",
                "source: {hub: a/b}, hosting: {update: {shift: canary}} | hosting.update.shift | must go over all at once: a step is at most half of the instances",
                "source: {hub: a/b}, hosting: {instances: 4, update: {percent: 10}} | hosting.update.percent | has nothing to say where all calls go over at once",
                "source: {hub: a/b}, hosting: {instances: 4, update: {shift: linear, percent: 5}} | hosting.update.percent | must be at least 10 of linear",
                "source: {hub: a/b}, hosting: {instances: 4, update: {type: rolling, shift: canary}} | hosting.update.shift | belongs to type blueGreen",
                "source: {hub: a/b}, hosting: {variants: [{name: a}, {name: a}]} | hosting.variants[1].name | must be a name of its own",
                "source: {hub: a/b}, hosting: {variants: [{name: a, source: {s3: 's3://weights/a/'}}]} | hosting.variants | must have sources of the model's own kind and engine",
                "source: {hub: a/b}, hosting: {variants: [{name: a}], scaling: {max: 2}} | hosting.scaling | must not stand beside variants",
                "source: {hub: a/b}, hosting: {variants: [{name: a}]}, lifecycle: {type: metered, schedule: [{days: [mon], start: '09:00', stop: '10:00', instances: 2}]} | lifecycle.schedule | must not say how many instances there are: the endpoint has variants of its own",
                "source: {hub: a/b, file: b.gguf}, routes: [{path: /a, template: none}] | routes[0].template | must be chat with llamacpp",
                "source: {hub: a/b}, engine: vllm, routes: [{path: /a, via: direct}] | routes[0].via | must be lambda, or body must be passthrough",
                "source: {jumpStart: {id: old-falcon, version: 1.0.0}}, hosting: {instanceType: ml.g5.12xlarge} | routes[0].template | must be none: a TGI before 2.4 takes no chats",
                "source: {jumpStart: {id: gated-llama, version: 2.0.0, acceptEula: true}}, engine: {tag: x} | engine.tag | has no place beside jumpStart",
                "source: {hub: a/b}, engine: {type: vllm, tag: server-sagemaker-cuda-v2.5} | engine.tag | must be of an image with CUDA 12.9 or older",
                "source: {hub: a/b}, hosting: {inferenceAmi: al2023-ami-sagemaker-inference-gpu-4-1} | hosting.inferenceAmi | must be one of al2-ami-sagemaker-inference-gpu-2",
                "source: {hub: a/b}, hosting: {type: async, instanceType: ml.c7i.xlarge} | hosting.instanceType | must have a GPU: tgi runs on nothing else",
                "source: {jumpStart: {id: new-machine, version: 1.0.0}} | source | must be a version whose container runs on a machine image that Pulumi's AWS provider knows",
                "source: {jumpStart: {id: new-cuda, version: 1.0.0}} | source | must be a version whose container runs on a machine image that Pulumi's AWS provider knows",
                "source: {hub: a/b}, engine: {tag: 2.9.0-tgi3.4.0-gpu-py311-cu130-ubuntu24.04} | engine.tag | must be of an image with CUDA 12.9 or older",
                "source: {jumpStart: {id: new-tgi, version: 1.0.0}}, hosting: {variants: [{name: a, source: {jumpStart: {id: old-tgi, version: 1.0.0}}}]} | hosting.variants | must have sources of the model's own kind and engine",
                "source: {jumpStart: {id: new-tgi, version: 1.0.0}}, hosting: {variants: [{name: a, source: {jumpStart: {id: isolated-tgi, version: 1.0.0}}}]} | hosting.variants | must have sources of the model's own kind and engine",
                "source: {jumpStart: {id: gated-llama, version: 2.0.0, acceptEula: true}}, hosting: {variants: [{name: a, source: {jumpStart: {id: strange, version: 1.0.0}}}]} | hosting.variants | must have sources of the model's own kind and engine",
                "source: {hub: a/b}, hosting: {instances: 2, update: {shift: canary}}, lifecycle: metered | hosting.update | belongs to lifecycle alwaysOn",
                "source: {hub: a/b}, hosting: {type: quick, memoryMegabytes: 1024} | hosting.type | must be one of async, realTime, serverless",
                "source: {hub: a/b}, hosting: {instances: 1, scaling: {min: 2, max: 4}} | hosting.instances | must be from 2 to 4, as scaling says",
                "source: {hub: a/b}, hosting: {type: async, instances: 5, scaling: {max: 2}} | hosting.instances | must be from 1 to 2, as scaling says",
                "source: {hub: a/b}, hosting: {variants: [3]}, lifecycle: {type: metered, schedule: [{days: [mon], start: '09:00', stop: '10:00', instances: 2}]} | hosting.variants[0] | must be a section of keys",
                "source: {hub: a/b}, hosting: {variants: [{name: a, instance: 1}]} | hosting.variants[0].instance | is no key that exists here",
                "source: {hub: a/b}, hosting: {update: {wait: 5}} | hosting.update.wait | is no key that exists here",
                "source: {hub: a/b}, hosting: {dataCapture: {s3: 's3://captures/a/', percentage: 5}} | hosting.dataCapture.percentage | is no key that exists here",
                "source: {hub: a/b}, hosting: {scaling: {max: 2, most: 3}} | hosting.scaling.most | is no key that exists here",
                "source: {hub: a/b}, hosting: {scaling: {max: 2, schedule: [{name: a, when: 'at(2027-01-01T00:00:00)', min: 1, max: 2, until: 3}]}} | hosting.scaling.schedule[0].until | is no key that exists here",
                "source: {hub: a/b}, hosting: {scaling: {max: 2, schedule: [{name: a, when: 'at(2027-01-01T00:00:00)', min: 0, max: 2}]}} | hosting.scaling.schedule[0].min | must be at least 1: a real-time endpoint has an instance as long as it stands",
                "source: {hub: a/b}, hosting: {scaling: {max: 2, schedule: [{name: a, when: 'at(2027-01-01T00:00:00)', min: 1, max: 2}, {name: a, when: 'at(2027-01-02T00:00:00)', min: 1, max: 2}]}} | hosting.scaling.schedule[1].name | must be a name of its own",
                "source: {hub: a/b}, hosting: {type: async, notify: {done: x}} | hosting.notify.done | is no key that exists here",
                "source: {s3: 's3://weights/a/', sizeMegabytes: 10}, engine: llamacpp, hosting: serverless | hosting.type | must be realTime or async unless source.s3 is an archive",
                "source: {hub: a/b}, hosting: {update: {shift: canary}, variants: [{name: a, instances: 2}, {name: b, instances: 1}]} | hosting.update.shift | must go over all at once",
                "source: {hub: a/b}, hosting: {update: {rollbackAlarms: [a, b, c, d, e, f, g, h, i, j, k]}} | hosting.update.rollbackAlarms | must be at most 10 alarms",
                "source: {hub: a/b}, engine: {typ: tgi} | engine.typ | is no key that exists here",
                "source: {hub: a/b}, engine: {tag: 2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04} | routes[0].template | must be none: a TGI before 2.4 takes no chats",
                "source: {hub: a/b}, engine: {type: vllm, chatTemplate: '{prompt}'} | engine.chatTemplate | has nothing to say with vllm",
                "source: {hub: a/b, file: b.gguf}, engine: {type: llamacpp, maxInputTokens: 5} | engine.maxInputTokens | has nothing to say with llamacpp",
                "source: {hub: a/b, file: b.gguf}, engine: {type: llamacpp, quantize: awq} | engine.quantize | has nothing to say with llamacpp",
                "source: {hub: a/b, file: b.gguf}, engine: {type: llamacpp, trustRemoteCode: true} | engine.trustRemoteCode | has nothing to say with llamacpp",
                "source: {hub: a/b, file: b.gguf}, engine: {type: llamacpp, chatTemplate: '{prompt}'} | engine.chatTemplate | has nothing to say with llamacpp",
                "source: {hub: a/b}, engine: {environment: {1A: x}} | engine.environment.1A | must be a text of at most 1024 characters",
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, engine: {maxTotalTokens: 5} | engine.maxTotalTokens | has no place here: the model brings its container",
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, engine: {quantize: awq} | engine.quantize | has no place here: the model brings its container",
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, engine: {dtype: float16} | engine.dtype | has no place here: the model brings its container",
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, engine: {trustRemoteCode: true} | engine.trustRemoteCode | has no place here: the model brings its container",
                "source: {s3: 's3://weights/a/', file: b.gguf} | source.file | belongs to hub",
                "source: {jumpStart: {id: new-tgi, version: 1.0.0, eula: true}} | source.jumpStart.eula | is no key that exists here",
                "source: {jumpStart: {id: configured, version: 1.0.0, config: slow}} | source.jumpStart.id | must be in parkmeter.lock.json for config slow: it is there only for fast",
                "source: {jumpStart: {id: new-tgi, version: 1.0.0}}, hosting: {instanceType: ml.x1.xlarge} | hosting.instanceType | must be ml.<family>.<size>",
                "source: {jumpStart: {id: strange, version: 1.0.0}}, engine: vllm, network: isolated | network | must not be isolated: the container downloads the model from the hub",
                "source: {hub: a/b}, hosting: serverless | hosting.type | must be realTime or async",
            })
    void what_cannot_be_deployed_is_refused_with_its_reason(String model, String key, String rule) {
        List<Problem> problems = problems(model);
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.key()).isEqualTo("parkmeter:models[0]." + key);
            assertThat(problem.rule()).startsWith(rule);
            assertThat(problem.mend()).isNotEmpty();
        });
        assertThat(problems)
                .as("one mistake is one problem, serverless TGI two")
                .hasSizeLessThanOrEqualTo(model.contains("serverless") ? 2 : 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, hosting: {instanceType: ml.c7i.xlarge}",
                "source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'}, engine: {type: tgi, chatTemplate: 'User: {prompt}'}, routes: [{path: /a, template: none}]",
                "source: {hub: a/b}, engine: {type: vllm, tag: server-sagemaker-cuda-v2.5}, hosting: {inferenceAmi: al2-ami-sagemaker-inference-gpu-3-1}",
                "source: {s3: 's3://weights/a.tar.gz', sizeMegabytes: 10}, engine: {type: llamacpp, tag: server-cu130}, hosting: serverless",
                "source: {jumpStart: {id: known-machine, version: 1.0.0}}",
                "source: {hub: a/b, file: b.gguf}, engine: {tag: server-sagemaker-cuda-v2}",
                "source: {jumpStart: {id: new-tgi, version: 1.0.0}}, hosting: {variants: [{name: a, instanceType: ml.g6.xlarge, source: {jumpStart: {id: other-type, version: 1.0.0}}}]}",
                "source: {jumpStart: {id: configured, version: 1.0.0, config: fast}}, engine: {environment: {MAX_INPUT_LENGTH: '1'}}",
                "source: {jumpStart: {id: gated-llama, version: 2.0.0, acceptEula: true}}, network: isolated",
                "source: {hub: a/b}, lifecycle: {type: metered, schedule: [{days: [mon], start: '09:00', stop: '10:00', instances: 2}]}",
                "source: {hub: a/b}, hosting: {instances: 2, update: {shift: canary, percent: 5}, variants: [{name: a}, {name: b}]}",
                "source: {hub: a/b}, hosting: {instances: 4, update: {shift: linear, percent: 10, rollbackAlarms: [a, b, c, d, e, f, g, h, i, j]}}",
            })
    void what_lies_close_to_it_is_deployed_all_the_same(String model) {
        assertThat(problems(model)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'", "endpointConfig: x"})
    void what_is_the_whole_of_a_model_is_no_variant(String source) {
        assertThat(problems("source: {hub: a/b}, hosting: {variants: [{name: a, source: {" + source + "}}]}"))
                .extracting(Problem::rule)
                .contains("must not be a variant's: it is the whole of a model");
    }

    @ParameterizedTest
    @CsvSource({"1024, true", "1025, false"})
    void a_variable_is_as_long_as_sagemaker_takes_it(int length, boolean taken) {
        assertThat(problems("source: {hub: a/b}, engine: {environment: {A: '" + "x".repeat(length) + "'}}"))
                .hasSize(taken ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HF_TOKEN",
                "HF_API_TOKEN",
                "HUGGING_FACE_HUB_TOKEN",
                "API_KEY",
                "SM_VLLM_API_KEY",
                "SM_LLAMA_CPP_API_KEY"
            })
    void a_secret_is_no_variable_whoever_brings_the_container(String name) {
        for (String source : List.of("{hub: a/b}", "{jumpStart: {id: new-tgi, version: 1.0.0}}")) {
            Problem problem =
                    only(problems("source: " + source + ", engine: {environment: {" + name + ": hf_secret}}"));
            assertThat(problem.rule())
                    .startsWith("must not be set: whoever may describe the model reads its variables");
            assertThat(problem.toString()).doesNotContain("hf_secret");
        }
    }

    @Test
    void a_model_of_the_hub_is_not_looked_for_before_there_is_a_region() {
        String yaml =
                "config: {'parkmeter:models': [{name: tiny, source: {jumpStart: {id: new-tgi, version: 1.0.0}}}]}";
        ConfigProblems thrown = catchThrowableOfType(
                ConfigProblems.class,
                () -> ConfigReader.read(new Names("parkmeter", "dev"), StackFiles.values(yaml), Set.of(), LOCK));
        assertThat(only(Objects.requireNonNull(thrown).problems()).key()).isEqualTo("aws:region");
    }

    @Test
    void what_a_lock_says_of_a_disk_holds_where_there_is_one_and_nothing_else_is_said() {
        String model = "source: {jumpStart: {id: slow-disk, version: 1.0.0}}, hosting: {instanceType: ml.c7i.xlarge%s}";
        assertThat(machines(model(model.formatted(""))))
                .isEqualTo(new Hosting.Machines(
                        900, 1300, Optional.of(50), Optional.of("al2-ami-sagemaker-inference-gpu-2")));
        assertThat(machines(model(model.formatted(", volumeGigabytes: 60"))))
                .isEqualTo(new Hosting.Machines(
                        900, 1300, Optional.of(60), Optional.of("al2-ami-sagemaker-inference-gpu-2")));
        assertThat(machines(model("source: {jumpStart: {id: known-machine, version: 1.0.0}}, hosting: {inferenceAmi:"
                        + " al2-ami-sagemaker-inference-gpu-2-1}")))
                .isEqualTo(new Hosting.Machines(
                        900, 900, Optional.empty(), Optional.of("al2-ami-sagemaker-inference-gpu-2-1")));
    }

    private static Hosting.Machines machines(ServedModel model) {
        return ((Hosting.RealTime) model.hosting()).machines();
    }

    @Test
    void steps_of_a_change_are_read_as_they_are_written_and_a_fifth_where_nobody_says() {
        assertThat(update("{shift: linear}"))
                .isEqualTo(new Hosting.Update.BlueGreen(Hosting.Shift.LINEAR, Optional.of(20), 300, List.of()));
        assertThat(update("{shift: canary, percent: 50, waitSeconds: 60, rollbackAlarms: [errors]}"))
                .isEqualTo(new Hosting.Update.BlueGreen(Hosting.Shift.CANARY, Optional.of(50), 60, List.of("errors")));
        assertThat(update("{type: rolling, percent: 25, waitSeconds: 0, rollbackAlarms: [errors]}"))
                .isEqualTo(new Hosting.Update.Rolling(25, 0, List.of("errors")));
        assertThat(update("{waitSeconds: 5}"))
                .isEqualTo(new Hosting.Update.BlueGreen(Hosting.Shift.ALL_AT_ONCE, Optional.empty(), 5, List.of()));
    }

    private static Hosting.Update update(String update) {
        return ((Hosting.RealTime) model("source: {hub: a/b}, hosting: {instances: 4, update: " + update + "}")
                        .hosting())
                .update()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"requests, true, false", "answers, false, true", "both, true, true"})
    void of_a_call_is_captured_what_the_stack_file_says(String what, boolean requests, boolean answers) {
        Hosting.RealTime hosting = (Hosting.RealTime)
                model("source: {hub: a/b}, hosting: {dataCapture: {s3: 's3://captures/a/', percent: 5, capture: " + what
                                + "}}")
                        .hosting();
        assertThat(hosting.dataCapture())
                .contains(new Hosting.DataCapture(new S3Location("captures", "a/"), 5, requests, answers));
    }

    @Test
    void who_is_told_of_jobs_and_how_many_run_at_once_is_read() {
        String topic = "arn:aws:sns:eu-west-2:123456789012:";
        Hosting.Async async = (Hosting.Async)
                model("source: {hub: a/b}, hosting: {type: async, maxConcurrency: 7, notify: {success: '" + topic
                                + "done', error: '" + topic + "failed'}}")
                        .hosting();
        assertThat(async.maxConcurrency()).isEqualTo(7);
        assertThat(async.successTopic()).contains(topic + "done");
        assertThat(async.errorTopic()).contains(topic + "failed");
    }

    @Test
    void engines_and_sources_are_read_as_they_are_written() {
        assertThat(model("source: {s3: 's3://weights/a/', acceptEula: true}").source())
                .isEqualTo(new Source.S3(new S3Location("weights", "a/"), true));
        assertThat(model("source: {hub: a/b}, engine: {maxInputTokens: 5, maxTotalTokens: 9, dtype: float16,"
                                + " trustRemoteCode: true}")
                        .engine())
                .isEqualTo(new Engine.Tgi(
                        Optional.empty(),
                        Optional.of(5),
                        Optional.of(9),
                        Optional.empty(),
                        Optional.of("float16"),
                        true,
                        true,
                        Optional.empty(),
                        Map.of()));
        assertThat(model("source: {hub: a/b}, engine: {type: vllm, maxTotalTokens: 9, quantize: fp8}")
                        .engine())
                .isEqualTo(new Engine.Vllm(
                        Optional.empty(), Optional.of(9), Optional.of("fp8"), Optional.empty(), false, true, Map.of()));
        Engine.Tgi old = (Engine.Tgi) model(
                        "source: {hub: a/b}, engine: {tag: 2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04, chatTemplate: 'User: {prompt}'}")
                .engine();
        assertThat(old.chats()).isFalse();
        assertThat(old.chatTemplate()).contains("User: {prompt}");
        Engine.Tgi bought =
                (Engine.Tgi) model("source: {modelPackage: 'arn:aws:sagemaker:eu-west-2:123456789012:model-package/x'},"
                                + " engine: {type: tgi, chatTemplate: 'User: {prompt}'}")
                        .engine();
        assertThat(bought.chats()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sizeMegabytes: 2048 | memoryMegabytes: 3072 | ",
                "sizeMegabytes: 10 | maxConcurrency: 200 | ",
                "sizeMegabytes: 2020 | memoryMegabytes: 3072 | ",
                "sizeMegabytes: 2020 | memoryMegabytes: 2048 | do not fit in 2048 MB of memory; memoryMegabytes may be 6144",
                "sizeMegabytes: 4500 | memoryMegabytes: 6144 | ",
                "sizeMegabytes: 4501 | memoryMegabytes: 6144 | do not fit on the 5 GB of disk that a serverless endpoint has; at most 4500 do",
                "sizeMegabytes: 4501 | memoryMegabytes: 2048 | and a serverless endpoint has 6144 at most",
                "sizeMegabytes: 8100 | memoryMegabytes: 6144 | and a serverless endpoint has 6144 at most",
                "sizeMegabytes: 8100 | memoryMegabytes: 2048 | and a serverless endpoint has 6144 at most",
                "acceptEula: false | memoryMegabytes: 6144 | unless source.sizeMegabytes says how large the model is",
                "sizeMegabytes: 10 | memoryMegabytes: 1024 | do not fit in 1024 MB of memory",
                "sizeMegabytes: 10 | maxConcurrency: 201 | must be at most 200 of a serverless endpoint",
                "sizeMegabytes: 10 | instanceType: ml.c7i.xlarge | belongs to type async or realTime",
            })
    void a_serverless_endpoint_takes_what_fits_into_its_memory(String source, String hosting, String rule) {
        List<Problem> problems = problems("source: {s3: 's3://weights/hermes.tar.gz', " + source
                + "}, engine: llamacpp, hosting: {type: serverless, " + hosting + "}");
        if (rule == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(only(problems).rule()).contains(rule);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2020, 'pulumi config set --path ''parkmeter:models[0].hosting.memoryMegabytes'' 6144 --stack dev'",
        "8100, 'pulumi config set --path ''parkmeter:models[0].hosting.type'' realTime --stack dev'",
    })
    void more_memory_is_offered_only_where_the_model_would_fit_into_it(int size, String mend) {
        assertThat(only(problems("source: {s3: 's3://weights/hermes.tar.gz', sizeMegabytes: " + size
                                + "}, engine: llamacpp, hosting: {type: serverless, memoryMegabytes: 2048}"))
                        .mend())
                .isEqualTo(mend);
    }

    @Test
    void a_gpu_engine_on_a_serverless_endpoint_is_refused_for_what_it_is() {
        List<Problem> problems = problems(
                "source: {s3: 's3://weights/hermes.tar.gz', sizeMegabytes: 2000}, engine: tgi, hosting: serverless");
        assertThat(only(problems).rule())
                .contains("must be realTime or async with tgi: a serverless endpoint has no GPU");
    }

    @Test
    void a_meter_or_a_network_of_ones_own_does_not_go_with_serverless() {
        String serverless =
                "source: {s3: 's3://weights/hermes.tar.gz', sizeMegabytes: 2000}, engine: llamacpp, hosting: serverless";
        assertThat(only(problems(serverless + ", lifecycle: metered")).rule())
                .contains("must be alwaysOn where hosting.type is serverless");
        assertThat(only(problems(serverless + ", network: isolated")).rule())
                .isEqualTo("must be public: a serverless endpoint has no VPC and no isolation");
    }

    @Test
    void a_private_model_of_the_hub_needs_a_way_to_it() {
        String vpc = "parkmeter:vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b]%s}";
        assertThat(only(problems("source: {hub: a/b}, network: private", vpc.formatted("")))
                        .rule())
                .contains("parkmeter:vpc.internet is not true");
        assertThat(problems("source: {hub: a/b}, network: private", vpc.formatted(", internet: true")))
                .isEmpty();
        assertThat(problems(S3 + ", network: private", vpc.formatted(""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d]} | parkmeter:vpc.subnets | must be 2 to 16 different subnets",
                "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-0a1b2c3d]} | parkmeter:vpc.subnets | must be 2 to 16 different subnets",
                "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c00, subnet-0a1b2c01, subnet-0a1b2c02, subnet-0a1b2c03, subnet-0a1b2c04, subnet-0a1b2c05, subnet-0a1b2c06, subnet-0a1b2c07, subnet-0a1b2c08, subnet-0a1b2c09, subnet-0a1b2c0a, subnet-0a1b2c0b, subnet-0a1b2c0c, subnet-0a1b2c0d, subnet-0a1b2c0e, subnet-0a1b2c0f, subnet-0a1b2c10]} | parkmeter:vpc.subnets | must be 2 to 16 different subnets",
                "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b], securityGroups: [sg-0a1b2c00, sg-0a1b2c01, sg-0a1b2c02, sg-0a1b2c03, sg-0a1b2c04, sg-0a1b2c05]} | parkmeter:vpc.securityGroups | must be at most 5 different security groups",
                "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b], securityGroups: [sg-0a1b2c3d, sg-0a1b2c3d]} | parkmeter:vpc.securityGroups | must be at most 5 different security groups",
                "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b], nat: true} | parkmeter:vpc.nat | is no key that exists here; the nearest key is 'id'",
                "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b], apiEndpoint: vpce-0a1b2c3d} | parkmeter:vpc.apiEndpoint | has nothing to say where api.private is not true",
                "{id: x, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b]} | parkmeter:vpc.id | must be a VPC's id",
                "{id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, b]} | parkmeter:vpc.subnets[1] | must be a subnet's id",
            })
    void a_vpc_is_named_by_ids(String vpc, String key, String rule) {
        Problem problem = only(problems(S3 + ", network: private", "parkmeter:vpc: " + vpc));
        assertThat(problem.key()).isEqualTo(key);
        assertThat(problem.rule()).isEqualTo(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"routeTables: [rtb-0a1b2c3d]", "internet: true", "securityGroups: [sg-0a1b2c3d]"})
    void what_is_for_models_has_nothing_to_say_where_the_api_alone_is_private(String setting) {
        Problem problem = only(problems(
                S3,
                "parkmeter:api: {private: true}",
                "parkmeter:vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b], " + setting + "}"));
        assertThat(problem.key()).isEqualTo("parkmeter:vpc." + setting.substring(0, setting.indexOf(':')));
        assertThat(problem.rule()).isEqualTo("has nothing to say where no model's network is private");
    }

    @Test
    void a_vpc_has_as_many_subnets_and_groups_as_sagemaker_takes() {
        assertThat(
                        problems(
                                S3 + ", network: private",
                                "parkmeter:vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c00, subnet-0a1b2c01, subnet-0a1b2c02, subnet-0a1b2c03, subnet-0a1b2c04, subnet-0a1b2c05, subnet-0a1b2c06, subnet-0a1b2c07, subnet-0a1b2c08, subnet-0a1b2c09, subnet-0a1b2c0a, subnet-0a1b2c0b, subnet-0a1b2c0c, subnet-0a1b2c0d, subnet-0a1b2c0e, subnet-0a1b2c0f], securityGroups: [sg-0a1b2c00, sg-0a1b2c01, sg-0a1b2c02, sg-0a1b2c03, sg-0a1b2c04]}"))
                .isEmpty();
    }

    @Test
    void a_vpc_that_nothing_is_in_is_refused_and_a_private_api_needs_one() {
        assertThat(only(problems(S3, "parkmeter:vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b]}"))
                        .rule())
                .isEqualTo("has nothing to say: no model's network is private, nor is the API");
        Problem missing = only(problems(S3, "parkmeter:api: {private: true}"));
        assertThat(missing.key()).isEqualTo("parkmeter:vpc");
        assertThat(missing.rule()).startsWith("is missing");
    }

    @Test
    void an_asynchronous_model_scales_to_none_unless_somebody_says_otherwise() {
        Hosting.Async async = (Hosting.Async) model("source: {hub: a/b}, hosting: {type: async, instances: 3}")
                .hosting();
        assertThat(async.scaling()).contains(new Hosting.Scaling(0, 3, 5, 60, 600, List.of()));
        assertThat(async.maxConcurrency()).isEqualTo(4);
        Hosting.Async kept = (Hosting.Async) model(
                        "source: {hub: a/b}, hosting: {type: async, scaling: {min: 1, max: 4, backlog: 2.5, schedule:"
                                + " [{name: night, when: 'cron(0 20 ? * MON-FRI *)', timezone: Europe/London, min: 0, max: 0}]}}")
                .hosting();
        assertThat(kept.scaling())
                .contains(new Hosting.Scaling(
                        1,
                        4,
                        2.5,
                        60,
                        600,
                        List.of(new Hosting.Scheduled("night", "cron(0 20 ? * MON-FRI *)", "Europe/London", 0, 0))));
        assertThat(model("source: {hub: a/b}, hosting: async").routes().get(0).via())
                .isInstanceOf(Route.Integration.Job.class);
    }

    @Test
    void variants_take_over_what_they_do_not_say() {
        Hosting.RealTime hosting = (Hosting.RealTime) model(
                        "source: {hub: a/b}, hosting: {instances: 2, instanceType: ml.g5.2xlarge, variants: [{name: old, weight: 9},"
                                + " {name: new, instances: 1, instanceType: ml.g6.xlarge, source: {hub: a/b, revision: v2}}]}")
                .hosting();
        assertThat(hosting.variants())
                .containsExactly(
                        new Hosting.Variant("old", 9, type("ml.g5.2xlarge"), 2, Optional.empty()),
                        new Hosting.Variant(
                                "new",
                                1,
                                type("ml.g6.xlarge"),
                                1,
                                Optional.of(new Source.Hub("a/b", Optional.of("v2"), Optional.empty()))));
    }

    private static InstanceType type(String name) {
        return Objects.requireNonNull(InstanceType.of(name).orElse(null));
    }

    @Test
    void a_step_of_an_update_counts_the_instances_that_scaling_begins_with() {
        assertThat(problems("source: {hub: a/b}, hosting: {scaling: {min: 2, max: 4}, update: {shift: canary}}"))
                .isEmpty();
    }

    @Test
    void a_variants_name_makes_no_other_models_name() {
        String yaml =
                "config: {'aws:region': eu-west-2, 'parkmeter:models': [{name: a, source: {hub: a/b}, hosting: {variants:"
                        + " [{name: b}]}}, {name: A-b, source: {hub: a/b}, routes: [{path: /b}]}]}";
        ConfigProblems thrown = catchThrowableOfType(
                ConfigProblems.class,
                () -> ConfigReader.read(new Names("parkmeter", "dev"), StackFiles.values(yaml), Set.of(), LOCK));
        assertThat(only(Objects.requireNonNull(thrown).problems()).rule()).contains("'a-b': another model has that");
    }

    @Test
    void scaling_begins_within_its_limits() {
        Hosting.RealTime hosting = (Hosting.RealTime) model("source: {hub: a/b}, hosting: {scaling: {min: 2, max: 4}}")
                .hosting();
        assertThat(hosting.variants().get(0).instances()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "vllm:server-sagemaker-cuda-v2.5, al2023-ami-sagemaker-inference-gpu-4-1",
        "vllm:server-sagemaker-cuda-v1.4, al2-ami-sagemaker-inference-gpu-3-1",
        "huggingface-vllm:0.30.0-transformers5.15.0-gpu-py312-cu130-ubuntu24.04, al2023-ami-sagemaker-inference-gpu-4-1",
        "djl-inference:0.33.0-lmi15.0.0-cu129, al2-ami-sagemaker-inference-gpu-3-1",
        "llama-cpp:server-sagemaker-cuda-v1, al2-ami-sagemaker-inference-gpu-3-1",
        "llama-cpp:server-sagemaker-cpu-v1,",
        "huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04,",
    })
    void the_machine_image_follows_the_containers_cuda(String image, String ami) {
        assertThat(new ContainerImage(IMAGE + image).inferenceAmi()).isEqualTo(Optional.ofNullable(ami));
    }

    @Test
    void one_token_is_enough() {
        String arn = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:hub-a1b2c3";
        assertThat(problems("source: {hub: a/b}", "parkmeter:huggingFaceTokenSecret: " + arn))
                .isEmpty();
        assertThat(problems("source: {hub: a/b}", "parkmeter:huggingFaceTokenSecret: hf_abc"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.value()).doesNotContain("hf_abc"));
    }
}
