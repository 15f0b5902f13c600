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
import parkmeter.local.edge.MediaTypes;
import parkmeter.local.edge.Request;

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
        return json(exchange, event -> event.write(binaryMediaTypes));
    }

    /**
     * The event that a Lambda authorizer of type {@code REQUEST} gets: the same without the body, empty objects in place of null
     * (API Gateway developer guide, "Input to a Lambda authorizer").
     */
    static byte[] forAuthorizer(Exchange exchange) {
        return json(exchange, ProxyEvent::writeForAuthorizer);
    }

    private interface Writing {
        void of(ProxyEvent event) throws IOException;
    }

    private static byte[] json(Exchange exchange, Writing writing) {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(exchange.request().body().length + 2048);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            writing.of(new ProxyEvent(exchange, json));
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory can be written to", impossible);
        }
        return bytes.toByteArray();
    }

    private void writeForAuthorizer() throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "REQUEST");
        json.writeStringField("methodArn", exchange.methodArn());
        writeRequest(false);
        json.writeEndObject();
    }

    private void write(List<String> binaryMediaTypes) throws IOException {
        json.writeStartObject();
        writeRequest(true);
        boolean binary = MediaTypes.binary(binaryMediaTypes, request.contentType()) && request.body().length > 0;
        writeText("body", binary ? Base64.getEncoder().encodeToString(request.body()) : request.text());
        json.writeBooleanField("isBase64Encoded", binary);
        json.writeEndObject();
    }

    /**
     * What both kinds of event say of the request.
     *
     * @param nulls whether null stands for nothing
     */
    private void writeRequest(boolean nulls) throws IOException {
        json.writeStringField("resource", exchange.route().orElseThrow().resource());
        json.writeStringField("path", request.path());
        json.writeStringField("httpMethod", request.method());
        writeValues("headers", "multiValueHeaders", headers(), nulls);
        writeValues("queryStringParameters", "multiValueQueryStringParameters", request.parameters(), nulls);
        writeTexts("pathParameters", exchange.pathParameters(), nulls);
        writeTexts("stageVariables", exchange.api().stageVariables(), nulls);
        writeContext();
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
    private void writeValues(String last, String all, Map<String, List<String>> values, boolean nulls)
            throws IOException {
        if (values.isEmpty() && nulls) {
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

    private void writeTexts(String name, Map<String, String> texts, boolean nulls) throws IOException {
        if (texts.isEmpty() && nulls) {
            json.writeNullField(name);
            return;
        }
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    private void writeContext() throws IOException {
        json.writeObjectFieldStart("requestContext");
        for (Map.Entry<String, Object> variable : exchange.context().entrySet()) {
            if (variable.getValue() instanceof String text) {
                json.writeStringField(variable.getKey(), text);
            } else if (variable.getValue() instanceof Long number) {
                json.writeNumberField(variable.getKey(), number);
            }
        }
        exchange.caller().ifPresent(caller -> writeTree("authorizer", caller.authorizer()));
        writeTree("identity", exchange.identity());
        json.writeEndObject();
    }

    private void writeTree(String name, Map<?, ?> tree) {
        try {
            json.writeObjectFieldStart(name);
            for (Map.Entry<?, ?> entry : tree.entrySet()) {
                if (entry.getValue() instanceof Map<?, ?> branch) {
                    writeTree(entry.getKey().toString(), branch);
                } else {
                    writeText(entry.getKey().toString(), entry.getValue().toString());
                }
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Null for an empty text, as AWS has it. */
    private void writeText(String name, String text) throws IOException {
        json.writeStringField(name, text.isEmpty() ? null : text);
    }
}
