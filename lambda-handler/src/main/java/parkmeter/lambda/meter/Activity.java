package parkmeter.lambda.meter;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** When endpoints were last invoked, by whomever (CloudWatch, AWS/SageMaker, Invocations). */
public interface Activity {

    /**
     * Looks for invocations.
     *
     * @param questions one per endpoint; any number
     * @return from an endpoint's name to the end of the last minute with an invocation in it (not after now); an endpoint
     *     without one since is not in it
     * @throws Unavailable when there is no answer: nothing is known then
     */
    Map<String, Instant> lastInvocations(List<Question> questions);

    /**
     * Which endpoint, and since when.
     *
     * @param variants the names of its production variants
     */
    record Question(String endpoint, List<String> variants, Instant since) {
        public Question {
            variants = List.copyOf(variants);
        }
    }
}
