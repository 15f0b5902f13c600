package parkmeter.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

@Timeout(20)
class RulesTest {
    private static final String RULE = "arn:aws:events:eu-west-2:123456789012:rule/every-minute";
    private static final String FUNCTION = "arn:aws:lambda:eu-west-2:123456789012:function:tick";

    /** A minute takes 100 ms. */
    private final StackClock clock = new StackClock(Clock.systemUTC(), 600);

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private Rules rules = Rules.start(List.of(), (arn, event) -> new CompletableFuture<>(), clock, failures::add);

    private record Call(String arn, JsonNode event, Instant at, CompletableFuture<InvokeResult> result) {
        void answer() {
            result.complete(new InvokeResult.Answer(new byte[0]));
        }
    }

    private final Functions functions = (arn, event) -> {
        Call call = new Call(arn, json(event), clock.instant(), new CompletableFuture<>());
        calls.add(call);
        return call.result();
    };

    @AfterEach
    void stop() {
        rules.close();
    }

    @Test
    void a_rule_calls_its_function_each_time_its_period_has_passed() throws Exception {
        Instant before = clock.instant();
        rules = start();
        for (int i = 0; i < 3; i++) {
            Call call = next();
            call.answer();
            Instant due = Instant.parse(call.event().path("time").asText());
            assertThat(call.arn()).isEqualTo(FUNCTION);
            assertThat(call.at()).isAfterOrEqualTo(due);
            assertThat(Duration.between(before, call.at())).isGreaterThan(minutes(0.98));
            before = due;
        }
    }

    @Test
    void the_function_gets_eventbridges_scheduled_event() throws Exception {
        rules = start();
        JsonNode event = next().event();
        assertThat(event.path("source").asText()).isEqualTo("aws.events");
        assertThat(event.path("detail-type").asText()).isEqualTo("Scheduled Event");
        assertThat(event.path("account").asText()).isEqualTo("123456789012");
        assertThat(event.path("region").asText()).isEqualTo("eu-west-2");
        assertThat(event.path("resources").get(0).asText()).isEqualTo(RULE);
        assertThat(event.path("detail").isObject()).isTrue();
    }

    @Test
    void a_call_waits_for_the_one_before_and_what_fell_due_meanwhile_is_left_out() throws Exception {
        rules = start();
        Call slow = next();
        assertThat(calls.poll(350, TimeUnit.MILLISECONDS)).isNull();
        slow.answer();
        Call after = next();
        assertThat(Duration.between(slow.at(), after.at())).isGreaterThan(minutes(3));
        after.answer();
        assertThat(Duration.between(after.at(), next().at())).isLessThan(minutes(2.5));
    }

    @Test
    void a_failure_is_told_once_and_again_when_it_came_back() throws Exception {
        rules = start();
        fail("out of coins");
        fail("out of coins");
        next().answer();
        fail("out of coins");
        next().result().complete(new InvokeResult.Throttled());
        next();
        String failed = "The rule every-minute called tick, which failed: out of coins";
        assertThat(failures).containsExactly(failed, failed, "The rule every-minute called tick, which was throttled");
    }

    @Test
    void closed_rules_fire_no_more() throws Exception {
        rules = start();
        Call last = next();
        rules.close();
        last.answer();
        assertThat(calls.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    private Rules start() {
        return Rules.start(
                List.of(new Rules.Rule(RULE, Duration.ofMinutes(1), FUNCTION)), functions, clock, failures::add);
    }

    private Call next() throws InterruptedException {
        Call call = calls.poll(5, TimeUnit.SECONDS);
        assertThat(call).as("a call").isNotNull();
        return Objects.requireNonNull(call);
    }

    private void fail(String reason) throws InterruptedException {
        next().result().complete(new InvokeResult.Failed(InvokeResult.Reason.HANDLER_ERROR, reason));
    }

    private static Duration minutes(double minutes) {
        return Duration.ofMillis((long) (minutes * 60_000));
    }

    private static JsonNode json(byte[] event) {
        try {
            return new ObjectMapper().readTree(event);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
