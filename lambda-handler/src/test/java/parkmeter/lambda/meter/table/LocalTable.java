package parkmeter.lambda.meter.table;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.aws.Sdk;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * DynamoDB Local on loopback, with the meter's table in it. While one is open, every DynamoDB client of this JVM calls it.
 */
public final class LocalTable implements AutoCloseable {
    /** The table's name. */
    public static final String NAME = "parkmeter-dev-meters";

    private static final String REDIRECT = "aws.endpointUrlDynamoDb";

    private final DynamoDBProxyServer server;
    private final URI url;
    private final Sdk sdk = new Sdk(
            "eu-west-2",
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
            AwsCrtHttpClient.create());
    private final DynamoDbClient client;

    /** Starts it, in memory. */
    public LocalTable() throws Exception {
        int port = freePort();
        url = URI.create("http://127.0.0.1:" + port);
        server = ServerRunner.createServerFromCommandLineArgs(
                new String[] {"-inMemory", "-sharedDb", "-disableTelemetry", "-port", Integer.toString(port)});
        server.start();
        System.setProperty(REDIRECT, url.toString());
        client = sdk.client(DynamoDbClient.builder(), Sdk.once());
        create(NAME, "endpoint");
    }

    /** Another table in it. */
    public void create(String name, String key) {
        client.createTable(table -> table.tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName(key)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .keySchema(KeySchemaElement.builder()
                        .attributeName(key)
                        .keyType(KeyType.HASH)
                        .build()));
    }

    /** The items of a table. */
    public List<Map<String, AttributeValue>> items(String name) {
        return client.scan(scan -> scan.tableName(name)).items();
    }

    /** Puts an item into a table as somebody does it by hand. */
    public void byHand(String name, Map<String, AttributeValue> item) {
        client.putItem(put -> put.tableName(name).item(item));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where it listens. */
    public URI url() {
        return url;
    }

    /** How the functions call it. */
    public Sdk sdk() {
        return sdk;
    }

    /** An item as it stands there; null where there is none. */
    public @Nullable Map<String, AttributeValue> item(String endpoint) {
        Map<String, AttributeValue> item = client.getItem(
                        get -> get.tableName(NAME).key(Map.of("endpoint", AttributeValue.fromS(endpoint))))
                .item();
        return item.isEmpty() ? null : item;
    }

    /** Puts an item as somebody does it by hand. */
    public void byHand(Map<String, AttributeValue> item) {
        byHand(NAME, item);
    }

    @Override
    public void close() {
        System.clearProperty(REDIRECT);
        client.close();
        sdk.http().close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("DynamoDB Local does not stop", e);
        }
    }
}
