package parkmeter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * SageMaker's control plane, CloudWatch, SNS and SSM on loopback, in their wire formats, as far as the meter calls them. While
 * one is open, every SDK client of this JVM calls it.
 */
public final class StubAws implements AutoCloseable {
    private static final List<String> REDIRECTS = List.of(
            "aws.endpointUrlSageMaker", "aws.endpointUrlCloudWatch", "aws.endpointUrlSns", "aws.endpointUrlSsm");
    private static final int QUERIES = 500; // of one GetMetricData

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Clock clock;
    private final Map<String, Endpoint> endpoints = new TreeMap<>();
    private final Map<String, List<Instant>> invocations = new ConcurrentHashMap<>();
    private final Map<String, String> parameters = new ConcurrentHashMap<>();
    private final List<Map<String, String>> mails = new CopyOnWriteArrayList<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();
    private final Map<String, Deque<Refusal>> refusals = new ConcurrentHashMap<>();
    private final Map<String, Bucket> limits = new ConcurrentHashMap<>();
    private volatile Duration startTime = Duration.ZERO;
    private volatile Duration stopTime = Duration.ZERO;
    private final Map<String, Duration> delays = new ConcurrentHashMap<>();
    private volatile int pageSize = 100;
    private volatile int datapointsAPage = 100_000;

    /** A call as it came: the operation, and what it asked for. */
    public record Call(String operation, Map<?, ?> input) {}

    private record Refusal(int status, String type, String message, boolean drops) {}

    private record Answer(int status, String type, String body) {}

    /** So many calls a second, and so many at once. */
    private static final class Bucket {
        private final double rate;
        private final double size;
        private double tokens;
        private long at = System.nanoTime();

        Bucket(double rate, double size) {
            this.rate = rate;
            this.size = size;
            this.tokens = size;
        }

