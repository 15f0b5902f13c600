package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;

/** What a Task state's {@code Resource} does. */
@FunctionalInterface
public interface TaskResource {
    /**
     * Does it, and waits for the end.
     *
     * @param parameters the state's {@code Parameters}, filled in
     * @return the state's result
     * @throws TaskFailed where it fails in a way that Retry and Catch can name
     * @throws InterruptedException when the execution is stopped, or its time is over
     */
    JsonNode run(JsonNode parameters) throws InterruptedException;
}
