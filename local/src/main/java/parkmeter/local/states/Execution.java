package parkmeter.local.states;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** An execution as DescribeExecution tells it. It ends once. */
final class Execution {
    private static final String DETAILS = "com.amazonaws.swf.base.model#CloudWatchEventsExecutionDataDetails";

    private final StateMachine machine;
    private final String name;
    private final String input;
    private final Instant start;
    private String status = "RUNNING";
    private @Nullable Instant stop;
    private @Nullable String output;
    private @Nullable String error;
    private @Nullable String cause;
    private @Nullable Future<?> running;

    Execution(StateMachine machine, String name, String input, Instant start) {
        this.machine = machine;
        this.name = name;
        this.input = input;
        this.start = start;
    }

    String arn() {
        return machine.executionArn(name);
    }

    String input() {
        return input;
    }

    Instant start() {
        return start;
    }

    StateMachine machine() {
        return machine;
    }

    synchronized boolean isRunning() {
        return status.equals("RUNNING");
    }

    synchronized void runs(Future<?> run) {
        running = run;
    }

    /** Ends well. */
    synchronized void succeeded(String with, Instant at) {
        if (isRunning()) {
            status = "SUCCEEDED";
            output = with;
            stop = at;
        }
    }

    /**
     * Ends otherwise, and stops what runs.
     *
     * @param how {@code FAILED}, {@code TIMED_OUT} or {@code ABORTED}
     */
    synchronized void ended(String how, @Nullable String withError, @Nullable String withCause, Instant at) {
        if (isRunning()) {
            status = how;
            error = withError;
            cause = withCause;
            stop = at;
            if (running != null) {
                running.cancel(true);
            }
        }
    }

    /** Its answer to DescribeExecution (API reference). */
    synchronized ObjectNode describe() {
        ObjectNode described = summary().put("input", input);
        described.putObject("inputDetails").put("__type", DETAILS).put("included", true);
        if (output != null) {
            described.put("output", output);
            described.putObject("outputDetails").put("__type", DETAILS).put("included", true);
        }
        if (error != null) {
            described.put("error", error);
        }
        if (cause != null) {
            described.put("cause", cause);
        }
        return described;
    }

    /** Its line in ListExecutions (API reference). */
    synchronized ObjectNode summary() {
        ObjectNode summary = JsonNodeFactory.instance
                .objectNode()
                .put("executionArn", arn())
                .put("name", name)
                .put("startDate", seconds(start))
                .put("stateMachineArn", machine.arn())
                .put("status", status);
        if (stop != null) {
            summary.put("stopDate", seconds(stop));
        }
        return summary;
    }

    synchronized String status() {
        return status;
    }

    static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }
}
