package parkmeter.config;

import java.util.List;

/**
 * A model that the stack serves.
 *
 * @param name its name in the stack; with the project's and the stack's it makes the endpoint's name
 * @param source what is served
 * @param engine what serves it
 * @param hosting where it runs
 * @param network which network its container sees
 * @param lifecycle when it runs
 * @param routes how it is called; at least one
 */
public record ServedModel(
        String name,
        Source source,
        Engine engine,
        Hosting hosting,
        Network network,
        Lifecycle lifecycle,
        List<Route> routes) {

    public ServedModel {
        routes = List.copyOf(routes);
    }
}
