package parkmeter.watch;

import java.time.Duration;

/**
 * What is measured: a metric's name, and its unit (SageMaker developer guide, "Amazon SageMaker AI metrics in Amazon CloudWatch" and
 * "Monitor asynchronous endpoint"; API Gateway developer guide, "Amazon API Gateway dimensions and metrics"; Lambda developer guide,
 * "Types of metrics").
 */
enum Measure {
    /** Calls of a model. */
    INVOCATIONS(Space.SAGEMAKER, "Invocations"),
    /** Calls that a model did not answer with 2xx, those that it refused among them. */
    MODEL_ERRORS(Space.SAGEMAKER, "InvocationModelErrors"),
    /** Calls that a model answered with a status of 4xx: its callers' mistakes, and TGI's 424, a failure of its own. */
    REFUSED(Space.SAGEMAKER, "Invocation4XXErrors"),
    /** How long a model took. */
    MODEL_LATENCY(Space.SAGEMAKER, "ModelLatency", Space.MICROSECONDS),
    /** How long SageMaker itself took. */
    OVERHEAD_LATENCY(Space.SAGEMAKER, "OverheadLatency", Space.MICROSECONDS),
    /** How long a serverless endpoint took to start. */
    SETUP_TIME(Space.SAGEMAKER, "ModelSetupTime", Space.MICROSECONDS),
    /** Jobs of an asynchronous endpoint that are done. */
    PROCESSED(Space.SAGEMAKER, "InvocationsProcessed"),
    /** Jobs of an asynchronous endpoint that failed. */
    JOB_FAILURES(Space.SAGEMAKER, "InvocationFailures"),
    /** Jobs that wait or are being done; by the endpoint's name alone. */
    BACKLOG(Space.SAGEMAKER, "ApproximateBacklogSize"),
    /** How long the oldest job waits; by the endpoint's name alone. */
    OLDEST_JOB(Space.SAGEMAKER, "ApproximateAgeOfOldestRequest", Space.SECONDS),
    /** Of an instance, one report a minute: so many reports, so many instances. */
    CPU(Space.INSTANCES, "CPUUtilization"),
    MEMORY(Space.INSTANCES, "MemoryUtilization"),
    GPU(Space.INSTANCES, "GPUUtilization"),
    GPU_MEMORY(Space.INSTANCES, "GPUMemoryUtilization"),
    DISK(Space.INSTANCES, "DiskUtilization"),
    /** Requests to a REST API; its 5XX as a Sum, since the Average of few is a poor rate. */
    REST_CALLS(Space.API, "Count"),
    REST_4XX(Space.API, "4XXError"),
    REST_5XX(Space.API, "5XXError"),
    REST_LATENCY(Space.API, "Latency", Space.MILLISECONDS),
    /** Requests to an HTTP API, whose errors have other names. */
    HTTP_CALLS(Space.API, "Count"),
    HTTP_4XX(Space.API, "4xx"),
    HTTP_5XX(Space.API, "5xx"),
    HTTP_LATENCY(Space.API, "Latency", Space.MILLISECONDS),
    FUNCTION_CALLS(Space.LAMBDA, "Invocations"),
    FUNCTION_ERRORS(Space.LAMBDA, "Errors"),
    FUNCTION_THROTTLES(Space.LAMBDA, "Throttles"),
    /** Calls that were answered with 503 since the model is stopped or starts: no failure of anything. */
    STOPPED_ANSWERS(Space.OWN, "StoppedAnswers"),
    /** Calls that ended without an answer for the model's fault, as the function that asked it said. */
    FAILED_ANSWERS(Space.OWN, "FailedAnswers"),
    PROMPT_TOKENS(Space.OWN, "PromptTokens"),
    COMPLETION_TOKENS(Space.OWN, "CompletionTokens"),
    /** How long an endpoint will run on, as its meter stands. */
    MINUTES_LEFT(Space.OWN, "MinutesLeft"),
    /** 1 while an endpoint is there and its meter gives no reason for it. */
    UNPAID(Space.OWN, "Unpaid"),
    /** 1 while an endpoint that is to run could not be started. */
    FAILED_START(Space.OWN, "FailedStart");

    /** Namespaces, and a second in each unit. */
    private static final class Space {
        static final String SAGEMAKER = "AWS/SageMaker";
        static final String INSTANCES = "/aws/sagemaker/Endpoints";
        static final String API = "AWS/ApiGateway";
        static final String LAMBDA = "AWS/Lambda";
        static final String OWN = "";

        static final long SECONDS = 1;
        static final long MILLISECONDS = 1_000;
        static final long MICROSECONDS = 1_000_000;
    }

    private final String namespace;
    private final String metric;
    private final long perSecond;

    Measure(String namespace, String metric) {
        this(namespace, metric, 0);
    }

    Measure(String namespace, String metric, long perSecond) {
        this.namespace = namespace;
        this.metric = metric;
        this.perSecond = perSecond;
    }

    /**
     * The metric's namespace.
     *
     * @param own the namespace of the stack's own metrics
     */
    String namespace(String own) {
        return namespace.isEmpty() ? own : namespace;
    }

    /** The metric's name. */
    String metric() {
        return metric;
    }

    /** A time in the metric's own unit. */
    double of(Duration time) {
        return (double) time.toMillis() * time() / Space.MILLISECONDS;
    }

    /** What makes milliseconds of a value of this metric: what it is divided by. */
    double perMillisecond() {
        return (double) time() / Space.MILLISECONDS;
    }

    private long time() {
        if (perSecond == 0) {
            throw new IllegalStateException(metric + " is no time");
        }
        return perSecond;
    }
}
