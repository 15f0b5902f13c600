package parkmeter.config;

import java.util.List;
import parkmeter.price.PriceList;

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

    /** The same, on whose meter its instances cost what the table says, where nobody said anything else. */
    public ServedModel priced(PriceList prices, String region) {
        return lifecycle instanceof Lifecycle.Metered metered
                ? new ServedModel(
                        name,
                        source,
                        engine,
                        hosting,
                        network,
                        metered.costing(Fleet.of(this).hourlyDollars(prices, region)),
                        routes)
                : this;
    }
}
