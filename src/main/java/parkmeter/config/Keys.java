package parkmeter.config;

import static parkmeter.config.Key.optional;
import static parkmeter.config.Key.required;
import static parkmeter.config.Key.withDefault;
import static parkmeter.config.ValueType.amountAbove0;
import static parkmeter.config.ValueType.anyList;
import static parkmeter.config.ValueType.chatTemplate;
import static parkmeter.config.ValueType.choice;
import static parkmeter.config.ValueType.date;
import static parkmeter.config.ValueType.flag;
import static parkmeter.config.ValueType.list;
import static parkmeter.config.ValueType.numberAbove0;
import static parkmeter.config.ValueType.s3Location;
import static parkmeter.config.ValueType.section;
import static parkmeter.config.ValueType.text;
import static parkmeter.config.ValueType.time;
import static parkmeter.config.ValueType.timeZone;
import static parkmeter.config.ValueType.wholeNumber;
import static parkmeter.config.ValueType.wholeNumberOr0;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every key there is. The reader, the messages and docs/configuration.md are made from this. */
final class Keys {

    /** What a name of a model may be: it becomes part of a SageMaker name (API reference, CreateEndpoint). */
    static final String SAGEMAKER_NAME = "[a-zA-Z0-9](-*+[a-zA-Z0-9])*+";

    private static final String PLAIN_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    /** 31 days: what runs longer than a month at a time is always on. */
    private static final int MOST_MINUTES = 44_640;

    private static final String PLAIN_NAME_RULE = "1 to 64 letters, digits, dots, underscores and hyphens";

    static final Key<JsonNode> MODELS = optional(
            "parkmeter:models",
            list(),
            "[{\"name\": \"tinyllama\", \"source\": {\"hub\": \"TinyLlama/TinyLlama-1.1B-Chat-v1.0\"}}]",
            "The models that the stack serves; none only where it has `routes`.");
    static final Key<String> MODEL_NAME = required(
            "parkmeter:models[].name",
            text("1 to 40 letters and digits, with hyphens between them", "(?=.{1,40}$)" + SAGEMAKER_NAME),
            "\"tinyllama\"",
            "The model's name in the stack. The endpoint is called `<project>-<stack>-<name>`.");
    static final Key<JsonNode> SOURCE = required(
            "parkmeter:models[].source",
            section(),
            "{\"hub\": \"TinyLlama/TinyLlama-1.1B-Chat-v1.0\"}",
            "What is served.");
    static final Key<String> HUB = optional(
            "parkmeter:models[].source.hub",
            text(
                    "a Hugging Face model id, owner/name or a name alone",
                    "([A-Za-z0-9][\\w.-]{0,95}/)?[A-Za-z0-9][\\w.-]{0,95}"),
            "\"TinyLlama/TinyLlama-1.1B-Chat-v1.0\"",
            "A model on the Hugging Face hub, by its id; the container downloads it when it starts.");
    static final Key<String> REVISION = optional(
            "parkmeter:models[].source.revision",
            text("a branch, tag or commit", "(?!.*\\.\\.)[A-Za-z0-9][\\w./-]{0,127}"),
            "\"fe8a4ea1ffedaf415f4da2f062534de366a451e6\"",
            "The branch, tag or commit; without it the hub's main branch, whatever it is when an instance starts.");
    static final Key<String> FILE = optional(
            "parkmeter:models[].source.file",
            text("a GGUF file of the repository", "(?!.*\\.\\.)[A-Za-z0-9][\\w./-]{0,250}\\.gguf"),
            "\"SmolLM2-135M-Instruct-Q8_0.gguf\"",
            "Of a `hub` for `llamacpp`: the file that is served.");
    static final Key<S3Location> S3 = optional(
            "parkmeter:models[].source.s3",
            s3Location(),
            "\"s3://example-models/tinyllama/fe8a4ea1/\"",
            "Weights in a bucket of the stack's region: all under a prefix that ends with a slash, or one `.tar.gz`. "
                    + "`make stage` puts a model of the hub there.");
    static final Key<String> MODEL_PACKAGE = optional(
            "parkmeter:models[].source.modelPackage",
            text(
                    "a model package's ARN",
                    "arn:[\\w-]+:sagemaker:[a-z0-9-]+:[0-9]{12}:model-package/[A-Za-z0-9-]+(/[0-9]+)?"),
            "\"arn:aws:sagemaker:eu-west-2:123456789012:model-package/example-llm-v1\"",
            "A model package, as AWS Marketplace has them: it brings its container, which runs without a network.");
    static final Key<String> ENDPOINT_CONFIG = optional(
            "parkmeter:models[].source.endpointConfig",
            text("the name of an EndpointConfiguration", "(?=.{1,63}$)" + SAGEMAKER_NAME),
            "\"example-config\"",
            "An EndpointConfiguration that exists in the account and region, of a model that answers in real time: the stack has the endpoint and "
                    + "the API alone.");
    static final Key<JsonNode> JUMP_START = optional(
            "parkmeter:models[].source.jumpStart",
            section(),
            "{\"id\": \"huggingface-llm-falcon-40b-instruct-bf16\", \"version\": \"2.3.22\"}",
            "A JumpStart model, as `make lock` wrote it into parkmeter.lock.json.");
    static final Key<String> JUMP_START_ID = required(
            "parkmeter:models[].source.jumpStart.id",
            text("a JumpStart model's id", "[a-z0-9][a-z0-9-]{0,127}"),
            "\"huggingface-llm-falcon-40b-instruct-bf16\"",
            "Its id.");
    static final Key<String> JUMP_START_VERSION = required(
            "parkmeter:models[].source.jumpStart.version",
            text("a whole version, like 2.3.22, in quotes", "[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}"),
            "\"2.3.22\"",
            "Its version: image, weights and instance types change from one to the next.");
    static final Key<String> JUMP_START_CONFIG = optional(
            "parkmeter:models[].source.jumpStart.config",
            text("the name of one of its inference configurations", "[A-Za-z0-9][A-Za-z0-9._-]{0,127}"),
            "\"lmi\"",
            "One of its inference configurations; without it the one that JumpStart ranks first.");
    static final Key<Boolean> JUMP_START_EULA = withDefault(
            "parkmeter:models[].source.jumpStart.acceptEula",
            flag(),
            "false",
            "Whether the model's licence is accepted; a gated model needs it.");
    static final Key<Boolean> ACCEPT_EULA = withDefault(
            "parkmeter:models[].source.acceptEula",
            flag(),
            "false",
            "Of `s3`: whether the licence of weights that SageMaker keeps behind one is accepted.");
    static final Key<Integer> SIZE = optional(
            "parkmeter:models[].source.sizeMegabytes",
            wholeNumber(1, 2_000_000),
            "2020",
            "How large the weights are; a serverless endpoint needs to know, since they have to fit in its memory.");
    static final List<Key<?>> SOURCES = List.of(HUB, S3, MODEL_PACKAGE, ENDPOINT_CONFIG, JUMP_START);

