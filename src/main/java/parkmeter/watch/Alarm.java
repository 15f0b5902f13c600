package parkmeter.watch;

import java.time.Duration;

/**
 * One alarm.
 *
 * @param part its name in the stack
 * @param description what a person reads in the e-mail
 * @param signal what it looks at; nothing to be seen is no alarm
 * @param comparison CloudWatch's word for how it compares
 * @param threshold with what, in the signal's own unit
 * @param period over how long each value is taken
 * @param bad how many of the last {@code values} values have to be beyond the threshold
 * @param values how many of the last values are looked at
 */
record Alarm(
        String part,
        String description,
        Signal signal,
        String comparison,
        double threshold,
        Duration period,
        int bad,
        int values) {

    private static final Duration MINUTES = Duration.ofMinutes(5);

    /** Rings where the value of five minutes is above the threshold, so many times of the last so many. */
    static Alarm above(String part, String description, Signal signal, double threshold, int bad, int values) {
        return new Alarm(part, description, signal, "GreaterThanThreshold", threshold, MINUTES, bad, values);
    }

    /** Rings where the value of five minutes reaches the threshold, so many times in a row. */
    static Alarm from(String part, String description, Signal signal, double threshold, int times) {
        return new Alarm(part, description, signal, "GreaterThanOrEqualToThreshold", threshold, MINUTES, times, times);
    }

    /** The same by values of one minute each. */
    Alarm byTheMinute() {
        return new Alarm(part, description, signal, comparison, threshold, Duration.ofMinutes(1), bad, values);
    }
}
