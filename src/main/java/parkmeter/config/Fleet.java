package parkmeter.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import parkmeter.price.Price;
import parkmeter.price.PriceList;

/**
 * What a model runs on, as far as it is counted, paid for and watched.
 *
 * @param kind how it answers, and so what SageMaker measures of it
 * @param groups its instances, by variant; serverless ones have no instance type and are not paid for while nobody calls, those of an
 *     EndpointConfiguration of others have one that is not known here
 */
public record Fleet(Kind kind, List<Group> groups) {

    /** How an endpoint answers. */
    public enum Kind {
        /** Instances that answer while the caller waits. */
        REAL_TIME,
        /** Instances that take jobs from a queue. */
        ASYNC,
        /** No instances of the stack's. */
        SERVERLESS,
        /** As an EndpointConfiguration of others says: nothing is known of it here. */
        ELSEWHERE
    }

    /**
     * Instances of one kind.
     *
     * @param variant the name of the production variant that they belong to
     * @param instanceType their type; absent: none, or not known here
     * @param instances how many the configuration starts
     * @param fewest how few scaling, or a window of the model's schedule, may leave of them
     * @param most how many either may make of them
     */
    public record Group(String variant, Optional<String> instanceType, int instances, int fewest, int most) {

        /** How many there are, in words: {@code 2}, or {@code 1 to 4}. */
        public String count() {
            return fewest == most ? String.valueOf(most) : fewest + " to " + most;
        }
    }

    /**
     * What instances cost in an hour.
     *
     * @param least where there are as few as there may be
     * @param most where there are as many
     */
    public record Hourly(BigDecimal least, BigDecimal most) {

        /** The same with what others cost. */
        public Hourly plus(Hourly others) {
            return new Hourly(least.add(others.least), most.add(others.most));
        }
    }

    public Fleet {
        groups = List.copyOf(groups);
    }

    /** What a model runs on. */
    public static Fleet of(ServedModel model) {
        if (model.hosting() instanceof Hosting.RealTime realTime) {
            return new Fleet(
                    Kind.REAL_TIME,
                    realTime.variants().stream()
                            .map(variant -> group(variant, model))
                            .toList());
        }
        if (model.hosting() instanceof Hosting.Async async) {
            return new Fleet(Kind.ASYNC, List.of(group(async.variant(), model)));
        }
        return model.hosting() instanceof Hosting.Serverless
                ? new Fleet(Kind.SERVERLESS, List.of(new Group(Hosting.Variant.ONLY, Optional.empty(), 0, 0, 0)))
                : new Fleet(Kind.ELSEWHERE, List.of());
    }

    /** Scaling and windows that count are of models with one variant alone. */
    private static Group group(Hosting.Variant variant, ServedModel model) {
        var counts = new ArrayList<Integer>();
        counts.add(variant.instances());
        model.hosting().scaling().ifPresent(scaling -> {
            counts.addAll(List.of(scaling.min(), scaling.max()));
            scaling.schedule().forEach(limits -> counts.addAll(List.of(limits.min(), limits.max())));
        });
        if (model.lifecycle() instanceof Lifecycle.Metered metered) {
            metered.schedule().forEach(window -> window.instances().ifPresent(counts::add));
        }
        return new Group(
                variant.name(),
                Optional.of(variant.instanceType().name()),
                variant.instances(),
                Collections.min(counts),
                Collections.max(counts));
    }

    /** What the instances that it starts with cost in an hour there; empty where a price is unknown, or there are none. */
    public Optional<BigDecimal> hourlyDollars(PriceList prices, String region) {
        return dollars(prices, region, Group::instances).filter(known -> known.signum() > 0);
    }

    /** What its instances cost in an hour there, however many there are; empty where a price is unknown, or there are none. */
    public Optional<Hourly> hourly(PriceList prices, String region) {
        return dollars(prices, region, Group::most)
                .filter(known -> known.signum() > 0)
                .flatMap(most -> dollars(prices, region, Group::fewest).map(least -> new Hourly(least, most)));
    }

    private Optional<BigDecimal> dollars(PriceList prices, String region, ToIntFunction<Group> count) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Group group : groups) {
            Optional<Price> price = group.instanceType().flatMap(type -> prices.find(region, type));
            if (price.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.add(price.get().dollars().multiply(BigDecimal.valueOf(count.applyAsInt(group))));
        }
        return Optional.of(sum);
    }
}
