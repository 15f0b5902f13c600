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

    private StackCost() {}

    /**
     * One sentence or two on an hour in which all models run; empty where none has instances.
     *
     * @param prices the table
     */
    static Optional<String> line(StackConfig config, PriceList prices) {
        String region = config.aws().region();
        BigDecimal sum = BigDecimal.ZERO;
        var known = new ArrayList<String>();
        var unknown = new ArrayList<String>();
        for (ServedModel model : config.models()) {
            var fleet = Fleet.of(model.hosting());
            if (fleet.kind() == Fleet.Kind.SERVERLESS) {
                continue;
            }
            Optional<BigDecimal> cost = fleet.hourlyDollars(prices, region);
            if (cost.isPresent()) {
                sum = sum.add(cost.get());
                known.add(model.name() + " " + money(cost.get()) + " (" + instances(fleet) + ")");
            } else {
                unknown.add(model.name() + " (" + instances(fleet) + ")");
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
        return Optional.of("This stack costs " + (unknown.isEmpty() ? "" : "at least ") + money(sum)
                + " USD an hour while it runs: " + list(known)
                + (unknown.isEmpty() ? "" : ". Unknown in " + region + ": " + list(unknown) + ask) + ".");
    }

    /** Its instances by type, {@code 2 x ml.g5.xlarge}. */
    static String instances(Fleet fleet) {
        if (fleet.kind() == Fleet.Kind.ELSEWHERE) {
            return "as its EndpointConfiguration says";
        }
        return fleet.groups().stream()
                .map(group -> group.instances() + " x "
                        + group.instanceType()
                                .orElse(
                                        fleet.kind() == Fleet.Kind.SERVERLESS
                                                ? "serverless"
                                                : "whatever its EndpointConfiguration says"))
                .collect(Collectors.joining(" and "));
    }

    static String money(BigDecimal amount) {
        return amount.setScale(CENTS, RoundingMode.HALF_UP).toPlainString();
    }

    private static String list(List<String> parts) {
        return String.join(", ", parts);
    }
}