    static final Key<JsonNode> ENGINE =
            withDefault("parkmeter:models[].engine", section(), "{}", "What serves the model; the type alone will do.");
    static final Key<String> ENGINE_TYPE = optional(
            "parkmeter:models[].engine.type",
            choice(words("tgi", "vllm", "llamacpp")),
            "\"tgi\"",
            "The engine. `tgi`: Hugging Face's Text Generation Inference. `vllm`: vLLM. `llamacpp`: llama.cpp, also on CPUs. Without it "
                    + "what the source brings; `tgi` where it brings none, `llamacpp` where `source.file` names a GGUF file.");
    static final Key<String> TAG = optional(
            "parkmeter:models[].engine.tag",
            text("an image's tag", "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"),
            "\"2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04\"",
            "Another tag of the engine's image among AWS's Deep Learning Containers; without it the one that this version of the "
                    + "program was made with.");
    static final Key<Integer> MAX_INPUT_TOKENS = optional(
            "parkmeter:models[].engine.maxInputTokens",
            wholeNumber(1, 10_000_000),
            "1536",
            "Of `tgi`: the longest prompt, in tokens; without it TGI decides by the model and the GPU's memory.");
    static final Key<Integer> MAX_TOTAL_TOKENS = optional(
            "parkmeter:models[].engine.maxTotalTokens",
            wholeNumber(2, 10_000_000),
            "2048",
            "The longest prompt and answer together, in tokens; more than `maxInputTokens`, at most the model's context.");
    static final Key<String> QUANTIZE = optional(
            "parkmeter:models[].engine.quantize",
            choice(words(
                    "awq",
                    "gptq",
                    "marlin",
                    "exl2",
                    "eetq",
                    "fp8",
                    "bitsandbytes",
                    "bitsandbytes-nf4",
                    "bitsandbytes-fp4")),
            "\"awq\"",
            "How the weights are quantised; of `vllm` one of awq, gptq, fp8, bitsandbytes. A GGUF file is as it is.");
    static final Key<String> DTYPE = optional(
            "parkmeter:models[].engine.dtype",
            choice(words("float16", "bfloat16")),
            "\"bfloat16\"",
            "The type of the weights; with `tgi` not together with `quantize`.");
    static final Key<Boolean> TRUST_REMOTE_CODE = withDefault(
            "parkmeter:models[].engine.trustRemoteCode",
            flag(),
            "false",
            "Whether code of the model's repository may run in the container.");
    static final Key<String> CHAT_TEMPLATE = optional(
            "parkmeter:models[].engine.chatTemplate",
            chatTemplate(),
            "\"<|user|>\\n{prompt}</s>\\n<|assistant|>\\n\"",
            "Of a TGI before 2.4, which takes no chats: what a prompt is put into, with {prompt} where it goes.");
    static final Key<JsonNode> ENVIRONMENT = optional(
            "parkmeter:models[].engine.environment",
            section(),
            "{\"MAX_BATCH_PREFILL_TOKENS\": \"4096\"}",
            "Variables of the container beside those that the other keys set, by name. Anybody who may describe the model reads them.");

