package parkmeter.local.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import parkmeter.local.http.Loopback;
import parkmeter.local.lambda.InvokeResult.Answer;
import parkmeter.local.lambda.InvokeResult.Failed;
import parkmeter.local.lambda.InvokeResult.Reason;

/**
 * Lambda's Runtime API (version 2018-06-01) on loopback, for all processes. Each has a path of its own that nobody can
 * guess: so it's known who polls, and no other program can take an event.
 */
final class RuntimeApi implements AutoCloseable {
    /** Lambda's limit for an answer: 6 MB and a little for what wraps it. */
    private static final int MOST_BYTES = 6 * 1024 * 1024 + 100;

    private static final String RUNTIME = "/{process}/2018-06-01/runtime";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Worker> workers = new ConcurrentHashMap<>();
    private final Javalin server;

    RuntimeApi() {
        // A poll waits for the next event, however long that takes.
        server = Loopback.server(0, Duration.ZERO, config -> config.http.maxRequestSize = MOST_BYTES)
                .get(RUNTIME + "/invocation/next", this::next)
                .post(RUNTIME + "/invocation/{request}/response", this::response)
                .post(RUNTIME + "/invocation/{request}/error", this::error)
                .post(RUNTIME + "/init/error", this::initError)
                .start();
    }

    /** What a process with this id gets as AWS_LAMBDA_RUNTIME_API. */
    String address(String id) {
        return "127.0.0.1:" + server.port() + "/" + id;
    }

    void add(String id, Worker worker) {
        workers.put(id, worker);
    }

    void remove(String id) {
        workers.remove(id);
    }

    @Override
    public void close() {
        server.stop();
    }

    private void next(Context http) {
        Worker worker = worker(http);
        http.future(() -> worker.next().thenAccept(delivery -> {
            Call call = delivery.call();
            http.contentType("application/json")
                    .header("Lambda-Runtime-Aws-Request-Id", call.requestId())
                    .header(
                            "Lambda-Runtime-Deadline-Ms",
                            Long.toString(delivery.deadline().toEpochMilli()))
                    .header("Lambda-Runtime-Invoked-Function-Arn", worker.functionArn())
                    .header("Lambda-Runtime-Trace-Id", call.traceId())
                    .result(call.event());
        }));
    }

    private void response(Context http) {
        Worker worker = worker(http);
        String request = http.pathParam("request");
        if (http.req().getContentLengthLong() > MOST_BYTES) {
            worker.respond(
                    request,
                    new Failed(
                            Reason.RESPONSE_TOO_LARGE,
                            "Response payload size exceeded maximum allowed payload size (" + MOST_BYTES + " bytes)."));
            refuse(http, HttpStatus.CONTENT_TOO_LARGE, "RequestEntityTooLarge");
        } else {
            acknowledge(http, worker.respond(request, new Answer(http.bodyAsBytes())));
        }
    }

    private void error(Context http) throws IOException {
        // The client's name for a handler that can't be run at all: no such class, no such method.
        boolean unusable = "Runtime.BadFunctionCode".equals(http.header("Lambda-Runtime-Function-Error-Type"));
        Reason reason = unusable ? Reason.INIT_FAILED : Reason.HANDLER_ERROR;
        JsonNode error = JSON.readTree(http.bodyAsBytes());
        Failed failed = new Failed(reason, error.path("errorType").asText("Unhandled"), message(error));
        acknowledge(http, worker(http).respond(http.pathParam("request"), failed));
    }

    private void initError(Context http) throws IOException {
        worker(http).initError(message(JSON.readTree(http.bodyAsBytes())));
        acknowledge(http, true);
    }

    private Worker worker(Context http) {
        Worker worker = workers.get(http.pathParam("process"));
        if (worker == null) {
            throw new NotFoundResponse();
        }
        return worker;
    }

    private static String message(JsonNode error) {
        return error.path("errorMessage").asText("the function gave no reason");
    }

    private static void acknowledge(Context http, boolean known) {
        if (known) {
            http.status(HttpStatus.ACCEPTED).contentType("application/json").result("{\"status\":\"OK\"}");
        } else {
            refuse(http, HttpStatus.BAD_REQUEST, "InvalidRequestID");
        }
    }

    private static void refuse(Context http, HttpStatus status, String type) {
        http.status(status)
                .contentType("application/json")
                .result("{\"errorType\":\"" + type + "\",\"errorMessage\":\"" + status.getMessage() + "\"}");
    }
}
