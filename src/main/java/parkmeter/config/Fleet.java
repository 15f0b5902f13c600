package parkmeter.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
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
     */
    public record Group(String variant, Optional<String> instanceType, int instances) {}

    public Fleet {
        groups = List.copyOf(groups);
    }

    /** What a model of that hosting runs on. */
    public static Fleet of(Hosting hosting) {
        if (hosting instanceof Hosting.RealTime realTime) {
            return new Fleet(
                    Kind.REAL_TIME,
                    realTime.variants().stream().map(Fleet::group).toList());
        }
        if (hosting instanceof Hosting.Async async) {
            return new Fleet(Kind.ASYNC, List.of(group(async.variant())));
        }
        return hosting instanceof Hosting.Serverless
                ? new Fleet(Kind.SERVERLESS, List.of(new Group(Hosting.Variant.ONLY, Optional.empty(), 0)))
                : new Fleet(Kind.ELSEWHERE, List.of());
    }

    private static Group group(Hosting.Variant variant) {
        return new Group(variant.name(), Optional.of(variant.instanceType().name()), variant.instances());
    }

    /** What all its instances together cost in an hour there; empty where a price is unknown, or there are no instances. */
    public Optional<BigDecimal> hourlyDollars(PriceList prices, String region) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Group group : groups) {
            Optional<Price> price = group.instanceType().flatMap(type -> prices.find(region, type));
            if (price.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.add(price.get().dollars().multiply(BigDecimal.valueOf(group.instances())));
        }
        return Optional.of(sum).filter(known -> known.signum() > 0);
    }
}
