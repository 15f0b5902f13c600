package parkmeter.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the stack's routes, and remembers where each stands, for what is to be checked when the rest is known. */
final class RouteReader {

    private final Report report;
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final List<Placed> placed = new ArrayList<>();

    /** A route with the section that it was read from. */
    record Placed(Route route, Section section) {}

    RouteReader(Report report) {
        this.report = report;
    }

    /** The routes of one model, whose callers have {@code access} where a route does not let in everybody. */
    List<Route> read(Section model, String name, Access access) {
        return model.list(Keys.ROUTES).stream()
                .map(section -> {
                    Route route = route(name, access, section);
                    placed.add(new Placed(route, section));
                    return route;
                })
                .toList();
    }

    /** All routes of the stack that have been read. */
    List<Placed> all() {
        return placed;
    }

    /** Where each path stands. */
    Map<String, String> paths() {
        return paths;
    }

    private Route route(String model, Access access, Section section) {
        String path = section.get(Keys.PATH);
        unique(section, path, model);
        section.get(Keys.BODY);
        var body = new Route.Body.Prompt(section.get(Keys.TEMPLATE));
        Route.Integration via = section.get(Keys.VIA);
        Optional<Throttle> throttle = section.findSection(Keys.ROUTE_THROTTLE).map(limits -> {
            var read = new Throttle(limits.get(Keys.ROUTE_RATE), limits.get(Keys.ROUTE_BURST));
            limits.done();
            return read;
        });
        boolean open = section.get(Keys.PUBLIC);
        if (open && !section.has(Keys.ROUTE_THROTTLE)) {
            String place = section.pathOf(Keys.ROUTE_THROTTLE);
            report.add(
                    place,
                    "",
                    "is missing: a public route needs a limit of its own, since nothing else stands between everybody and"
                            + " what the model costs",
                    report.set(place, Keys.ROUTE_THROTTLE));
        }
        section.done();
        return new Route(path, body, via, open ? new Access.Public() : access, throttle);
    }

    private void unique(Section section, String path, String model) {
        String place = section.pathOf(Keys.PATH);
        String first = section.given(Keys.PATH)
                .map(given -> paths.putIfAbsent(given, place))
                .orElse(place);
        if (!first.equals(place)) {
            report.add(
                    place,
                    section.shown(Keys.PATH),
                    "must be a path of its own: " + first + " has the same",
                    report.set(place, path + "-" + model));
        }
    }
}
