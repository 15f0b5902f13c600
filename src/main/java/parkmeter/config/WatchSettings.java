package parkmeter.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What is watched, and who is told.
 *
 * @param alarms whether there are alarms
 * @param audience who is told of alarms and of the budget
 * @param dashboard whether there is a dashboard
 * @param accessLog whether each request to a REST API leaves a line in a log
 * @param budget what the stack may cost, where somebody said it
 */
public record WatchSettings(
        boolean alarms, Audience audience, boolean dashboard, boolean accessLog, Optional<Budget> budget) {

    /** Who is told. */
    public sealed interface Audience {

        /**
         * An SNS topic of the stack's own.
         *
         * @param email addresses, each of which has to confirm; none: a topic to subscribe to
         */
        record Own(List<String> email) implements Audience {

            public Own {
                email = List.copyOf(email);
            }
        }

        /**
         * A topic that is there.
         *
         * @param arn its ARN, in the stack's region
         */
        record Existing(String arn) implements Audience {}
    }

    /**
     * What the stack may cost in a calendar month.
     *
     * @param monthlyDollars the sum, in US dollars
     * @param forecast whether it is told as soon as AWS expects more than that
     */
    public record Budget(BigDecimal monthlyDollars, boolean forecast) {}

    /** Whether anything is told to anybody. */
    public boolean tells() {
        return alarms || budget.isPresent();
    }
}
