package parkmeter.lambda.access.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import parkmeter.lambda.aws.Sdk;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A table that somebody fills by hand with tokens in clear, for as long as they stand there: {@code token} (the partition
 * key, S), and {@code owner} and {@code client} (S) where he says so. Thread-safe.
 */
public final class ClearTextTable implements Tokens {
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    /** DynamoDB's limit on a partition key, in bytes. */
    private static final int MAX_BYTES = 2048;

    private final DynamoDbClient dynamo;
    private final String table;

    /**
     * A table that there is.
     *
     * @param table its name
     */
    public ClearTextTable(Sdk sdk, String table) {
        this.dynamo = sdk.client(DynamoDbClient.builder(), Sdk.retried(ATTEMPT));
        this.table = table;
    }

    @Override
    public Optional<Bearer> present(String token) {
        if (token.isEmpty() || token.getBytes(UTF_8).length > MAX_BYTES) {
            return Optional.empty();
        }
        Map<String, AttributeValue> item = TokenTable.answered(
                        "GetItem",
                        () -> dynamo.getItem(get -> get.tableName(table)
                                .key(Map.of("token", AttributeValue.fromS(token)))
                                .consistentRead(true)))
                .item();
        if (item.isEmpty()) {
            return Optional.empty();
        }
        String owner = TokenTable.textOrNull(item, "owner");
        return Optional.of(new Bearer("", owner == null ? "" : owner, TokenTable.textOrNull(item, "client")));
    }
}