    static final Key<JsonNode> LIFECYCLE =
            withDefault("parkmeter:models[].lifecycle", section(), "{}", "When the model runs.");
    static final Key<String> LIFECYCLE_TYPE = withDefault(
            "parkmeter:models[].lifecycle.type",
            choice(words("alwaysOn", "metered")),
            "\"alwaysOn\"",
            "`alwaysOn`: from `pulumi up` to `pulumi destroy`. `metered`: while there is time on its meter, inside a window of "
                    + "its schedule, or after a request woke it.");
    static final Key<Integer> INITIAL_MINUTES = withDefault(
            "parkmeter:models[].lifecycle.initialMinutes",
            wholeNumber(0, MOST_MINUTES),
            "90",
            "What the first deployment puts on the meter; a later one puts nothing on it. At most `maxMinutes`.");
    static final Key<Integer> MAX_MINUTES = withDefault(
            "parkmeter:models[].lifecycle.maxMinutes",
            wholeNumber(1, MOST_MINUTES),
            "480",
            "How much the meter holds: a top-up is cut there.");
    static final Key<Integer> IDLE_MINUTES = withDefault(
            "parkmeter:models[].lifecycle.idleMinutes",
            // CloudWatch shows a call a minute or two late: a shorter time would stop models that are in use.
            wholeNumberOr0("never", 5, MOST_MINUTES),
            "30",
            "After how long without a call the model stops, whatever is left on the meter.");
    static final Key<Boolean> WAKE_ON_REQUEST = withDefault(
            "parkmeter:models[].lifecycle.wakeOnRequest",
            flag(),
            "true",
            "Whether a call to the stopped model starts it. The call itself is answered 503 with `Retry-After`.");
    static final Key<Integer> WAKE_MINUTES = withDefault(
            "parkmeter:models[].lifecycle.wakeMinutes",
            wholeNumber(1, MOST_MINUTES),
            "30",
            "What such a call puts on the meter: once, however many calls arrive. At most `maxMinutes`.");
    static final Key<String> ON_CHANGE = withDefault(
            "parkmeter:models[].lifecycle.onChange",
            choice(words("update", "recreate")),
            "\"update\"",
            "How another configuration reaches a running endpoint. `update`: without a gap, with room for both in the quota. "
                    + "`recreate`: deleted and created again.");
    static final Key<BigDecimal> HOURLY_COST = optional(
            "parkmeter:models[].lifecycle.hourlyCost",
            amountAbove0(10_000),
            "1.41",
            "What the endpoint's instances together cost in an hour, for the meter to show what a run has cost; without it what the "
                    + "table of prices says, where it knows region and type.");
    static final Key<JsonNode> SCHEDULE = withDefault(
            "parkmeter:models[].lifecycle.schedule",
            anyList(),
            "[]",
            "Windows in which the model runs whatever the meter says.");
    static final Key<String> WINDOW_NAME = optional(
            "parkmeter:models[].lifecycle.schedule[].name",
            text(PLAIN_NAME_RULE, PLAIN_NAME),
            "\"office-hours\"",
            "What people call the window.");
    static final Key<JsonNode> DAYS = optional(
            "parkmeter:models[].lifecycle.schedule[].days",
            list(),
            "[\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]",
            "The days of the week on which it begins; or `date`.");
    static final Key<DayOfWeek> DAY = optional(
            "parkmeter:models[].lifecycle.schedule[].days[]",
            choice(Map.of(
                    "mon", DayOfWeek.MONDAY,
                    "tue", DayOfWeek.TUESDAY,
                    "wed", DayOfWeek.WEDNESDAY,
                    "thu", DayOfWeek.THURSDAY,
                    "fri", DayOfWeek.FRIDAY,
                    "sat", DayOfWeek.SATURDAY,
                    "sun", DayOfWeek.SUNDAY)),
            "\"mon\"",
            "A day of the week.");
    static final Key<LocalDate> DATE = optional(
            "parkmeter:models[].lifecycle.schedule[].date",
            date(),
            "\"2026-12-24\"",
            "The one day on which it begins; or `days`.");
    static final Key<LocalTime> START =
            required("parkmeter:models[].lifecycle.schedule[].start", time(), "\"09:00\"", "When it begins.");
    static final Key<LocalTime> STOP = required(
            "parkmeter:models[].lifecycle.schedule[].stop",
            time(),
            "\"17:00\"",
            "When it ends; before `start`, it is the next day's.");
    static final Key<ZoneId> TIME_ZONE =
            withDefault("parkmeter:models[].lifecycle.schedule[].timezone", timeZone(), "\"UTC\"", "By whose clock.");
    static final Key<Boolean> WINDOW_IDLE = withDefault(
            "parkmeter:models[].lifecycle.schedule[].idle",
            flag(),
            "false",
            "Whether the model may stop for idleness inside the window.");

    static final Key<Integer> WINDOW_INSTANCES = optional(
            "parkmeter:models[].lifecycle.schedule[].instances",
            wholeNumber(1, 100),
            "2",
            "How many instances run in the window; without it as many as `hosting.instances` says. Where windows meet, the largest.");

    /** What stands in a lifecycle of type metered alone. */
    static final List<Key<?>> METERED = List.of(
            INITIAL_MINUTES,
            MAX_MINUTES,
            IDLE_MINUTES,
            WAKE_ON_REQUEST,
            WAKE_MINUTES,
            ON_CHANGE,
            HOURLY_COST,
            SCHEDULE);

