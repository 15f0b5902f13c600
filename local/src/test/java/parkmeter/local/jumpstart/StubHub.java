package parkmeter.local.jumpstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parkmeter.local.http.Loopback;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;

/** SageMaker's public hub, as far as the AWS SDK talks to it: versions of models by region, three to a page. */
public final class StubHub implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern SCOPE = Pattern.compile("Credential=[^/]+/[0-9]{8}/([^/]+)/sagemaker/");

    private static final int PAGE = 3;

    private final Map<String, String> documents = new LinkedHashMap<>();
    private final Set<String> asked = new ConcurrentSkipListSet<>();
    private final Javalin server;
    private Optional<String> refusal = Optional.empty();
    private String supportStatus = "Supported";

    /** Starts it, empty. */
    public StubHub() {
        server = Loopback.server(0, Duration.ofSeconds(30), config -> {})
                .post("/", this::answer)
                .start();
    }

    /** The models that seed configurations name, as {@code src/test/resources/hub} has them, in us-east-1. */
    public static StubHub withSamples() throws IOException {
        var hub = new StubHub();
        hub.put("us-east-1", FALCON, "2.3.22", sample(FALCON + "-2.3.22"));
        hub.put("us-east-1", FLAN, "2.2.16", sample(FLAN + "-2.2.16"));
        return hub;
    }

    static final String FALCON = "huggingface-llm-falcon-40b-instruct-bf16";
    static final String FLAN = "huggingface-text2text-flan-t5-xxl";

    static String sample(String name) throws IOException {
        try (var file = Objects.requireNonNull(StubHub.class.getResourceAsStream("/hub/" + name + ".json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    void put(String region, String id, String version, String document) {
        documents.put(region + "/" + id + "/" + version, document);
    }

    /** From now on it answers nothing but this error. */
    void refuse(String code) {
        refusal = Optional.of(code);
    }

    void supports(String status) {
        supportStatus = status;
    }

    /** The operations that it was asked for. */
    Set<String> asked() {
        return new TreeSet<>(asked);
    }

    /** Where it is. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    PublicHub hub() {
        return new PublicHub(region -> client(region, url()));
    }

    static SageMakerClient client(String region, URI url) {
        return SageMakerClient.builder()
                .region(Region.of(region))
                .endpointOverride(url)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                .build();
    }

    private void answer(Context http) throws IOException {
        String operation = Objects.requireNonNull(http.header("x-amz-target")).replace("SageMaker.", "");
        asked.add(operation);
        Matcher scope = SCOPE.matcher(Objects.requireNonNull(http.header("authorization")));
        JsonNode request = JSON.readTree(http.body());
        if (refusal.isPresent()) {
            fail(http, refusal.get());
        } else if (!scope.find()
                || !request.path("HubName").asText().equals("SageMakerPublicHub")
                || !request.path("HubContentType").asText().equals("Model")) {
            fail(http, "ValidationException");
        } else {
            String prefix =
                    scope.group(1) + "/" + request.path("HubContentName").asText() + "/";
            switch (operation) {
                case "DescribeHubContent" ->
                    describe(http, prefix, request.path("HubContentVersion").asText());
                case "ListHubContentVersions" ->
                    list(http, prefix, request.path("NextToken").asInt());
                default -> fail(http, "UnknownOperationException");
            }
        }
    }

    private void describe(Context http, String prefix, String version) {
        String document = documents.get(prefix + version);
        if (document == null) {
            fail(http, "ResourceNotFound");
        } else {
            reply(
                    http,
                    JSON.createObjectNode()
                            .put("HubContentName", prefix)
                            .put("HubContentVersion", version)
                            .put("DocumentSchemaVersion", "2.2.0")
                            .put("SupportStatus", supportStatus)
                            .put("HubContentDocument", document));
        }
    }

    private void list(Context http, String prefix, int from) {
        List<String> versions = documents.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .toList();
        if (versions.isEmpty()) {
            fail(http, "ResourceNotFound");
            return;
        }
        ObjectNode page = JSON.createObjectNode();
        ArrayNode summaries = page.putArray("HubContentSummaries");
        versions.stream().skip(from).limit(PAGE).forEach(version -> summaries
                .addObject()
                .put("HubContentVersion", version));
        if (versions.size() > from + PAGE) {
            page.put("NextToken", String.valueOf(from + PAGE));
        }
        reply(http, page);
    }

    private static void fail(Context http, String code) {
        http.status(400);
        reply(
                http,
                JSON.createObjectNode()
                        .put("__type", code)
                        .put("message", "arn:aws:iam::123456789012:user/somebody is not to be shown"));
    }

    private static void reply(Context http, ObjectNode body) {
        http.contentType("application/x-amz-json-1.1").result(body.toString());
    }

    @Override
    public void close() {
        server.stop();
    }
}
