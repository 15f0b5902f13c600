package parkmeter.lambda.meter.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.Activity;
import parkmeter.lambda.meter.Endpoints;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Mirror;
import parkmeter.lambda.meter.Notice;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.Sight;
import parkmeter.lambda.meter.Unavailable;

/** The ports over a simulated AWS: each call takes time and may go wrong. */
final class Cloud {
    private static final int PAGE = 2; // small, so that there are several
    private static final long LATEST = 20 * SageMaker.SECOND;

    final TreeMap<String, MeterTable.Row> rows = new TreeMap<>();
    final Map<String, String> mirror = new HashMap<>();
    final Map<String, TreeSet<Long>> invocations = new HashMap<>();
    /** When a call about an endpoint last went wrong. */
    final Map<String, Long> disturbedAt = new HashMap<>();

    long allDisturbedAt = Ledger.NEVER;
    Faults faults = Faults.CALM;
    /** While true, SageMaker refuses every change. */
    boolean refusing;

    private final Timeline timeline;
    private final SageMaker sageMaker;
    private final SplittableRandom random;
    private final Watch watch;
    private final boolean asText;
    private final Set<String> creating = new HashSet<>();

    /** Who looks at what happens, and complains. */
    interface Watch {
        void put(Run run, long askedAt, MeterTable.@Nullable Row before, MeterTable.Row after);

        void forgotten(MeterTable.Row row);

        void creates(Run run, String endpoint, String configuration, boolean another);

        void created(Run run, String endpoint, Endpoints.Outcome outcome);

        void deletes(Run run, String endpoint);

        void published(Run run, Notice notice);

        void disturbed();

        void log(Supplier<String> line);
    }

    Cloud(Timeline timeline, SageMaker sageMaker, SplittableRandom random, Watch watch, boolean asText) {
        this.timeline = timeline;
        this.sageMaker = sageMaker;
        this.random = random;
        this.watch = watch;
        this.asText = asText;
    }

    /** The ports; each set has random numbers of its own, as each process has. */
    Ports ports() {
        return new Ports(
                new Table(),
                new ControlPlane(),
                new CloudWatch(),
                this::publish,
                new Parameters(),
                clock(),
                pause -> pause(pause),
                new SplittableRandom(random.nextLong()));
    }

