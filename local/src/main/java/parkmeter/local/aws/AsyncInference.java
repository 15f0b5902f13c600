package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The requests of one asynchronous endpoint: they wait, run as many at once as the instances take, and what came of them is written into S3
 * and told to the topics (SageMaker developer guide, "Asynchronous inference"). An endpoint that may have no instance has none after
 * fifteen minutes without a request, and the next request waits for one.
 */
public final class AsyncInference implements AutoCloseable {
    private static final Duration IDLE = Duration.ofMinutes(15);

    private final String endpoint;
    private final EndpointConfig.Async config;
    private final Surroundings around;
    private final Supplier<Fleet.Member> variant;
    private final Words words;
    private final ExecutorService workers;

    private int pending;
    private Instant idleSince;
    private CompletableFuture<Void> instance = CompletableFuture.completedFuture(null);

    /**
     * What it has to do with.
     *
     * @param s3 where requests and answers are; empty where the stack has no bucket
     * @param start how long an instance takes to start, on the clock
     * @param scaleToZero whether an endpoint of this name may have no instance
     * @param topics takes what is told to a topic
     */
    public record Surroundings(
            Optional<S3> s3,
            StackClock clock,
            Duration start,
            Predicate<String> scaleToZero,
            Consumer<Sns.Message> topics) {}

    /**
     * A request.
     *
     * @param inferenceId the caller's name for it, or one that was made up
     * @param input where its body is; empty for an inline one
     * @param body the inline body
     * @param headers what the model gets
     * @param takenAt on the stack's clock
     * @param timeToLive how long it may wait, on the stack's clock
     * @param timeout how long the model may take, on the machine's
     * @param output where the answer goes
     * @param failure where a failure goes; empty where none is written
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Request(
            String inferenceId,
            Optional<String> input,
            byte[] body,
            Map<String, String> headers,
            Instant takenAt,
            Duration timeToLive,
            Duration timeout,
            String output,
            Optional<String> failure) {}

    /** What came of a request. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Outcome(boolean succeeded, byte[] body, String contentType, String reason) {
        static Outcome failed(String reason) {
            return new Outcome(false, reason.getBytes(UTF_8), "text/plain", reason);
        }
    }

    /** How SageMaker words a model's answer that is no success. */
    interface Words {
        String sentence(String endpoint, String variant, int status, String text);
    }

    /**
     * @param instances how many there are while there are any
     * @param variant the variant that gets a request, asked for each
     */
    AsyncInference(
            String endpoint,
            EndpointConfig.Async config,
            int instances,
            Supplier<Fleet.Member> variant,
            Surroundings around,
            Words words) {
        this.endpoint = endpoint;
        this.config = config;
        this.variant = variant;
        this.around = around;
        this.words = words;
        this.idleSince = around.clock().instant();
        this.workers = Executors.newFixedThreadPool(Math.max(1, config.concurrency() * instances), task -> {
            Thread thread = new Thread(task, "async-" + endpoint);
            thread.setDaemon(true);
            return thread;
        });
    }

    EndpointConfig.Async config() {
        return config;
    }

    /** Takes a request; it runs later. */
    void take(Request request) {
        CompletableFuture<Void> ready;
        synchronized (this) {
            if (atZero()) {
                instance = around.clock().after(around.start());
            }
            pending++;
            ready = instance;
        }
        var unused = ready.thenRunAsync(() -> run(request), workers);
    }

    /** Whether there is no instance: none is needed, and there need be none. */
    synchronized boolean atZero() {
        return pending == 0
                && around.scaleToZero().test(endpoint)
                && !around.clock().instant().isBefore(idleSince.plus(IDLE));
    }

    private void run(Request request) {
        try {
            Outcome outcome = outcome(request);
            Optional<String> place = outcome.succeeded() ? Optional.of(request.output()) : request.failure();
            place.ifPresent(uri -> around.s3().ifPresent(s3 -> s3.write(uri, outcome.body(), outcome.contentType())));
            tell(request, outcome);
        } finally {
            synchronized (this) {
                pending--;
                idleSince = around.clock().instant();
            }
        }
    }

    private Outcome outcome(Request request) {
        if (around.clock().instant().isAfter(request.takenAt().plus(request.timeToLive()))) {
            return Outcome.failed("The request was not begun within its time to live of "
                    + request.timeToLive().toSeconds() + " seconds.");
        }
        Optional<byte[]> body = request.input().isPresent()
                ? around.s3().flatMap(s3 -> s3.read(request.input().get()))
                : Optional.of(request.body());
        if (body.isEmpty()) {
            return Outcome.failed("There is no object at the request's input location.");
        }
        Fleet.Member member = variant.get();
        String name = member.variant().name();
        try {
            ModelCall call = new ModelCall(member.url(), request.headers(), request.timeout());
            int status = call.send(body.get());
            try (InputStream answer = call.body()) {
                byte[] bytes = answer.readAllBytes();
                return status / 100 == 2
                        ? new Outcome(true, bytes, call.contentType(), "")
                        : Outcome.failed(words.sentence(endpoint, name, status, new String(bytes, UTF_8)));
            }
        } catch (SocketTimeoutException e) {
            return Outcome.failed(Refusals.timeOut(name));
        } catch (IOException e) {
            return Outcome.failed("The model server doesn't answer.");
        }
    }

    private void tell(Request request, Outcome outcome) {
        Optional<String> topic = outcome.succeeded() ? config.successTopic() : config.errorTopic();
        if (topic.isEmpty()) {
            return;
        }
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("awsRegion", topic.get().split(":", -1)[3])
                .put("eventTime", around.clock().instant().toString())
                .put("receivedTime", request.takenAt().toString())
                .put("invocationStatus", outcome.succeeded() ? "Completed" : "Failed");
        if (!outcome.succeeded()) {
            message.put("failureReason", outcome.reason());
        }
        ObjectNode asked = message.putObject("requestParameters").put("endpointName", endpoint);
        request.input().ifPresent(input -> asked.put("inputLocation", input));
        ObjectNode answered = message.putObject("responseParameters");
        if (outcome.succeeded()) {
            answered.put("contentType", outcome.contentType()).put("outputLocation", request.output());
        } else {
            request.failure().ifPresent(failure -> answered.put("failureLocation", failure));
        }
        message.put("inferenceId", request.inferenceId())
                .put("eventVersion", "1.0")
                .put("eventSource", "aws:sagemaker")
                .put("eventName", "InferenceResult");
        around.topics().accept(new Sns.Message(topic.get(), "", message.toString()));
    }

    /** Forgets what waits. */
    @Override
    public void close() {
        workers.shutdownNow();
    }
}
