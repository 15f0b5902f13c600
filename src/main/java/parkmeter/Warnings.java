package parkmeter;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import parkmeter.config.Access;
import parkmeter.config.Fleet;
import parkmeter.config.FunctionRoute;
import parkmeter.config.Lifecycle;
import parkmeter.config.Route;
import parkmeter.config.ServedModel;
import parkmeter.config.StackConfig;
import parkmeter.config.Throttle;
import parkmeter.price.PriceList;

/** What can be deployed, and should not be without knowing what it means. */
final class Warnings {

    private Warnings() {}

    /** One sentence or two each. */
    static List<String> of(StackConfig config) {
        Stream<String> models = config.models().stream().flatMap(model -> model.routes().stream()
                .filter(route -> route.access() instanceof Access.Public)
                .map(route -> open(model, route, config.aws().region())));
        Stream<String> functions = config.functions().stream()
                .filter(route -> route.access() instanceof Access.Public)
                .map(Warnings::open);
        Stream<String> tokens =
                config.takes(Access.Token.class) && config.tokens().clearText()
                        ? config.tokens().table().stream().map(Warnings::clearText)
                        : Stream.empty();
        return Stream.of(models, functions, tokens).flatMap(each -> each).toList();
    }

    private static String open(ServedModel model, Route route, String region) {
        String may = model.lifecycle() instanceof Lifecycle.Metered metered
                        && metered.wakeMinutes().isPresent()
                ? "start it and keep it running"
                : "use it";
        return "%s of model %s is public: whoever finds its URL can %s, %s requests a second. At risk: %s."
                .formatted(route.path(), model.name(), may, rate(route.throttle()), cost(model, region));
    }

    private static String open(FunctionRoute route) {
        return "%s is public: whoever finds its URL can call the function behind it, %s requests a second. At risk: what that"
                        .formatted(route.path(), rate(route.throttle()))
                + " many calls cost, and what the function itself calls.";
    }

    private static String clearText(String table) {
        return ("The table %s holds access tokens in clear: whoever may read it can call the API as anybody. A table of hashes does"
                        + " not need to be secret; without parkmeter:tokens.table the stack makes one, and issues tokens into it.")
                .formatted(table);
    }

    private static String cost(ServedModel model, String region) {
        var fleet = Fleet.of(model);
        String instances = StackCost.instances(fleet);
        Optional<String> said = model.lifecycle() instanceof Lifecycle.Metered metered
                ? metered.hourlyCost().map(cost -> instances + ", " + StackCost.money(cost) + " an hour")
                : Optional.empty();
        return said.or(() ->
                        StackCost.hour(fleet, PriceList.checkedIn(), region).map(cost -> instances + ", " + cost))
                .orElseGet(() -> instances + ", by the hour at what SageMaker's price list says");
    }

    private static String rate(Optional<Throttle> throttle) {
        double rate = throttle.orElseThrow(() -> new IllegalArgumentException("a public route has no throttle"))
                .rate();
        return rate == Math.rint(rate) ? String.valueOf((long) rate) : String.valueOf(rate);
    }
}
