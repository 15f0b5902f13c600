package parkmeter;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import parkmeter.config.Access;
import parkmeter.config.Hosting;
import parkmeter.config.Lifecycle;
import parkmeter.config.Route;
import parkmeter.config.ServedModel;
import parkmeter.config.StackConfig;
import parkmeter.config.Throttle;

/** What can be deployed, and should not be without knowing what it means. */
final class Warnings {

    private Warnings() {}

    /** One sentence or two each. */
    static List<String> of(StackConfig config) {
        return config.models().stream()
                .flatMap(model -> model.routes().stream()
                        .filter(route -> route.access() instanceof Access.Public)
                        .map(route -> open(model, route)))
                .toList();
    }

    private static String open(ServedModel model, Route route) {
        Throttle throttle =
                route.throttle().orElseThrow(() -> new IllegalArgumentException(route.path() + " has no throttle"));
        String may = model.lifecycle() instanceof Lifecycle.Metered metered
                        && metered.wakeMinutes().isPresent()
                ? "start it and keep it running"
                : "use it";
        return "%s of model %s is public: whoever finds its URL can %s, %s requests a second. At risk: %s."
                .formatted(route.path(), model.name(), may, number(throttle.rate()), cost(model));
    }

    private static String cost(ServedModel model) {
        if (!(model.hosting() instanceof Hosting.RealTime hosting)) {
            throw new IllegalArgumentException("hosting " + model.hosting());
        }
        String instances = hosting.instances() + " x " + hosting.instanceType().name();
        Optional<String> known = model.lifecycle() instanceof Lifecycle.Metered metered
                ? metered.hourlyCost().map(cost -> instances + ", " + money(cost) + " an hour")
                : Optional.empty();
        return known.or(() -> hosting.instanceType()
                        .hourlyDollars()
                        .map(dollars -> instances + ", about " + money(dollars * hosting.instances())
                                + " USD an hour in us-east-1"))
                .orElseGet(() -> instances + ", by the hour at what SageMaker's price list says");
    }

    private static String money(double amount) {
        return String.format(Locale.ROOT, "%.2f", amount);
    }

    private static String number(double rate) {
        return rate == Math.rint(rate) ? String.valueOf((long) rate) : String.valueOf(rate);
    }
}
