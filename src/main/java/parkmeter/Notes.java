package parkmeter;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import parkmeter.config.StackConfig;
import parkmeter.config.WatchSettings;
import parkmeter.price.PriceList;

/** What a person is told of a stack with each plan and each deployment. */
final class Notes {

    private Notes() {}

    /** A line each. */
    static List<String> of(StackConfig config) {
        Optional<String> cost = StackCost.line(config, PriceList.checkedIn());
        Optional<String> budget = config.watch()
                .flatMap(WatchSettings::budget)
                .map(
                        any -> "The budget counts what carries the tag Stack="
                                + config.names().stack()
                                + ", once somebody has made Stack a cost allocation tag of the account: docs/operations.md, Watching.");
        return Stream.of(cost, budget).flatMap(Optional::stream).toList();
    }
}
