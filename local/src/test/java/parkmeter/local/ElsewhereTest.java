package parkmeter.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import parkmeter.local.edge.StubService;
import parkmeter.local.lambda.InvokeResult;

class ElsewhereTest {
    private static final String OURS = "arn:aws:lambda:eu-west-2:123456789012:function:invoke";
    private static final String THEIRS = "arn:aws:lambda:eu-west-2:123456789012:function:LanguageModelLambda";

    private final List<String> progress = new CopyOnWriteArrayList<>();

    @Test
    void a_function_of_the_stacks_is_called_itself() {
        assertThat(text(with(Map.of("invoke", URI.create("http://127.0.0.1:1"))).invoke(OURS, "{}".getBytes(UTF_8))))
                .isEqualTo("ours");
        assertThat(progress).isEmpty();
    }

    @Test
    void another_is_called_where_it_is_said_to_be_with_the_event_as_it_is() {
        try (StubService function = new StubService()) {
            function.answers(200, "{\"statusCode\":200,\"body\":\"It's 🙂\"}".getBytes(UTF_8), Map.of());
            URI url = function.url().resolve("/2015-03-31/functions/function/invocations");
            assertThat(text(with(Map.of("LanguageModelLambda", url))
                            .invoke(THEIRS, "{\"body\":\"It's \\\"quoted\\\" 🙂\"}".getBytes(UTF_8))))
                    .isEqualTo("{\"statusCode\":200,\"body\":\"It's 🙂\"}");
            assertThat(function.asked().uri()).isEqualTo("/2015-03-31/functions/function/invocations");
            assertThat(function.asked().text()).isEqualTo("{\"body\":\"It's \\\"quoted\\\" 🙂\"}");
        }
    }

    @Test
    void one_that_does_not_answer_where_it_is_said_to_be_fails_as_a_function_does() {
        StubService function = new StubService();
        function.close();
        assertThat(with(Map.of("LanguageModelLambda", function.url()))
                        .invoke(THEIRS, "{}".getBytes(UTF_8))
                        .join())
                .isInstanceOf(InvokeResult.Failed.class);
        assertThat(progress).singleElement().asString().contains("LanguageModelLambda does not answer at");
    }

    @Test
    void where_nobody_says_where_it_is_what_was_sent_comes_back() {
        String event = "{\"headers\":{\"Content-Type\":\"text/plain\"},\"body\":\"It's\",\"isBase64Encoded\":false}";
        assertThat(text(with(Map.of()).invoke(THEIRS, event.getBytes(UTF_8))))
                .isEqualTo(
                        "{\"statusCode\":200,\"isBase64Encoded\":false,\"body\":\"It's\",\"headers\":{\"Content-Type\":"
                                + "\"text/plain\"}}");
        assertThat(progress).singleElement().asString().contains("FUNCTIONS=LanguageModelLambda=<url>");
    }

    private Elsewhere with(Map<String, URI> elsewhere) {
        return new Elsewhere(
                (arn, event) -> CompletableFuture.completedFuture(new InvokeResult.Answer("ours".getBytes(UTF_8))),
                Set.of(OURS),
                elsewhere,
                progress::add);
    }

    private static String text(CompletableFuture<InvokeResult> result) {
        return new String(((InvokeResult.Answer) result.join()).payload(), UTF_8);
    }
}
