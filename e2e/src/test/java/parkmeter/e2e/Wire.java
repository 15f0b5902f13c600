package parkmeter.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line between one stack's Pulumi and AWS: it carries every call as it is, unless a story holds one back or lets some fail. So
 * a fault meets the one stack that asked for it, and comes at the call that was named.
 *
 * <p>A call is written {@code <signing name> <action>}: {@code iam CreateRole}, {@code sagemaker CreateEndpoint}, and for services
 * without actions {@code apigateway POST /restapis}.
 */
final class Wire implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;
    private static final Pattern SIGNING_NAME = Pattern.compile("Credential=[^/]*/[^/]*/[^/]*/([^/]*)/");
    private static final Pattern ACTION = Pattern.compile("(?:^|&)Action=([^&]*)");

    /** Set anew on either side of the line. */
    private static final Set<String> OF_A_CONNECTION =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer server;
    private final URI endpoint;
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final List<Held> held = new CopyOnWriteArrayList<>();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    private Wire(URI endpoint) throws IOException {
        this.endpoint = endpoint;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "wire");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::carry);
        server.start();
    }

    /** A line to an AWS endpoint, open until it is closed. */
    static Wire to(URI endpoint) throws IOException {
        return new Wire(endpoint);
    }

    /** The address that Pulumi takes for AWS's. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All calls so far, in the order in which they came. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** Keeps the next call that matches, a regular expression over a whole call, back from AWS. */
    Held holdCall(String call) {
        return hold(call, false);
    }

    /** Lets the next call that matches, a regular expression over a whole call, do its work in AWS, and keeps back the answer. */
    Held holdAnswer(String call) {
        return hold(call, true);
    }

    private Held hold(String call, boolean answer) {
        Held one = new Held(Pattern.compile(call), answer);
        held.add(one);
        return one;
    }

    /**
     * Answers the next calls that match, in AWS's stead.
     *
     * @param call a regular expression over a whole call
     * @param times how many
     * @param status the HTTP status
     * @param code the error's code, such as {@code ThrottlingException}
     */
    Fault fail(String call, int times, int status, String code) {
        Fault fault = new Fault(Pattern.compile(call), status, code, new AtomicInteger(times));
        faults.add(fault);
        return fault;
    }

    /** Nobody is answered any more. */
    @Override
    public void close() {
        held.forEach(Held::release);
        server.stop(0);
    }

    private void carry(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String call = name(exchange, body);
            calls.add(call);
            for (Fault fault : faults) {
                if (fault.call.matcher(call).matches() && fault.left.getAndDecrement() > 0) {
                    refuse(exchange, fault);
                    return;
                }
            }
            if (lost(call, false)) {
                return;
            }
            HttpResponse<byte[]> answer = forward(exchange, body);
            if (lost(call, true)) {
                return;
            }
            answer.headers().map().forEach((name, values) -> {
                if (!OF_A_CONNECTION.contains(name)) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits where the call, or its answer, is held; whether it is to go no further. */
    private boolean lost(String call, boolean answer) throws InterruptedException {
        for (Held one : held) {
            if (one.answer == answer && one.call.matcher(call).matches() && one.taken.compareAndSet(false, true)) {
                one.reached.countDown();
                one.end.await();
                return one.lost;
            }
        }
        return false;
    }

    private static void refuse(HttpExchange exchange, Fault fault) throws IOException {
        boolean query = isQuery(exchange);
        String answer = query
                ? "<ErrorResponse><Error><Code>%1$s</Code><Message>%1$s</Message></Error></ErrorResponse>"
                : "{\"__type\": \"%1$s\", \"message\": \"%1$s\"}";
        exchange.getResponseHeaders().set("Content-Type", query ? "text/xml" : "application/json");
        exchange.getResponseHeaders().set("x-amzn-ErrorType", fault.code);
        answer(exchange, fault.status, answer.formatted(fault.code).getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create(endpoint + exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static String name(HttpExchange exchange, byte[] body) {
        var headers = exchange.getRequestHeaders();
        Matcher signed = SIGNING_NAME.matcher(String.valueOf(headers.getFirst("Authorization")));
        String service = signed.find() ? signed.group(1) : "-";
        String target = headers.getFirst("X-Amz-Target");
        if (target != null) {
            return service + " " + target.substring(target.indexOf('.') + 1);
        }
        if (isQuery(exchange)) {
            Matcher action = ACTION.matcher(new String(body, StandardCharsets.UTF_8));
            if (action.find()) {
                return service + " " + action.group(1);
            }
        }
        return service + " " + exchange.getRequestMethod() + " "
                + exchange.getRequestURI().getRawPath();
    }

    /** Whether the call speaks AWS's query protocol: a form there, XML back. */
    private static boolean isQuery(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .startsWith("application/x-www-form-urlencoded");
    }

    /** A call that waits on the line. */
    static final class Held {

        private final Pattern call;
        private final boolean answer;
        private final AtomicBoolean taken = new AtomicBoolean();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile boolean lost;

        private Held(Pattern call, boolean answer) {
            this.call = call;
            this.answer = answer;
        }

        /** Waits until the call has come, and AWS has done it if only its answer is held. */
        void reached() throws InterruptedException {
            if (!reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("no call " + call + " within " + PATIENCE_SECONDS + " s");
            }
        }

        /** Lets it go on its way. */
        void release() {
            end.countDown();
        }

        /** It goes nowhere: the connection breaks. */
        void lose() {
            lost = true;
            end.countDown();
        }
    }

    /** An error that some calls get. */
    static final class Fault {

        private final Pattern call;
        private final int status;
        private final String code;
        private final AtomicInteger left;

        private Fault(Pattern call, int status, String code, AtomicInteger left) {
            this.call = call;
            this.status = status;
            this.code = code;
            this.left = left;
        }

        /** Whether all the calls that were to fail have failed. */
        boolean spent() {
            return left.get() <= 0;
        }

        @Override
        public String toString() {
            return status + " " + code + " for " + call;
        }
    }
}