    static final Key<String> NETWORK = optional(
            "parkmeter:models[].network",
            choice(words("public", "private", "isolated")),
            "\"public\"",
            "Which network the container sees. `public`: SageMaker's own, with a way to the hub. `private`: the subnets of `vpc`. "
                    + "`isolated`: none. Without it what the source needs, `isolated` for a model package, else `public`.");

    static final Key<JsonNode> ROUTES =
            withDefault("parkmeter:models[].routes", list(), "[{\"path\": \"/invoke\"}]", "How the model is called.");
    static final Key<String> PATH = required(
            "parkmeter:models[].routes[].path",
            text(
                    "segments of letters, digits, dots, underscores and hyphens, each behind a slash; none of them . or .., "
                            + "not /ping or /sping, which API Gateway keeps for itself",
                    "(?=.{1,128}$)(?!/s?ping$)(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)++"),
            "\"/invoke\"",
            "The path behind the stage; no two routes of a stack share one and a method.");
    static final Key<String> BODY = withDefault(
            "parkmeter:models[].routes[].body",
            choice(words("prompt", "passthrough"), "openai"),
            "\"prompt\"",
            "What callers send and get. `prompt`: the prompt API. `passthrough`: what the model itself takes and gives, as it comes.");
    static final Key<Route.Template> TEMPLATE = withDefault(
            "parkmeter:models[].routes[].template",
            choice(Map.of("chat", Route.Template.CHAT, "none", Route.Template.NONE)),
            "\"chat\"",
            "Of a `prompt`. `chat`: it becomes a chat, put into form by the model's own chat template. `none`: it goes in as it is.");
    static final Key<Route.Integration> VIA = withDefault(
            "parkmeter:models[].routes[].via",
            choice(Map.<String, Route.Integration>of(
                    "lambda", new Route.Integration.Lambda(), "direct", new Route.Integration.Direct())),
            "\"lambda\"",
            "What stands between the API and the model. `lambda`: this project's own function. `direct`: nothing; API Gateway calls "
                    + "SageMaker itself, by templates, and a call wakes no stopped model.");
    static final Key<Boolean> LONG = withDefault(
            "parkmeter:models[].routes[].long",
            flag(),
            "false",
            "Whether an answer may take longer than API Gateway waits. A call is taken then, becomes a job, and its answer is asked "
                    + "for at `<path>/{id}`.");
    static final Key<Boolean> PUBLIC = withDefault(
            "parkmeter:models[].routes[].public",
            flag(),
            "false",
            "Whether anybody may call the route, without a key. It needs a `throttle` then.");
    static final Key<JsonNode> ROUTE_THROTTLE = optional(
            "parkmeter:models[].routes[].throttle",
            section(),
            "{\"rate\": 1, \"burst\": 5}",
            "The route's limit over all callers together, in place of the API's.");
    static final Key<Double> ROUTE_RATE = required(
            "parkmeter:models[].routes[].throttle.rate",
            numberAbove0(10_000),
            "1",
            "Requests a second in the long run.");
    static final Key<Integer> ROUTE_BURST =
            required("parkmeter:models[].routes[].throttle.burst", wholeNumber(1, 5_000), "5", "Requests at once.");
    static final Key<Access> ACCESS = withDefault(
            "parkmeter:models[].access",
            choice(Map.<String, Access>of(
                    "key", new Access.Key(), "token", new Access.Token(), "cognito", new Access.Cognito())),
            "\"key\"",
            "Who may call its routes that say nothing of their own. `key`: holders of a client's API key. `token`: holders of an "
                    + "access token. `cognito`: who has signed in to the user pool.");
    static final Key<Access> ROUTE_ACCESS = optional(
            "parkmeter:models[].routes[].access",
            ACCESS.type(),
            "\"token\"",
            "Who may call this route; without it the model's `access` says so.");

    static final Key<JsonNode> FUNCTION_ROUTES = optional(
            "parkmeter:routes",
            list(),
            "[{\"path\": \"/model\", \"via\": {\"function\": \"LanguageModelLambda\"}}]",
            "Routes to functions that are not this stack's.");
    static final Key<String> FUNCTION_PATH = required(
            "parkmeter:routes[].path",
            PATH.type(),
            "\"/model\"",
            "The path behind the stage; no two routes of a stack share one and a method.");
    static final Key<String> METHOD = withDefault(
            "parkmeter:routes[].method",
            choice(words("ANY", "DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")),
            "\"ANY\"",
            "The HTTP method; `ANY`: every one, a browser's `OPTIONS` too.");
    static final Key<JsonNode> FUNCTION_VIA =
            required("parkmeter:routes[].via", section(), "{\"function\": \"LanguageModelLambda\"}", "What answers.");
    static final Key<String> FUNCTION = required(
            "parkmeter:routes[].via.function",
            text(
                    "a function's name, or its ARN without version or alias",
                    "(arn:[\\w-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:)?[A-Za-z0-9_-]{1,64}"),
            "\"LanguageModelLambda\"",
            "The function, which has to be there: its name in this account and region, or its ARN.");
    static final Key<String> QUALIFIER = optional(
            "parkmeter:routes[].via.qualifier",
            text("a version's number or an alias, in quotes", "[0-9]+|[A-Za-z0-9_-]{1,128}"),
            "\"live\"",
            "A version or an alias of it; without one what is newest.");
    static final Key<Access> FUNCTION_ACCESS =
            withDefault("parkmeter:routes[].access", ACCESS.type(), "\"key\"", "Who may call it, as for a model.");
    static final Key<Boolean> FUNCTION_PUBLIC = withDefault(
            "parkmeter:routes[].public", flag(), "false", "Whether anybody may call it, as for a model's route.");
    static final Key<JsonNode> FUNCTION_THROTTLE = optional(
            "parkmeter:routes[].throttle",
            section(),
            "{\"rate\": 1, \"burst\": 5}",
            "The route's limit over all callers together, in place of the API's.");
    static final Key<Double> FUNCTION_RATE = required(
            "parkmeter:routes[].throttle.rate", numberAbove0(10_000), "1", "Requests a second in the long run.");
    static final Key<Integer> FUNCTION_BURST =
            required("parkmeter:routes[].throttle.burst", wholeNumber(1, 5_000), "5", "Requests at once.");

