package parkmeter.local.migrate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes a configuration of SageMaker Endpoint Manager over. */
public final class Importer {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What a meter of this program holds where nothing is said. */
    private static final int DEFAULT_MAX_MINUTES = 480;

    private static final int MOST_MINUTES = 44_640;

    /** The functions that the manager comes with: they pass on what they get. */
    private static final List<String> PASSING_ON = List.of("functions/falcon", "functions/flan");

    private static final String TIME = "([01][0-9]|2[0-3]):[0-5][0-9]";

    private final Map<String, String> versions;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, String> paths = new HashMap<>();
    private boolean tokens;

    private Importer(Map<String, String> versions) {
        this.versions = Map.copyOf(versions);
    }

    /**
     * A stack file.
     *
     * @param stack the name for the stack
     * @param yaml the file's text
     * @param notes what is another than it was, a sentence each
     */
    public record Imported(String stack, String yaml, List<String> notes) {}

    /**
     * Reads a configuration.
     *
     * @param json its text
     * @param versions the versions of JumpStart models, by id: a configuration has none
     * @throws CannotImport with everything that is wrong, where anything is
     */
    public static Imported read(String json, Map<String, String> versions) throws CannotImport {
        try {
            return new Importer(versions).stack(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new CannotImport(List.of("  line " + e.getLocation().getLineNr() + "\n    is no JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse("")));
        }
    }

    private Imported stack(JsonNode root) throws CannotImport {
        var top = new Fields("", root, problems);
        String prefix = top.text(
                "project_prefix",
                "[A-Za-z0-9](-?[A-Za-z0-9])*",
                "letters and digits, with hyphens between them",
                "demo");
        String region = top.text("region_name", "[a-z]{2}(-[a-z]+)+-[0-9]", "an AWS region", "us-east-1");
        String table = top.textIfAny(
                        "ddb_auth_table_name", "[A-Za-z0-9._-]{3,255}", "the name of a DynamoDB table", "AuthTable")
                .orElse("AuthTable");
        String models = top.list("jumpstart_models").stream().map(this::model).collect(Collectors.joining());
        if (models.isEmpty() && problems.isEmpty()) {
            top.refuse("jumpstart_models", "must have a model", "write \"jumpstart_models\": [{…}]");
        }
        top.done();
        if (!problems.isEmpty()) {
            throw new CannotImport(problems);
        }
        String yaml =
                """
                # Taken over from SageMaker Endpoint Manager; docs/migrating.md says what became of each field.
                config:
                  aws:region: %s
                  parkmeter:models:
                %s"""
                        .formatted(region, models);
        String known =
                """
                  # The table that is there, with tokens in clear: callers keep theirs. docs/migrating.md says how to leave it.
                  parkmeter:tokens: {table: %s, legacyClearText: true}
                """
                        .formatted(table);
        return new Imported(prefix, tokens ? yaml + known : yaml, List.copyOf(notes));
    }

    private String model(Fields model) {
        String name = model.text(
                "name",
                "(?=.{1,40}$)[A-Za-z0-9](-?[A-Za-z0-9])*",
                "1 to 40 letters and digits, with hyphens between them",
                "FlanT5");
        unique(names, name.toLowerCase(Locale.ROOT), name, model, "name");
        String id = model.text(
                "model_id", "[a-z0-9][a-z0-9-]{0,127}", "a JumpStart model's id", "huggingface-text2text-flan-t5-xxl");
        boolean async = model.text("inference_type", "realtime|async", "realtime or async", "realtime")
                .equals("async");
        String instanceType = model.text(
                "inference_instance_type", "ml\\.[a-z0-9-]+\\.[a-z0-9]+", "an instance type", "ml.g5.12xlarge");
        int instances = model.number("inference_instance_count", 1, 100, 1);
        List<String> lines = new ArrayList<>();
        lines.add("- name: " + name);
        lines.add("  source: {jumpStart: {id: " + id + ", version: '" + version(model, id) + "'}}");
        if (async) {
            lines.add("  # None runs while there is no job. There they always did, as with scaling: {min: " + instances
                    + ", max: " + instances + "}.");
        }
        lines.add("  hosting: {type: " + (async ? "async" : "realTime") + ", instanceType: " + instanceType
                + ", instances: " + instances + "}");
        lifecycle(model, name, async, lines);
        routes(model, name, async, lines);
        model.done();
        return lines.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
    }

    private void unique(Map<String, String> first, String form, String value, Fields where, String field) {
        String other = form.isEmpty() ? null : first.putIfAbsent(form, value);
        if (other != null) {
            where.refuse(
                    field,
                    "must be one of its own: another model has " + other,
                    "write \"" + field + "\": \"" + value.replaceFirst("^/", "")
                            + "-2\", or take one of the models out");
        }
    }

    private String version(Fields model, String id) {
        String version = versions.getOrDefault(id, "");
        if (version.isEmpty() && !id.isEmpty()) {
            model.refuse(
                    "model_id",
                    "needs a version beside it: image and weights change with each, and a configuration has none",
                    "make import CONFIG=… VERSIONS=" + id
                            + "=<version>; aws sagemaker list-hub-content-versions --hub-name SageMakerPublicHub"
                            + " --hub-content-type Model --hub-content-name " + id + " lists them");
        }
        return version;
    }

    private void lifecycle(Fields model, String name, boolean async, List<String> lines) {
        List<String> windows = model.isList("schedule")
                ? model.list("schedule").stream().map(this::window).toList()
                : List.of();
        Optional<Fields> schedule = model.isList("schedule") ? Optional.empty() : model.section("schedule");
        int minutes = schedule.map(section -> section.number("initial_provision_minutes", 0, MOST_MINUTES, 0))
                .orElse(0);
        schedule.ifPresent(Fields::done);
        if (async) {
            if (model.has("schedule")) {
                notes.add(name + ": an asynchronous model has no schedule, here as there.");
            }
            return;
        }
        lines.add(
                "  # As there: it stops when its time is up, and not before. idleMinutes and wakeOnRequest would do more.");
        lines.add("  lifecycle:");
        lines.add("    type: metered");
        lines.add("    initialMinutes: " + minutes);
        if (minutes > DEFAULT_MAX_MINUTES) {
            lines.add("    maxMinutes: " + minutes);
        }
        lines.add("    idleMinutes: 0");
        lines.add("    wakeOnRequest: false");
        if (!windows.isEmpty()) {
            lines.add("    schedule:");
            windows.forEach(window -> lines.add("      - " + window));
        }
    }

    /** A window of the manager's branch {@code feat-scheduler}. */
    private String window(Fields window) {
        var parts = new ArrayList<String>();
        window.textIfAny(
                        "name",
                        "[A-Za-z0-9._-]{1,64}",
                        "1 to 64 letters, digits, dots, underscores and hyphens",
                        "office-hours")
                .ifPresent(name -> parts.add("name: " + name));
        Optional<String> date = window.textIfAny(
                "date", "(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[0-9]{4}", "a date as dd/mm/yyyy", "24/12/2026");
        List<String> days = window.texts("days").stream()
                .map(day -> day.toLowerCase(Locale.ROOT))
                .toList();
        if (!days.stream().allMatch(day -> day.matches("mon|tue|wed|thu|fri|sat|sun"))) {
            window.refuse("days", "must be days as mon, tue, wed, thu, fri, sat, sun", "write \"days\": [\"mon\"]");
        } else if (days.isEmpty() == date.isEmpty()) {
            window.refuse("days", "must be there, or a date, and not both", "write \"days\": [\"mon\"]");
        }
        parts.add(date.map(day ->
                        "date: '" + day.substring(6) + "-" + day.substring(3, 5) + "-" + day.substring(0, 2) + "'")
                .orElse("days: [" + String.join(", ", days) + "]"));
        parts.add("start: '" + window.text("start_time", TIME, "a time as hh:mm", "09:00") + "'");
        parts.add("stop: '" + window.text("stop_time", TIME, "a time as hh:mm", "17:00") + "'");
        window.textIfAny("timezone", "[A-Za-z0-9_+/-]+", "an IANA time zone", "Europe/London")
                .ifPresent(zone -> parts.add("timezone: " + zone));
        window.done();
        return "{" + String.join(", ", parts) + "}";
    }

    private void routes(Fields model, String name, boolean async, List<String> lines) {
        boolean open = model.flag("public");
        boolean jobs = model.flag("async_api_enabled") && !async;
        Optional<Fields> integration = model.section("integration");
        boolean direct = integration
                .map(section -> section.text("type", "lambda|api", "lambda or api", "lambda"))
                .filter(type -> type.equals("api"))
                .isPresent();
        String path = path(model, integration, name);
        boolean everybody = open && !async;
        if (open && (async || jobs)) {
            notes.add(name + ": jobs are told to their callers alone, so " + (async ? "it is" : path + "/jobs is")
                    + " for holders of tokens.");
        }
        if (!everybody || jobs) {
            tokens = true;
            lines.add("  access: token");
        }
        lines.add("  routes:");
        lines.add("    - {path: " + path + ", body: passthrough" + (direct && !async ? ", via: direct" : "")
                + (everybody ? ", public: true, throttle: {rate: 1, burst: 5}" : "") + "}");
        if (jobs) {
            lines.add("    - {path: " + path + "/jobs, body: passthrough, long: true}");
        }
    }

    private String path(Fields model, Optional<Fields> integration, String name) {
        Optional<Fields> properties = integration.flatMap(section -> section.section("properties"));
        Optional<String> resource = properties.map(section -> section.text(
                "api_resource_name",
                "[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*",
                "a path without its first slash",
                "flan"));
        properties
                .flatMap(section -> section.textIfAny("lambda_src", ".+", "a folder", "functions/flan"))
                .filter(folder -> !PASSING_ON.contains(folder))
                .ifPresent(folder -> notes.add(name + ": the code in " + folder
                        + " is not taken along; the route passes bodies through. A function that does more is deployed by itself,"
                        + " and named under parkmeter:routes."));
        properties.ifPresent(Fields::done);
        integration.ifPresent(Fields::done);
        String path = "/" + resource.orElse(name.toLowerCase(Locale.ROOT));
        if (resource.isEmpty()) {
            notes.add(name + ": it had no route there; here it is called at " + path + ".");
        }
        unique(paths, path, path, properties.orElse(model), resource.isEmpty() ? "name" : "api_resource_name");
        return path;
    }
}
