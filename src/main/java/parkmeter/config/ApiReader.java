package parkmeter.config;

import java.util.List;

/** Reads the API, and refuses what the chosen kind of API can't do. */
final class ApiReader {

    private final Report report;

    ApiReader(Report report) {
        this.report = report;
    }

    Api read(Section section) {
        String type = section.get(Keys.API_TYPE);
        String stage = section.get(Keys.STAGE);
        boolean bearerKeys = section.get(Keys.BEARER_KEYS);
        List<String> origins = section.values(Keys.CORS_ORIGINS, Keys.CORS_ORIGIN);
        if (!type.equals("http") && section.has(Keys.CORS_ORIGINS)) {
            section.unused(
                    Keys.CORS_ORIGINS,
                    "has nothing to say where api.type is rest: what its functions answer is for pages of any origin; api.type http"
                            + " tells origins apart");
        }
        boolean isPrivate = section.get(Keys.PRIVATE_API);
        if (type.equals("http") && isPrivate) {
            section.unused(
                    Keys.PRIVATE_API,
                    "must be false where api.type is http: HTTP APIs are public; those of api.type rest may be private");
        }
        Section limits = section.section(Keys.THROTTLE);
        var throttle = new Throttle(limits.get(Keys.STAGE_RATE), limits.get(Keys.STAGE_BURST));
        limits.done();
        section.done();
        return type.equals("http")
                ? new Api.Http(stage, throttle, origins)
                : new Api.Rest(stage, throttle, isPrivate, bearerKeys);
    }

    /** Refuses what HTTP APIs know nothing of (API Gateway developer guide, "Choose between REST APIs and HTTP APIs"). */
    void refuseWhatNeedsRest(List<RouteReader.Placed> routes, boolean hasMeter, Section top) {
        for (RouteReader.Placed each : routes) {
            if (each.access() instanceof Access.Key) {
                report.add(
                        each.section().pathOf(each.key()),
                        each.section().shown(each.key()),
                        "must be token or cognito, or public must be true, where api.type is http: HTTP APIs know no API keys;"
                                + " api.type rest has them",
                        rest());
            }
        }
        for (RouteReader.Placed each : routes) {
            each.direct()
                    .ifPresent(via -> report.add(
                            each.section().pathOf(via),
                            each.section().shown(via),
                            "must be lambda where api.type is http: HTTP APIs call no SageMaker themselves; those of api.type rest do",
                            rest()));
        }
        if (hasMeter) {
            report.add(
                    Keys.API_TYPE.path(),
                    "\"http\"",
                    "must be rest where there is a meter: its own API is for holders of a key",
                    rest());
        }
        refuseKeys(top, "HTTP APIs know no API keys, usage plans or quotas; api.type rest has them");
    }

    /** Refuses clients and plans where nobody needs a key, for this reason, and keys in another header. */
    void refuseKeys(Section top, String reason) {
        for (Key<?> key : List.of(Keys.PLANS, Keys.CLIENTS)) {
            top.unusedWhole(key, reason);
        }
        Section api = top.sectionOrWord(Keys.API);
        if (api.given(Keys.BEARER_KEYS).orElse(false)) {
            api.unused(Keys.BEARER_KEYS, "has nothing to say: " + reason);
        }
    }

    private String rest() {
        return report.set(Keys.API_TYPE.path(), "rest");
    }
}
