package parkmeter.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the stack's routes, and remembers where each stands, for what is to be checked when the rest is known. */
final class RouteReader {

    private static final String ANY = "ANY";

    private final Report report;
    private final List<Taken> taken = new ArrayList<>();
    private final List<Placed> placed = new ArrayList<>();
    private final List<Later> later = new ArrayList<>();

    /**
     * Who may call a route, with the keys that say so.
     *
     * @param key the key under which the route says so itself
     * @param direct the key that says that no function answers; absent where one does
     */
    record Placed(Section section, Access access, Key<Access> key, Optional<Key<Route.Integration>> direct) {}

    /**
     * A path that a route has.
     *
     * @param place where it stands
     * @param method the HTTP method, or {@code ANY}
     */
    record Taken(String path, String place, String method) {

        /**
         * Whether both answer the same request. API Gateway would give a request to the route of its method before that of {@code
         * ANY}; but what lets a caller in by {@code ANY} lets it in by each method of the path, and a route beside it may be for others.
         */
        private boolean meets(Taken other) {
            return path.equals(other.path)
                    && (method.equals(other.method) || method.equals(ANY) || other.method.equals(ANY));
        }
    }

    /** A long route, with its section. */
    record Later(Section section, Route route) {}

    RouteReader(Report report) {
        this.report = report;
    }

    /**
     * The routes of one model.
     *
     * @param access who may call those that say nothing of it and don't let in everybody
     * @param engine what answers them, where that is known
     * @param jobs whether the model's endpoint takes jobs alone
     */
    List<Route> read(Section model, String name, Access access, Optional<Engine> engine, boolean jobs) {
        return model.list(Keys.ROUTES).stream()
                .map(section -> {
                    Route route = route(name, access, jobs, section);
                    engine.ifPresent(known -> fit(section, route, known));
                    Optional<Key<Route.Integration>> direct =
                            route.via() instanceof Route.Integration.Direct ? Optional.of(Keys.VIA) : Optional.empty();
                    placed.add(new Placed(section, route.access(), Keys.ROUTE_ACCESS, direct));
                    return route;
                })
                .toList();
    }

    /** All routes of the stack that have been read. */
    List<Placed> all() {
        return placed;
    }

    /** The long ones among them. */
    List<Later> later() {
        return later;
    }

    /** The paths, with where they stand. */
    List<Taken> paths() {
        return taken;
    }

    /** The routes to functions of others. */
    List<FunctionRoute> functions(Section top) {
        return top.has(Keys.FUNCTION_ROUTES)
                ? top.list(Keys.FUNCTION_ROUTES).stream().map(this::function).toList()
                : List.of();
    }

    private FunctionRoute function(Section section) {
        String path = section.get(Keys.FUNCTION_PATH);
        String method = section.get(Keys.METHOD);
        take(section, Keys.FUNCTION_PATH, method, "function");
        Section via = section.section(Keys.FUNCTION_VIA);
        String function = via.get(Keys.FUNCTION);
        Optional<String> qualifier = via.find(Keys.QUALIFIER);
        via.done();
        Optional<Throttle> throttle =
                throttle(section, Keys.FUNCTION_THROTTLE, Keys.FUNCTION_RATE, Keys.FUNCTION_BURST);
        boolean open = open(section, Keys.FUNCTION_PUBLIC, Keys.FUNCTION_THROTTLE);
        Access access = access(section, open, Keys.FUNCTION_ACCESS, section.get(Keys.FUNCTION_ACCESS));
        section.done();
        placed.add(new Placed(section, access, Keys.FUNCTION_ACCESS, Optional.empty()));
        return new FunctionRoute(path, method, function, qualifier, access, throttle);
    }

    /** Refuses forms of a prompt in which the engine takes none. */
    private void fit(Section section, Route route, Engine engine) {
        if (!(route.body() instanceof Route.Body.Prompt prompt)) {
            return;
        }
        boolean chat = prompt.template() == Route.Template.CHAT;
        if (!chat && engine instanceof Engine.Llamacpp) {
            section.refuse(
                    Keys.TEMPLATE,
                    "must be chat with llamacpp, whose container takes chats alone",
                    report.set(section.pathOf(Keys.TEMPLATE), "chat"));
        }
        if (!chat && engine instanceof Engine.Vllm vllm && !vllm.completes()) {
            section.refuse(
                    Keys.TEMPLATE,
                    "must be chat: the model's container is AWS's LMI, which takes no prompt that is no chat",
                    report.set(section.pathOf(Keys.TEMPLATE), "chat"));
        }
        boolean noChats = engine instanceof Engine.Tgi tgi && !tgi.chats();
        if (chat
                && engine instanceof Engine.Tgi tgi
                && noChats
                && tgi.chatTemplate().isEmpty()) {
            section.refuse(
                    Keys.TEMPLATE,
                    "must be none: a TGI before 2.4 takes no chats, and engine.chatTemplate does not say what a prompt is put into",
                    report.set(section.pathOf(Keys.TEMPLATE), "none"));
        }
        boolean templates = engine instanceof Engine.Tgi && (!chat || !noChats);
        if (route.via() instanceof Route.Integration.Direct && !templates) {
            section.refuse(
                    Keys.VIA,
                    "must be lambda, or body must be passthrough: the templates of a direct route write what a TGI takes, from 2.4 on"
                            + " or with template none",
                    report.set(section.pathOf(Keys.VIA), "lambda"));
        }
    }