    static final Key<JsonNode> API = withDefault("parkmeter:api", section(), "{}", "The API in front of the models.");
    static final Key<String> API_TYPE = withDefault(
            "parkmeter:api.type",
            choice(words("rest", "http")),
            "\"rest\"",
            "`rest`: an API Gateway REST API, regional. `http`: an HTTP API, which costs less and knows no keys, usage plans, quotas "
                    + "or request validation.");
    static final Key<Boolean> PRIVATE_API = withDefault(
            "parkmeter:api.private",
            flag(),
            "false",
            "Of a REST API: whether it can be reached from the VPC of `vpc` alone.");
    static final Key<String> STAGE = withDefault(
            "parkmeter:api.stage",
            text("1 to 128 letters, digits, underscores and hyphens", "[A-Za-z0-9_-]{1,128}"),
            "\"prod\"",
            "The stage's name, part of the URL.");
    static final Key<Boolean> BEARER_KEYS = withDefault(
            "parkmeter:api.bearerKeys",
            flag(),
            "false",
            "Whether a client's key may also come as `Authorization: Bearer <key>`: a function looks at each call's key then. Where "
                    + "a route of a REST API is for tokens, it may anyway.");
    static final Key<JsonNode> CORS_ORIGINS = withDefault(
            "parkmeter:api.corsOrigins",
            list(),
            "[\"*\"]",
            "Of an HTTP API: the pages that browsers let call it, by their origins. A REST API answers those of any origin.");
    static final Key<String> CORS_ORIGIN = optional(
            "parkmeter:api.corsOrigins[]",
            text(
                    "*, or an origin: http or https, a host in lower case, and a port where it has one",
                    "\\*|https?://[a-z0-9.-]+(:[0-9]{1,5})?"),
            "\"https://app.example.com\"",
            "An origin; `*` for any.");
    static final Key<JsonNode> THROTTLE = withDefault(
            "parkmeter:api.throttle",
            section(),
            "{}",
            "The limit over all callers together, for each route that has none of its own.");
    static final Key<Double> STAGE_RATE = withDefault(
            "parkmeter:api.throttle.rate", numberAbove0(10_000), "100", "Requests a second in the long run.");
    static final Key<Integer> STAGE_BURST =
            withDefault("parkmeter:api.throttle.burst", wholeNumber(1, 5_000), "200", "Requests at once.");

    static final Key<JsonNode> PLANS = withDefault(
            "parkmeter:plans",
            list(),
            "[{\"name\": \"default\", \"quota\": {\"limit\": 10000}}]",
            "The usage plans: what a client may use.");
    static final Key<String> PLAN_NAME =
            required("parkmeter:plans[].name", text(PLAIN_NAME_RULE, PLAIN_NAME), "\"default\"", "The plan's name.");
    static final Key<Double> RATE = withDefault(
            "parkmeter:plans[].rate",
            numberAbove0(10_000),
            "50",
            "Requests a second in the long run, for each client.");
    static final Key<Integer> BURST =
            withDefault("parkmeter:plans[].burst", wholeNumber(1, 5_000), "100", "Requests at once, for each client.");
    static final Key<JsonNode> QUOTA = optional(
            "parkmeter:plans[].quota",
            section(),
            "{\"limit\": 10000}",
            "How much each client may use; without it no limit.");
    static final Key<Integer> LIMIT = required(
            "parkmeter:plans[].quota.limit", wholeNumber(1, Integer.MAX_VALUE), "10000", "Requests in a period.");
    static final Key<Plan.Period> PERIOD = withDefault(
            "parkmeter:plans[].quota.period",
            choice(Map.of("DAY", Plan.Period.DAY, "WEEK", Plan.Period.WEEK, "MONTH", Plan.Period.MONTH)),
            "\"DAY\"",
            "How long a period is; it starts at midnight UTC.");

    static final Key<JsonNode> CLIENTS =
            withDefault("parkmeter:clients", list(), "[{\"name\": \"first\"}]", "Who may call: an API key each.");
    static final Key<String> CLIENT_NAME =
            required("parkmeter:clients[].name", text(PLAIN_NAME_RULE, PLAIN_NAME), "\"first\"", "The client's name.");
    static final Key<String> CLIENT_PLAN = optional(
            "parkmeter:clients[].plan",
            text(PLAIN_NAME_RULE, PLAIN_NAME),
            "\"default\"",
            "The client's usage plan; without it the first plan.");
    static final Key<Boolean> OPERATOR = withDefault(
            "parkmeter:clients[].operator",
            flag(),
            "false",
            "Whether the client may use the meter's API and issue tokens. Where no client is marked, every client may use the meter's, "
                    + "and a lone client may issue tokens.");

