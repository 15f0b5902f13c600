package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import parkmeter.config.Access;
import parkmeter.config.Route;

/**
 * The operations of long routes: a call is taken, and what became of it is asked for. The gateway checks the bodies of those alone that
 * it checks where the answer comes at once.
 */
final class JobOperations {

    /** What each status of a failed call means; of the model's own failures a job tells. */
    private static final Map<String, String> STATUSES = Map.of(
            "400", "The request is not as the API wants it; 'problems' names each field",
            "401", "The token is missing, or not one that is, or is still, good",
            "403", "The credential is missing or wrong",
            "404", "There is no such route, or no such job of this caller's",
            "413", "The request is too large",
            "415", "The content type is not JSON",
            "429", "Too many requests, or the quota is used up",
            "500", "The API itself is at fault",
            "503", "AWS gave no answer about jobs; 'Retry-After' says when to try again",
            "504", "There was no answer in time");

    private JobOperations() {}

    /** A call that becomes a job, and the job. */
    static List<Operation> of(FrontRoute.Later later) {
        Route route = later.route();
        return List.of(
                new Operation("POST", route.path(), taken(route), later),
                contract("What became of a job", route.access(), Set.of("413", "415"))
                        .answers("Job")
                        .on("GET", route.path() + "/{id}", later));
    }

    /** The jobs of all long routes, as Step Functions tells of executions. */
    static List<Operation> of(FrontRoute.Executions executions) {
        return List.of(
                contract("Have an endpoint asked", executions.access(), Set.of())
                        .takes("StartExecution")
                        .answers("ExecutionStarted")
                        .on("POST", "/startexecution", executions),
                contract("What became of it", executions.access(), Set.of())
                        .takes("DescribeExecution")
                        .answers("Execution")
                        .on("POST", "/describeexecution", executions));
    }

    /** As of a route that answers at once, but for its answers. */
    private static ObjectNode taken(Route route) {
        boolean prompt = ModelOperation.takesPrompt(route);
        ObjectNode post = ModelOperation.of(route, "JsonObject")
                .put("summary", prompt ? "One prompt, answered later" : "What the model itself takes, answered later");
        ObjectNode responses = post.putObject("responses");
        ObjectNode accepted = responses.putObject("202").put("description", "It is a job now, which runs");
        accepted.putObject("headers")
                .putObject("Location")
                .put("description", "The path under which the job is asked for")
                .putObject("schema")
                .put("type", "string");
        accepted.set("content", Schemas.json("Job"));
        statuses(route.access(), prompt ? Set.of() : Set.of("415"))
                .forEach((status, meaning) ->
                        responses.putObject(status).put("description", meaning).set("content", Schemas.json("Error")));
        return post;
    }

    private static Contract contract(String summary, Access access, Set<String> never) {
        return new Contract(summary, statuses(access, never), Map.of("id", "The job's id"));
    }

    private static Map<String, String> statuses(Access access, Set<String> never) {
        var statuses = new TreeMap<>(STATUSES);
        statuses.keySet().removeIf(status -> never.contains(status) || !ModelOperation.concerns(access, status));
        return statuses;
    }
}