    private void pause(Duration duration) {
        timeline.sleepUntil(timeline.now() + duration.toMillis());
        overdue(run());
    }

    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(timeline.now());
            }
        };
    }

    private Run run() {
        return (Run) timeline.running();
    }

    private Timeline.Killed killed(Run run, @Nullable String about) {
        run.killed = true;
        disturb(run, about);
        watch.log(() -> run + " killed");
        return new Timeline.Killed();
    }

    private void disturb(Run run, @Nullable String about) {
        watch.disturbed();
        if (about == null) {
            run.disturbed = true;
            allDisturbedAt = timeline.now();
        } else {
            run.disturbedAbout.add(about);
            disturbedAt.put(about, timeline.now());
        }
    }

    private void overdue(Run run) {
        if (timeline.now() >= run.endsAt) {
            throw killed(run, null);
        }
    }

    private long latency() {
        return random.nextDouble() < faults.slow() ? 1000 + random.nextLong(7000) : 3 + random.nextLong(57);
    }

    /**
     * One call.
     *
     * @param about the endpoint that it concerns; null for all
     * @param effect what it does, and answers
     * @param throttled what a refusal answers
     * @param lost what no answer is; called at the end
     * @param late true where it may take effect after everybody has given up on it
     */
    private <T> T call(
            @Nullable String about, Supplier<T> effect, Supplier<T> throttled, Supplier<T> lost, boolean late) {
        Run run = run();
        overdue(run);
        long latency = latency();
        long half = latency / 2;
        double fate = random.nextDouble();
        fate -= faults.kill();
        if (fate < 0) {
            timeline.sleepUntil(timeline.now() + half);
            perhaps(run, () -> effects(effect), late);
            throw killed(run, about);
        }
        fate -= faults.refusal();
        if (fate < 0) {
            timeline.sleepUntil(timeline.now() + latency);
            overdue(run);
            disturb(run, about);
            return throttled.get();
        }
        fate -= faults.loss();
        if (fate < 0) {
            timeline.sleepUntil(timeline.now() + half);
            perhaps(run, () -> effects(effect), late);
            timeline.sleepUntil(timeline.now() + latency);
            overdue(run);
            disturb(run, about);
            return lost.get();
        }
        timeline.sleepUntil(timeline.now() + half);
        T answer = effect.get();
        timeline.sleepUntil(timeline.now() + latency - half);
        overdue(run);
        return answer;
    }

    private static <T> void effects(Supplier<T> effect) {
        T unused = effect.get();
    }

    /** Not at all, now, or later. */
    private void perhaps(Run run, Runnable effect, boolean late) {
        int how = random.nextInt(late ? 3 : 2);
        if (how == 1) {
            effect.run();
        } else if (how == 2) {
            run.comesLate = true;
            timeline.at(timeline.now() + random.nextLong(LATEST), effect);
        }
    }

    private <T> T ask(@Nullable String about, Supplier<T> effect) {
        return call(
                about,
                effect,
                () -> {
                    throw new Unavailable("simulated");
                },
                () -> {
                    throw new Unavailable("simulated");
                },
                false);
    }

    private final class Table implements MeterTable {
        @Override
        public MeterTable.Page page(@Nullable String after) {
            return ask(null, () -> {
                List<Row> page = new ArrayList<>();
                for (Row row : (after == null ? rows : rows.tailMap(after, false)).values()) {
                    if (page.size() == PAGE) {
                        return new MeterTable.Page(page, page.get(PAGE - 1).endpoint());
                    }
                    page.add(row);
                }
                return new MeterTable.Page(page, null);
            });
        }

        @Override
        public Optional<Row> find(String endpoint) {
            return ask(endpoint, () -> Optional.ofNullable(rows.get(endpoint)));
        }

        @Override
        public boolean put(Row row) {
            Run run = run();
            long askedAt = timeline.now();
            return ask(row.endpoint(), () -> {
                Row before = rows.get(row.endpoint());
                if ((before == null ? 0 : before.version()) != row.version()) {
                    return false;
                }
                Row after = asText ? new Row(row.endpoint(), row.version() + 1, row.json()) : row.written();
                rows.put(row.endpoint(), after);
                watch.put(run, askedAt, before, after);
                return true;
            });
        }

        @Override
        public boolean delete(String endpoint, long version) {
            return ask(endpoint, () -> {
                Row row = rows.get(endpoint);
                if (row == null) {
                    return true;
                }
                if (row.version() != version) {
                    return false;
                }
                rows.remove(endpoint);
                watch.forgotten(row);
                return true;
            });
        }
    }

    private final class ControlPlane implements Endpoints {
        @Override
        public Endpoints.Page list(@Nullable String after) {
            return ask(null, () -> {
                Map<String, Sight.Listed> page = new HashMap<>();
                String last = null;
                for (SageMaker.Instance instance :
                        (after == null ? sageMaker.endpoints : sageMaker.endpoints.tailMap(after, false)).values()) {
                    if (page.size() == PAGE) {
                        return new Endpoints.Page(page, last);
                    }
                    last = instance.name;
                    page.put(last, SageMaker.listed(instance));
                }
                return new Endpoints.Page(page, null);
            });
        }

        @Override
        public Sight describe(String endpoint) {
            return ask(endpoint, () -> sageMaker.describe(endpoint));
        }

        @Override
        public Outcome create(String endpoint, String configuration) {
            Run run = run();
            watch.creates(run, endpoint, configuration, !creating.add(endpoint));
            run.comesLate = false;
            try {
                Outcome outcome = deed(endpoint, () -> {
                    creating.remove(endpoint);
                    return sageMaker.create(endpoint, configuration, true);
                });
                watch.created(run, endpoint, outcome);
                return outcome;
            } finally {
                if (!run.comesLate) {
                    creating.remove(endpoint);
                }
            }
        }

        @Override
        public Outcome update(String endpoint, String configuration) {
            return deed(endpoint, () -> sageMaker.update(endpoint, configuration));
        }

        @Override
        public Outcome delete(String endpoint) {
            watch.deletes(run(), endpoint);
            return deed(endpoint, () -> sageMaker.delete(endpoint, false));
        }

        private Outcome deed(String endpoint, Supplier<Outcome> effect) {
            if (refusing) {
                disturb(run(), endpoint);
                return new Outcome.Throttled();
            }
            return call(endpoint, effect, Outcome.Throttled::new, () -> new Outcome.Unanswered("simulated"), true);
        }
    }

    private final class CloudWatch implements Activity {
        @Override
        public Map<String, Instant> lastInvocations(List<Question> questions) {
            return ask(null, () -> {
                Map<String, Instant> last = new HashMap<>();
                for (Question question : questions) {
                    Long end = lastVisible(question.endpoint());
                    if (end != null && end > question.since().toEpochMilli()) {
                        last.put(question.endpoint(), Instant.ofEpochMilli(end));
                    }
                }
                return last;
            });
        }
    }

    /** The end of the last minute with an invocation that CloudWatch shows by now: a minute after its end. */
    private @Nullable Long lastVisible(String endpoint) {
        TreeSet<Long> ends = invocations.get(endpoint);
        return ends == null ? null : ends.floor(timeline.now() - SageMaker.MINUTE);
    }

    /** Counts an invocation now. */
    void invoked(String endpoint) {
        long end = Math.floorDiv(timeline.now(), SageMaker.MINUTE) * SageMaker.MINUTE + SageMaker.MINUTE;
        invocations.computeIfAbsent(endpoint, name -> new TreeSet<>()).add(end);
    }

    private void publish(Notice notice) {
        Run run = run();
        ask(notice.endpoint(), () -> {
            watch.published(run, notice);
            return true;
        });
    }

    private final class Parameters implements Mirror {
        @Override
        public void put(String endpoint, String json) {
            ask(endpoint, () -> {
                mirror.put(endpoint, json);
                return true;
            });
        }

        @Override
        public void delete(String endpoint) {
            ask(endpoint, () -> {
                mirror.remove(endpoint);
                return true;
            });
        }
    }
}
