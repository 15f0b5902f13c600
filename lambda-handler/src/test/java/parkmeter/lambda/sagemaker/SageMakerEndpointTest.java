package parkmeter.lambda.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.lambda.StubSageMaker;

/** The real SDK on its real HTTP client, against SageMaker's wire format. */
class SageMakerEndpointTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private StubSageMaker sagemaker;
    private SageMakerEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        sagemaker = new StubSageMaker();
        endpoint = SageMakerEndpoint.named("parkmeter-dev-tinyllama", "eu-west-2");
    }

    @AfterEach
    void stop() {
        endpoint.close();
        sagemaker.close();
    }

    @Test
    void a_request_reaches_the_endpoint_signed_and_its_answer_comes_back_as_it_is() {
        sagemaker.modelAnswers(200, "{\"text\":\"grüße 🙂\"}");

        Reply reply = endpoint.invoke(Ask.json("{\"inputs\":\"日本\"}"), LONG);

        assertThat(reply).isEqualTo(new Reply.Answered(Content.json("{\"text\":\"grüße 🙂\"}"), ""));
        StubSageMaker.Request request = sagemaker.requests().get(0);
        assertThat(request.path()).isEqualTo("/endpoints/parkmeter-dev-tinyllama/invocations");
        assertThat(request.body()).isEqualTo("{\"inputs\":\"日本\"}");
        assertThat(request.header("content-type")).isEqualTo("application/json");
        assertThat(request.header("authorization")).contains("/eu-west-2/sagemaker/aws4_request");
    }

    @ParameterizedTest
    @CsvSource({"422", "424", "429", "500", "503"})
    void an_error_of_the_container_comes_back_with_its_status_and_words(int status) {
        sagemaker.modelAnswers(status, "{\"error\":\"no\",\"error_type\":\"x\"}");

        assertThat(endpoint.invoke(Ask.json("{}"), LONG))
                .isEqualTo(new Reply.ModelError(status, "{\"error\":\"no\",\"error_type\":\"x\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, ValidationError, UNAVAILABLE, ValidationError",
        "429, ModelNotReadyException, UNAVAILABLE, ModelNotReadyException",
        "503, ServiceUnavailable, UNAVAILABLE, ServiceUnavailable",
        "400, ThrottlingException, THROTTLED, ThrottlingException",
        "429, TooManyRequestsException, THROTTLED, TooManyRequestsException",
        "500, InternalFailure, BROKEN, InternalFailure",
        "530, InternalDependencyException, BROKEN, InternalDependencyException",
        "403, AccessDeniedException, BROKEN, AccessDeniedException",
        "403, ExpiredTokenException, BROKEN, ExpiredTokenException",
    })
    void an_error_of_sagemaker_is_told_by_what_can_be_done_about_it(
            int status, String type, Reply.Reason reason, String cause) {
        sagemaker.fails(status, type, "Endpoint parkmeter-dev-tinyllama of account 123456789012 not found.");

        assertThat(endpoint.invoke(Ask.json("{}"), LONG)).isEqualTo(new Reply.Failed(reason, cause));
    }

    @ParameterizedTest
    @CsvSource({"500, InternalFailure", "503, ServiceUnavailable", "400, ThrottlingException"})
    void a_generation_is_never_sent_twice(int status, String type) {
        sagemaker.fails(status, type, "no");

        endpoint.invoke(Ask.json("{}"), LONG);

        assertThat(sagemaker.requests()).hasSize(1);
    }

    @Test
    void a_model_that_takes_too_long_is_given_up_in_time() {
        sagemaker.modelAnswersAfter(5_000, "{}");
        Instant start = Instant.now();

        Reply reply = endpoint.invoke(Ask.json("{}"), Duration.ofMillis(300));

        assertThat(reply).isEqualTo(new Reply.Failed(Reply.Reason.TIMED_OUT, "ApiCallTimeoutException"));
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void a_connection_that_ends_early_means_that_the_model_is_unavailable() {
        sagemaker.hangsUp();

        assertThat(endpoint.invoke(Ask.json("{}"), LONG))
                .isEqualTo(new Reply.Failed(Reply.Reason.UNAVAILABLE, "SdkClientException"));
    }

    @Test
    void a_port_where_nobody_listens_means_that_the_model_is_unavailable() {
        sagemaker.close();

        assertThat(endpoint.invoke(Ask.json("{}"), LONG))
                .isInstanceOfSatisfying(Reply.Failed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(Reply.Reason.UNAVAILABLE));
    }

    @Test
    void an_interrupt_of_the_calling_thread_means_that_the_time_is_up() {
        sagemaker.modelAnswersAfter(5_000, "{}");
        Thread.currentThread().interrupt();

        Reply reply = endpoint.invoke(Ask.json("{}"), LONG);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(reply).isEqualTo(new Reply.Failed(Reply.Reason.TIMED_OUT, "AbortedException"));
    }

    @Test
    void the_canned_endpoint_answers_without_a_network() {
        sagemaker.close();
        try (SageMakerEndpoint canned = SageMakerEndpoint.canned("{\"canned\":true}", "eu-west-2")) {
            assertThat(canned.invoke(Ask.json("{}"), LONG))
                    .isEqualTo(new Reply.Answered(Content.json("{\"canned\":true}"), ""));
        }
    }
}
