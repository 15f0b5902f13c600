package parkmeter.jobs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/**
 * The state machine of one task, as the package {@code parkmeter.lambda.jobs} of {@code lambda-handler} describes it (Amazon States
 * Language).
 */
final class Definition {

    /** How long the task's function may run: SageMaker gives a model 60 seconds. */
    static final Duration WORK = Duration.ofSeconds(75);

    /** How long the task may take, with the call of the function. */
    private static final Duration TASK = Duration.ofSeconds(90);

    /** How long a job may take, with everything that is tried again. */
    private static final Duration JOB = Duration.ofHours(1);

    private static final List<String> AWS_AT_FAULT = List.of(
            "Lambda.TooManyRequestsException",
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException");

    private Definition() {}

    /**
     * The definition.
     *
     * @param partition the partition of AWS that it runs in
     * @param function the ARN of the task's function
     */
    static String of(String partition, String function) {
        ObjectNode work = JsonNodeFactory.instance
                .objectNode()
                .put("Type", "Task")
                .put("Resource", "arn:" + partition + ":states:::lambda:invoke")
                .put("TimeoutSeconds", TASK.toSeconds());
        work.putObject("Parameters").put("FunctionName", function).put("Payload.$", "$");
        work.put("OutputPath", "$.Payload");
        var retry = work.putArray("Retry");
        ObjectNode later = retry.addObject();
        later.putArray("ErrorEquals").add("parkmeter.lambda.jobs.TryAgain");
        later.put("IntervalSeconds", 5)
                .put("BackoffRate", 2)
                .put("MaxDelaySeconds", 60)
                .put("MaxAttempts", 20)
                .put("JitterStrategy", "FULL");
        ObjectNode again = retry.addObject();
        AWS_AT_FAULT.forEach(again.putArray("ErrorEquals")::add);
        again.put("IntervalSeconds", 2).put("BackoffRate", 2).put("MaxAttempts", 6);
        work.put("End", true);
        ObjectNode machine =
                JsonNodeFactory.instance.objectNode().put("StartAt", "Work").put("TimeoutSeconds", JOB.toSeconds());
        machine.putObject("States").set("Work", work);
        return machine.toString();
    }
}