    static final Key<JsonNode> TOKENS = withDefault(
            "parkmeter:tokens", section(), "{}", "Where access tokens are, for routes whose access is `token`.");
    static final Key<String> TOKEN_TABLE = optional(
            "parkmeter:tokens.table",
            text(
                    "a DynamoDB table's name, 3 to 255 letters, digits, dots, underscores and hyphens",
                    "[A-Za-z0-9._-]{3,255}"),
            "\"parkmeter-dev-tokens\"",
            "A table that is there, of another stack's; without it the stack has one of its own.");
    static final Key<Boolean> CLEAR_TEXT = withDefault(
            "parkmeter:tokens.legacyClearText",
            flag(),
            "false",
            "Whether `table` holds the tokens themselves, under `token`, and not their hashes: who reads it can call. Nothing is "
                    + "issued into such a table.");
    static final Key<Integer> CACHE_SECONDS = withDefault(
            "parkmeter:tokens.authorizerCacheSeconds",
            wholeNumber(0, 3_600),
            "60",
            "How long API Gateway may remember what it was told of a token, and so let pass one that has been revoked; 0: not at all.");
    static final Key<JsonNode> TOKEN_OPERATORS = withDefault(
            "parkmeter:tokens.operators",
            anyList(),
            "[]",
            "Of an HTTP API: the users of the user pool who may issue tokens. Those of a REST API are `clients` with `operator`.");
    static final Key<String> TOKEN_OPERATOR = optional(
            "parkmeter:tokens.operators[]",
            text("a user's subject, as `sub` in the user's tokens", "[A-Za-z0-9-]{1,64}"),
            "\"4f1c2b8e-3d5a-4c6b-9e7f-0a1b2c3d4e5f\"",
            "A user's subject.");

    static final Key<JsonNode> COGNITO =
            withDefault("parkmeter:cognito", section(), "{}", "The user pool, for routes whose access is `cognito`.");
    static final Key<String> USER_POOL = optional(
            "parkmeter:cognito.userPool",
            text("a user pool's id", "[a-z0-9-]{1,32}_[A-Za-z0-9]{1,22}"),
            "\"eu-west-2_a1B2c3D4e\"",
            "A pool that is there, in this account and region; without it the stack has one of its own, in which only an administrator "
                    + "makes users.");

    static final Key<JsonNode> METER =
            withDefault("parkmeter:meter", section(), "{}", "What the meter does beside keeping the models' time.");
    static final Key<JsonNode> ADOPT = withDefault(
            "parkmeter:meter.adopt",
            anyList(),
            "[]",
            "Endpoints of others that callers may put on the meter, with EndpointConfigurations that Pulumi did not make.");
    static final Key<String> ADOPTED = optional(
            "parkmeter:meter.adopt[]",
            text(
                    "a name that begins with at least three letters, digits or hyphens; * stands for any characters behind them",
                    "[A-Za-z0-9][A-Za-z0-9-]{2}[A-Za-z0-9*-]{0,60}"),
            "\"demo-*\"",
            "The name of such an endpoint, and of its EndpointConfiguration: the functions may touch no others.");
    static final Key<Boolean> RESERVED_CONCURRENCY = withDefault(
            "parkmeter:meter.reservedConcurrency",
            flag(),
            "true",
            "Whether one of the account's concurrent Lambda executions is kept for the meter's tick. `false` where the account "
                    + "has too few: two ticks at once do no harm.");
    static final Key<JsonNode> NOTIFY = optional(
            "parkmeter:meter.notify",
            section(),
            "{\"email\": [\"ops@example.com\"]}",
            "Who is told when an endpoint started, is ready, is about to stop, stopped or failed, and when the meter itself "
                    + "fails: an SNS topic.");
    static final Key<JsonNode> EMAIL = withDefault(
            "parkmeter:meter.notify.email", anyList(), "[]", "E-mail addresses that get the topic's messages.");
    static final Key<String> ADDRESS = optional(
            "parkmeter:meter.notify.email[]",
            text("an e-mail address", "[^\\s@]+@[^\\s@.]+(\\.[^\\s@.]+)+"),
            "\"ops@example.com\"",
            "An address; AWS asks it first whether it wants them.");
    static final Key<Integer> BEFORE_STOP_MINUTES = withDefault(
            "parkmeter:meter.notify.beforeStopMinutes",
            wholeNumberOr0("never", 1, 1_440),
            String.valueOf(MeterSettings.BEFORE_STOP_MINUTES),
            "How long before an endpoint stops it is said.");

    static final Key<JsonNode> JOBS =
            withDefault("parkmeter:jobs", section(), "{}", "What becomes of the jobs of long routes.");
    static final Key<Integer> KEEP_DAYS = withDefault(
            "parkmeter:jobs.keepDays",
            // Step Functions knows an execution for 90 days after its end (its developer guide, "Quotas").
            wholeNumber(1, 90),
            "7",
            "For how many days a job can be asked for: what was asked and answered is kept that long.");

