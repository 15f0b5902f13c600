package parkmeter.lambda.invoke;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import parkmeter.lambda.StubSageMaker;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.sagemaker.Content;
import parkmeter.lambda.sagemaker.ModelEndpoint;
import parkmeter.lambda.sagemaker.Reply;

/** The handler around the prompt API. */
class InvokeHandlerTest {
    private static final Settings SETTINGS = new Settings(
            "tinyllama",
            "parkmeter-dev-tinyllama",
            "eu-west-2",
            Map.of("POST /invoke", new Body.Prompt(Template.CHAT)),
            null,
            Engine.tgi());

    private final ModelEndpoint model = mock(ModelEndpoint.class);
    private final List<String> log = new ArrayList<>();
    private final InvokeHandler handler = new InvokeHandler(SETTINGS, model, ModelMeter.NONE, Clock.systemUTC());

    @Test
    void the_model_gets_the_time_that_lambda_has_left_less_a_second_for_the_way_back() throws IOException {
        when(model.invoke(any(), any())).thenReturn(new Reply.Answered(Content.json("{\"generated_text\":\"\"}"), ""));

        answer(Event.rest("{\"prompt\":\"a\"}"));

        verify(model).invoke(any(), eq(Duration.ofSeconds(28)));
    }

    @Test
    void a_defect_of_the_functions_is_an_answer_in_this_apis_shape_and_named_in_the_log() throws IOException {
        when(model.invoke(any(), any())).thenThrow(new IllegalArgumentException("secret"));

        Answer answer = answer(Event.rest("{\"prompt\":\"a\"}"));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text())
                .isEqualTo("{\"error\":\"The function failed: see its log.\",\"code\":\"internal_error\","
                        + "\"requestId\":\"gateway-request-id\"}");
        assertThat(log.get(0))
                .contains("\"cause\":\"java.lang.IllegalArgumentException\"")
                .doesNotContain("secret");
    }

    @Test
    void a_route_that_the_program_did_not_declare_is_a_404() throws IOException {
        assertThat(answer(Event.rest("{\"prompt\":\"a\"}").with("resource", "/other"))
                        .textAt("code"))
                .isEqualTo("unknown_route");
        verify(model, never()).invoke(any(), any());
    }

    @Test
    void an_event_without_an_id_is_known_by_lambdas() throws IOException {
        Answer answer = answer(Event.rest("").with("requestContext", null));

        assertThat(answer.textAt("requestId")).isEqualTo("lambda-request-id");
    }

    @Test
    void an_event_with_nothing_in_it_is_answered() throws IOException {
        assertThat(Answer.of(handler.answer("{}".getBytes(UTF_8), Duration.ofSeconds(29), "id", log::add))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_body_of_another_type_is_a_415_whatever_is_in_it() throws IOException {
        Answer answer = answer(Event.rest("{\"prompt\":\"a\"}").contentType("text/plain"));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.textAt("code")).isEqualTo("unsupported_media_type");
    }

    @Test
    void a_request_without_a_content_type_or_headers_is_taken_as_json() throws IOException {
        assertThat(answer(Event.rest("{}").contentType(null)).status()).isEqualTo(400);
        assertThat(answer(Event.rest("{}").with("headers", null)).status()).isEqualTo(400);
    }

    @Test
    void problems_are_listed_with_field_value_and_rule() throws IOException {
        assertThat(answer(Event.rest("{\"prompt\":\"a\",\"parameters\":{\"top_p\":2}}"))
                        .text())
                .isEqualTo("{\"error\":\"Invalid request: 'parameters.top_p' must be a number above 0 and at most 1\","
                        + "\"code\":\"invalid_request\",\"requestId\":\"gateway-request-id\",\"problems\":"
                        + "[{\"field\":\"parameters.top_p\",\"value\":2,\"rule\":\"must be a number above 0 and at most"
                        + " 1\"}]}");
    }

    @Test
    void an_answer_longer_than_lambda_hands_on_is_a_502_for_the_caller_and_in_the_log() throws IOException {
        when(model.invoke(any(), any())).thenReturn(generated(6_000_000), generated(6_291_556));

        assertThat(answer(Event.rest("{\"prompt\":\"a\"}")).status()).isEqualTo(200);
        Answer tooLong = answer(Event.rest("{\"prompt\":\"a\"}"));

        assertThat(tooLong.status()).isEqualTo(502);
        assertThat(tooLong.textAt("code")).isEqualTo("model_error");
        assertThat(tooLong.textAt("error"))
                .isEqualTo("The answer is too long to be sent: ask for fewer tokens with max_new_tokens, or send a"
                        + " shorter prompt.");
        assertThat(log.get(1)).contains("\"status\":502", "\"cause\":\"AnswerTooLarge\"");
    }

    @Test
    void a_request_with_more_problems_than_an_answer_can_hold_is_told_the_first_hundred() throws IOException {
        String unknown = IntStream.range(0, 100_000)
                .mapToObj(i -> "\"" + i + "\":1")
                .collect(Collectors.joining(",", "{\"prompt\":\"a\",\"parameters\":{", "}}"));

        Answer answer = answer(Event.rest(unknown));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problems()).hasSize(100);
        assertThat(answer.textAt("error")).endsWith("; and 99900 more");
    }

    @Test
    void a_request_without_a_body_is_told_so() throws IOException {
        assertThat(answer(Event.rest(null)).textAt("error")).isEqualTo("Invalid JSON in request body: it is empty");
    }

    @Test
    void a_body_longer_than_tgi_takes_is_a_413() throws IOException {
        Answer answer = answer(Event.rest("{\"prompt\":\"" + "ü".repeat(Tgi.LONGEST_REQUEST / 2) + "\"}"));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.textAt("code")).isEqualTo("payload_too_large");
        assertThat(answer.textAt("error"))
                .isEqualTo("The request is too large: 2000013 bytes, where the model takes at most 2000000. Send a"
                        + " shorter prompt.");
    }

    private static Reply generated(int length) {
        return new Reply.Answered(Content.json("{\"generated_text\":\"" + "a".repeat(length) + "\"}"), "");
    }

    @Test
    void priming_calls_nobody() throws IOException {
        try (StubSageMaker sagemaker = new StubSageMaker()) {
            assertThatCode(() -> Priming.run(SETTINGS)).doesNotThrowAnyException();
            assertThat(sagemaker.requests()).isEmpty();
        }
    }

    private Answer answer(Event event) throws IOException {
        return Answer.of(handler.answer(event.bytes(), Duration.ofSeconds(29), "lambda-request-id", log::add));
    }
}
