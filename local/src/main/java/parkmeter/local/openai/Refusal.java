package parkmeter.local.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that a server answers with an error. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ObjectNode body;

    private Refusal(int status, ObjectNode body, String message) {
        super(message);
        this.status = status;
        this.body = body;
    }

    /**
     * @param status of the answer
     * @param error what the answer's {@code error} says
     */
    Refusal(int status, ObjectNode error) {
        this(
                status,
                error.objectNode().set("error", error),
                error.path("message").asText());
    }

    /**
     * Of a server that says no {@code error} around it.
     *
     * @param status of the answer
     * @param body the whole answer
     */
    static Refusal whole(int status, ObjectNode body) {
        return new Refusal(status, body, body.path("message").asText());
    }

    int status() {
        return status;
    }

    /** The answer, and the event where a stream has begun. */
    ObjectNode body() {
        return body;
    }
}
