package parkmeter.lambda.meter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where an endpoint is on its way, as far as its record knows. */
public sealed interface Phase {

    /**
     * There is no endpoint.
     *
     * @param since since when
     * @param why a sentence; for the last one that ran
     */
    record Stopped(Instant since, String why) implements Phase {}

    /**
     * CreateEndpoint is being called, or was, and nobody has seen the endpoint yet. Written before the call, by whoever
     * makes it: nobody else calls until it is certain that the call had no effect.
     *
     * @param at when the intent was written
     * @param why a sentence
     * @param accepted true once SageMaker has said yes
     */
    record Asked(Instant at, String why, boolean accepted) implements Phase {}

    /**
     * It is being created.
     *
     * @param createdAt its CreationTime
     * @param why a sentence
     */
    record Starting(Instant createdAt, String why) implements Phase {}

    /**
     * It serves, or is being updated.
     *
     * @param createdAt its CreationTime
     * @param readyAt when it came into service
     * @param change the change that is being made; null where none is
     */
    record Running(Instant createdAt, Instant readyAt, @Nullable Change change) implements Phase {}

    /**
     * DeleteEndpoint is being called, or was.
     *
     * @param createdAt the endpoint's CreationTime
     * @param readyAt when it came into service; null where it did not
     * @param since when the intent was written
     * @param why a sentence
     * @param announced true once people were told, which is when SageMaker has said yes or shows it as Deleting
     */
    record Stopping(Instant createdAt, @Nullable Instant readyAt, Instant since, String why, boolean announced)
            implements Phase {
        Stopping announcedToo() {
            return new Stopping(createdAt, readyAt, since, why, true);
        }
    }

    /**
     * UpdateEndpoint or UpdateEndpointWeightsAndCapacities is being called, or was, and it is not yet known what came of it.
     *
     * @param to the configuration that the endpoint is to move to, or to stay with
     * @param instances how many instances it is to have; null where it moves, which brings the configuration's own number
     * @param at when the intent was written
     */
    record Change(String to, @Nullable Integer instances, Instant at) {}

    /** The endpoint's CreationTime; null where there is none or it is not known. */
    default @Nullable Instant instance() {
        if (this instanceof Starting starting) {
            return starting.createdAt();
        }
        if (this instanceof Running running) {
            return running.createdAt();
        }
        return this instanceof Stopping stopping ? stopping.createdAt() : null;
    }
}
