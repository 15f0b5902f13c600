package parkmeter.lambda.meter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The ports, in memory, with a clock that a test turns. An endpoint of it serves as soon as it is created. */
final class Desk {
    Instant now = Instant.parse("2026-06-01T12:00:00Z");
    final TreeMap<String, MeterTable.Row> rows = new TreeMap<>();
    final Map<String, Sight.Described> endpoints = new LinkedHashMap<>();
    /** Those that Pulumi made. */
    final Set<String> declared = new HashSet<>();

    final Map<String, Instant> calls = new HashMap<>();
    final List<Activity.Question> questions = new ArrayList<>();
    final List<Notice> notices = new ArrayList<>();
    final Map<String, String> mirror = new HashMap<>();
    /** The changes that SageMaker was asked for, such as {@code create e c}. */
    final List<String> deeds = new ArrayList<>();
    /** What gives no answer: an endpoint's name, or {@code list}, {@code page}, {@code calls}, {@code publish}. */
    final Set<String> silent = new HashSet<>();
    /** What becomes of the next puts; those behind are written. */
    final List<Put> puts = new ArrayList<>();
    /** How long each call about an endpoint takes. */
    final Map<String, Duration> slow = new HashMap<>();

    final Ports ports = new Ports(
            new Table(),
            new ControlPlane(),
            this::lastInvocations,
            notice -> {
                silence("publish");
                notices.add(notice);
            },
            new Parameters(),
            new Turned(),
            pause -> now = now.plus(pause),
            new SplittableRandom(7));
    final Keeper keeper = new Keeper(ports);
    final Meters meters = new Meters(ports, keeper);
    final Tick tick = new Tick(ports, keeper, Runnable::run);
    final Registrar registrar = new Registrar(ports, keeper);
    final Bell bell = new Bell(ports.table(), ports.clock(), ports.pause(), ports.random());

    /** What may become of a put. */
    enum Put {
        /** Somebody else was faster. */
        LATE,
        /** It is written, and nobody hears so. */
        UNHEARD,
        /** It is not written, and nobody hears so. */
        LOST
    }

    Instant at(long minutes) {
        return now.plus(Duration.ofMinutes(minutes));
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    MeterRecord record(String endpoint) {
        return Objects.requireNonNull(rows.get(endpoint), endpoint).record();
    }

    void put(MeterRecord record) {
        rows.put(record.endpoint(), MeterTable.Row.first(record).written());
    }

    /** An endpoint that is there, since an hour. */
    Sight.Described serves(String endpoint, String configuration) {
        Sight.Described sight =
                new Sight.Described(Status.IN_SERVICE, at(-60), at(-55), configuration, List.of("v"), 1, null);
        endpoints.put(endpoint, sight);
        return sight;
    }

    private void silence(String what) {
        now = now.plus(slow.getOrDefault(what, Duration.ZERO));
        if (silent.contains(what)) {
            throw new Unavailable(what + ": silent");
        }
    }

    private Map<String, Instant> lastInvocations(List<Activity.Question> asked) {
        silence("calls");
        questions.addAll(asked);
        Map<String, Instant> last = new HashMap<>();
        for (Activity.Question question : asked) {
            Instant call = calls.get(question.endpoint());
            if (call != null) {
                last.put(question.endpoint(), call);
            }
        }
        return last;
    }

    private final class Turned extends Clock {
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
            return now;
        }
    }

    private final class Table implements MeterTable {
        @Override
        public Page page(@Nullable String after) {
            silence("page");
            List<Row> rest = List.copyOf((after == null ? rows : rows.tailMap(after, false)).values());
            return rest.size() > 2 ? new Page(rest.subList(0, 2), rest.get(1).endpoint()) : new Page(rest, null);
        }

        @Override
        public Optional<Row> find(String endpoint) {
            return Optional.ofNullable(rows.get(endpoint));
        }

        @Override
        public boolean put(Row row) {
            Put fate = puts.isEmpty() ? null : puts.remove(0);
            if (fate == Put.LOST) {
                throw new Unavailable("PutItem: lost");
            }
            if (fate == Put.LATE) {
                return false;
            }
            Row before = rows.get(row.endpoint());
            if ((before == null ? 0 : before.version()) != row.version()) {
                return false;
            }
            silence("put");
            rows.put(row.endpoint(), new Row(row.endpoint(), row.version() + 1, row.json()));
            if (fate == Put.UNHEARD) {
                throw new Unavailable("PutItem: unheard");
            }
            return true;
        }

        @Override
        public boolean delete(String endpoint, long version) {
            Row row = rows.get(endpoint);
            return row == null || (row.version() == version && rows.remove(endpoint) != null);
        }
    }

    private final class ControlPlane implements Endpoints {
        @Override
        public Endpoints.Page list(@Nullable String after) {
            silence("list");
            Map<String, Sight.Listed> page = new HashMap<>();
            endpoints.forEach((name, sight) ->
                    page.put(name, new Sight.Listed(sight.status(), sight.createdAt(), sight.modifiedAt())));
            return new Endpoints.Page(page, null);
        }

        @Override
        public Sight describe(String endpoint) {
            silence(endpoint);
            Sight.Described sight = endpoints.get(endpoint);
            return sight == null ? new Sight.Absent() : sight;
        }

        @Override
        public Outcome create(String endpoint, String configuration) {
            deeds.add("create " + endpoint + " " + configuration);
            if (endpoints.containsKey(endpoint)) {
                return new Outcome.AlreadyExists();
            }
            endpoints.put(
                    endpoint, new Sight.Described(Status.IN_SERVICE, now, now, configuration, List.of("v"), 1, null));
            return new Outcome.Done();
        }

        @Override
        public Outcome update(String endpoint, String configuration) {
            deeds.add("update " + endpoint + " " + configuration);
            endpoints.computeIfPresent(
                    endpoint,
                    (name, sight) -> new Sight.Described(
                            Status.IN_SERVICE, sight.createdAt(), now, configuration, List.of("v"), 1, null));
            return new Outcome.Done();
        }

        @Override
        public Outcome scale(String endpoint, int instances) {
            deeds.add("scale " + endpoint + " " + instances);
            endpoints.computeIfPresent(
                    endpoint,
                    (name, sight) -> new Sight.Described(
                            Status.IN_SERVICE,
                            sight.createdAt(),
                            now,
                            sight.configuration(),
                            sight.variants(),
                            instances,
                            null));
            return new Outcome.Done();
        }

        @Override
        public boolean declared(String endpoint) {
            return declared.contains(endpoint);
        }

        @Override
        public Outcome delete(String endpoint) {
            if (declared.contains(endpoint)) {
                return new Outcome.Refused("It is Pulumi's.");
            }
            deeds.add("delete " + endpoint);
            return endpoints.remove(endpoint) == null ? new Outcome.NotFound() : new Outcome.Done();
        }
    }

    private final class Parameters implements Mirror {
        @Override
        public void put(String endpoint, String json) {
            silence("mirror");
            mirror.put(endpoint, json);
        }

        @Override
        public void delete(String endpoint) {
            mirror.remove(endpoint);
        }
    }
}
