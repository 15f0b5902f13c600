package parkmeter.lambda.meter.table;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Unavailable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** The table in DynamoDB. Thread-safe. */
public final class DynamoTable implements MeterTable {
    private static final Duration ATTEMPT = Duration.ofSeconds(3);

    private static final String ENDPOINT = "endpoint";
    private static final String VERSION = "version";
    private static final String RECORD = "record";

    /** Names in conditions, lest one is a word of DynamoDB's. */
    private static final Map<String, String> NAMES = Map.of("#v", VERSION);

    /** There is no item, or one that somebody wrote by hand. */
    private static final String UNNUMBERED = "attribute_not_exists(#v) OR NOT attribute_type(#v, :number)";

    private final DynamoDbClient client;
    private final String table;

    /**
     * A table that there is.
     *
     * @param table its name
     */
    public DynamoTable(Sdk sdk, String table) {
        this.client = sdk.client(DynamoDbClient.builder(), Sdk.retried(ATTEMPT));
        this.table = table;
    }

    @Override
    public Page page(@Nullable String after) {
        ScanResponse page = answered(
                "Scan",
                () -> client.scan(scan -> scan.tableName(table)
                        .consistentRead(true)
                        .exclusiveStartKey(after == null ? null : key(after))));
        return new Page(
                page.items().stream().map(DynamoTable::row).toList(),
                page.hasLastEvaluatedKey() ? text(page.lastEvaluatedKey(), ENDPOINT) : null);
    }

    @Override
    public Optional<Row> find(String endpoint) {
        Map<String, AttributeValue> item = answered(
                        "GetItem",
                        () -> client.getItem(
                                get -> get.tableName(table).key(key(endpoint)).consistentRead(true)))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(row(item));
    }

    @Override
    public boolean put(Row row) {
        Map<String, AttributeValue> item = Map.of(
                ENDPOINT, AttributeValue.fromS(row.endpoint()),
                VERSION, number(row.version() + 1),
                RECORD, AttributeValue.fromS(row.json()));
        return written(
                "PutItem",
                () -> client.putItem(put -> put.tableName(table)
                        .item(item)
                        .conditionExpression(row.version() == 0 ? UNNUMBERED : "#v = :v")
                        .expressionAttributeNames(NAMES)
                        .expressionAttributeValues(condition(row.version()))));
    }

    @Override
    public boolean delete(String endpoint, long version) {
        return written(
                "DeleteItem",
                () -> client.deleteItem(delete -> delete.tableName(table)
                        .key(key(endpoint))
                        .conditionExpression(version == 0 ? UNNUMBERED : "attribute_not_exists(endpoint) OR #v = :v")
                        .expressionAttributeNames(NAMES)
                        .expressionAttributeValues(condition(version))));
    }

    private static Map<String, AttributeValue> condition(long version) {
        return version == 0 ? Map.of(":number", AttributeValue.fromS("N")) : Map.of(":v", number(version));
    }

    private static boolean written(String operation, Runnable call) {
        return answered(operation, () -> {
            try {
                call.run();
                return true;
            } catch (ConditionalCheckFailedException e) {
                return false;
            }
        });
    }

    private static <T> T answered(String operation, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw new Unavailable(operation + ": " + Sdk.cause(e));
        }
    }

    private static Row row(Map<String, AttributeValue> item) {
        return new Row(text(item, ENDPOINT), version(item), text(item, RECORD));
    }

    /** 0 where somebody wrote the item by hand and left it out, as if nobody had written it. */
    private static long version(Map<String, AttributeValue> item) {
        AttributeValue version = item.get(VERSION);
        try {
            return version == null || version.n() == null ? 0 : Long.parseLong(version.n());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    private static Map<String, AttributeValue> key(String endpoint) {
        return Map.of(ENDPOINT, AttributeValue.fromS(endpoint));
    }

    private static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }
}
