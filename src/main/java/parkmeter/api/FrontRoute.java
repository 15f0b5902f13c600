package parkmeter.api;

import com.pulumi.core.Output;
import java.util.List;
import parkmeter.config.Access;
import parkmeter.config.FunctionRoute;
import parkmeter.config.Route;
import parkmeter.iam.Statement;

/** What the API offers, with what answers it. */
public sealed interface FrontRoute {

    /** What routes offer to callers of a kind, {@code METHOD /path} each, with parameters in braces. */
    static List<String> offered(List<FrontRoute> routes, Class<? extends Access> kind) {
        return routes.stream()
                .flatMap(route -> Operation.of(route).stream())
                .filter(operation -> kind.isInstance(operation.access()))
                .map(Operation::routeKey)
                .toList();
    }

    /** A route that a function answers. */
    sealed interface ToFunction extends FrontRoute {

        /** The function's name. */
        Output<String> functionName();

        /** The address under which API Gateway calls the function. */
        Output<String> invokeArn();
    }

    /**
     * A model under one path, behind its function.
     *
     * @param route the path and what goes over it
     */
    record Invoke(Route route, Output<String> functionName, Output<String> invokeArn) implements ToFunction {}

    /**
     * A model under one path that answers later, and the jobs that its calls become.
     *
     * @param route the path and what goes over it
     */
    record Later(Route route, Output<String> functionName, Output<String> invokeArn) implements ToFunction {}

    /**
     * The jobs of all long routes, under the paths of the system that people's tools were written for.
     *
     * @param access who may call: whoever may call the long routes
     */
    record Executions(Access access, Output<String> functionName, Output<String> invokeArn) implements ToFunction {}

    /** The meters: all of their paths. */
    record Meters(Output<String> functionName, Output<String> invokeArn) implements ToFunction {}

    /**
     * The access tokens: all of their paths.
     *
     * @param access who may call them
     */
    record Tokens(Access access, Output<String> functionName, Output<String> invokeArn) implements ToFunction {}

    /**
     * A function of others under one path.
     *
     * @param route the path, the method and who may call
     * @param invokeArn with its version or alias
     * @param state another text with each change of the function
     */
    record Existing(FunctionRoute route, Output<String> invokeArn, Output<String> state) implements ToFunction {
        @Override
        public Output<String> functionName() {
            return Output.of(route.function());
        }
    }

    /**
     * A model under one path, which API Gateway calls itself.
     *
     * @param route the path and what goes over it
     * @param endpoint the endpoint's name
     * @param grant allows the call
     * @param metered whether the endpoint may be stopped for its time being up
     */
    record Direct(Route route, String endpoint, Statement grant, boolean metered) implements FrontRoute {}
}