    static final Key<String> HUGGING_FACE_TOKEN = optional(
            "parkmeter:huggingFaceToken",
            text("a token without white space", "\\S+"),
            "\"hf_…\"",
            "The token with which the containers fetch gated or private models. Set it with `--secret`.");
    static final Key<String> TOKEN_SECRET = optional(
            "parkmeter:huggingFaceTokenSecret",
            text(
                    "the ARN of a secret of AWS Secrets Manager",
                    "arn:[\\w-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}"),
            "\"arn:aws:secretsmanager:eu-west-2:123456789012:secret:hub-token-a1b2c3\"",
            "A secret that holds such a token, in place of `huggingFaceToken`.");
    static final Key<JsonNode> WATCH = optional(
            "parkmeter:watch",
            section(),
            "{\"email\": [\"ops@example.com\"]}",
            "What is watched, and who is told; `{}` for the defaults, without it nothing is.");
    static final Key<Boolean> ALARMS = withDefault(
            "parkmeter:watch.alarms",
            flag(),
            "true",
            "Whether there are alarms: on failed and slow answers, on the functions, the disk, the backlog, and on what runs unpaid "
                    + "or does not start.");
    static final Key<JsonNode> WATCH_EMAIL = withDefault(
            "parkmeter:watch.email",
            anyList(),
            "[]",
            "E-mail addresses that are told of alarms and of the budget, over an SNS topic of the stack's.");
    static final Key<String> WATCH_ADDRESS = optional(
            "parkmeter:watch.email[]",
            ADDRESS.type(),
            "\"ops@example.com\"",
            "An address; AWS asks it first whether it wants them.");
    static final Key<String> TOPIC = optional(
            "parkmeter:watch.topic",
            text("an SNS topic's ARN", "arn:[\\w-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"),
            "\"arn:aws:sns:eu-west-2:123456789012:operations\"",
            "A topic that is there, in the stack's region, in place of the stack's own and of `email`; its policy has to let CloudWatch "
                    + "publish, and AWS Budgets where there is a `budget`.");
    static final Key<Boolean> DASHBOARD = withDefault(
            "parkmeter:watch.dashboard",
            flag(),
            "true",
            "Whether there is a CloudWatch dashboard: requests, errors, latency, tokens, instances, minutes left, cost.");
    static final Key<Boolean> ACCESS_LOG = withDefault(
            "parkmeter:watch.accessLog",
            flag(),
            "false",
            "Of a REST API: whether each request leaves a line in a log, without a word of what was asked or answered. The account "
                    + "needs API Gateway's role for logs first. An HTTP API always has such a log.");
    static final Key<JsonNode> BUDGET = optional(
            "parkmeter:watch.budget",
            section(),
            "{\"monthlyDollars\": 50}",
            "What the stack may cost: a notice, which stops nothing.");
    static final Key<BigDecimal> MONTHLY_DOLLARS = required(
            "parkmeter:watch.budget.monthlyDollars",
            amountAbove0(1_000_000),
            "50",
            "US dollars a calendar month: told at 80 and at 100 per cent.");
    static final Key<Boolean> FORECAST = withDefault(
            "parkmeter:watch.budget.forecast",
            flag(),
            "true",
            "Whether it is also told as soon as AWS expects the month to cost more than that.");

    static final Key<String> REGION = required(
            "aws:region",
            text("an AWS region", "[a-z]{2,4}-((gov|iso[a-z]?)-)?[a-z]+-[0-9]{1,2}"),
            "\"eu-west-2\"",
            "The AWS region that the stack is deployed in.");
    static final Key<String> PROFILE = optional(
            "aws:profile",
            text("the name of a profile", "\\S+"),
            "\"default\"",
            "The profile of the AWS credentials file.");
    static final Key<JsonNode> ASSUME_ROLE = optional(
            "aws:assumeRole",
            section(),
            "{\"roleArn\": \"arn:aws:iam::123456789012:role/deploy\"}",
            "The role to act as.");
    static final Key<String> ASSUME_ROLE_ARN = required(
            "aws:assumeRole.roleArn",
            text("a role's ARN", "arn:[\\w-]+:iam::[0-9]{12}:role/\\S+"),
            "\"arn:aws:iam::123456789012:role/deploy\"",
            "The role's ARN.");
    static final Key<JsonNode> ALLOWED_ACCOUNT_IDS = optional(
            "aws:allowedAccountIds",
            list(),
            "[\"123456789012\"]",
            "The accounts in which alone the stack may be deployed.");
    static final Key<Integer> MAX_RETRIES =
            optional("aws:maxRetries", wholeNumber(0, 100), "25", "How often a failed call to AWS is tried again.");
    static final Key<JsonNode> DEFAULT_TAGS = optional(
            "aws:defaultTags", section(), "{\"tags\": {\"Owner\": \"search\"}}", "Tags beside the stack's own.");
    static final Key<JsonNode> DEFAULT_TAGS_TAGS = required(
            "aws:defaultTags.tags",
            section(),
            "{\"Owner\": \"search\"}",
            "Tags for every resource, by name; not Project, Stack or ManagedBy, which are the program's own.");
    static final Map<AwsSettings.Flag, Key<Boolean>> FLAGS = Map.of(
            AwsSettings.Flag.SKIP_CREDENTIALS_VALIDATION,
                    awsFlag("skipCredentialsValidation", "Don't ask AWS whose the credentials are; for emulators."),
            AwsSettings.Flag.SKIP_METADATA_API_CHECK,
                    awsFlag("skipMetadataApiCheck", "Don't look for an EC2 instance's credentials; for emulators."),
            AwsSettings.Flag.SKIP_REGION_VALIDATION,
                    awsFlag("skipRegionValidation", "Accept a region that the provider does not know."),
            AwsSettings.Flag.SKIP_REQUESTING_ACCOUNT_ID,
                    awsFlag("skipRequestingAccountId", "Don't ask for the account's id; for emulators."),
            AwsSettings.Flag.S3_USE_PATH_STYLE, awsFlag("s3UsePathStyle", "Path-style S3 addresses; for emulators."),
            AwsSettings.Flag.USE_FIPS_ENDPOINT, awsFlag("useFipsEndpoint", "AWS's FIPS endpoints."),
            AwsSettings.Flag.USE_DUALSTACK_ENDPOINT, awsFlag("useDualstackEndpoint", "AWS's dual-stack endpoints."));

