package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.edge.StubService;
import parkmeter.local.edge.Undeployable;

/**
 * Services behind {@code type: aws}, as API Gateway's developer guide describes them: "Amazon API Gateway API request and response data
 * mapping reference", "Integration passthrough behaviors", "Content type conversions in API Gateway", "Use a mapping template to override
 * an API's request and response parameters and status codes".
 */
class AwsIntegrationTest {
    /** A model's endpoint, as a program might declare it. */
    private static final String DIRECT =
            """
            paths:
              /direct/{model}:
                post:
                  parameters:
                    - {name: model, in: path, required: true, schema: {type: string}}
                    - {name: X-Amzn-SageMaker-Custom-Attributes, in: header, schema: {type: string}}
                    - {name: Accept, in: header, schema: {type: string}}
                    - {name: q, in: query, schema: {type: string}}
                  responses:
                    '200': {description: OK, headers: {Content-Type: {schema: {type: string}}, X-Attributes: {schema: {type: string}}}}
                    '400': {description: Bad}
                    '503': {description: Away, headers: {Retry-After: {schema: {type: string}}, X-Why: {schema: {type: string}}}}
                  x-amazon-apigateway-integration:
                    type: aws
                    httpMethod: POST
                    uri: arn:aws:apigateway:eu-west-2:runtime.sagemaker:path//endpoints/{model}/invocations
                    credentials: arn:aws:iam::123456789012:role/direct
                    timeoutInMillis: 1000
                    passthroughBehavior: when_no_templates
                    requestParameters:
                      integration.request.path.model: method.request.path.model
                      integration.request.header.X-Amzn-SageMaker-Custom-Attributes: method.request.header.X-Amzn-SageMaker-Custom-Attributes
                      integration.request.header.Accept: method.request.header.Accept
                      integration.request.header.X-Stage: context.stage
                      integration.request.header.X-Colour: stageVariables.colour
                      integration.request.header.X-Fixed: "'fixed'"
                      integration.request.header.X-Prompt: method.request.body.parameters.name
                      integration.request.querystring.variant: method.request.querystring.q
                    requestTemplates:
                      application/json: |
                        {"inputs": $input.json('$.prompt'), "from": "$context.identity.sourceIp"}
                    responses:
                      default:
                        statusCode: 200
                        responseParameters:
                          method.response.header.X-Attributes: integration.response.header.x-amzn-sagemaker-custom-attributes
                        responseTemplates:
                          application/json: |
                            {"generated_text": $input.json('$[0].generated_text')}
                          text/plain: $input.path('$[0].generated_text')
                      4\\d{2}:
                        statusCode: 400
                        responseTemplates:
                          application/json: |
                            #if($input.path('$.ErrorCode') == 'NO_SUCH_ENDPOINT')
                            #set($context.responseOverride.status = 503)
                            #set($context.responseOverride.header.Retry-After = '30')
                            #end
                            {"error": $input.json('$.Message'), "requestId": "$context.requestId"}
                      5\\d{2}:
                        statusCode: 503
                        responseParameters:
                          method.response.header.Retry-After: "'5'"
                          method.response.header.X-Why: integration.response.body.Message
              /pass:
                post:
                  responses: {'200': {description: OK}}
                  x-amazon-apigateway-integration:
                    type: aws
                    httpMethod: POST
                    uri: arn:aws:apigateway:eu-west-2:runtime.sagemaker:path/endpoints/m/invocations
                    credentials: arn:aws:iam::123456789012:role/direct
                    responses: {default: {statusCode: 200}}
              /start:
                post:
                  responses: {'200': {description: OK}}
                  x-amazon-apigateway-integration:
                    type: aws
                    httpMethod: POST
                    uri: arn:aws:apigateway:eu-west-2:states:action/StartExecution
                    credentials: arn:aws:iam::123456789012:role/start
                    passthroughBehavior: never
                    requestTemplates:
                      application/json: |
                        {"stateMachineArn": "arn:m", "input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\\\'","'")"}
                    responses:
                      '200': {statusCode: 200}
            """;

