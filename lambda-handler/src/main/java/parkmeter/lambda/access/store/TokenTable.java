package parkmeter.lambda.access.store;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.aws.Sdk;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/** The table of tokens in DynamoDB, by their SHA-256. Thread-safe. */
public final class TokenTable implements Tokens {
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    /** A use is noted at most this often: who wants to know whether a token is in use needs no more. */
    private static final Duration NOTED_EVERY = Duration.ofMinutes(10);

    private static final String HASH = "hash";
    private static final String ID = "id";
    private static final String OWNER = "owner";
    private static final String CLIENT = "client";
    private static final String CREATED_AT = "createdAt";
    private static final String EXPIRES_AT = "expiresAt";
    private static final String LAST_USED_AT = "lastUsedAt";

    private final DynamoDbClient dynamo;
    private final String table;
    private final Clock clock;

    /**
     * A table that there is.
     *
     * @param table its name
     */
    public TokenTable(Sdk sdk, String table, Clock clock) {
        this.dynamo = sdk.client(DynamoDbClient.builder(), Sdk.retried(ATTEMPT));
        this.table = table;
        this.clock = clock;
    }

    @Override
    public Optional<Bearer> present(String token) {
        String hash = Sha256.hex(token);
        Instant now = clock.instant();
        Map<String, AttributeValue> item = answered(
                        "GetItem",
                        () -> dynamo.getItem(
                                get -> get.tableName(table).key(key(hash)).consistentRead(true)))
                .item();
        // DynamoDB deletes an expired item within two days.
        if (item.isEmpty() || !now.isBefore(time(item, EXPIRES_AT))) {
            return Optional.empty();
        }
        if (!item.containsKey(LAST_USED_AT) || !now.minus(NOTED_EVERY).isBefore(time(item, LAST_USED_AT))) {
            noteUse(hash, now);
        }
        return Optional.of(new Bearer(text(item, ID), text(item, OWNER), textOrNull(item, CLIENT)));
    }

    /** That a use is not noted keeps nobody out. */
    private void noteUse(String hash, Instant now) {
        try {
            dynamo.updateItem(update -> update.tableName(table)
                    .key(key(hash))
                    .updateExpression("SET lastUsedAt = :now")
                    // It may have been revoked meanwhile, and an update would bring it back; or another process was
                    // faster.
                    .conditionExpression("attribute_exists(#hash) AND"
                            + " (attribute_not_exists(lastUsedAt) OR lastUsedAt <= :before)")
                    .expressionAttributeNames(Map.of("#hash", HASH))
                    .expressionAttributeValues(
                            Map.of(":now", seconds(now), ":before", seconds(now.minus(NOTED_EVERY)))));
        } catch (SdkException e) {
            return;
        }
    }

    /**
     * Keeps a new token's hash.
     *
     * @throws NoAnswer when AWS gives none: it may be kept or not
     */
    public void add(String token, AccessToken known) {
        Map<String, AttributeValue> item = new HashMap<>(Map.of(
                HASH, AttributeValue.fromS(Sha256.hex(token)),
                ID, AttributeValue.fromS(known.id()),
                OWNER, AttributeValue.fromS(known.owner()),
                CREATED_AT, seconds(known.createdAt()),
                EXPIRES_AT, seconds(known.expiresAt())));
        String client = known.client();
        if (client != null) {
            item.put(CLIENT, AttributeValue.fromS(client));
        }
        answered("PutItem", () -> dynamo.putItem(put -> put.tableName(table).item(item)));
    }

    /**
     * Every token that has not expired, the oldest first.
     *
     * @throws NoAnswer when AWS gives none
     */
    public List<AccessToken> all() {
        Instant now = clock.instant();
        return items().stream()
                .filter(item -> now.isBefore(time(item, EXPIRES_AT)))
                .map(TokenTable::known)
                .sorted(Comparator.comparing(AccessToken::createdAt).thenComparing(AccessToken::id))
                .toList();
    }

    /**
     * Revokes a token: from then on it is refused.
     *
     * @return what was known of it; nothing where there is none of that id
     * @throws NoAnswer when AWS gives none: it may be revoked or not
     */
    public Optional<AccessToken> remove(String id) {
        for (Map<String, AttributeValue> item : items()) {
            if (id.equals(text(item, ID))) {
                Map<String, AttributeValue> gone = answered(
                                "DeleteItem",
                                () -> dynamo.deleteItem(delete -> delete.tableName(table)
                                        .key(key(text(item, HASH)))
                                        .returnValues(ReturnValue.ALL_OLD)))
                        .attributes();
                return gone.isEmpty() ? Optional.empty() : Optional.of(known(gone));
            }
        }
        return Optional.empty();
    }

    private List<Map<String, AttributeValue>> items() {
        return answered(
                "Scan", () -> dynamo.scanPaginator(scan -> scan.tableName(table).consistentRead(true)).items().stream()
                        .toList());
    }

    private static AccessToken known(Map<String, AttributeValue> item) {
        return new AccessToken(
                text(item, ID),
                text(item, OWNER),
                textOrNull(item, CLIENT),
                time(item, CREATED_AT),
                time(item, EXPIRES_AT),
                item.containsKey(LAST_USED_AT) ? time(item, LAST_USED_AT) : null);
    }

    static <T> T answered(String operation, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw new NoAnswer(operation, Sdk.cause(e));
        }
    }

    private static Map<String, AttributeValue> key(String hash) {
        return Map.of(HASH, AttributeValue.fromS(hash));
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        String text = textOrNull(item, name);
        return text == null ? "" : text;
    }

    static @Nullable String textOrNull(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    /** 1970 where somebody wrote the item by hand and left it out: it has expired then. */
    private static Instant time(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        try {
            return value == null || value.n() == null
                    ? Instant.EPOCH
                    : Instant.ofEpochSecond(Long.parseLong(value.n()));
        } catch (NumberFormatException | DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static AttributeValue seconds(Instant time) {
        return AttributeValue.fromN(Long.toString(time.getEpochSecond()));
    }
}
