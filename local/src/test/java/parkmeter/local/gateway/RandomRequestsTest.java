package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import parkmeter.local.edge.StubService;
import parkmeter.local.states.InvokeEndpoint;
import parkmeter.local.states.Pause;
import parkmeter.local.states.StateMachine;
import parkmeter.local.states.StepFunctions;

/** Whatever a caller sends, no template breaks its JSON, no prompt changes on its way, and the gateway itself never fails. */
class RandomRequestsTest {
    private static final String MACHINE = "arn:aws:states:eu-west-2:123456789012:stateMachine:jobs";

    /** A prompt's way to a model without a function: at once, and by a state machine. */
    private static final String DOCUMENT =
            """
            paths:
              /direct:
                post:
                  responses: {'200': {description: OK}}
                  x-amazon-apigateway-integration:
                    type: aws
                    httpMethod: POST
                    uri: arn:aws:apigateway:eu-west-2:runtime.sagemaker:path//endpoints/m/invocations
                    credentials: arn:aws:iam::123456789012:role/direct
                    passthroughBehavior: never
                    requestTemplates:
                      application/json: |
                        #set($prompt = $input.path('$.prompt'))
                        {"inputs": $input.json('$.prompt'),
                         "again": "$util.escapeJavaScript($prompt).replaceAll("\\\\'","'")"}
                    responses:
                      default:
                        statusCode: 200
                        responseTemplates:
                          application/json: |
                            {"generated_text": $input.json('$[0].generated_text')}
              /startexecution:
                post:
                  responses: {'200': {description: OK}}
                  x-amazon-apigateway-integration: &states
                    type: aws
                    httpMethod: POST
                    uri: arn:aws:apigateway:eu-west-2:states:action/StartExecution
                    credentials: arn:aws:iam::123456789012:role/start
                    passthroughBehavior: never
                    requestTemplates:
                      application/json: |
                        {"stateMachineArn": "%s",
                         "input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'","'")"}
                    responses: {default: {statusCode: 200}}
              /describeexecution:
                post:
                  responses: {'200': {description: OK}}
                  x-amazon-apigateway-integration:
                    <<: *states
                    uri: arn:aws:apigateway:eu-west-2:states:action/DescribeExecution
                    requestTemplates: {application/json: "$input.json('$')"}
            """
                    .formatted(MACHINE);

    private static final String DEFINITION =
            """
            StartAt: Invoke
            States:
              Invoke:
                Type: Task
                Resource: arn:aws:states:::aws-sdk:sagemakerruntime:invokeEndpoint
                Parameters: {ContentType: application/json, Body.$: $.body, EndpointName.$: $.endpointname}
                End: true
            """;

    private static final StubService MODEL = new StubService();
    private static final StepFunctions STATES = StepFunctions.start(
            List.of(new StateMachine(MACHINE, Served.yaml(DEFINITION))),
            Map.of(InvokeEndpoint.RESOURCE, new InvokeEndpoint(MODEL.url())),
            Pause.real(),
            Clock.systemUTC());
    private static final Served API = Served.with(
            List.of(DOCUMENT),
            Map.of("runtime.sagemaker", MODEL.url(), "states", STATES.url()),
            issuer -> Optional.empty());

    @BeforeContainer
    static void start() {
        MODEL.answers(200, "[{\"generated_text\":\"yes\"}]");
    }

    @AfterContainer
    static void stop() {
        API.close();
        STATES.close();
        MODEL.close();
    }

    @Example
    void the_awkward_prompt_comes_through() throws InterruptedException {
        every_prompt_comes_through("It's \"quoted\" \\ $input.path('$') #set($x=1) 🙂");
    }

    @Property(tries = 150)
    void every_prompt_comes_through(@ForAll("prompts") String random) throws InterruptedException {
        String prompt = new String(random.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        HttpResponse<String> direct = API.post(
                "/prod/direct",
                JsonNodeFactory.instance.objectNode().put("prompt", prompt).toString());
        assertThat(direct.statusCode()).isEqualTo(200);
        JsonNode sent = Served.parse(MODEL.asked().text());
        assertThat(sent.path("inputs").asText()).isEqualTo(prompt);
        assertThat(sent.path("again").asText()).isEqualTo(prompt);

        ObjectNode job = JsonNodeFactory.instance.objectNode().put("endpointname", "m");
        job.putObject("body").put("inputs", prompt);
        JsonNode started = Served.json(API.post("/prod/startexecution", job.toString()));
        JsonNode described = started;
        while (!described.path("status").asText().equals("SUCCEEDED")) {
            Thread.sleep(5);
            described = Served.json(API.post(
                    "/prod/describeexecution",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("executionArn", started.path("executionArn").asText())
                            .toString()));
            assertThat(described.path("status").asText()).isIn("RUNNING", "SUCCEEDED");
        }
        assertThat(Served.parse(described.path("input").asText())).isEqualTo(job);
        assertThat(Served.parse(MODEL.asked().text()).path("inputs").asText()).isEqualTo(prompt);
    }

    @Property(tries = 1500)
    void no_request_makes_the_gateway_fail(@ForAll("requests") Random request) {
        HttpResponse<String> response = API.send(API.to(request.path())
                .method(request.method(), BodyPublishers.ofByteArray(request.body()))
                .header("Content-Type", request.type()));
        assertThat(response.statusCode()).isIn(200, 400, 404, 415);
        if (!response.body().isEmpty()) {
            assertThat(Served.json(response).isContainerNode()).isTrue();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Random(String method, String path, String type, byte[] body) {}

    @Provide
    Arbitrary<String> prompts() {
        Arbitrary<String> awkward = Arbitraries.of(
                "'",
                "\"",
                "\\",
                "$",
                "#",
                "#set($x=1)",
                "$input.path('$')",
                "\n",
                "\u0000",
                "\u001f",
                "\u007f",
                "\u2028",
                "🙂",
                "/");
        return Arbitraries.oneOf(awkward, Arbitraries.strings().all().ofMaxLength(4))
                .list()
                .ofMaxSize(10)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<Random> requests() {
        Arbitrary<String> json = Arbitraries.of(
                "null",
                "5",
                "[]",
                "{}",
                "\"a\"",
                "{\"prompt\":{}}",
                "{\"prompt\":[\"'\",1e999]}",
                "{\"prompt\":null}",
                "{\"prompt\":",
                "1 2",
                "{\"prompt\":\"\\ud800\"}",
                "{\"executionArn\":\"x'\"}",
                "{\"executionArn\":7}",
                "\ufeff{}",
                "");
        Arbitrary<byte[]> bodies = Arbitraries.oneOf(
                json.map(text -> text.getBytes(StandardCharsets.UTF_8)),
                prompts().map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(40));
        return Combinators.combine(
                        Arbitraries.of("POST", "POST", "POST", "GET", "PUT", "DELETE", "PATCH"),
                        Arbitraries.of(
                                "/prod/direct",
                                "/prod/startexecution",
                                "/prod/describeexecution",
                                "/prod/direct/",
                                "/prod/%2e%2e",
                                "/prod//direct?a=%ff&b"),
                        Arbitraries.of("application/json", "application/json; charset=x", "text/plain", ";", "a/b/c"),
                        bodies)
                .as(Random::new);
    }
}
