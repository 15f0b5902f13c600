package parkmeter.lambda.invoke;

import java.util.List;

/** A call that ends without a completion: what its caller is told, and what the log says of it. */
final class CallFailed extends Exception {
    private final Code code;
    private final transient List<Problem> problems;
    private final String cause;

    private CallFailed(Code code, String sentence, List<Problem> problems, String cause) {
        super(sentence, null, false, false); // an answer, not a defect: nobody reads its stack trace
        this.code = code;
        this.problems = List.copyOf(problems);
        this.cause = cause;
    }

    CallFailed(Code code, String sentence) {
        this(code, sentence, List.of(), "");
    }

    CallFailed(Code code, String sentence, List<Problem> problems) {
        this(code, sentence, problems, "");
    }

    /** With what the log is to name as the reason: an error code or a class name, never a message. */
    CallFailed(Code code, String sentence, String cause) {
        this(code, sentence, List.of(), cause);
    }

    /** The stable code, with its HTTP status. */
    Code code() {
        return code;
    }

    /** What is wrong and what mends it, for the caller. */
    String sentence() {
        return String.valueOf(getMessage());
    }

    /** What is wrong with the request; empty when the fault is not in it. */
    List<Problem> problems() {
        return problems;
    }

    /** For the log; empty when the code says it all. */
    String cause() {
        return cause;
    }
}