        synchronized boolean take() {
            long now = System.nanoTime();
            tokens = Math.min(size, tokens + (now - at) / 1e9 * rate);
            at = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    private static final class Endpoint {
        private final String name;
        private String configuration;
        private String status;
        private final Instant createdAt;
        private Instant modifiedAt;
        private @Nullable Instant settlesAt;
        private @Nullable String failureReason;

        int instances = 1;

        Endpoint(String name, String configuration, String status, Instant at) {
            this.name = name;
            this.configuration = configuration;
            this.status = status;
            this.createdAt = at;
            this.modifiedAt = at;
        }
    }

    /** With a clock of the test's. */
    public StubAws(Clock clock) throws IOException {
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        REDIRECTS.forEach(property -> System.setProperty(property, url().toString()));
    }

    /** Where it listens. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** An endpoint that somebody made, in a status that stays. */
    public synchronized void endpoint(String name, String configuration, String status) {
        endpoints.put(name, new Endpoint(name, configuration, status, clock.instant()));
    }

    /** An endpoint's tags, where it was not created with any. */
    public void tags(String endpoint, Map<String, String> all) {
        tags.put(arn("endpoint", endpoint), Map.copyOf(all));
    }

    /** What DescribeEndpoint gives as the reason of a failure. */
    public synchronized void failureReason(String endpoint, String reason) {
        Objects.requireNonNull(endpoints.get(endpoint)).failureReason = reason;
    }

    /** How long endpoints take to come and to go; at first no time. */
    public void takes(Duration starting, Duration stopping) {
        startTime = starting;
        stopTime = stopping;
    }

    /** The status of an endpoint; null where there is none. */
    public synchronized @Nullable String status(String endpoint) {
        Endpoint found = settled(endpoint);
        return found == null ? null : found.status;
    }

    /** The configuration of an endpoint; null where there is none. */
    public synchronized @Nullable String configuration(String endpoint) {
        Endpoint found = settled(endpoint);
        return found == null ? null : found.configuration;
    }

    /** An endpoint's invocation, under the variant AllTraffic. */
    public void invoked(String endpoint, Instant at) {
        invocations
                .computeIfAbsent(endpoint, name -> new CopyOnWriteArrayList<>())
                .add(at);
    }

    /** How many endpoints a page of ListEndpoints has at most, and how many values one of GetMetricData. */
    public void pages(int endpointsAPage, int datapoints) {
        pageSize = endpointsAPage;
        datapointsAPage = datapoints;
    }

    /** The next calls of an operation fail so. */
    public void refuses(String operation, int times, int status, String type, String message) {
        for (int i = 0; i < times; i++) {
            refusals(operation).add(new Refusal(status, type, message, false));
        }
    }

    /** The next call of an operation does its work, and its answer is lost. */
    public void losesAnswer(String operation) {
        refusals(operation).add(new Refusal(0, "", "", true));
    }

    private Deque<Refusal> refusals(String operation) {
        return refusals.computeIfAbsent(operation, name -> new ConcurrentLinkedDeque<>());
    }

    /** Every call of an operation takes so long. */
    public void delays(String operation, Duration delay) {
        delays.put(operation, delay);
    }

    /** So many calls a second of an operation, and so many at once; more are throttled. */
    public void limits(String operation, double rate, double burst) {
        limits.put(operation, new Bucket(rate, burst));
    }

    /** What came so far. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The calls of one operation so far. */
    public List<Call> calls(String operation) {
        return calls.stream().filter(call -> call.operation().equals(operation)).toList();
    }

    /** What was published so far: TopicArn, Subject, Message. */
    public List<Map<String, String>> mails() {
        return List.copyOf(mails);
    }

    /** The parameters by their names. */
    public Map<String, String> parameters() {
        return Map.copyOf(parameters);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            boolean json = target != null;
            Map<?, ?> input = json ? object(body) : form(body);
            String operation =
                    target != null ? target.substring(target.indexOf('.') + 1) : String.valueOf(input.get("Action"));
            calls.add(new Call(operation, input));
            TimeUnit.MILLISECONDS.sleep(
                    delays.getOrDefault(operation, Duration.ZERO).toMillis());
            Refusal refusal = refusals(operation).poll();
            Answer answer;
            if (refusal != null && !refusal.drops()) {
                answer = new Answer(refusal.status(), refusal.type(), refusal.message());
            } else if (limits.containsKey(operation)
                    && !Objects.requireNonNull(limits.get(operation)).take()) {
                answer = new Answer(400, "ThrottlingException", "Rate exceeded");
            } else {
                answer = answer(operation, input);
                if (refusal != null) {
                    return; // closed without an answer
                }
            }
            send(exchange, json, answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, boolean json, Answer answer) throws IOException {
        boolean failed = answer.status() != 200;
        String body = answer.body();
        if (failed) {
            body = json
                    ? "{\"__type\":" + Quoted.string(answer.type()) + ",\"message\":" + Quoted.string(body) + "}"
                    : "<ErrorResponse><Error><Code>" + answer.type() + "</Code><Message>" + body
                            + "</Message></Error></ErrorResponse>";
        }
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", json ? "application/x-amz-json-1.1" : "text/xml");
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Answer answer(String operation, Map<?, ?> input) {
        return switch (operation) {
            case "ListEndpoints" -> list(input);
            case "DescribeEndpoint" -> describe(name(input));
            case "CreateEndpoint" -> create(name(input), text(input, "EndpointConfigName"));
            case "UpdateEndpoint" -> update(name(input), text(input, "EndpointConfigName"));
            case "UpdateEndpointWeightsAndCapacities" ->
                scale(name(input), Json.first(input.get("DesiredWeightsAndCapacities")));
            case "DeleteEndpoint" -> delete(name(input));
            case "ListTags" -> ok(Json.text(Map.of("Tags", tagsOf(text(input, "ResourceArn")))));
            case "PutParameter" -> {
                parameters.put(text(input, "Name"), text(input, "Value"));
                yield ok("{\"Version\":1}");
            }
            case "DeleteParameter" ->
                parameters.remove(text(input, "Name")) == null ? new Answer(400, "ParameterNotFound", "") : ok("{}");
            case "Publish" -> {
                Map<String, String> mail = new TreeMap<>();
                for (String key : List.of("TopicArn", "Subject", "Message")) {
                    mail.put(key, text(input, key));
                }
                mails.add(mail);
                yield ok("<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>");
            }
            case "GetMetricData" -> metrics(input);
            default -> new Answer(400, "UnknownOperationException", operation);
        };
    }

    private synchronized Answer list(Map<?, ?> input) {
        List<String> names = new ArrayList<>(endpoints.keySet());
        int from = input.get("NextToken") == null ? 0 : Integer.parseInt(text(input, "NextToken"));
        int to = Math.min(names.size(), from + pageSize);
        List<Object> page = new ArrayList<>();
        for (String name : names.subList(from, to)) {
            Endpoint endpoint = settled(name);
            if (endpoint != null) {
                page.add(summary(endpoint));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("Endpoints", page);
        if (to < names.size()) {
            json.put("NextToken", Integer.toString(to));
        }
        return ok(Json.text(json));
    }

    private static Map<String, Object> summary(Endpoint endpoint) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("EndpointName", endpoint.name);
        json.put("EndpointArn", arn("endpoint", endpoint.name));
        json.put("CreationTime", seconds(endpoint.createdAt));
        json.put("LastModifiedTime", seconds(endpoint.modifiedAt));
        json.put("EndpointStatus", endpoint.status);
        return json;
    }

    private static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    private synchronized Answer describe(String name) {
        Endpoint endpoint = settled(name);
        if (endpoint == null) {
            return absent(name);
        }
        Map<String, Object> json = summary(endpoint);
        json.put("EndpointConfigName", endpoint.configuration);
        json.put(
                "ProductionVariants",
                List.of(Map.of("VariantName", "AllTraffic", "DesiredInstanceCount", endpoint.instances)));
        if (endpoint.failureReason != null) {
            json.put("FailureReason", endpoint.failureReason);
        }
        return ok(Json.text(json));
    }

    private synchronized Answer create(String name, String configuration) {
        if (settled(name) != null) {
            return invalid("Cannot create already existing endpoint \"" + arn("endpoint", name) + "\".");
        }
        Endpoint endpoint = new Endpoint(name, configuration, "Creating", clock.instant());
        endpoint.settlesAt = clock.instant().plus(startTime);
        endpoints.put(name, endpoint);
        return ok("{\"EndpointArn\":" + Quoted.string(arn("endpoint", name)) + "}");
    }

    private List<Map<String, String>> tagsOf(String arn) {
        return tags.getOrDefault(arn, Map.of()).entrySet().stream()
                .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue()))
                .toList();
    }

    private synchronized Answer update(String name, String configuration) {
        Endpoint endpoint = settled(name);
        if (endpoint == null) {
            return absent(name);
        }
        if (!endpoint.status.equals("InService")) {
            return invalid("Cannot update in-progress endpoint \"" + arn("endpoint", name) + "\".");
        }
        endpoint.configuration = configuration;
        endpoint.instances = 1;
        return updating(endpoint);
    }

    private synchronized Answer scale(String name, @Nullable Object desired) {
        Endpoint endpoint = settled(name);
        if (endpoint == null) {
            return absent(name);
        }
        if (!endpoint.status.equals("InService")) {
            return invalid("Cannot update in-progress endpoint \"" + arn("endpoint", name) + "\".");
        }
        endpoint.instances = (Integer) Objects.requireNonNull(Json.at(desired, "DesiredInstanceCount"));
        return updating(endpoint);
    }

    private Answer updating(Endpoint endpoint) {
        endpoint.status = "Updating";
        endpoint.modifiedAt = clock.instant();
        endpoint.settlesAt = clock.instant().plus(startTime);
        return ok("{\"EndpointArn\":" + Quoted.string(arn("endpoint", endpoint.name)) + "}");
    }

    private synchronized Answer delete(String name) {
        Endpoint endpoint = settled(name);
        if (endpoint == null) {
            return absent(name);
        }
        if (!List.of("InService", "Failed", "OutOfService").contains(endpoint.status)) {
            return invalid("Cannot update in-progress endpoint \"" + arn("endpoint", name) + "\".");
        }
        endpoint.status = "Deleting";
        endpoint.modifiedAt = clock.instant();
        endpoint.settlesAt = clock.instant().plus(stopTime);
        return ok("{}");
    }

    /** The endpoint as time has made it. */
    private synchronized @Nullable Endpoint settled(String name) {
        Endpoint endpoint = endpoints.get(name);
        if (endpoint == null || endpoint.settlesAt == null || clock.instant().isBefore(endpoint.settlesAt)) {
            return endpoint;
        }
        if (endpoint.status.equals("Deleting")) {
            endpoints.remove(name);
            return null;
        }
        endpoint.status = "InService";
        endpoint.modifiedAt = endpoint.settlesAt;
        endpoint.settlesAt = null;
        return endpoint;
    }

    /** Values by minutes, the newest first, in pages over all queries together. */
    private Answer metrics(Map<?, ?> input) {
        Instant start = Instant.parse(text(input, "StartTime"));
        Instant end = Instant.parse(text(input, "EndTime"));
        int skip = input.get("NextToken") == null ? 0 : Integer.parseInt(text(input, "NextToken"));
        StringBuilder xml = new StringBuilder("<GetMetricDataResponse><GetMetricDataResult><MetricDataResults>");
        int left = datapointsAPage;
        int seen = 0;
        boolean more = false;
        int query = 1;
        for (; input.get("MetricDataQueries.member." + query + ".Id") != null; query++) {
            String prefix = "MetricDataQueries.member." + query + ".";
            String metric = prefix + "MetricStat.Metric.";
            boolean ours = text(input, metric + "Namespace").equals("AWS/SageMaker")
                    && text(input, metric + "MetricName").equals("Invocations")
                    && text(input, prefix + "MetricStat.Stat").equals("Sum")
                    && text(input, prefix + "MetricStat.Period").equals("60")
                    && text(input, metric + "Dimensions.member.1.Name").equals("EndpointName")
                    && text(input, metric + "Dimensions.member.2.Value").equals("AllTraffic");
            Map<Instant, Integer> minutes = new TreeMap<>(java.util.Comparator.reverseOrder());
            for (Instant at : invocations.getOrDefault(text(input, metric + "Dimensions.member.1.Value"), List.of())) {
                Instant minute = at.truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
                if (ours && !minute.isBefore(start) && minute.isBefore(end)) {
                    minutes.merge(minute, 1, Integer::sum);
                }
            }
            StringBuilder timestamps = new StringBuilder();
            StringBuilder values = new StringBuilder();
            for (Map.Entry<Instant, Integer> minute : minutes.entrySet()) {
                seen++;
                if (seen <= skip) {
                    continue;
                }
                if (left == 0) {
                    more = true;
                    break;
                }
                left--;
                timestamps.append("<member>").append(minute.getKey()).append("</member>");
                values.append("<member>").append(minute.getValue()).append(".0</member>");
            }
            xml.append("<member><Id>")
                    .append(text(input, prefix + "Id"))
                    .append("</Id><StatusCode>Complete</StatusCode>");
            xml.append("<Timestamps>").append(timestamps).append("</Timestamps>");
            xml.append("<Values>").append(values).append("</Values></member>");
        }
        if (query - 1 > QUERIES) {
            return new Answer(
                    400, "ValidationError", "The collection MetricDataQueries must not have a size greater than 500.");
        }
        xml.append("</MetricDataResults>");
        if (more) {
            xml.append("<NextToken>").append(skip + datapointsAPage).append("</NextToken>");
        }
        return ok(xml.append("</GetMetricDataResult></GetMetricDataResponse>").toString());
    }

    private static Answer absent(String name) {
        return invalid("Could not find endpoint \"" + arn("endpoint", name) + "\".");
    }

    private static Answer invalid(String message) {
        return new Answer(400, "ValidationException", message);
    }

    private static Answer ok(String body) {
        return new Answer(200, "", body);
    }

    private static String arn(String kind, String name) {
        return "arn:aws:sagemaker:eu-west-2:123456789012:" + kind + "/" + name.toLowerCase(Locale.ROOT);
    }

    private static String name(Map<?, ?> input) {
        return text(input, "EndpointName");
    }

    private static String text(Map<?, ?> input, String name) {
        Object value = input.get(name);
        return value == null ? "" : value.toString();
    }

    private static Map<?, ?> object(String body) throws IOException {
        return (Map<?, ?>) Objects.requireNonNull(Json.read(body));
    }

    private static Map<?, ?> form(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return fields;
    }

    @Override
    public void close() {
        REDIRECTS.forEach(System::clearProperty);
        server.stop(0);
        threads.shutdownNow();
    }
}
