package parkmeter.local.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parkmeter.local.llm.CannotGenerate;
import parkmeter.local.llm.Generation.Finish;
import parkmeter.local.llm.Job;

/** What one server does in its own way. */
interface Dialect {

    /**
     * A request that the server takes.
     *
     * @param body as it came
     * @param jobs one for each choice of the answer
     */
    record Request(Body body, List<Job> jobs) {
        boolean isChat() {
            return body.messages() != null;
        }
    }

    /**
     * What was generated for one choice.
     *
     * @param text without what ended it
     * @param stop the stop text that ended it; null where none did
     */
    record Said(String text, Finish finish, @Nullable String stop, int promptTokens, int tokens) {}

    /**
     * What every event of a stream says, and the whole answer.
     *
     * @param created in seconds since 1970
     */
    record Head(String id, long created) {}

    /**
     * Reads a request.
     *
     * @param contentType the header's value; empty where there is none
     * @throws Refusal in the server's words
     */
    Request read(String contentType, byte[] body) throws Refusal, CannotGenerate;

    /** How the server says that the model can't. */
    Refusal refusal(CannotGenerate cannot);

    /** A new id of an answer. */
    String id(Request request);

    /** The whole answer. */
    ObjectNode answer(Request request, Head head, List<Said> choices);

    /** The event with which a choice begins; null where there is none. */
    @Nullable
    ObjectNode opening(Request request, Head head, int choice);

    /** An event with text. */
    ObjectNode delta(Request request, Head head, int choice, String text);

    /** The event with which a choice ends. */
    ObjectNode closing(Request request, Head head, int choice, Said said);

    /** The event with the token counts. */
    ObjectNode usage(Request request, Head head, int promptTokens, int tokens);
}
