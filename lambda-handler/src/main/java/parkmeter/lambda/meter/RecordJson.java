package parkmeter.lambda.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/** A {@link MeterRecord} as JSON. */
final class RecordJson {
    private static final Set<String> KNOWN = Set.of(
            "endpoint",
            "configuration",
            "model",
            "terms",
            "schedule",
            "declaredSchedule",
            "paidUntil",
            "paidAt",
            "idleAt",
            "stoppedAt",
            "leaving",
            "phase",
            "seen",
            "usage",
            "failure",
            "lastActivity",
            "startSeconds",
            "warned",
            "outbox",
            "mirrored",
            "changes");

    private RecordJson() {}

    static String write(MeterRecord record) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("endpoint", record.endpoint());
        json.put("configuration", record.configuration());
        put(json, "model", record.model());
        json.put("terms", terms(record.terms()));
        json.put("schedule", record.schedule().json());
        json.put("declaredSchedule", record.declaredSchedule().json());
        put(json, "paidUntil", record.paidUntil());
        put(json, "paidAt", record.paidAt());
        put(json, "idleAt", record.idleAt());
        put(json, "stoppedAt", record.stoppedAt());
        if (record.leaving()) {
            json.put("leaving", true);
        }
        json.put("phase", phase(record.phase()));
        MeterRecord.Seen seen = record.seen();
        if (seen != null) {
            json.put("seen", seen(seen));
        }
        Usage usage = record.usage();
        if (usage != null) {
            json.put("usage", usage(usage));
        }
        Failure failure = record.failure();
        if (failure != null) {
            json.put("failure", failure(failure));
        }
        put(json, "lastActivity", record.lastActivity());
        json.put("startSeconds", record.startSeconds());
        if (record.warned()) {
            json.put("warned", true);
        }
        json.put("outbox", record.outbox().stream().map(RecordJson::notice).toList());
        if (record.mirrored()) {
            json.put("mirrored", true);
        }
        json.put("changes", record.changes());
        record.rest().forEach(json::putIfAbsent);
        return Json.text(json);
    }

    static MeterRecord read(@Nullable Object document, List<String> problems) {
        Fields fields = new Fields(document, "", problems);
        return new MeterRecord(
                fields.text("endpoint"),
                fields.text("configuration"),
                fields.optionalText("model"),
                terms(fields.inner("terms"), problems),
                Schedule.read(fields.raw("schedule"), "schedule", problems, false),
                Schedule.read(fields.raw("declaredSchedule"), "declaredSchedule", problems, false),
                fields.instant("paidUntil"),
                fields.optionalInstant("paidAt"),
                fields.optionalInstant("idleAt"),
                fields.optionalInstant("stoppedAt"),
                fields.flag("leaving"),
                phase(fields.inner("phase"), problems),
                seen(fields.inner("seen")),
                usage(fields.inner("usage")),
                failure(fields.inner("failure")),
                fields.optionalInstant("lastActivity"),
                seconds(fields),
                fields.flag("warned"),
                outbox(fields, problems),
                fields.flag("mirrored"),
                fields.texts("changes"),
                rest(document));
    }

    static Map<String, Object> terms(Terms terms) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("maxMinutes", terms.maxMinutes());
        put(json, "idleMinutes", terms.idleMinutes());
        put(json, "wakeMinutes", terms.wakeMinutes());
        json.put("onChange", Fields.word(terms.onChange()));
        json.put("beforeStopMinutes", terms.beforeStopMinutes());
        put(json, "hourlyCost", terms.hourlyCost());
        put(json, "instances", terms.instances());
        return json;
    }

    static Terms terms(@Nullable Fields fields, List<String> problems) {
        if (fields == null) {
            problems.add("terms is missing.");
            return Terms.ADOPTED;
        }
        return new Terms(
                fields.whole("maxMinutes", 1),
                fields.optionalWhole("idleMinutes", 1),
                fields.optionalWhole("wakeMinutes", 1),
                fields.choice("onChange", OnChange.class, OnChange.UPDATE),
                fields.has("beforeStopMinutes")
                        ? fields.whole("beforeStopMinutes", 0)
                        : Terms.ADOPTED.beforeStopMinutes(),
                fields.optionalDecimal("hourlyCost"),
                fields.optionalWhole("instances", 1));
    }

    private static Map<String, Object> phase(Phase phase) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (phase instanceof Phase.Stopped stopped) {
            json.put("is", "stopped");
            put(json, "since", stopped.since());
            json.put("why", stopped.why());
        } else if (phase instanceof Phase.Asked asked) {
            json.put("is", "asked");
            put(json, "at", asked.at());
            json.put("why", asked.why());
            json.put("accepted", asked.accepted());
        } else if (phase instanceof Phase.Starting starting) {
            json.put("is", "starting");
            put(json, "createdAt", starting.createdAt());
            json.put("why", starting.why());
        } else if (phase instanceof Phase.Running running) {
            json.put("is", "running");
            put(json, "createdAt", running.createdAt());
            put(json, "readyAt", running.readyAt());
            Phase.Change change = running.change();
            if (change != null) {
                json.put("changingTo", change.to());
                put(json, "changingInstances", change.instances());
                put(json, "changingSince", change.at());
            }
        } else if (phase instanceof Phase.Stopping stopping) {
            json.put("is", "stopping");
            put(json, "createdAt", stopping.createdAt());
            put(json, "readyAt", stopping.readyAt());
            put(json, "since", stopping.since());
            json.put("why", stopping.why());
            json.put("announced", stopping.announced());
        }
        return json;
    }

    private static Phase phase(@Nullable Fields fields, List<String> problems) {
        if (fields == null) {
            problems.add("phase is missing.");
            return new Phase.Stopped(Instant.EPOCH, "");
        }
        String is = fields.text("is");
        return switch (is) {
            case "stopped" -> new Phase.Stopped(fields.instant("since"), fields.words("why"));
            case "asked" -> new Phase.Asked(fields.instant("at"), fields.words("why"), fields.flag("accepted"));
            case "starting" -> new Phase.Starting(fields.instant("createdAt"), fields.words("why"));
            case "running" ->
                new Phase.Running(
                        fields.instant("createdAt"),
                        fields.instant("readyAt"),
                        fields.has("changingTo")
                                ? new Phase.Change(
                                        fields.text("changingTo"),
                                        fields.optionalWhole("changingInstances", 1),
                                        fields.instant("changingSince"))
                                : null);
            case "stopping" ->
                new Phase.Stopping(
                        fields.instant("createdAt"),
                        fields.optionalInstant("readyAt"),
                        fields.instant("since"),
                        fields.words("why"),
                        fields.flag("announced"));
            default -> {
                fields.wrong("is", "one of stopped, asked, starting, running, stopping");
                yield new Phase.Stopped(Instant.EPOCH, "");
            }
        };
    }

    private static Map<String, Object> seen(MeterRecord.Seen seen) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", seen.status().word());
        put(json, "createdAt", seen.createdAt());
        put(json, "modifiedAt", seen.modifiedAt());
        put(json, "configuration", seen.configuration());
        json.put("variants", seen.variants());
        put(json, "instances", seen.instances());
        return json;
    }

    private static MeterRecord.@Nullable Seen seen(@Nullable Fields fields) {
        return fields == null
                ? null
                : new MeterRecord.Seen(
                        Status.of(fields.text("status")),
                        fields.instant("createdAt"),
                        fields.instant("modifiedAt"),
                        fields.optionalText("configuration"),
                        fields.texts("variants"),
                        fields.optionalWhole("instances", 0));
    }

    private static Map<String, Object> usage(Usage usage) {
        Map<String, Object> json = new LinkedHashMap<>();
        put(json, "createdAt", usage.createdAt());
        put(json, "since", usage.since());
        json.put("instances", usage.instances());
        json.put("secondsBefore", usage.before().toSeconds());
        return json;
    }

    private static @Nullable Usage usage(@Nullable Fields fields) {
        return fields == null
                ? null
                : new Usage(
                        fields.instant("createdAt"),
                        fields.instant("since"),
                        fields.whole("instances", 0),
                        Duration.ofSeconds(fields.whole("secondsBefore", 0)));
    }

    private static Map<String, Object> failure(Failure failure) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("what", Fields.word(failure.what()));
        put(json, "at", failure.at());
        json.put("reason", failure.reason());
        json.put("streak", failure.streak());
        put(json, "retryAt", failure.retryAt());
        put(json, "createdAt", failure.createdAt());
        return json;
    }

    private static @Nullable Failure failure(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        return new Failure(
                fields.choice("what", Failure.What.class, Failure.What.START),
                fields.instant("at"),
                fields.words("reason"),
                fields.whole("streak", 0),
                fields.instant("retryAt"),
                fields.optionalInstant("createdAt"));
    }

    private static Map<String, Object> notice(Notice notice) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", notice.id());
        json.put("kind", Fields.word(notice.kind()));
        put(json, "at", notice.at());
        json.put("text", notice.text());
        put(json, "claimedUntil", notice.claimedUntil());
        return json;
    }

    private static List<Notice> outbox(Fields record, List<String> problems) {
        List<Notice> outbox = new ArrayList<>();
        for (Object element : record.list("outbox")) {
            Fields fields = new Fields(element, "outbox[" + outbox.size() + "]", problems);
            outbox.add(new Notice(
                    fields.text("id"),
                    record.text("endpoint"),
                    fields.choice("kind", Notice.Kind.class, Notice.Kind.FAILED),
                    fields.instant("at"),
                    fields.words("text"),
                    fields.instant("claimedUntil")));
        }
        return outbox;
    }

    private static List<Integer> seconds(Fields fields) {
        List<Integer> seconds = new ArrayList<>();
        for (Object element : fields.list("startSeconds")) {
            if (element instanceof Integer number && number >= 0) {
                seconds.add(number);
            } else {
                fields.wrong("startSeconds", "a list of whole numbers of at least 0");
                return List.of();
            }
        }
        return seconds;
    }

    private static Map<String, Object> rest(@Nullable Object document) {
        Map<String, Object> rest = new LinkedHashMap<>();
        if (document instanceof Map<?, ?> object) {
            object.forEach((key, value) -> {
                if (!KNOWN.contains(String.valueOf(key)) && value != null) {
                    rest.put(String.valueOf(key), value);
                }
            });
        }
        return rest;
    }

    static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value instanceof Instant instant ? instant.toString() : value);
        }
    }
}