    private Route route(String model, Access access, boolean jobs, Section section) {
        String path = section.get(Keys.PATH);
        take(section, Keys.PATH, "POST", model);
        Route.Body body = body(section);
        Route.Integration via = via(section);
        Optional<Throttle> throttle = throttle(section, Keys.ROUTE_THROTTLE, Keys.ROUTE_RATE, Keys.ROUTE_BURST);
        boolean open = open(section, Keys.PUBLIC, Keys.ROUTE_THROTTLE);
        boolean isLong = section.get(Keys.LONG) || jobs;
        if (isLong) {
            refuseOfLong(section, via, open, jobs ? "hosting.type is async" : "long is true");
        }
        Access allowed = access(
                section,
                open,
                Keys.ROUTE_ACCESS,
                section.find(Keys.ROUTE_ACCESS).orElse(access));
        section.done();
        var route = new Route(path, body, isLong ? new Route.Integration.Job() : via, allowed, throttle);
        if (isLong) {
            later.add(new Later(section, route));
        }
        return route;
    }

    private void refuseOfLong(Section section, Route.Integration via, boolean open, String where) {
        if (via instanceof Route.Integration.Direct) {
            section.unused(
                    Keys.VIA,
                    "must be lambda where " + where
                            + ": API Gateway alone gives up after 29 seconds, and keeps no answer");
        }
        if (open) {
            section.unused(
                    Keys.PUBLIC,
                    "must be false where " + where
                            + ": a job is told to its caller alone, and nobody knows who calls a public" + " route");
        }
    }

    private Route.Integration via(Section section) {
        if (section.has(Keys.VIA) && section.node().path(Keys.VIA.name()).has("function")) {
            String place = section.pathOf(Keys.VIA);
            report.add(
                    place,
                    section.shown(Keys.VIA),
                    "must be lambda or direct: a function that is not this stack's calls no model of it, and has its routes"
                            + " under parkmeter:routes",
                    report.inFile(Keys.FUNCTION_ROUTES.path(), Keys.FUNCTION_ROUTES.example()));
            return new Route.Integration.Lambda();
        }
        return section.get(Keys.VIA);
    }

    private static Optional<Throttle> throttle(
            Section section, Key<JsonNode> throttle, Key<Double> rate, Key<Integer> burst) {
        return section.findSection(throttle).map(limits -> {
            var read = new Throttle(limits.get(rate), limits.get(burst));
            limits.done();
            return read;
        });
    }

    private boolean open(Section section, Key<Boolean> key, Key<JsonNode> throttle) {
        boolean open = section.get(key);
        if (open && !section.has(throttle)) {
            String place = section.pathOf(throttle);
            report.add(
                    place,
                    "",
                    "is missing: a public route needs a limit of its own, since nothing else stands between everybody and"
                            + " what its calls cost",
                    report.set(place, throttle));
        }
        return open;
    }

    private Access access(Section section, boolean open, Key<Access> key, Access otherwise) {
        if (open && section.has(key)) {
            section.unused(key, "has nothing to say where public is true: anybody may call the route");
        }
        return open ? new Access.Public() : otherwise;
    }

    private Route.Body body(Section section) {
        boolean passthrough = section.get(Keys.BODY).equals("passthrough");
        Route.Template template = section.get(Keys.TEMPLATE);
        if (passthrough && section.has(Keys.TEMPLATE)) {
            section.unused(
                    Keys.TEMPLATE,
                    "has nothing to say where body is passthrough: what callers send goes to the model as it is");
        }
        return passthrough ? new Route.Body.Passthrough() : new Route.Body.Prompt(template);
    }

    private void take(Section section, Key<String> key, String method, String suffix) {
        section.given(key).ifPresent(path -> {
            var route = new Taken(path, section.pathOf(key), method);
            taken.stream()
                    .filter(route::meets)
                    .findFirst()
                    .ifPresent(first -> report.add(
                            route.place(),
                            section.shown(key),
                            "must be a path of its own: " + first.place() + " has the same"
                                    + (method.equals(first.method()) ? "" : ", and ANY is every method"),
                            report.set(route.place(), path + "-" + suffix)));
            taken.add(route);
        });
    }
}
