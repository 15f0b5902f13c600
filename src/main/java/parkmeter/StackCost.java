package parkmeter;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import parkmeter.config.Fleet;
import parkmeter.config.ServedModel;
import parkmeter.config.StackConfig;
import parkmeter.price.PriceList;

/** What a stack's instances cost by the table of prices, in words. */
final class StackCost {

    private static final int CENTS = 2;

    /** The region whose prices tell the order of magnitude where the stack's own are unknown. */
    private static final String BEST_KNOWN = "us-east-1";

    private StackCost() {}

    /**
     * One sentence or two on an hour in which all models run, from as few instances as there may be to as many; empty where none has
     * instances.
     *
     * @param prices the table
     */
    static Optional<String> line(StackConfig config, PriceList prices) {
        String region = config.aws().region();
        var sum = new Fleet.Hourly(BigDecimal.ZERO, BigDecimal.ZERO);
        var known = new ArrayList<String>();
        var unknown = new ArrayList<String>();
        for (ServedModel model : config.models()) {
            var fleet = Fleet.of(model);
            if (fleet.kind() == Fleet.Kind.SERVERLESS) {
                continue;
            }
            Optional<Fleet.Hourly> cost = fleet.hourly(prices, region);
            if (cost.isPresent()) {
                sum = sum.plus(cost.get());
                known.add(model.name() + " " + money(cost.get()) + " (" + instances(fleet) + ")");
            } else {
                unknown.add(model.name() + " (" + instances(fleet)
                        + elsewhere(fleet, prices).map(about -> ", " + about).orElse("") + ")");
            }
        }
        if (known.isEmpty() && unknown.isEmpty()) {
            return Optional.empty();
        }
        String ask = "; `make prices REGION=" + region + "` asks AWS's price list";
        if (known.isEmpty()) {
            return Optional.of("What this stack costs an hour while it runs is unknown in " + region + ": "
                    + list(unknown) + ask + ".");
        }
        return Optional.of("This stack costs " + (unknown.isEmpty() ? money(sum) : "at least " + money(sum.least()))
                + " USD an hour while it runs: " + list(known)
                + (unknown.isEmpty() ? "" : ". Unknown in " + region + ": " + list(unknown) + ask) + ".");
    }

    /** What an hour costs, {@code 2.82 USD an hour}: in the region, or about as much where that is known. */
    static Optional<String> hour(Fleet fleet, PriceList prices, String region) {
        return fleet.hourly(prices, region)
                .map(cost -> money(cost) + " USD an hour")
                .or(() -> elsewhere(fleet, prices));
    }

    private static Optional<String> elsewhere(Fleet fleet, PriceList prices) {
        return fleet.hourly(prices, BEST_KNOWN).map(cost -> "about " + money(cost) + " USD an hour in " + BEST_KNOWN);
    }

    /** Its instances by type, {@code 2 x ml.g5.xlarge}. */
    static String instances(Fleet fleet) {
        if (fleet.kind() == Fleet.Kind.ELSEWHERE) {
            return "as its EndpointConfiguration says";
        }
        return fleet.groups().stream()
                .map(group -> group.count() + " x "
                        + group.instanceType()
                                .orElse(
                                        fleet.kind() == Fleet.Kind.SERVERLESS
                                                ? "serverless"
                                                : "whatever its EndpointConfiguration says"))
                .collect(Collectors.joining(" and "));
    }

    private static String money(Fleet.Hourly cost) {
        String least = money(cost.least());
        String most = money(cost.most());
        return least.equals(most) ? most : least + " to " + most;
    }

    static String money(BigDecimal amount) {
        return amount.setScale(CENTS, RoundingMode.HALF_UP).toPlainString();
    }

    private static String list(List<String> parts) {
        return String.join(", ", parts);
    }
}
