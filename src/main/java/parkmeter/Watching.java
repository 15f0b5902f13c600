package parkmeter;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import parkmeter.api.Front;
import parkmeter.api.FrontRoute;
import parkmeter.config.Api;
import parkmeter.config.Fleet;
import parkmeter.config.Hosting;
import parkmeter.config.Lifecycle;
import parkmeter.config.Names;
import parkmeter.config.ServedModel;
import parkmeter.config.StackConfig;
import parkmeter.config.WatchSettings;
import parkmeter.iam.Account;
import parkmeter.meter.Meter;
import parkmeter.price.Price;
import parkmeter.price.PriceList;
import parkmeter.watch.Alerts;
import parkmeter.watch.Watch;
import parkmeter.watch.WatchedApi;
import parkmeter.watch.WatchedModel;

/** What is watched of a stack, and who is told. */
final class Watching {

    private Watching() {}

    /** The topic that people are told over, where they are told anything: the stack's own, or one that is there. */
    static Optional<Output<String>> topic(StackConfig config, Account account, ComponentResourceOptions options) {
        return config.watch().filter(WatchSettings::tells).map(settings -> {
            if (settings.audience() instanceof WatchSettings.Audience.Existing existing) {
                return Output.of(existing.arn());
            }
            if (!(settings.audience() instanceof WatchSettings.Audience.Own own)) {
                throw new IllegalStateException("audience " + settings.audience());
            }
            return new Alerts(own.email(), settings, config.names(), account, options).topic();
        });
    }

    /** Who hears of the meter's own alarms: whoever hears of all others, or, where there are none, of the meter's news. */
    static Optional<Output<String>> alarms(StackConfig config, Optional<Output<String>> topic) {
        return topic.filter(any -> config.watch().filter(WatchSettings::alarms).isPresent());
    }

    /** The namespace of the tick's metrics, where anything is watched. */
    static Optional<String> metrics(StackConfig config) {
        return config.watch()
                .filter(settings -> settings.alarms() || settings.dashboard())
                .map(any -> Watch.namespace(config.names()));
    }

    /**
     * Declares what watches, where anything is to be watched.
     *
     * @param topic who is told
     * @param api the API
     * @param routes what it offers
     * @param worker the name of the function that does the jobs of long routes, where there is one
     * @param meter the meter, where there is one
     * @param authorizer the name of the function that looks at callers' credentials, where there is one
     */
    static void declare(
            StackConfig config,
            Optional<Output<String>> topic,
            Front api,
            List<FrontRoute> routes,
            Optional<Output<String>> worker,
            Optional<Meter> meter,
            Optional<Output<String>> authorizer,
            Account account,
            ComponentResourceOptions options) {
        config.watch().ifPresent(settings -> {
            var functions = new TreeMap<String, Output<String>>();
            authorizer.ifPresent(name -> functions.put("authorizer", name));
            routes.forEach(route -> part(config, route)
                    .ifPresent(part -> functions.put(part, ((FrontRoute.ToFunction) route).functionName())));
            new Watch(
                    new Watch.Spec(
                            settings,
                            new WatchedApi(config.api() instanceof Api.Rest, api.metricDimensions()),
                            config.models().stream()
                                    .map(model -> model(
                                            model, config.names(), config.aws().region(), functions))
                                    .toList(),
                            functions,
                            worker,
                            meter.map(Meter::alarms).orElseGet(List::of),
                            topic),
                    config.names(),
                    account,
                    options);
        });
    }

    /** The part of the stack that a route's function is; nothing where it is another's, or there is none. */
    private static Optional<String> part(StackConfig config, FrontRoute route) {
        if (route instanceof FrontRoute.Invoke invoke) {
            return config.models().stream()
                    .filter(model -> model.routes().contains(invoke.route()))
                    .map(Watching::invoke)
                    .findFirst();
        }
        if (route instanceof FrontRoute.Meters) {
            return Optional.of("meter-api");
        }
        if (route instanceof FrontRoute.Tokens) {
            return Optional.of("tokens");
        }
        return route instanceof FrontRoute.Later ? Optional.of("jobs") : Optional.empty();
    }

    private static String invoke(ServedModel model) {
        return model.name() + "-invoke";
    }

    private static WatchedModel model(
            ServedModel model, Names names, String region, Map<String, Output<String>> functions) {
        var fleet = Fleet.of(model);
        Optional<BigDecimal> said =
                model.lifecycle() instanceof Lifecycle.Metered metered ? metered.hourlyCost() : Optional.empty();
        return new WatchedModel(
                model.name(),
                names.of(model.name()),
                fleet,
                model.lifecycle() instanceof Lifecycle.Metered,
                Optional.of(invoke(model)).filter(functions::containsKey),
                calls(model),
                said.map(cost -> each(fleet, cost)).orElseGet(() -> listed(fleet, region)),
                said.isPresent() ? "" : "USD");
    }

    private static WatchedModel.Calls calls(ServedModel model) {
        if (LongRoutes.without(model.routes()).size() == model.routes().size()) {
            return WatchedModel.Calls.WAITED_FOR;
        }
        return model.hosting() instanceof Hosting.Async ? WatchedModel.Calls.QUEUED : WatchedModel.Calls.JOBS;
    }

    /** What the stack file says of all together, on each instance. */
    private static Map<String, BigDecimal> each(Fleet fleet, BigDecimal cost) {
        int instances = fleet.groups().stream().mapToInt(Fleet.Group::instances).sum();
        var each = new TreeMap<String, BigDecimal>();
        fleet.groups()
                .forEach(group -> each.put(
                        group.variant(),
                        cost.divide(BigDecimal.valueOf(Math.max(1, instances)), MathContext.DECIMAL32)));
        return each;
    }

    private static Map<String, BigDecimal> listed(Fleet fleet, String region) {
        PriceList prices = PriceList.checkedIn();
        var each = new TreeMap<String, BigDecimal>();
        fleet.groups().forEach(group -> group.instanceType()
                .flatMap(type -> prices.find(region, type))
                .map(Price::dollars)
                .ifPresent(dollars -> each.put(group.variant(), dollars)));
        return each;
    }
}
