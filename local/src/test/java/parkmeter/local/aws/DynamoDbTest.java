package parkmeter.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static parkmeter.local.aws.Services.failure;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import parkmeter.local.aws.DynamoDb.Table;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DynamoDbTest {
    private static final Path LIBRARY = Path.of("target/dynamodb");
    private static final Table METERS =
            new Table("meters", Map.of("endpoint", "S"), "endpoint", List.of(), Optional.empty());

    private final DynamoDb dynamoDb = DynamoDb.start(LIBRARY);
    private final DynamoDbAsyncClient client = Services.client(DynamoDbAsyncClient.builder(), dynamoDb.url());

    DynamoDbTest() throws Exception {}

    @BeforeAll
    void create() throws Exception {
        dynamoDb.create(METERS);
    }

    @AfterAll
    void stop() {
        client.close();
        dynamoDb.close();
    }

    @Test
    void a_conditional_write_is_refused_when_somebody_was_faster() {
        put("a", 1, "attribute_not_exists(endpoint)", Map.of());
        failure(ConditionalCheckFailedException.class, () -> put("a", 1, "attribute_not_exists(endpoint)", Map.of()));
        put("a", 2, "version = :was", Map.of(":was", number(1)));
        failure(ConditionalCheckFailedException.class, () -> put("a", 2, "version = :was", Map.of(":was", number(1))));
        assertThat(client.getItem(r -> r.tableName("meters").key(key("a")).consistentRead(true))
                        .join()
                        .item())
                .containsEntry("version", number(2));
        assertThat(client.scan(r -> r.tableName("meters")).join().count()).isEqualTo(1);
        client.deleteItem(r -> r.tableName("meters").key(key("a"))).join();
        assertThat(client.scan(r -> r.tableName("meters")).join().count()).isZero();
    }

    @Test
    void a_second_one_in_this_process_has_tables_of_its_own() throws Exception {
        try (DynamoDb other = DynamoDb.start(LIBRARY);
                DynamoDbAsyncClient ofOther = Services.client(DynamoDbAsyncClient.builder(), other.url())) {
            failure(ResourceNotFoundException.class, () -> ofOther.scan(r -> r.tableName("meters"))
                    .join());
            other.create(METERS);
            assertThat(ofOther.scan(r -> r.tableName("meters")).join().count()).isZero();
        }
    }

    @Test
    void a_table_may_have_a_sort_key() throws Exception {
        dynamoDb.create(new Table("sorted", Map.of("a", "S", "b", "N"), "a", List.of("b"), Optional.empty()));
        client.putItem(r -> r.tableName("sorted").item(Map.of("a", AttributeValue.fromS("x"), "b", number(1))))
                .join();
        assertThat(client.scan(r -> r.tableName("sorted")).join().count()).isEqualTo(1);
    }

    @Test
    void a_table_knows_by_what_its_items_expire() throws Exception {
        dynamoDb.create(new Table("tokens", Map.of("hash", "S"), "hash", List.of(), Optional.of("expiresAt")));
        assertThat(client.describeTimeToLive(r -> r.tableName("tokens")).join().timeToLiveDescription())
                .satisfies(expiry -> {
                    assertThat(expiry.attributeName()).isEqualTo("expiresAt");
                    assertThat(expiry.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
                });
    }

    @Test
    void an_item_of_texts_can_be_put() throws Exception {
        dynamoDb.create(new Table("clear", Map.of("token", "S"), "token", List.of(), Optional.empty()));
        dynamoDb.put("clear", Map.of("token", "It's \"quoted\""));
        assertThat(client.scan(r -> r.tableName("clear")).join().items())
                .containsExactly(Map.of("token", AttributeValue.fromS("It's \"quoted\"")));
    }

    @Test
    void a_table_that_there_is_already_is_refused_by_name() {
        assertThatThrownBy(() -> dynamoDb.create(METERS)).hasMessageContaining("meters");
    }

    @Test
    void only_this_machine_reaches_it() throws Exception {
        Optional<Inet4Address> outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .flatMap(address -> address instanceof Inet4Address four && !four.isLoopbackAddress()
                        ? Stream.of(four)
                        : Stream.empty())
                .findFirst();
        assumeTrue(outside.isPresent(), "this machine has no address but loopback");
        try (Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(
                            new InetSocketAddress(
                                    outside.orElseThrow(), dynamoDb.url().getPort()),
                            1000))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_folder_without_it_is_one_sentence(@TempDir Path empty) {
        assertThatThrownBy(() -> DynamoDb.start(empty.resolve("dynamodb")))
                .hasMessageContaining("no DynamoDB Local in " + empty);
    }

    private void put(String endpoint, int version, String condition, Map<String, AttributeValue> values) {
        client.putItem(r -> r.tableName("meters")
                        .item(Map.of("endpoint", AttributeValue.fromS(endpoint), "version", number(version)))
                        .conditionExpression(condition)
                        .expressionAttributeValues(values.isEmpty() ? null : values))
                .join();
    }

    private static Map<String, AttributeValue> key(String endpoint) {
        return Map.of("endpoint", AttributeValue.fromS(endpoint));
    }

    private static AttributeValue number(int value) {
        return AttributeValue.fromN(String.valueOf(value));
    }
}
