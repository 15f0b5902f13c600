package parkmeter.local.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The event that a function behind {@code aws_proxy} gets, payload format 1.0 (API Gateway developer guide, "Input format of
 * a Lambda function for proxy integration"): every member is there, null where there is nothing.
 */
final class ProxyEvent {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection",
            "content-length",
            "expect",
            "proxy-authenticate",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");
    private static final List<String> UNKNOWN_IDENTITY = List.of(
            "accessKey",
            "accountId",
            "caller",
            "cognitoAuthenticationProvider",
            "cognitoAuthenticationType",
            "cognitoIdentityId",
            "cognitoIdentityPoolId",
            "principalOrgId",
            "user",
            "userArn");

    private final Exchange exchange;
    private final Request request;
    private final JsonGenerator json;

    private ProxyEvent(Exchange exchange, JsonGenerator json) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.json = json;
    }

    /** The event as JSON. */
    static byte[] of(Exchange exchange, List<String> binaryMediaTypes) {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(exchange.request().body().length + 2048);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            new ProxyEvent(exchange, json).write(binaryMediaTypes);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory can be written to", impossible);
        }
        return bytes.toByteArray();
    }

    private void write(List<String> binaryMediaTypes) throws IOException {
        json.writeStartObject();
        json.writeStringField("resource", exchange.variable("resourcePath"));
        json.writeStringField("path", request.path());
        json.writeStringField("httpMethod", request.method());
        writeValues("headers", "multiValueHeaders", headers());
        writeValues("queryStringParameters", "multiValueQueryStringParameters", request.parameters());
        writePathParameters();
        json.writeNullField("stageVariables");
        writeContext();
        boolean binary = MediaTypes.binary(binaryMediaTypes, request.contentType()) && request.body().length > 0;
        writeText("body", binary ? Base64.getEncoder().encodeToString(request.body()) : request.text());
        json.writeBooleanField("isBase64Encoded", binary);
        json.writeEndObject();
    }

    private Map<String, List<String>> headers() {
        Map<String, List<String>> headers = request.headers().grouped();
        headers.keySet().removeIf(name -> NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT)));
        List<String> hops = new ArrayList<>(headers.getOrDefault("X-Forwarded-For", List.of()));
        hops.add(request.sourceIp());
        headers.put("X-Forwarded-For", List.of(String.join(", ", hops)));
        headers.put("X-Forwarded-Port", List.of(String.valueOf(request.port())));
        headers.put("X-Forwarded-Proto", List.of("http"));
        headers.computeIfAbsent("X-Amzn-Trace-Id", name -> List.of(trace()));
        return headers;
    }

    private String trace() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "Root=1-%08x-%08x%016x".formatted(request.time().getEpochSecond(), random.nextInt(), random.nextLong());
    }

    /** The last value of each name under one member, all of them under the other. */
    private void writeValues(String last, String all, Map<String, List<String>> values) throws IOException {
        if (values.isEmpty()) {
            json.writeNullField(last);
            json.writeNullField(all);
            return;
        }
        json.writeObjectFieldStart(last);
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            json.writeStringField(
                    entry.getKey(), entry.getValue().get(entry.getValue().size() - 1));
        }
        json.writeEndObject();
        json.writeObjectFieldStart(all);
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            json.writeArrayFieldStart(entry.getKey());
            for (String value : entry.getValue()) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void writePathParameters() throws IOException {
        if (exchange.pathParameters().isEmpty()) {
            json.writeNullField("pathParameters");
            return;
        }
        json.writeObjectFieldStart("pathParameters");
        for (Map.Entry<String, String> parameter : exchange.pathParameters().entrySet()) {
            json.writeStringField(parameter.getKey(), parameter.getValue());
        }
        json.writeEndObject();
    }

    private void writeContext() throws IOException {
        json.writeObjectFieldStart("requestContext");
        for (String name : List.of(
                "accountId",
                "apiId",
                "deploymentId",
                "domainName",
                "domainPrefix",
                "extendedRequestId",
                "httpMethod",
                "path",
                "protocol",
                "requestId",
                "requestTime",
                "resourceId",
                "resourcePath",
                "stage")) {
            json.writeStringField(name, exchange.variable(name));
        }
        json.writeNumberField("requestTimeEpoch", request.time().toEpochMilli());
        json.writeObjectFieldStart("identity");
        for (String name : UNKNOWN_IDENTITY) {
            json.writeNullField(name);
        }
        json.writeStringField("sourceIp", request.sourceIp());
        writeText("userAgent", exchange.variable("identity.userAgent"));
        if (exchange.key().isPresent()) {
            json.writeStringField("apiKey", exchange.key().get().value());
            json.writeStringField("apiKeyId", exchange.key().get().id());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Null for an empty text, as AWS has it. */
    private void writeText(String name, String text) throws IOException {
        json.writeStringField(name, text.isEmpty() ? null : text);
    }
}
