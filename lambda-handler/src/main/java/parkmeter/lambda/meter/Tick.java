package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What happens every minute: each record's step, each for itself. */
public final class Tick {
    private final Ports ports;
    private final Keeper keeper;
    private final Executor executor;

    /**
     * Over the ports.
     *
     * @param executor runs the records' steps; {@code Runnable::run} for one after the other
     */
    public Tick(Ports ports, Keeper keeper, Executor executor) {
        this.ports = ports;
        this.keeper = keeper;
        this.executor = executor;
    }

    /**
     * What a tick did.
     *
     * @param records how many records there are
     * @param unreadable how many of them can't be read: somebody has to mend or delete them
     * @param failed how many others had no step because a call gave no answer; the next tick tries again
     * @param late how many it did not come to
     * @param events a line for each deed and each failure, which begins with the endpoint's name
     * @param gauges what each readable record showed when the tick came to it
     */
    public record Report(int records, int unreadable, int failed, int late, List<String> events, List<Gauge> gauges) {
        public Report {
            events = List.copyOf(events);
            gauges = List.copyOf(gauges);
        }
    }

    /** A record that is to be stepped. */
    private record Turn(MeterTable.Row row, MeterRecord record, Sight sight) {}

    /**
     * Steps every record.
     *
     * @param atMost how long until no further step is begun
     * @throws Unavailable when there is no list of records or endpoints
     */
    public Report run(Duration atMost) {
        Instant giveUpAt = ports.clock().instant().plus(atMost);
        Log log = new Log();
        // The records before the endpoints: what is seen of an endpoint is newer than what is written.
        List<MeterTable.Row> rows = rows();
        Map<String, Sight.Listed> endpoints = rows.isEmpty() ? Map.of() : endpoints();
        List<Turn> turns = new ArrayList<>();
        for (MeterTable.Row row : rows) {
            try {
                Sight sight = endpoints.get(row.endpoint());
                turns.add(new Turn(row, row.record(), sight == null ? new Sight.Absent() : sight));
            } catch (UnreadableRecord e) {
                log.unreadable(row.endpoint(), e);
            }
        }
        // Another one is first each time, so that none is always last.
        Collections.rotate(turns, (int) Math.floorMod(ports.now().getEpochSecond(), 10_007L));
        Instant seenAt = ports.now();
        Map<String, Meter.Calls> calls = calls(turns, log);
        CountDownLatch running = new CountDownLatch(turns.size());
        for (Turn turn : turns) {
            executor.execute(() -> {
                try {
                    step(turn, calls.getOrDefault(turn.row().endpoint(), new Meter.Calls.Unknown()), giveUpAt, log);
                } finally {
                    running.countDown();
                }
            });
        }
        await(running);
        List<Gauge> gauges = turns.stream()
                .map(turn -> Gauge.of(turn.record(), turn.sight(), seenAt))
                .toList();
        return log.report(rows.size(), gauges);
    }

    private void step(Turn turn, Meter.Calls calls, Instant giveUpAt, Log log) {
        String endpoint = turn.row().endpoint();
        if (ports.clock().instant().isAfter(giveUpAt)) {
            log.late.incrementAndGet();
            return;
        }
        try {
            log.done(endpoint, keeper.step(turn.row(), turn.record(), turn.sight(), calls));
        } catch (UnreadableRecord e) {
            log.unreadable(endpoint, e);
        } catch (RuntimeException e) {
            log.failed(endpoint, e);
        }
    }

    private List<MeterTable.Row> rows() {
        List<MeterTable.Row> rows = new ArrayList<>();
        String after = null;
        do {
            MeterTable.Page page = ports.table().page(after);
            rows.addAll(page.rows());
            after = page.next();
        } while (after != null);
        return rows;
    }

    private Map<String, Sight.Listed> endpoints() {
        Map<String, Sight.Listed> endpoints = new HashMap<>();
        String after = null;
        do {
            Endpoints.Page page = ports.endpoints().list(after);
            endpoints.putAll(page.endpoints());
            after = page.next();
        } while (after != null);
        return endpoints;
    }

    /** One question to CloudWatch for all endpoints that would be stopped as idle. */
    private Map<String, Meter.Calls> calls(List<Turn> turns, Log log) {
        List<Activity.Question> questions = new ArrayList<>();
        for (Turn turn : turns) {
            Activity.Question question = Meter.asksForCalls(turn.record(), turn.sight(), ports.now())
                    ? Meter.question(turn.record(), turn.sight())
                    : null;
            if (question != null) {
                questions.add(question);
            }
        }
        Map<String, Meter.Calls> calls = new HashMap<>();
        if (!questions.isEmpty()) {
            try {
                Map<String, Instant> last = ports.activity().lastInvocations(questions);
                questions.forEach(question ->
                        calls.put(question.endpoint(), new Meter.Calls.Known(last.get(question.endpoint()))));
            } catch (Unavailable e) {
                log.events.add("Nobody is stopped as idle: " + e.getMessage());
            }
        }
        return calls;
    }

    private static void await(CountDownLatch running) {
        try {
            running.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is written down while steps run, several at once. */
    private static final class Log {
        final AtomicInteger late = new AtomicInteger();
        final List<String> events = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger unreadable = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();

        void done(String endpoint, @Nullable String what) {
            if (what != null) {
                events.add(endpoint + ": " + what);
            }
        }

        void unreadable(String endpoint, UnreadableRecord e) {
            unreadable.incrementAndGet();
            events.add(endpoint + ": " + e.getMessage());
        }

        void failed(String endpoint, RuntimeException e) {
            failed.incrementAndGet();
            // A defect's own words may hold anything.
            events.add(endpoint + ": "
                    + (e instanceof Unavailable ? e.getMessage() : e.getClass().getName()));
        }

        Report report(int records, List<Gauge> gauges) {
            return new Report(records, unreadable.get(), failed.get(), late.get(), events, gauges);
        }
    }
}
