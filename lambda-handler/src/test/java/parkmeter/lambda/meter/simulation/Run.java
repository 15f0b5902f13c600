package parkmeter.lambda.meter.simulation;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.MeterRecord;

/** One run of a function, and what went wrong in it. */
final class Run extends Timeline.Fiber {
    final String name;
    final long startedAt;
    /** When Lambda ends it. */
    final long endsAt;
    /** What it is allowed to change about time; null for a tick. */
    final @Nullable Intent intent;
    /** All that it meets by chance. */
    final Dice dice;
    /** True where its calls take seconds now and then. */
    final boolean slow;

    boolean killed;
    /** True where a call went wrong that concerns all endpoints. */
    boolean disturbed;
    /** True where its last call may still take effect. */
    boolean comesLate;
    /** The endpoints about which a call went wrong. */
    final Set<String> disturbedAbout = new HashSet<>();

    /** A change that somebody asked for. */
    @FunctionalInterface
    interface Intent {

        /**
         * Enters the change into the ledger, when it takes effect.
         *
         * @param at when the function asked the table
         * @return false where this run may not change that
         */
        boolean takesEffect(String endpoint, long at, MeterRecord after);
    }

    Run(String name, long startedAt, long limit, @Nullable Intent intent, Dice dice, Faults faults) {
        this.name = name;
        this.startedAt = startedAt;
        this.endsAt = startedAt + limit;
        this.intent = intent;
        this.dice = dice;
        this.slow = dice.chance(faults.slow());
    }

    boolean sound(String endpoint) {
        return !killed && !disturbed && !disturbedAbout.contains(endpoint);
    }

    @Override
    public String toString() {
        return name;
    }
}
