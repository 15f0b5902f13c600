package parkmeter.api;

import static parkmeter.api.ObjectSchema.number;
import static parkmeter.api.ObjectSchema.object;
import static parkmeter.api.ObjectSchema.property;
import static parkmeter.api.ObjectSchema.text;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schemas of the jobs' operations, in what API Gateway's models know of JSON Schema draft 4. */
final class JobSchemas {

    private static final String SECONDS = "Seconds since 1970";

    private JobSchemas() {}

    static void addTo(ObjectNode schemas) {
        schemas.set("Job", job());
        ObjectNode start = object("endpointname", "body");
        text(start, "endpointname", "The endpoint that is to answer");
        property(start, "body").put("type", "object").put("description", "What it is asked");
        schemas.set("StartExecution", start);
        ObjectNode started = object("executionArn", "startDate");
        text(started, "executionArn", "The job's name in Step Functions");
        number(started, "startDate", SECONDS);
        schemas.set("ExecutionStarted", started);
        ObjectNode describe = object("executionArn");
        text(describe, "executionArn", "As it was answered at the start");
        schemas.set("DescribeExecution", describe);
        schemas.set("Execution", execution());
    }

    private static ObjectNode job() {
        ObjectNode job = object("id", "status");
        text(job, "id", "Names the job");
        oneOf(text(job, "status", "What became of it"), "running", "succeeded", "failed");
        property(job, "answer").put("description", "What the model answered, where it is JSON");
        text(job, "contentType", "The type of an answer that is not JSON");
        text(job, "text", "Such an answer");
        text(job, "base64", "The same, where it is not UTF-8");
        text(job, "error", "Why it failed, as a sentence");
        text(job, "code", "The same, for programs; it stays the same");
        return job;
    }

    private static ObjectNode execution() {
        ObjectNode execution = object("executionArn", "input", "name", "startDate", "stateMachineArn", "status");
        text(execution, "executionArn", "As it was answered at the start");
        text(execution, "input", "What was asked, {\"endpointname\", \"body\"}, as a text");
        details(execution, "inputDetails");
        text(execution, "name", "Names the execution");
        text(execution, "output", "What the model answered, {\"Body\", \"ContentType\"}, as a text");
        details(execution, "outputDetails");
        number(execution, "startDate", SECONDS);
        text(execution, "stateMachineArn", "What runs it");
        oneOf(
                text(execution, "status", "What became of it"),
                "RUNNING",
                "SUCCEEDED",
                "FAILED",
                "TIMED_OUT",
                "ABORTED",
                "PENDING_REDRIVE");
        number(execution, "stopDate", SECONDS);
        text(execution, "error", "Why it failed, for programs");
        text(execution, "cause", "The same, as a sentence");
        return execution;
    }

    private static void details(ObjectNode object, String name) {
        property(object, name)
                .put("type", "object")
                .putObject("properties")
                .putObject("included")
                .put("type", "boolean");
    }

    private static void oneOf(ObjectNode property, String... words) {
        var values = property.putArray("enum");
        for (String word : words) {
            values.add(word);
        }
    }
}
