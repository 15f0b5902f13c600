package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import parkmeter.config.Access;
import parkmeter.config.Route;

/** The operations of long routes: a call is taken, and what became of it is asked for. */
final class JobOperations {

    private static final String ID = "/{id}";

    /** What each status of a failed call means; of the model's own failures a job tells. */
    private static final Map<String, String> STATUSES = new TreeMap<>(Map.of(
            "400", "The request is not as the API wants it; 'problems' names each field",
            "403", "The key is missing or wrong",
            "404", "There is no such route, or no such job of this caller's",
            "413", "The request is too large",
            "415", "The content type is not JSON",
            "429", "Too many requests, or the quota is used up",
            "500", "The API itself is at fault",
            "503", "AWS gave no answer about jobs; 'Retry-After' says when to try again",
            "504", "There was no answer in time"));

    private static final Set<String> OF_BODIES = Set.of("413", "415");

    private JobOperations() {}

    /** A call that becomes a job, and the job. */
    static List<Operation> of(FrontRoute.Later later) {
        Route route = later.route();
        return List.of(
                new Operation("POST", route.path(), taken(route), later),
                new Operation("GET", route.path() + ID, told(route.access()), later));
    }

    /** The jobs of all long routes, as Step Functions tells of executions. */
    static List<Operation> of(FrontRoute.Executions executions) {
        return List.of(
                shared("Have an endpoint asked", "StartExecution", "ExecutionStarted", "/startexecution", executions),
                shared("What became of it", "DescribeExecution", "Execution", "/describeexecution", executions));
    }

    /** As of a route that answers at once, but for its answers. */
    private static ObjectNode taken(Route route) {
        boolean prompt = ModelOperation.takesPrompt(route);
        ObjectNode post = ModelOperation.of(route, "JsonObject")
                .put("summary", prompt ? "One prompt, answered later" : "What the model itself takes, answered later");
        ObjectNode accepted =
                post.putObject("responses").putObject("202").put("description", "It is a job now, which runs");
        accepted.putObject("headers")
                .putObject("Location")
                .put("description", "The path under which the job is asked for")
                .putObject("schema")
                .put("type", "string");
        accepted.set("content", Schemas.json("Job"));
        STATUSES.keySet().stream()
                .filter(status -> prompt || !status.equals("415"))
                .forEach(status -> fails(post, status));
        return post;
    }

    private static ObjectNode told(Access access) {
        ObjectNode get = secured("What became of a job", access);
        get.withArrayProperty("parameters")
                .addObject()
                .put("name", "id")
                .put("in", "path")
                .put("required", true)
                .put("description", "The job's id")
                .putObject("schema")
                .put("type", "string");
        answers(get, "Job");
        STATUSES.keySet().stream().filter(status -> !OF_BODIES.contains(status)).forEach(status -> fails(get, status));
        return get;
    }

    /** The gateway checks no body: the function does, which names each field. */
    private static Operation shared(
            String summary, String takes, String answers, String path, FrontRoute.Executions route) {
        ObjectNode post = secured(summary, route.access());
        post.putObject("requestBody").put("required", true).set("content", Schemas.json(takes));
        answers(post, answers);
        STATUSES.keySet().forEach(status -> fails(post, status));
        return new Operation("POST", path, post, route);
    }

    private static ObjectNode secured(String summary, Access access) {
        ObjectNode operation = OpenApiDocument.object().put("summary", summary);
        if (access instanceof Access.Key) {
            operation.putArray("security").addObject().putArray("api_key");
        }
        return operation;
    }

    private static void answers(ObjectNode operation, String schema) {
        operation
                .putObject("responses")
                .putObject("200")
                .put("description", "As it is now")
                .set("content", Schemas.json(schema));
    }

    private static void fails(ObjectNode operation, String status) {
        operation
                .withObjectProperty("responses")
                .putObject(status)
                .put("description", STATUSES.get(status))
                .set("content", Schemas.json("Error"));
    }
}
