package parkmeter.local.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * DynamoDB Local, in memory, on loopback. It stands on other versions of Jetty, Jackson and the AWS SDK than this project, so it has a
 * class loader of its own and is spoken to by reflection; its own server class would listen on every address and report to AWS that it
 * was started, so its request handler is put behind a server that does neither.
 */
public final class DynamoDb implements AutoCloseable {
    /** One for this process: the JVM lets one class loader only load SQLite's native library. */
    private static final Map<Path, ClassLoader> LIBRARIES = new ConcurrentHashMap<>();

    private static final String PACKAGE = "com.amazonaws.services.dynamodbv2.local.server.";

    private final Object server;
    private final URI url;

    /**
     * A table as it was declared.
     *
     * @param attributes the types of the key's attributes by their names: S, N or B
     * @param hashKey name of the partition key
     * @param rangeKeys name of the sort key; empty where there is none
     * @param expiry name of the time-to-live attribute; empty where there is none
     */
    public record Table(
            String name,
            Map<String, String> attributes,
            String hashKey,
            List<String> rangeKeys,
            Optional<String> expiry) {
        /** Copies the collections. */
        public Table {
            attributes = Map.copyOf(attributes);
            rangeKeys = List.copyOf(rangeKeys);
        }
    }

    private DynamoDb(Object server, URI url) {
        this.server = server;
        this.url = url;
    }

    /**
     * Starts without a table.
     *
     * @param library folder with DynamoDB Local, its libraries and SQLite's native one ({@code local/target/dynamodb})
     * @throws IOException when the folder can't be read
     */
    public static DynamoDb start(Path library) throws IOException {
        ClassLoader loader;
        try {
            loader = LIBRARIES.computeIfAbsent(library, DynamoDb::load);
        } catch (UncheckedIOException e) {
            throw new IOException(
                    "no DynamoDB Local in " + library + ": `mvn -f local process-test-resources` puts it there", e);
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object requests = loader.loadClass(PACKAGE + "LocalDynamoDBRequestHandler")
                    .getConstructor(int.class, boolean.class, String.class, boolean.class, boolean.class)
                    .newInstance(0, true, null, true, false);
            Object handler = loader.loadClass(PACKAGE + "LocalDynamoDBServerHandler")
                    .getConstructor(loader.loadClass(PACKAGE + "DynamoDBRequestHandler"), String.class)
                    .newInstance(requests, null);
            Class<?> jetty = loader.loadClass("org.eclipse.jetty.server.Server");
            Object server = jetty.getConstructor(InetSocketAddress.class)
                    .newInstance(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            jetty.getMethod("setHandler", loader.loadClass("org.eclipse.jetty.server.Handler"))
                    .invoke(server, handler);
            jetty.getMethod("start").invoke(server);
            int port = ((URI) jetty.getMethod("getURI").invoke(server)).getPort();
            return new DynamoDb(server, URI.create("http://127.0.0.1:" + port));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("DynamoDB Local does not start: " + e.getCause(), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Where it is, for AWS_ENDPOINT_URL_DYNAMODB. */
    public URI url() {
        return url;
    }

    /**
     * Creates a table, without indexes.
     *
     * @throws IOException when it is refused, with the reason
     */
    public void create(Table table) throws IOException {
        ObjectNode request = JsonNodeFactory.instance
                .objectNode()
                .put("TableName", table.name())
                .put("BillingMode", "PAY_PER_REQUEST");
        ArrayNode attributes = request.putArray("AttributeDefinitions");
        table.attributes()
                .forEach((name, type) ->
                        attributes.addObject().put("AttributeName", name).put("AttributeType", type));
        ArrayNode keys = request.putArray("KeySchema");
        keys.addObject().put("AttributeName", table.hashKey()).put("KeyType", "HASH");
        table.rangeKeys()
                .forEach(name -> keys.addObject().put("AttributeName", name).put("KeyType", "RANGE"));
        taken("CreateTable", table.name(), request);
        if (table.expiry().isPresent()) {
            ObjectNode expiry = JsonNodeFactory.instance.objectNode().put("TableName", table.name());
            expiry.putObject("TimeToLiveSpecification")
                    .put("AttributeName", table.expiry().get())
                    .put("Enabled", true);
            taken("UpdateTimeToLive", table.name(), expiry);
        }
    }

    /**
     * Puts an item of texts into a table.
     *
     * @throws IOException when it is refused, with the reason
     */
    public void put(String table, Map<String, String> item) throws IOException {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("TableName", table);
        ObjectNode attributes = request.putObject("Item");
        item.forEach((name, text) -> attributes.putObject(name).put("S", text));
        taken("PutItem", table, request);
    }

    private void taken(String operation, String table, ObjectNode request) throws IOException {
        HttpResponse<String> answer = post(operation, request.toString());
        if (answer.statusCode() != 200) {
            throw new IOException("DynamoDB Local refuses " + operation + " for " + table + ": " + answer.body());
        }
    }

    @Override
    public void close() {
        try {
            server.getClass().getMethod("stop").invoke(server);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("DynamoDB Local does not stop: " + e.getCause(), e);
        }
    }

    private HttpResponse<String> post(String operation, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("X-Amz-Target", "DynamoDB_20120810." + operation)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host,"
                                + " Signature=local")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a table is made", e);
        }
    }

    private static ClassLoader load(Path library) {
        // sqlite4java's name for the folder of its native library.
        System.setProperty("sqlite4java.library.path", library.toAbsolutePath().toString());
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(library)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jar")).toList()) {
                jars.add(file.toUri().toURL());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new URLClassLoader("dynamodb-local", jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
