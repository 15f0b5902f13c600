package parkmeter.lambda.meter;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * What the meter knows of one endpoint. Durations of starts are in seconds; every moment is UTC.
 *
 * @param endpoint the endpoint's name
 * @param configuration the EndpointConfiguration that it is to run with
 * @param model the model's name in the stack; null for an endpoint that was registered by its name alone
 * @param terms the meter's rules
 * @param schedule the windows in force
 * @param declaredSchedule the windows that the stack declared last; an {@code up} that declares the same leaves {@link
 *     #schedule} alone
 * @param paidUntil until when it is paid
 * @param paidAt when somebody last put time on the meter; null where nobody did
 * @param idleAt when it was stopped for not being called; null where it was not, or was woken since
 * @param stoppedAt when somebody last stopped it; null where time was put on the meter since
 * @param leaving true once it is to be taken off the meter: the endpoint is deleted, then the record
 * @param phase where the endpoint is on its way
 * @param seen what SageMaker showed last; null where it showed none yet
 * @param usage how long its instances have run since it was created; null where there is none, or nobody counts them
 * @param failure the last failure; null where there was none
 * @param lastActivity the end of the last minute with an invocation in it; null where none was seen
 * @param startSeconds how long the last starts took, the newest last
 * @param warned true once people know that it stops soon
 * @param outbox notices that are to be published
 * @param mirrored true where the mirror holds this time, configuration and schedule
 * @param changes the ids of the last changes of time, the newest last: a writer whose answer got lost finds its own here
 * @param rest fields that this code does not know, from a newer one: they are kept
 */
public record MeterRecord(
        String endpoint,
        String configuration,
        @Nullable String model,
        Terms terms,
        Schedule schedule,
        Schedule declaredSchedule,
        Instant paidUntil,
        @Nullable Instant paidAt,
        @Nullable Instant idleAt,
        @Nullable Instant stoppedAt,
        boolean leaving,
        Phase phase,
        @Nullable Seen seen,
        @Nullable Usage usage,
        @Nullable Failure failure,
        @Nullable Instant lastActivity,
        List<Integer> startSeconds,
        boolean warned,
        List<Notice> outbox,
        boolean mirrored,
        List<String> changes,
        Map<String, Object> rest) {

    /** How long a start takes where none was seen yet. */
    public static final Duration USUAL_START = Duration.ofMinutes(8);

    public MeterRecord {
        startSeconds = List.copyOf(startSeconds);
        outbox = List.copyOf(outbox);
        changes = List.copyOf(changes);
    }

    /**
     * What SageMaker showed last.
     *
     * @param status the endpoint's status
     * @param createdAt its CreationTime
     * @param modifiedAt its LastModifiedTime
     * @param configuration the configuration that it ran with then; null where it was not described since it changed
     * @param variants its variants' names
     * @param instances how many instances it was to have then; null where it was not described since it changed, or nobody
     *     counts them
     */
    public record Seen(
            Status status,
            Instant createdAt,
            Instant modifiedAt,
            @Nullable String configuration,
            List<String> variants,
            @Nullable Integer instances) {
        public Seen {
            variants = List.copyOf(variants);
        }
    }

    /**
     * Reads a record.
     *
     * @throws UnreadableRecord when the text is none, or another endpoint's
     */
    public static MeterRecord read(String endpoint, String json) {
        Object document;
        try {
            document = Json.read(json);
        } catch (JacksonException e) {
            throw new UnreadableRecord(endpoint, "its JSON " + Json.fault(e));
        } catch (IOException e) {
            throw new UnreadableRecord(endpoint, "it is no JSON");
        }
        List<String> problems = new ArrayList<>();
        MeterRecord record = RecordJson.read(document, problems);
        if (!record.endpoint.equals(endpoint)) {
            problems.add("endpoint must be the row's key.");
        }
        if (!problems.isEmpty()) {
            throw new UnreadableRecord(endpoint, String.join(" ", problems));
        }
        return record;
    }

    /** A new record, with nothing on the meter. */
    static MeterRecord unpaid(
            String endpoint,
            String configuration,
            @Nullable String model,
            Terms terms,
            Schedule schedule,
            Instant now) {
        return new MeterRecord(
                endpoint,
                configuration,
                model,
                terms,
                schedule,
                schedule,
                now,
                null,
                null,
                null,
                false,
                new Phase.Stopped(now, "It is new."),
                null,
                null,
                null,
                null,
                List.of(),
                false,
                List.of(),
                false,
                List.of(),
                Map.of());
    }

    /** The record as {@link #read} reads it. */
    public String json() {
        return RecordJson.write(this);
    }

    /**
     * Why the endpoint is to run now, or why not.
     *
     * @param now the moment to ask for
     */
    public Reason reason(Instant now) {
        return Reasons.of(this, now);
    }

    /** True where there is a reason to run now. */
    public boolean runs(Instant now) {
        return Reasons.runs(this, now);
    }

    /** How many instances it is to have now; null where the meter leaves their number alone. */
    public @Nullable Integer instances(Instant now) {
        return Reasons.instances(this, now);
    }

    /** How long the next start will take, as far as the last ones tell: the longest of the last three. */
    public Duration startEstimate() {
        return startSeconds.stream()
                .skip(Math.max(0, startSeconds.size() - 3))
                .max(Integer::compare)
                .map(Duration::ofSeconds)
                .orElse(USUAL_START);
    }

    /** A copy to be changed. */
    Draft edit() {
        return new Draft(this);
    }
}
