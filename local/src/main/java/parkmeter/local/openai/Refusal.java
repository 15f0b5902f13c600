package parkmeter.local.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that a server answers with an error. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ObjectNode error;

    /**
     * @param status of the answer
     * @param error what the answer's {@code error} says
     */
    Refusal(int status, ObjectNode error) {
        super(error.path("message").asText());
        this.status = status;
        this.error = error;
    }

    int status() {
        return status;
    }

    /** The answer, and the event where a stream has begun. */
    ObjectNode body() {
        ObjectNode body = error.objectNode();
        body.set("error", error);
        return body;
    }
}
