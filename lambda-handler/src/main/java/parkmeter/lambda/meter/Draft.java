package parkmeter.lambda.meter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link MeterRecord} while it is being changed. */
final class Draft {
    final String endpoint;
    String configuration;

    @Nullable
    String model;

    Terms terms;
    Schedule schedule;
    Schedule declaredSchedule;
    Instant paidUntil;

    @Nullable
    Instant paidAt;

    @Nullable
    Instant idleAt;

    @Nullable
    Instant stoppedAt;

    boolean leaving;
    Phase phase;
    MeterRecord.@Nullable Seen seen;

    @Nullable
    Failure failure;

    @Nullable
    Instant lastActivity;

    List<Integer> startSeconds;
    boolean warned;
    List<Notice> outbox;

    @Nullable
    String mirrored;

    List<String> changes;
    private final Map<String, Object> rest;

    Draft(MeterRecord record) {
        endpoint = record.endpoint();
        configuration = record.configuration();
        model = record.model();
        terms = record.terms();
        schedule = record.schedule();
        declaredSchedule = record.declaredSchedule();
        paidUntil = record.paidUntil();
        paidAt = record.paidAt();
        idleAt = record.idleAt();
        stoppedAt = record.stoppedAt();
        leaving = record.leaving();
        phase = record.phase();
        seen = record.seen();
        failure = record.failure();
        lastActivity = record.lastActivity();
        startSeconds = new ArrayList<>(record.startSeconds());
        warned = record.warned();
        outbox = new ArrayList<>(record.outbox());
        mirrored = record.mirrored();
        changes = new ArrayList<>(record.changes());
        rest = record.rest();
    }

    MeterRecord done() {
        return new MeterRecord(
                endpoint,
                configuration,
                model,
                terms,
                schedule,
                declaredSchedule,
                paidUntil,
                paidAt,
                idleAt,
                stoppedAt,
                leaving,
                phase,
                seen,
                failure,
                lastActivity,
                startSeconds,
                warned,
                outbox,
                mirrored,
                changes,
                rest);
    }
}
