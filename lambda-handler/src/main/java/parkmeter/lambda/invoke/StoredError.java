package parkmeter.lambda.invoke;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container's error as an asynchronous endpoint keeps it: what the container answered, or SageMaker's sentence around it.
 *
 * @param status the container's HTTP status; 0 where nobody says
 * @param message what the container answered
 */
record StoredError(int status, String message) {
    private static final Pattern SENTENCE = Pattern.compile(
            "Received (?:client|server) error \\((\\d{3})\\) from \\S{1,100} with message \"(.*)\"(?:\\. See .*)?",
            Pattern.DOTALL);

    static StoredError of(String text) {
        Matcher sentence = SENTENCE.matcher(text.strip());
        return sentence.matches()
                ? new StoredError(Integer.parseInt(sentence.group(1)), sentence.group(2))
                : new StoredError(0, text);
    }
}