    private static final String IMAGES_ARE_BINARY = "x-amazon-apigateway-binary-media-types: ['image/*']";

    private final StubService service = new StubService();
    private final Served api = served(DIRECT);

    private Served served(String... changes) {
        return Served.with(
                List.of(changes),
                Map.of("runtime.sagemaker", service.url(), "states", service.url()),
                issuer -> Optional.empty());
    }

    @AfterEach
    void close() {
        api.close();
        service.close();
    }

    @Test
    void a_template_makes_the_services_body_and_parameters_its_headers_path_and_query() {
        service.answers(200, "[{\"generated_text\":\"Paris\"}]");
        HttpResponse<String> response = api.post(
                "/prod/direct/falcon?q=a+b",
                "{\"prompt\":\"Hi \\\"you\\\"\",\"parameters\":{\"name\":\"n\"}}",
                "Content-Type",
                "application/json; charset=utf-8",
                "x-amzn-sagemaker-custom-attributes",
                "trace=1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().strip()).isEqualTo("{\"generated_text\": \"Paris\"}");
        StubService.Asked asked = service.asked();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.uri()).isEqualTo("/endpoints/falcon/invocations?variant=a+b");
        assertThat(asked.text().strip()).isEqualTo("{\"inputs\": \"Hi \\\"you\\\"\", \"from\": \"127.0.0.1\"}");
        assertThat(asked.headers())
                .containsEntry("X-Amzn-SageMaker-Custom-Attributes", "trace=1")
                .containsEntry("Content-Type", "application/json; charset=utf-8")
                .containsEntry("Accept", "application/json")
                .containsEntry("X-Stage", "prod")
                .containsEntry("X-Colour", "blue")
                .containsEntry("X-Fixed", "fixed")
                .containsEntry("X-Prompt", "n");
    }

    @Test
    void headers_that_no_parameter_maps_stay_at_the_gateway_both_ways() {
        service.answers(
                200,
                "[]".getBytes(StandardCharsets.UTF_8),
                Map.of("X-Own", "service", "x-Amzn-SageMaker-Custom-Attributes", "trace=2"));
        HttpResponse<String> response = api.post(
                "/prod/direct/m", "{}", "X-Own", "client", "Authorization", "secret", "Accept", "application/json");
        assertThat(service.asked().headers()).doesNotContainKeys("X-Own", "Authorization");
        assertThat(response.headers().firstValue("X-Own")).isEmpty();
        assertThat(response.headers().firstValue("X-Attributes")).hasValue("trace=2");
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
    }

