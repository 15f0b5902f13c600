package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.vtl.BadBody;

/**
 * The request that an {@code aws} integration sends to a service, made from the client's by parameters, template and overrides (API
 * Gateway developer guide, "Set up API integration requests").
 */
final class AwsRequest {
    private static final Pattern URI_FORM =
            Pattern.compile("arn:[^:]+:apigateway:[^:]*:([^:]+):(path|action)/(.+)", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");
    private static final int DEFAULT_TIMEOUT_MILLIS = 29_000;

    /** What a service's actions are called on the wire (AWS JSON protocol, {@code X-Amz-Target}). */
    private static final Map<String, String> TARGETS =
            Map.of("states", "AWSStepFunctions", "dynamodb", "DynamoDB_20120810");

    /** What API Gateway sets itself; a mapping of one makes each request fail (developer guide, "Important notes"). */
    private static final Set<String> NOT_MAPPABLE = Set.of(
            "authorization",
            "connection",
            "content-length",
            "expect",
            "proxy-authenticate",
            "te",
            "transfer-encoding",
            "x-amzn-apigateway-api-id",
            "x-amzn-trace-id");

    private final URI service;
    private final String method;
    private final String path;
    private final Map<String, String> ownHeaders;
    private final Map<String, Mapping> headers;
    private final Map<String, Mapping> query;
    private final Map<String, Mapping> pathParameters;
    private final RequestTemplates templates;
    private final Payload.Handling handling;
    private final List<String> binaryMediaTypes;
    private final long timeoutMillis;

    private AwsRequest(
            URI service,
            String path,
            Map<String, String> ownHeaders,
            JsonNode declared,
            Map<String, JsonNode> parameters,
            List<String> binaryMediaTypes,
            String where) {
        this.service = service;
        this.path = path;
        this.ownHeaders = ownHeaders;
        this.binaryMediaTypes = binaryMediaTypes;
        method = declared.path("httpMethod").asText();
        headers = mappings(parameters, "integration.request.header.", where);
        query = mappings(parameters, "integration.request.querystring.", where);
        pathParameters = mappings(parameters, "integration.request.path.", where);
        templates = RequestTemplates.of(declared, where);
        handling = Payload.Handling.of(declared.path("contentHandling").asText(), where);
        timeoutMillis = declared.path("timeoutInMillis").asLong(DEFAULT_TIMEOUT_MILLIS);
    }

    /**
     * Reads an integration.
     *
     * @param owners path and operation, whose parameters a mapping can use
     * @param services where each service answers
     */
    static AwsRequest of(
            JsonNode declared,
            List<JsonNode> owners,
            List<String> binaryMediaTypes,
            Map<String, URI> services,
            String where) {
        Matcher uri = URI_FORM.matcher(declared.path("uri").asText());
        if (!uri.matches()) {
            throw new Undeployable(
                    where,
                    "uri is not arn:…:apigateway:<region>:<service>:path/… or …:action/…: " + declared.path("uri"));
        }
        URI service = services.get(uri.group(1));
        boolean action = uri.group(2).equals("action");
        if (service == null || (action && !TARGETS.containsKey(uri.group(1)))) {
            throw new Undeployable(
                    where,
                    "an integration with " + uri.group(1) + ":" + uri.group(2) + " is not served locally; there are "
                            + services.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        if (!declared.path("credentials").asText().startsWith("arn:")) {
            throw new Undeployable(
                    where, "credentials must name a role: API Gateway calls the service with its rights");
        }
        Map<String, JsonNode> parameters = new HashMap<>();
        declared.path("requestParameters").properties().forEach(one -> parameters.put(one.getKey(), one.getValue()));
        parameters.forEach((name, expression) -> check(name, expression.asText(), owners, where));
        Map<String, String> ownHeaders = action
                ? Map.of(
                        "X-Amz-Target",
                        TARGETS.get(uri.group(1)) + "." + uri.group(3),
                        "Content-Type",
                        "application/x-amz-json-1.0")
                : Map.of();
        String path = action ? "/" : "/" + uri.group(3).replaceFirst("^/+", "");
        return new AwsRequest(service, path, ownHeaders, declared, parameters, binaryMediaTypes, where);
    }

    private static void check(String name, String expression, List<JsonNode> owners, String where) {
        String header = "integration.request.header.";
        if (name.startsWith(header)
                && NOT_MAPPABLE.contains(name.substring(header.length()).toLowerCase(Locale.ROOT))) {
            throw new Undeployable(where, "requestParameters can't set " + name + ": API Gateway sets it itself");
        }
        String source = "method.request.";
        String parameter = expression.startsWith(source) ? expression.substring(source.length()) : "body";
        if (!parameter.equals("body")
                && !parameter.startsWith("body.")
                && !declared(owners).contains(parameter)) {
            throw new Undeployable(
                    where, "requestParameters uses " + expression + ", which the method's parameters must declare");
        }
    }

    private static Set<String> declared(List<JsonNode> owners) {
        Set<String> declared = new HashSet<>();
        owners.forEach(owner -> owner.path("parameters").forEach(parameter -> {
            String name = parameter.path("name").asText();
            switch (parameter.path("in").asText()) {
                case "header" -> declared.addAll(List.of("header." + name, "multivalueheader." + name));
                case "query" -> declared.addAll(List.of("querystring." + name, "multivaluequerystring." + name));
                default -> declared.add(parameter.path("in").asText() + "." + name);
            }
        }));
        return declared;
    }

    private static Map<String, Mapping> mappings(Map<String, JsonNode> parameters, String prefix, String where) {
        Map<String, Mapping> mappings = new HashMap<>();
        parameters.forEach((name, expression) -> {
            if (name.startsWith(prefix)) {
                mappings.put(
                        name.substring(prefix.length()),
                        Mapping.of(expression.asText(), Mapping.Place.INTEGRATION_REQUEST, where));
            }
        });
        return mappings;
    }

    /** The longest wait for the answer. */
    long timeoutMillis() {
        return timeoutMillis;
    }

    /**
     * The request for the service.
     *
     * @param context {@code $context}, which the template may change
     * @throws Refused for a request that can't be mapped
     */
    ServiceCalls.Call call(Exchange exchange, Map<String, Object> context) {
        Payload payload = Payload.toIntegration(
                exchange.request().body(), exchange.request().contentType(), binaryMediaTypes, handling);
        Map<String, String> sentHeaders = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sentHeaders.put("Accept", "application/json");
        sentHeaders.put("User-Agent", "AmazonAPIGateway_" + exchange.api().id());
        exchange.request().headers().first("Content-Type").ifPresent(type -> sentHeaders.put("Content-Type", type));
        sentHeaders.putAll(ownHeaders);
        Mapping.Source source = Mapping.Source.request(exchange);
        Map<String, String> sentQuery;
        Map<String, String> sentPath;
        try {
            sentHeaders.putAll(values(headers, source));
            sentQuery = values(query, source);
            sentPath = values(pathParameters, source);
        } catch (BadBody bad) {
            throw Refused.as(ResponseType.DEFAULT_4XX, "Invalid JSON in request body");
        }
        byte[] body = templates.fill(exchange, context, payload);
        Overrides overrides = Overrides.of(context, "requestOverride");
        sentHeaders.putAll(overrides.header());
        sentQuery.putAll(overrides.query());
        sentPath.putAll(overrides.path());
        String filled = PLACE.matcher(path)
                .replaceAll(place -> Matcher.quoteReplacement(sentPath.getOrDefault(place.group(1), place.group())));
        try {
            return new ServiceCalls.Call(method, uri(filled, sentQuery), sentHeaders, body);
        } catch (IllegalArgumentException noUri) {
            throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
        }
    }

    private URI uri(String filled, Map<String, String> sentQuery) {
        List<String> pairs = new ArrayList<>();
        sentQuery.forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
        return service.resolve(URI.create(filled + (pairs.isEmpty() ? "" : "?" + String.join("&", pairs))));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> values(Map<String, Mapping> mappings, Mapping.Source source) {
        Map<String, String> values = new HashMap<>();
        mappings.forEach((name, mapping) -> mapping.value(source).ifPresent(value -> values.put(name, value)));
        return values;
    }
}
