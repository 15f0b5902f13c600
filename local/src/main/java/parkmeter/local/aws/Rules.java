package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/**
 * EventBridge's scheduled rules, on the stack's clock. A rule's call waits for the one before; what fell due meanwhile is left out.
 */
public final class Rules implements AutoCloseable {
    private final Functions functions;
    private final StackClock clock;
    private final Consumer<String> failures;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * A rule with a rate and a function for its target.
     *
     * @param arn the rule's ARN
     * @param period how often it fires
     * @param functionArn what it calls
     */
    public record Rule(String arn, Duration period, String functionArn) {}

    private Rules(Functions functions, StackClock clock, Consumer<String> failures) {
        this.functions = functions;
        this.clock = clock;
        this.failures = failures;
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "rules");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Lets rules fire; each for the first time when its period has passed.
     *
     * @param failures takes a line for each call that fails, unless the one before failed in the same way
     */
    public static Rules start(List<Rule> rules, Functions functions, StackClock clock, Consumer<String> failures) {
        Rules all = new Rules(functions, clock, failures);
        rules.forEach(rule -> all.fireAt(rule, clock.instant().plus(rule.period()), ""));
        return all;
    }

    /** Lets no rule fire any more; a call under way is left alone. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void fireAt(Rule rule, Instant due, String before) {
        Duration wait = clock.onTheMachine(Duration.between(clock.instant(), due));
        if (!timer.isShutdown()) {
            var unused = timer.schedule(() -> fire(rule, due, before), wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void fire(Rule rule, Instant due, String before) {
        var unused = functions.invoke(rule.functionArn(), event(rule, due)).thenAccept(result -> {
            String failure = failure(result);
            if (!failure.isEmpty() && !failure.equals(before) && !timer.isShutdown()) {
                failures.accept("The rule " + last(rule.arn(), '/') + " called " + last(rule.functionArn(), ':')
                        + ", which " + failure);
            }
            long passed = Duration.between(due, clock.instant()).dividedBy(rule.period());
            fireAt(rule, due.plus(rule.period().multipliedBy(passed + 1)), failure);
        });
    }

    private static String failure(InvokeResult result) {
        if (result instanceof InvokeResult.Failed failed) {
            return "failed: " + failed.message();
        }
        return result instanceof InvokeResult.Throttled ? "was throttled" : "";
    }

    /** What EventBridge sends for a scheduled rule (EventBridge user guide, "Scheduled Event"). */
    private static byte[] event(Rule rule, Instant due) {
        String[] arn = rule.arn().split(":", -1);
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("version", "0")
                .put("id", UUID.randomUUID().toString())
                .put("detail-type", "Scheduled Event")
                .put("source", "aws.events")
                .put("account", arn[4])
                .put("time", due.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("region", arn[3]);
        event.putArray("resources").add(rule.arn());
        event.putObject("detail");
        return event.toString().getBytes(UTF_8);
    }

    private static String last(String arn, char before) {
        return arn.substring(arn.lastIndexOf(before) + 1);
    }
}
