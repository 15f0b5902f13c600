package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** An Operation Object in the making. */
final class Contract {

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private final ObjectNode json = OpenApiDocument.object();
    private final Map<String, String> statuses;
    private final Map<String, String> pathParameters;

    /**
     * One that answers nothing yet.
     *
     * @param statuses what each status of a failed request means, but for those that this operation alone answers
     * @param pathParameters what each parameter of a path means
     */
    Contract(String summary, Map<String, String> statuses, Map<String, String> pathParameters) {
        this.statuses = statuses;
        this.pathParameters = pathParameters;
        json.put("summary", summary);
    }

    Contract parameter(String name, String in, String meaning) {
        json.withArrayProperty("parameters")
                .addObject()
                .put("name", name)
                .put("in", in)
                .put("required", in.equals("path"))
                .put("description", meaning)
                .putObject("schema")
                .put("type", "string");
        return this;
    }

    Contract takes(String schema) {
        json.putObject("requestBody").put("required", true).set("content", Schemas.json(schema));
        return this;
    }

    Contract answers(String schema) {
        return answers("200", schema);
    }

    Contract answers(String status, String schema) {
        responses().putObject(status).put("description", "As it is now").set("content", Schemas.json(schema));
        statuses.forEach(this::fails);
        return this;
    }

    Contract answersWithTag(String schema) {
        answers(schema);
        responses()
                .withObjectProperty("200")
                .putObject("headers")
                .putObject("ETag")
                .put("description", "Another with each change of the schedule")
                .putObject("schema")
                .put("type", "string");
        return this;
    }

    Contract fails(String status, String meaning) {
        responses().putObject(status).put("description", meaning).set("content", Schemas.json("Error"));
        return this;
    }

    Operation on(String method, String path, FrontRoute route) {
        PARAMETER
                .matcher(path)
                .results()
                .map((MatchResult found) -> found.group(1))
                .forEach(name -> parameter(name, "path", pathParameters.getOrDefault(name, name)));
        return new Operation(method, path, json, route);
    }

    private ObjectNode responses() {
        return json.withObjectProperty("responses");
    }
}
