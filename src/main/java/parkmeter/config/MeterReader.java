package parkmeter.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** Reads what the meter does, and checks that the rest of the stack goes with it. */
final class MeterReader {

    /** The meter's part with the longest name. */
    private static final String LONGEST_PART = "meter-registration";

    private final Names names;
    private final Report report;

    MeterReader(Names names, Report report) {
        this.names = names;
        this.report = report;
    }

    MeterSettings read(Section section, List<ServedModel> models) {
        var settings = new MeterSettings(
                section.values(Keys.ADOPT, Keys.ADOPTED),
                section.get(Keys.RESERVED_CONCURRENCY),
                section.findSection(Keys.NOTIFY).map(this::notices));
        int index = 0;
        for (JsonNode pattern : section.get(Keys.ADOPT)) {
            String place = section.pathOf(Keys.ADOPT) + "[" + index++ + "]";
            Keys.ADOPTED.type().read(pattern).ifPresent(known -> models.stream()
                    .map(model -> names.of(model.name()))
                    .filter(endpoint -> reaches(known, endpoint))
                    .findFirst()
                    .ifPresent(endpoint -> report.add(
                            place,
                            pattern.toString(),
                            "must not reach '" + endpoint + "', the endpoint of one of this stack's own models",
                            report.remove(place))));
        }
        section.done();
        return settings;
    }

    /** SageMaker's ARNs, by which the functions are granted their endpoints, are in lower case. */
    private static boolean reaches(String pattern, String endpoint) {
        return endpoint.toLowerCase(Locale.ROOT)
                .matches(pattern.toLowerCase(Locale.ROOT).replace("*", ".*"));
    }

    private MeterSettings.Notices notices(Section section) {
        var notices = new MeterSettings.Notices(
                section.values(Keys.EMAIL, Keys.ADDRESS).stream().distinct().toList(),
                section.get(Keys.BEFORE_STOP_MINUTES));
        section.done();
        return notices;
    }

    /**
     * Refuses names and paths that a stack with a meter can't have.
     *
     * @param paths the routes' paths
     */
    void checkRoom(List<RouteReader.Taken> paths) {
        report.checkFunctionName(Keys.METER, names.of(LONGEST_PART));
        paths.forEach(route -> {
            String path = route.path();
            String place = route.place();
            if (path.matches("/endpoint-expiry|/meters(/.*)?")) {
                report.add(
                        place,
                        "\"" + path + "\"",
                        "must not be /endpoint-expiry, /meters or below it: these are the meter's own",
                        report.set(place, "/models" + path));
            }
        });
    }

    /**
     * Refuses what only a meter could use.
     *
     * @param clients those whose operators would operate nothing
     */
    void refuseWithoutMeter(Section meter, List<Section> clients) {
        String reason = "no model's lifecycle is metered, and adopt is empty";
        refuse(meter, Keys.NOTIFY, meter.has(Keys.NOTIFY), reason);
        refuse(
                meter,
                Keys.RESERVED_CONCURRENCY,
                meter.given(Keys.RESERVED_CONCURRENCY).isPresent(),
                reason);
        clients.forEach(client -> refuse(
                client,
                Keys.OPERATOR,
                client.given(Keys.OPERATOR).orElse(false),
                reason + "; nor does the stack issue tokens"));
    }

    private static void refuse(Section section, Key<?> key, boolean stands, String reason) {
        if (stands) {
            section.unused(key, "has nothing to say: " + reason);
        }
    }
}
