package parkmeter;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import parkmeter.api.FrontRoute;
import parkmeter.config.Hosting;
import parkmeter.config.Lifecycle;
import parkmeter.config.Route;
import parkmeter.config.ServedModel;
import parkmeter.config.StackConfig;
import parkmeter.function.LambdaFunction;
import parkmeter.iam.Account;
import parkmeter.jobs.Answers;
import parkmeter.jobs.Jobs;
import parkmeter.meter.Meter;
import parkmeter.model.ModelEndpoint;

/** The stack's long routes: what does their jobs, and what the API offers of them. */
final class LongRoutes {

    private LongRoutes() {}

    /**
     * What was declared.
     *
     * @param routes what the API offers of it
     * @param worker the name of the function that asks models for answers, where one does
     */
    record Declared(List<FrontRoute> routes, Optional<Output<String>> worker) {

        Declared {
            routes = List.copyOf(routes);
        }
    }

    /** The routes that answer while their callers wait. */
    static List<Route> without(List<Route> routes) {
        return routes.stream().filter(route -> !isLong(route)).toList();
    }

    /**
     * Declares what does the jobs, where there are any.
     *
     * @param endpoints the endpoint of each model, in their order
     * @param answers where jobs are kept, where there are any
     * @param meter the stack's meter, where it has one
     */
    static Declared declare(
            StackConfig config,
            List<ModelEndpoint> endpoints,
            Optional<Answers> answers,
            Optional<Meter> meter,
            Account account,
            ComponentResourceOptions options) {
        if (answers.isEmpty()) {
            return new Declared(List.of(), Optional.empty());
        }
        var calls = new ArrayList<Jobs.Call>();
        var routes = new ArrayList<Route>();
        boolean metered = false;
        for (int i = 0; i < endpoints.size(); i++) {
            ServedModel model = config.models().get(i);
            var target = new Jobs.Target(
                    endpoints.get(i).endpointName(),
                    FunctionWords.of(model.engine()),
                    model.hosting() instanceof Hosting.Async
                            ? Optional.of(Answers.prefix(model.name()))
                            : Optional.empty(),
                    endpoints.get(i).invokeGrant());
            for (Route route : model.routes()) {
                if (isLong(route)) {
                    routes.add(route);
                    calls.add(new Jobs.Call("POST " + route.path(), FunctionWords.of(route.body()), target));
                    metered |= model.lifecycle() instanceof Lifecycle.Metered;
                }
            }
        }
        var jobs = new Jobs(
                new Jobs.Spec(answers.get(), calls, metered ? meter : Optional.empty()),
                config.names(),
                account,
                options);
        var offered = new ArrayList<FrontRoute>();
        routes.forEach(route -> offered.add(
                new FrontRoute.Later(route, jobs.api().name(), jobs.api().invokeArn())));
        if (jobs.worker().isPresent()) {
            offered.add(new FrontRoute.Executions(
                    routes.get(0).access(), jobs.api().name(), jobs.api().invokeArn()));
        }
        return new Declared(offered, jobs.worker().map(LambdaFunction::name));
    }

    private static boolean isLong(Route route) {
        return route.via() instanceof Route.Integration.Job;
    }
}
