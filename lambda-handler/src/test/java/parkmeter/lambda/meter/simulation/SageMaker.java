package parkmeter.lambda.meter.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.Endpoints.Outcome;
import parkmeter.lambda.meter.Sight;
import parkmeter.lambda.meter.Status;

/** A control plane: endpoints that take time to come, to change and to go, and sometimes fail. */
final class SageMaker {
    static final long SECOND = 1000;
    static final long MINUTE = 60 * SECOND;

    /** How many instances every configuration has. */
    static final int OWN = 2;

    final TreeMap<String, Instance> endpoints = new TreeMap<>();
    final Set<String> configurations = new HashSet<>();
    /** Every endpoint that there ever was. */
    final List<Instance> all = new ArrayList<>();
    /** While true, there is no quota for one more. */
    boolean full;

    private final Timeline timeline;
    private final Dice dice;
    private final double failing;

    SageMaker(Timeline timeline, Dice dice, double failing) {
        this.timeline = timeline;
        this.dice = dice;
        this.failing = failing;
    }

    /** One endpoint, from its creation to its end. */
    static final class Instance {
        final String name;
        final boolean ours;
        final long createdAt;
        String configuration;
        int instances = OWN;
        Status status = Status.CREATING;
        long modifiedAt;
        long serviceAt = -1;
        /** Since when it serves, as far as one could see who first looked after that; -1 while nobody has. */
        long shownServingAt = -1;

        long failedAt = -1;
        /** Since when it could be deleted; -1 while it can't. */
        long deletableSince = -1;

        long deletedAt = -1;
        long goneAt = -1;
        boolean deletedOutside;
        int updates;
        int failedUpdates;
        /** Ticks without a fault that left it running though there was no reason. */
        int unreasonable;

        Instance(String name, String configuration, boolean ours, long createdAt) {
            this.name = name;
            this.configuration = configuration;
            this.ours = ours;
            this.createdAt = createdAt;
            this.modifiedAt = createdAt;
        }

        /** Somebody looks at it. */
        void seen() {
            if (serviceAt >= 0 && shownServingAt < 0) {
                shownServingAt = modifiedAt;
            }
        }

        boolean serves() {
            return switch (status) {
                case IN_SERVICE, UPDATING, SYSTEM_UPDATING, ROLLING_BACK, UPDATE_ROLLBACK_FAILED -> true;
                default -> false;
            };
        }

        @Override
        public String toString() {
            return name + "/" + configuration + " " + status.word() + " created " + Instant.ofEpochMilli(createdAt);
        }
    }

    private void become(Instance instance, Status status) {
        long now = timeline.now();
        instance.status = status;
        instance.modifiedAt = now;
        instance.deletableSince = status.inTransition() ? -1 : now;
        if (status == Status.IN_SERVICE && instance.serviceAt < 0) {
            instance.serviceAt = now;
        }
        if ((status == Status.FAILED || status == Status.UPDATE_ROLLBACK_FAILED) && instance.failedAt < 0) {
            instance.failedAt = now;
        }
    }

    private void later(long delay, Runnable what) {
        timeline.at(timeline.now() + delay, what);
    }

    Outcome create(String name, String configuration, boolean ours) {
        if (endpoints.containsKey(name)) {
            return new Outcome.AlreadyExists();
        }
        if (!configurations.contains(configuration)) {
            return new Outcome.Refused("Could not find endpoint configuration.");
        }
        if (full && ours) {
            return new Outcome.LimitExceeded("The account-level service limit is 1 instance.");
        }
        Instance instance = new Instance(name, configuration, ours, timeline.now());
        endpoints.put(name, instance);
        all.add(instance);
        boolean fails = dice.chance(failing);
        long start = dice.chance(0.05) ? dice.between(20 * MINUTE, 45 * MINUTE) : dice.between(2 * MINUTE, 12 * MINUTE);
        later(start, () -> become(instance, fails ? Status.FAILED : Status.IN_SERVICE));
        return new Outcome.Done();
    }

