package parkmeter.lambda.meter.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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

    /** A call that takes no more than its usual time is over by then, also one whose answer gets lost. */
    static final long USUALLY_OVER = 100;

    /** What was given up on takes effect until then, or not at all. */
    private static final long LATEST = 20 * SageMaker.SECOND;

    /** A list may lack a new endpoint for so long. */
    private static final long SHOWN_LATE = 40 * SageMaker.SECOND;

    /** An answer to a write comes until then. */
    private static final long LATEST_ANSWER = 150 * SageMaker.SECOND;

    private final World world;
    private final Timeline timeline;
    private final SageMaker sageMaker;
    private final Promises promises;
    /** True where each row is written as text, and read again. */
    private final boolean asText;

    private final Clock clock = new Clock() {
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

    Cloud(World world, Promises promises, boolean asText) {
        this.world = world;
        this.timeline = world.timeline;
        this.sageMaker = world.sageMaker;
        this.promises = promises;
        this.asText = asText;
    }

    /** The ports, for one run of a function. */
    Ports ports(Run run) {
        return new Ports(
                new Table(),
                new ControlPlane(),
                this::lastInvocations,
                this::publish,
                new Parameters(),
                clock,
                this::pause,
                run.dice.generator());
    }

    private Run run() {
        return (Run) timeline.running();
    }

    private void pause(Duration duration) {
        timeline.sleepUntil(timeline.now() + duration.toMillis());
        overdue(run());
    }

    private void overdue(Run run) {
        if (timeline.now() >= run.endsAt) {
            throw killed(run, null);
        }
    }

    private Timeline.Killed killed(Run run, @Nullable String about) {
        run.killed = true;
        disturb(run, about, "is killed");
        return new Timeline.Killed();
    }

    private void disturb(Run run, @Nullable String about, String how) {
        timeline.touch(); // what it was about to do, if anything, the next tick does
        if (about == null) {
            run.disturbed = true;
            world.disturbedAt = timeline.now();
        } else {
            run.disturbedAbout.add(about);
            world.account(about).disturbedAt = timeline.now();
        }
        world.story.detail(() -> run + " " + how + (about == null ? "" : ", about " + about));
    }

    private static long latency(Run run) {
        return run.slow && run.dice.chance(0.25) ? run.dice.between(1000, 8000) : run.dice.between(3, 60);
    }

    /**
     * One call.
     *
     * @param about the endpoint that it concerns; null for all
     * @param effect what it does, and answers
     * @param throttled what a refusal answers
     * @param lost what no answer is
     * @param late true where it may take effect after everybody has given up on it
     */
    private <T> T call(
            @Nullable String about, Supplier<T> effect, Supplier<T> throttled, Supplier<T> lost, boolean late) {
        Run run = run();
        Faults faults = world.faults;
        overdue(run);
        long latency = latency(run);
        long half = latency / 2;
        double fate = run.dice.fate() - faults.kill();
        if (fate < 0) {
            timeline.sleepUntil(timeline.now() + half);
            perhaps(run, effect, late);
            throw killed(run, about);
        }
        fate -= faults.refusal();
        if (fate < 0) {
            timeline.sleepUntil(timeline.now() + latency);
            overdue(run);
            disturb(run, about, "is throttled");
            return throttled.get();
        }
        fate -= faults.loss();
        if (fate < 0) {
            timeline.sleepUntil(timeline.now() + half);
            perhaps(run, effect, late);
            timeline.sleepUntil(timeline.now() + latency);
            overdue(run);
            disturb(run, about, "gets no answer");
            return lost.get();
        }
        timeline.sleepUntil(timeline.now() + half);
        T answer = effect.get();
        timeline.sleepUntil(timeline.now() + latency - half);
        overdue(run);
        return answer;
    }

    /** Not at all, now, or later. */
    private <T> void perhaps(Run run, Supplier<T> effect, boolean late) {
        switch (run.dice.below(late ? 3 : 2)) {
            case 0 -> {}
            case 1 -> takesEffect(effect);
            default -> {
                run.comesLate = true;
                timeline.at(timeline.now() + run.dice.between(0, LATEST), () -> takesEffect(effect));
            }
        }
    }

    private static <T> void takesEffect(Supplier<T> effect) {
        T unused = effect.get();
    }

    private <T> T ask(@Nullable String about, Supplier<T> effect) {
        Supplier<T> nothing = () -> {
            throw new Unavailable("simulated");
        };
        return call(about, effect, nothing, nothing, false);
    }

    /** A call that changes something. */
    private <T> T change(String about, Supplier<T> effect) {
        return ask(about, () -> touching(effect));
    }

    private <T> T touching(Supplier<T> effect) {
        timeline.touch();
        return effect.get();
    }

    private final class Table implements MeterTable {
        @Override
        public MeterTable.Page page(@Nullable String after) {
            return ask(null, () -> {
                SortedMap<String, Row> rest = after == null ? world.rows : world.rows.tailMap(after, false);
                List<Row> page = new ArrayList<>(PAGE);
                for (Row row : rest.values()) {
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
            return ask(endpoint, () -> Optional.ofNullable(world.rows.get(endpoint)));
        }

        @Override
        public boolean put(Row row) {
            Run run = run();
            long askedAt = timeline.now();
            boolean written = change(row.endpoint(), () -> {
                Row before = world.rows.get(row.endpoint());
                if ((before == null ? 0 : before.version()) != row.version()) {
                    return false;
                }
                Row after = asText ? new Row(row.endpoint(), row.version() + 1, row.json()) : row.written();
                world.rows.put(row.endpoint(), after);
                promises.put(run, askedAt, before, after);
                return true;
            });
            if (run.slow && run.dice.chance(0.02)) {
                disturb(run, row.endpoint(), "waits long for an answer"); // too long for what was to follow
                pause(Duration.ofMillis(run.dice.between(0, LATEST_ANSWER)));
            }
            return written;
        }

        @Override
        public boolean delete(String endpoint, long version) {
            return change(endpoint, () -> {
                Row row = world.rows.get(endpoint);
                if (row == null) {
                    return true;
                }
                if (row.version() != version) {
                    return false;
                }
                world.rows.remove(endpoint);
                promises.forgotten(row);
                return true;
            });
        }
    }

    private final class ControlPlane implements Endpoints {
        @Override
        public Endpoints.Page list(@Nullable String after) {
            Run run = run();
            return ask(null, () -> {
                SortedMap<String, SageMaker.Instance> rest =
                        after == null ? sageMaker.endpoints : sageMaker.endpoints.tailMap(after, false);
                Map<String, Sight.Listed> page = new HashMap<>();
                String last = null;
                for (SageMaker.Instance instance : rest.values()) {
                    if (page.size() == PAGE) {
                        return new Endpoints.Page(page, last);
                    }
                    last = instance.name;
                    boolean isNew = timeline.now() < instance.createdAt + SHOWN_LATE;
                    if (isNew && run.dice.chance(10 * world.faults.refusal()) && world.accounts.containsKey(last)) {
                        disturb(run, last, "does not see it in the list");
                    } else {
                        page.put(last, SageMaker.listed(instance));
                    }
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
            Account account = world.account(endpoint);
            promises.creates(run, account, configuration);
            account.creating = true;
            run.comesLate = false;
            try {
                Outcome outcome = deed(endpoint, () -> {
                    account.creating = false;
                    return sageMaker.create(endpoint, configuration, true);
                });
                promises.created(run, account, outcome);
                return outcome;
            } finally {
                account.creating = run.comesLate && account.creating;
            }
        }

        @Override
        public Outcome update(String endpoint, String configuration) {
            promises.updates(run(), world.account(endpoint), configuration);
            return deed(endpoint, () -> sageMaker.update(endpoint, configuration));
        }

        @Override
        public Outcome scale(String endpoint, int instances) {
            promises.scales(run(), world.account(endpoint), instances);
            return deed(endpoint, () -> sageMaker.scale(endpoint, instances));
        }

        @Override
        public Outcome delete(String endpoint) {
            promises.deletes(run(), world.account(endpoint));
            return deed(endpoint, () -> sageMaker.delete(endpoint, false));
        }

        private Outcome deed(String endpoint, Supplier<Outcome> effect) {
            timeline.touch();
            if (world.refusing) {
                disturb(run(), endpoint, "is refused");
                return new Outcome.Throttled();
            }
            return call(
                    endpoint,
                    () -> touching(effect),
                    Outcome.Throttled::new,
                    () -> new Outcome.Unanswered("simulated"),
                    true);
        }
    }

    /** The ends of the last minutes with an invocation that CloudWatch shows by now: a minute after their ends. */
    private Map<String, Instant> lastInvocations(List<Activity.Question> questions) {
        return ask(null, () -> {
            Map<String, Instant> last = new HashMap<>();
            for (Activity.Question question : questions) {
                Long end = world.account(question.endpoint()).invocations.floor(timeline.now() - SageMaker.MINUTE);
                if (end != null && end > question.since().toEpochMilli()) {
                    last.put(question.endpoint(), Instant.ofEpochMilli(end));
                }
            }
            return last;
        });
    }

    private void publish(Notice notice) {
        Run run = run();
        change(notice.endpoint(), () -> {
            promises.published(run, notice);
            return true;
        });
    }

    private final class Parameters implements Mirror {
        @Override
        public void put(String endpoint, String json) {
            change(endpoint, () -> {
                world.mirror.put(endpoint, json);
                world.story.change(() -> "the mirror of " + endpoint + " holds " + json);
                return true;
            });
        }

        @Override
        public void delete(String endpoint) {
            change(endpoint, () -> {
                world.mirror.remove(endpoint);
                world.story.change(() -> "the mirror of " + endpoint + " is gone");
                return true;
            });
        }
    }
}