    @Test
    void the_requests_accept_chooses_the_responses_template() {
        service.answers(200, "[{\"generated_text\":\"It's \\\"Paris\\\"\"}]");
        HttpResponse<String> text = api.post("/prod/direct/m", "{}", "Accept", "text/plain;q=0.9, */*");
        assertThat(text.body()).isEqualTo("It's \"Paris\"");
        assertThat(text.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        HttpResponse<String> other = api.post("/prod/direct/m", "{}", "Accept", "image/png");
        assertThat(other.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
    }

    @Test
    void the_status_chooses_the_response_whose_pattern_fits_it_whole() {
        service.answers(424, "{\"Message\":\"the model's own \\\"words\\\"\"}");
        HttpResponse<String> fourHundred = api.post("/prod/direct/m", "{}");
        assertThat(fourHundred.statusCode()).isEqualTo(400);
        assertThat(Served.json(fourHundred).path("error").asText()).isEqualTo("the model's own \"words\"");
        assertThat(Served.json(fourHundred).path("requestId").asText())
                .isEqualTo(fourHundred.headers().firstValue("x-amzn-RequestId").orElseThrow());
        service.answers(500, "{\"Message\":\"broken\"}");
        HttpResponse<String> away = api.post("/prod/direct/m", "{}");
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(away.headers().firstValue("X-Why")).hasValue("broken");
        assertThat(away.body()).isEqualTo("{\"Message\":\"broken\"}");
    }

    @Test
    void a_template_can_override_status_and_headers() {
        service.answers(400, "{\"ErrorCode\":\"NO_SUCH_ENDPOINT\",\"Message\":\"gone\"}");
        HttpResponse<String> response = api.post("/prod/direct/m", "{}");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("30");
    }

    @Test
    void a_status_that_no_response_is_declared_for_gets_500() {
        service.answers(404, "{}");
        HttpResponse<String> response = api.post("/prod/start", "{}");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Served.json(response).path("message").asText()).isEqualTo("Internal server error");
    }

    @Test
    void an_action_goes_to_the_services_root_with_its_target() {
        api.post("/prod/start", "{\"body\":{\"inputs\":\"It's \\\"quoted\\\"\"}}");
        StubService.Asked asked = service.asked();
        assertThat(asked.uri()).isEqualTo("/");
        assertThat(asked.headers())
                .containsEntry("X-Amz-Target", "AWSStepFunctions.StartExecution")
                .containsEntry("Content-Type", "application/x-amz-json-1.0");
        JsonNode sent = Served.parse(asked.text());
        assertThat(Served.parse(sent.path("input").asText()).at("/body/inputs").asText())
                .isEqualTo("It's \"quoted\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/prod/direct/m, text/csv, 415", // when_no_templates
        "/prod/start, text/csv, 415", // never
        "/prod/start, application/json, 200",
        "/prod/pass, text/csv, 200" // when_no_match, the default
    })
    void a_content_type_without_a_template_passes_or_not_as_is_declared(String path, String type, int status) {
        HttpResponse<String> response = api.post(path, "{}", "Content-Type", type);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(service.count()).isEqualTo(status == 200 ? 1 : 0);
    }

    @Test
    void without_a_template_the_body_passes_as_it_is_and_bytes_that_are_no_text_are_lost() {
        service.answers(200, new byte[] {'a', (byte) 0xff}, Map.of("Content-Type", "image/png"));
        HttpResponse<String> response = api.post("/prod/pass", "a,b\n'\"$x #set", "Content-Type", "text/csv");
        assertThat(service.asked().text()).isEqualTo("a,b\n'\"$x #set");
        assertThat(service.asked().headers()).containsEntry("Content-Type", "text/csv");
        assertThat(response.body()).isEqualTo("a\ufffd");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @Test
    void a_body_that_the_template_cannot_read_gets_400_and_never_reaches_the_service() {
        HttpResponse<String> response = api.post("/prod/start", "not json");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Served.json(response).path("type").asText()).isEqualTo("BAD_REQUEST_BODY");
        assertThat(service.count()).isZero();
    }

    @Test
    void a_service_that_is_slower_than_the_timeout_gives_504_and_one_that_is_away_too() {
        service.neverAnswers();
        HttpResponse<String> slow = api.post("/prod/direct/m", "{}");
        assertThat(slow.statusCode()).isEqualTo(504);
        assertThat(Served.json(slow).path("message").asText()).isEqualTo("Endpoint request timed out");
        service.close();
        HttpResponse<String> away = api.post("/prod/pass", "{}");
        assertThat(away.statusCode()).isEqualTo(504);
        assertThat(Served.json(away).path("message").asText()).isEqualTo("Network error communicating with endpoint");
    }

    /** The tables of "Content type conversions in API Gateway"; ISU= is base64 of "!%", which is also what the bytes say. */
    @ParameterizedTest
    @CsvSource({
        "text/plain, , ISU=, ISU=",
        "text/plain, CONVERT_TO_TEXT, ISU=, ISU=",
        "text/plain, CONVERT_TO_BINARY, ISU=, !%",
        "image/png, , ISU=, ISU=",
        "image/png, CONVERT_TO_TEXT, !%, ISU=",
        "image/png, CONVERT_TO_BINARY, ISU=, ISU=",
    })
    void a_requests_body_is_converted_as_declared(String type, String handling, String sent, String reached) {
        try (Served binary = served(DIRECT, IMAGES_ARE_BINARY, handling("{contentHandling: '%s'}", handling))) {
            assertThat(binary.post("/prod/pass", sent, "Content-Type", type).statusCode())
                    .isEqualTo(200);
            assertThat(service.asked().text()).isEqualTo(reached);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, text/plain, , ISU=, ISU=",
        "text/plain, text/plain, CONVERT_TO_BINARY, ISU=, !%",
        "text/plain, text/plain, CONVERT_TO_TEXT, ISU=, ISU=",
        "text/plain, image/png, , ISU=, !%",
        "text/plain, image/png, CONVERT_TO_BINARY, ISU=, !%",
        "text/plain, image/png, CONVERT_TO_TEXT, ISU=, ISU=",
        "image/png, text/plain, , !%, ISU=",
        "image/png, text/plain, CONVERT_TO_BINARY, !%, !%",
        "image/png, text/plain, CONVERT_TO_TEXT, !%, ISU=",
        "image/png, image/png, , !%, !%",
        "image/png, image/png, CONVERT_TO_BINARY, !%, !%",
        "image/png, image/png, CONVERT_TO_TEXT, !%, ISU="
    })
    void a_responses_body_is_converted_as_declared(
            String type, String accept, String handling, String answered, String reached) {
        service.answers(200, answered.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", type));
        try (Served binary = served(
                DIRECT, IMAGES_ARE_BINARY, handling("{responses: {default: {contentHandling: '%s'}}}", handling))) {
            assertThat(binary.post("/prod/pass", "x", "Accept", accept).body()).isEqualTo(reached);
        }
    }

    @Test
    void what_should_be_base64_and_is_not_gets_500() {
        try (Served binary = served(DIRECT, handling("{contentHandling: %s}", "CONVERT_TO_BINARY"))) {
            assertThat(binary.post("/prod/pass", "a").statusCode()).isEqualTo(500);
        }
    }

    private static String integration(String path, String change) {
        return "paths: {" + path + ": {post: {x-amazon-apigateway-integration: " + change + "}}}";
    }

    private static String handling(String of, @Nullable String value) {
        return integration("/pass", of.formatted(value == null ? "" : value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uri: 'arn:aws:apigateway:eu-west-2:runtime.sagemaker:path' | uri is not arn",
                "uri: 'arn:aws:apigateway:eu-west-2:s3:path/b' | s3:path is not served locally; there are runtime.sagemaker, states",
                "uri: 'arn:aws:apigateway:eu-west-2:runtime.sagemaker:action/X' | runtime.sagemaker:action is not served locally",
                "credentials: '' | credentials must name a role",
                "passthroughBehavior: sometimes | passthroughBehavior is",
                "contentHandling: MAYBE | contentHandling is",
                "requestTemplates: {application/json: '#if(true)'} | the request's template can't be read",
                "requestParameters: {integration.request.header.Authorization: \"'x'\"} | API Gateway sets it itself",
                "requestParameters: {integration.request.header.X: method.request.header.Absent} | must declare",
                "requestParameters: {integration.request.header.X: integration.response.header.X} | is none that can stand here",
                "responses: {default: {statusCode: 201}} | which the method's responses must name too",
                "responses: {default: {statusCode: 200, responseParameters: {method.response.header.X: \"'x'\"}}} | must declare",
                "responses: {default: {statusCode: 200, responseTemplates: {application/json: '#end'}}} | 'default' can't be read"
            })
    void an_integration_that_could_not_be_deployed_is_named_at_the_start(String change, String message) {
        assertThatThrownBy(() ->
                        served(DIRECT, integration("/pass", "{" + change + "}")).close())
                .isInstanceOf(Undeployable.class)
                .hasMessageContaining("POST /pass: ")
                .hasMessageContaining(message);
    }
}