    Outcome update(String name, String configuration) {
        Instance instance = endpoints.get(name);
        if (instance == null) {
            return new Outcome.NotFound();
        }
        if (instance.status.inTransition()) {
            return new Outcome.InTransition();
        }
        if (instance.status != Status.IN_SERVICE) {
            return new Outcome.Refused("Cannot update it in this status.");
        }
        if (!configurations.contains(configuration)) {
            return new Outcome.Refused("Could not find endpoint configuration.");
        }
        if (full && dice.chance(0.5)) {
            return new Outcome.LimitExceeded("The account-level service limit is 1 instance.");
        }
        become(instance, Status.UPDATING);
        instance.updates++;
        later(dice.between(2 * MINUTE, 12 * MINUTE), () -> {
            double fate = dice.fate();
            if (fate < failing) {
                become(instance, Status.ROLLING_BACK);
                instance.failedUpdates++;
                later(
                        dice.between(MINUTE, 4 * MINUTE),
                        () -> become(instance, fate < failing / 8 ? Status.UPDATE_ROLLBACK_FAILED : Status.IN_SERVICE));
            } else {
                instance.configuration = configuration;
                instance.instances = OWN;
                become(instance, Status.IN_SERVICE);
            }
        });
        return new Outcome.Done();
    }

    Outcome scale(String name, int instances) {
        Instance instance = endpoints.get(name);
        if (instance == null) {
            return new Outcome.NotFound();
        }
        if (instance.status.inTransition()) {
            return new Outcome.InTransition();
        }
        if (instance.status != Status.IN_SERVICE) {
            return new Outcome.Refused("Cannot update it in this status.");
        }
        if (full && instances > instance.instances) {
            return new Outcome.LimitExceeded("The account-level service limit is 1 instance.");
        }
        become(instance, Status.UPDATING);
        later(dice.between(MINUTE, 8 * MINUTE), () -> {
            if (!dice.chance(failing)) {
                instance.instances = instances;
            }
            become(instance, Status.IN_SERVICE);
        });
        return new Outcome.Done();
    }

    Outcome delete(String name, boolean outside) {
        Instance instance = endpoints.get(name);
        if (instance == null) {
            return new Outcome.NotFound();
        }
        if (instance.status.inTransition()) {
            return new Outcome.InTransition();
        }
        become(instance, Status.DELETING);
        instance.deletedAt = timeline.now();
        instance.deletedOutside = outside;
        later(dice.between(10 * SECOND, 4 * MINUTE), () -> {
            instance.goneAt = timeline.now();
            endpoints.remove(name);
        });
        return new Outcome.Done();
    }

    /** SageMaker's own maintenance. */
    void maintain(String name) {
        Instance instance = endpoints.get(name);
        if (instance != null && instance.status == Status.IN_SERVICE) {
            become(instance, Status.SYSTEM_UPDATING);
            later(dice.between(2 * MINUTE, 10 * MINUTE), () -> become(instance, Status.IN_SERVICE));
        }
    }

    /** An endpoint that served breaks. */
    void fail(String name) {
        Instance instance = endpoints.get(name);
        if (instance != null && instance.status == Status.IN_SERVICE) {
            become(instance, dice.chance(0.25) ? Status.OUT_OF_SERVICE : Status.FAILED);
            instance.failedAt = timeline.now();
        }
    }

    /** When the last endpoint of a name was gone; {@link Ledger#NEVER} where there was none. */
    long lastGoneAt(String name) {
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).name.equals(name)) {
                return all.get(i).goneAt;
            }
        }
        return Ledger.NEVER;
    }

    Sight describe(String name) {
        Instance instance = endpoints.get(name);
        return instance == null
                ? new Sight.Absent()
                : new Sight.Described(
                        instance.status,
                        Instant.ofEpochMilli(instance.createdAt),
                        Instant.ofEpochMilli(instance.modifiedAt),
                        instance.configuration,
                        List.of("AllTraffic"),
                        instance.instances,
                        reason(instance));
    }

    private static @Nullable String reason(Instance instance) {
        return instance.status == Status.FAILED ? "The container did not answer its health checks." : null;
    }

    static Sight.Listed listed(Instance instance) {
        return new Sight.Listed(
                instance.status, Instant.ofEpochMilli(instance.createdAt), Instant.ofEpochMilli(instance.modifiedAt));
    }
}
