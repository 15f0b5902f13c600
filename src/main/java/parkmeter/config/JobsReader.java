package parkmeter.config;

import java.util.List;

/** Reads what becomes of jobs, and checks that the rest of the stack goes with them. */
final class JobsReader {

    /** What the bucket of a stack is called, with a hash behind it, and how long such a name may be (S3 user guide). */
    private static final String BUCKET = "answers-01234567";

    private static final int LONGEST_BUCKET_NAME = 63;

    private final Names names;
    private final Report report;

    JobsReader(Names names, Report report) {
        this.names = names;
        this.report = report;
    }

    JobSettings read(Section section) {
        var settings = new JobSettings(section.get(Keys.KEEP_DAYS));
        section.done();
        return settings;
    }

    /**
     * Refuses names and paths that a stack with long routes can't have.
     *
     * @param routes the long ones; at least one
     * @param paths the routes' paths
     */
    void checkRoom(List<RouteReader.Later> routes, List<RouteReader.Taken> paths) {
        String bucket = names.of(BUCKET);
        if (bucket.length() > LONGEST_BUCKET_NAME) {
            Section first = routes.get(0).section();
            report.add(
                    first.pathOf(Keys.LONG),
                    first.shown(Keys.LONG),
                    "makes the bucket's name '" + names.of("answers") + "-' and eight digits, which must have at most "
                            + LONGEST_BUCKET_NAME + " characters",
                    "take a shorter name for the stack: pulumi stack rename <name>");
        }
        oneAccess(routes);
        paths.forEach(route -> {
            String path = route.path();
            String place = route.place();
            if (path.matches("/(start|describe)execution")) {
                report.add(
                        place,
                        "\"" + path + "\"",
                        "must not be /startexecution or /describeexecution: with a long route these are the jobs'",
                        report.set(place, "/models" + path));
            }
            // A literal segment goes before a parameter (API Gateway developer guide), and would hide a job of that
            // name.
            routes.stream()
                    .map(each -> each.route().path())
                    .filter(taken -> path.startsWith(taken + "/"))
                    .findFirst()
                    .ifPresent(taken -> report.add(
                            place,
                            "\"" + path + "\"",
                            "must not be below " + taken + ", a long route's path: its jobs are there, at " + taken
                                    + "/{id}",
                            report.set(place, "/models" + path)));
        });
    }

    /** A public route is refused for that alone. */
    private void oneAccess(List<RouteReader.Later> routes) {
        List<RouteReader.Later> closed = routes.stream()
                .filter(each -> !(each.route().access() instanceof Access.Public))
                .toList();
        closed.stream()
                .filter(each ->
                        !each.route().access().equals(closed.get(0).route().access()))
                .forEach(each -> {
                    String place = each.section().pathOf(Keys.ROUTE_ACCESS);
                    String first = word(closed.get(0).route().access());
                    report.add(
                            place,
                            word(each.route().access()),
                            "must be " + first + ", as of the first long route: all of a stack have one access, since"
                                    + " /startexecution and /describeexecution are for the callers of all of them",
                            report.set(place, first));
                });
    }

    private static String word(Access access) {
        if (access instanceof Access.Token) {
            return "token";
        }
        return access instanceof Access.Cognito ? "cognito" : "key";
    }

    /** Refuses what only jobs could use. */
    void refuseWithoutJobs(Section top) {
        top.unusedWhole(Keys.JOBS, "no route is long");
    }
}