    /** All keys, in the order of the documentation. */
    static List<Key<?>> all() {
        var keys = new ArrayList<Key<?>>(List.of(MODELS, MODEL_NAME, SOURCE, HUB, REVISION, FILE, S3, ACCEPT_EULA));
        keys.addAll(List.of(MODEL_PACKAGE, ENDPOINT_CONFIG, JUMP_START, JUMP_START_ID, JUMP_START_VERSION));
        keys.addAll(List.of(JUMP_START_CONFIG, JUMP_START_EULA, SIZE));
        keys.addAll(List.of(ENGINE, ENGINE_TYPE, TAG, MAX_INPUT_TOKENS, MAX_TOTAL_TOKENS, QUANTIZE, DTYPE));
        keys.addAll(List.of(TRUST_REMOTE_CODE, CHAT_TEMPLATE, ENVIRONMENT));
        keys.addAll(HostingKeys.all());
        keys.addAll(List.of(LIFECYCLE, LIFECYCLE_TYPE));
        keys.addAll(METERED);
        keys.addAll(List.of(WINDOW_NAME, DAYS, DAY, DATE, START, STOP, TIME_ZONE, WINDOW_IDLE, WINDOW_INSTANCES));
        keys.addAll(List.of(NETWORK, ROUTES, PATH, BODY, TEMPLATE, VIA, LONG));
        keys.addAll(List.of(ROUTE_ACCESS, PUBLIC, ROUTE_THROTTLE, ROUTE_RATE, ROUTE_BURST, ACCESS));
        keys.addAll(List.of(FUNCTION_ROUTES, FUNCTION_PATH, METHOD, FUNCTION_VIA, FUNCTION, QUALIFIER));
        keys.addAll(List.of(FUNCTION_ACCESS, FUNCTION_PUBLIC, FUNCTION_THROTTLE, FUNCTION_RATE, FUNCTION_BURST));
        keys.addAll(List.of(
                API,
                API_TYPE,
                PRIVATE_API,
                STAGE,
                BEARER_KEYS,
                CORS_ORIGINS,
                CORS_ORIGIN,
                THROTTLE,
                STAGE_RATE,
                STAGE_BURST));
        keys.addAll(List.of(PLANS, PLAN_NAME, RATE, BURST, QUOTA, LIMIT, PERIOD, CLIENTS, CLIENT_NAME, CLIENT_PLAN));
        keys.addAll(List.of(OPERATOR, TOKENS, TOKEN_TABLE, CLEAR_TEXT, CACHE_SECONDS, TOKEN_OPERATORS));
        keys.addAll(List.of(TOKEN_OPERATOR, COGNITO, USER_POOL));
        keys.addAll(List.of(METER, ADOPT, ADOPTED, RESERVED_CONCURRENCY));
        keys.addAll(List.of(NOTIFY, EMAIL, ADDRESS, BEFORE_STOP_MINUTES));
        keys.addAll(List.of(JOBS, KEEP_DAYS));
        keys.addAll(VpcKeys.all());
        keys.addAll(List.of(WATCH, ALARMS, WATCH_EMAIL, WATCH_ADDRESS, TOPIC, DASHBOARD, ACCESS_LOG));
        keys.addAll(List.of(BUDGET, MONTHLY_DOLLARS, FORECAST));
        keys.addAll(List.of(HUGGING_FACE_TOKEN, TOKEN_SECRET, REGION, PROFILE, ASSUME_ROLE, ASSUME_ROLE_ARN));
        keys.addAll(List.of(ALLOWED_ACCOUNT_IDS, MAX_RETRIES, DEFAULT_TAGS, DEFAULT_TAGS_TAGS));
        FLAGS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(flag -> keys.add(flag.getValue()));
        return List.copyOf(keys);
    }

    private static Key<Boolean> awsFlag(String name, String meaning) {
        return optional("aws:" + name, flag(), "true", meaning);
    }

    static Map<String, String> words(String... words) {
        var map = new TreeMap<String, String>();
        for (String word : words) {
            map.put(word, word);
        }
        return map;
    }

    private Keys() {}
}
