package parkmeter.lambda.meter.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.Notice;
import parkmeter.lambda.meter.Registration;
import parkmeter.lambda.meter.Terms;

/** One metered endpoint: what was asked for it, what it is owed, and what came of it. */
final class Account {
    final String name;
    /** True where it was registered by its name alone. */
    final boolean adopted;

    final Ledger ledger;
    Registration registration;
    /** How many configurations it has had. */
    int configurations = 1;
    /** True once somebody wrote nonsense into its row: from then on only its end counts. */
    boolean poisoned;

    /** The ends of the minutes with an invocation in them. */
    final TreeSet<Long> invocations = new TreeSet<>();
    /** When the next call comes. */
    long nextCallAt = Long.MAX_VALUE;

    /** When a call of a function about it last went wrong. */
    long disturbedAt = Ledger.NEVER;
    /** When somebody last changed its time or its settings. */
    long lastChangeAt = Ledger.NEVER;

    /** Ticks without a fault, one after the other, that left it missing. */
    int missing;
    /** The same, that left it on an old configuration. */
    int drifted;
    /** The same, that left it with another number of instances. */
    int miscounted;

    /** How often SageMaker refused to create it for a lasting reason. */
    int refused;
    /** How often it was to move to another configuration. */
    int moves;
    /** True while its creation is being asked for, or may still take effect. */
    boolean creating;

    /** Who published each notice, by its id. */
    final Map<String, Run> published = new HashMap<>();

    final Map<Notice.Kind, Integer> told = new HashMap<>();
    /** The last warning, and when it was written. */
    @Nullable
    String warning;

    long warnedAt = Ledger.NEVER;

    /** How long it waited for calls that did not come, before it was stopped as idle. */
    long wasteMillis;

    Account(String name, boolean adopted, Registration registration, long beganAt) {
        this.name = name;
        this.ledger = new Ledger(beganAt);
        this.adopted = adopted;
        this.registration = registration;
    }

    /** The registration's terms are in force from now. */
    void agree() {
        Terms terms = registration.terms();
        ledger.maxMinutes = terms.maxMinutes();
        ledger.idleMinutes = Objects.requireNonNullElse(terms.idleMinutes(), -1);
        ledger.counts = terms.instances() != null;
        ledger.wakeMinutes = Objects.requireNonNullElse(terms.wakeMinutes(), -1);
    }

    /** When an endpoint counts as idle, by the calls that really came so far. */
    long idleFrom(SageMaker.Instance instance) {
        long last = invocations.isEmpty() ? Ledger.NEVER : invocations.last();
        long servingAt = instance.shownServingAt < 0 ? instance.modifiedAt : instance.shownServingAt;
        last = Math.max(Math.max(last, ledger.paidAt), servingAt);
        return last + ledger.idleMinutes * SageMaker.MINUTE + Ledger.METRIC_DELAY;
    }
}
