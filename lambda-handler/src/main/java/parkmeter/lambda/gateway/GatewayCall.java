package parkmeter.lambda.gateway;

import java.io.IOException;
import java.time.Clock;
import java.util.function.Consumer;

/** One call through API Gateway: an event in, an answer and one log line out. */
public final class GatewayCall {

    private GatewayCall() {}

    /** What is behind the gateway. */
    @FunctionalInterface
    public interface Route {

        /**
         * Answers.
         *
         * @param line takes what the log is to say besides
         * @throws CallFailed when there is nothing to answer with
         */
        GatewayAnswer answer(GatewayEvent event, LogLine line) throws CallFailed;
    }

    /**
     * Answers one event of API Gateway's.
     *
     * @param lambdaId Lambda's id of the call, for an event without one
     * @param log takes the one line about it
     * @param clock for how long it took
     * @throws IOException when the event is not JSON: it comes from API Gateway, so it always is
     */
    public static byte[] answer(byte[] json, String lambdaId, Consumer<String> log, Clock clock, Route route)
            throws IOException {
        GatewayEvent event = GatewayEvent.read(json);
        String requestId = event.requestId().isEmpty() ? lambdaId : event.requestId();
        try {
            return attempt(event, requestId, log, clock, route).bytes();
        } catch (CallFailed failed) {
            return GatewayAnswer.failed(failed, requestId).bytes();
        }
    }

    /**
     * Answers one event, with a log line, and leaves what a failed call becomes to the caller.
     *
     * @param requestId for the log
     * @param log takes the one line about it
     * @param clock for how long it took
     * @throws CallFailed when there is nothing to answer with
     */
    public static GatewayAnswer attempt(
            GatewayEvent event, String requestId, Consumer<String> log, Clock clock, Route route) throws CallFailed {
        long start = clock.millis();
        LogLine line = new LogLine(requestId, event.route());
        try {
            GatewayAnswer answer = guarded(route, event, line);
            log.accept(line.answered(answer.status(), clock.millis() - start));
            return answer;
        } catch (CallFailed failed) {
            log.accept(line.failed(failed, clock.millis() - start));
            throw failed;
        }
    }

    /** A defect of ours is an answer in this API's shape too, not Lambda's. */
    private static GatewayAnswer guarded(Route route, GatewayEvent event, LogLine line) throws CallFailed {
        try {
            return route.answer(event, line);
        } catch (RuntimeException e) {
            throw new CallFailed(
                    Code.INTERNAL_ERROR,
                    "The function failed: see its log.",
                    e.getClass().getName());
        }
    }
}
