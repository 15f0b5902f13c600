package parkmeter.lambda.gateway;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A call that ends without what it asked for: what its caller is told, and what the log says of it. */
public final class CallFailed extends Exception {
    /** Of more the answer could be longer than Lambda hands on. */
    private static final int MOST_PROBLEMS = 100;

    private final Code code;
    private final transient List<Problem> problems;
    private final String cause;
    private final int retryAfter;

    private CallFailed(Code code, String sentence, List<Problem> problems, String cause, int retryAfter) {
        super(sentence, null, false, false); // an answer, not a defect: nobody reads its stack trace
        this.code = code;
        this.problems = List.copyOf(problems);
        this.cause = cause;
        this.retryAfter = retryAfter;
    }

    /** With what is wrong and what mends it, for the caller. */
    public CallFailed(Code code, String sentence) {
        this(code, sentence, List.of(), "", code.retryAfter());
    }

    /** A request that is at fault: with every problem in it, a hundred at most. */
    public static CallFailed invalid(List<Problem> problems) {
        List<Problem> told = problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS));
        int more = problems.size() - told.size();
        return new CallFailed(
                Code.INVALID_REQUEST,
                told.stream()
                        .map(Problem::sentence)
                        .collect(Collectors.joining(
                                "; ", "Invalid request: ", more > 0 ? "; and " + more + " more" : "")),
                told);
    }

    /** With what is wrong with the request. */
    public CallFailed(Code code, String sentence, List<Problem> problems) {
        this(code, sentence, problems, "", code.retryAfter());
    }

    /** With what the log is to name as the reason: an error code or a class name, never a message. */
    public CallFailed(Code code, String sentence, String cause) {
        this(code, sentence, List.of(), cause, code.retryAfter());
    }

    /** With the time after which the same call may succeed. */
    public CallFailed(Code code, String sentence, String cause, Duration comeBackIn) {
        // Up: who comes a second early is refused once more.
        this(
                code,
                sentence,
                List.of(),
                cause,
                Math.toIntExact(Math.max(1, comeBackIn.plusMillis(999).toSeconds())));
    }

    /** The stable code, with its HTTP status. */
    public Code code() {
        return code;
    }

    /** What is wrong and what mends it, for the caller. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** What is wrong with the request; empty when the fault is not in it. */
    public List<Problem> problems() {
        return problems;
    }

    /** For the log; empty when the code says it all. */
    public String cause() {
        return cause;
    }

    /** Seconds after which the same call may succeed; 0 where waiting does not help. */
    int retryAfter() {
        return retryAfter;
    }
}
