package parkmeter.local.aws;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import parkmeter.local.aws.Xml.Parent;
import parkmeter.local.aws.Xml.Text;
import parkmeter.local.http.Loopback;

/**
 * S3 on loopback, its objects in memory: PutObject and GetObject of whole objects, with the bucket in the path, as every SDK has it
 * where the host is an address (API reference of S3). Signatures aren't checked: an object that there isn't is told from one that the
 * caller may not see, as S3 does where it may list the bucket.
 */
public final class S3 implements AutoCloseable {
    /** More than any request or answer has that passes through Lambda. */
    private static final int MOST_BYTES = 25 * 1024 * 1024;

    private static final String OBJECT = "/{bucket}/<key>";
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final Map<String, Map<String, Kept>> buckets;
    private final Clock clock;
    private final Javalin server;

    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Kept(byte[] body, String contentType, String tag, Instant at) {}

    private S3(Collection<String> names, Clock clock) {
        this.buckets = names.stream().collect(Collectors.toMap(Function.identity(), name -> new ConcurrentHashMap<>()));
        this.clock = clock;
        this.server = Loopback.server(0, IDLE, config -> config.http.maxRequestSize = MOST_BYTES)
                .put(OBJECT, http -> answer(http, this::put))
                .get(OBJECT, http -> answer(http, this::get));
        List.of(HandlerType.PUT, HandlerType.GET, HandlerType.POST, HandlerType.DELETE, HandlerType.HEAD)
                .forEach(method -> server.addHttpHandler(method, "/*", http -> answer(http, S3::unknown)));
        server.start();
    }

    /**
     * Serves empty buckets.
     *
     * @param names the buckets' names
     * @param clock what dates go by
     */
    public static S3 start(Collection<String> names, Clock clock) {
        return new S3(names, clock);
    }

    /** Where it is, for AWS_ENDPOINT_URL_S3. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.stop();
    }

    /** What is done with an object. */
    private interface Operation {
        void answer(Context http);
    }

    private static void answer(Context http, Operation operation) {
        String id = UUID.randomUUID().toString();
        http.header("x-amz-request-id", id);
        try {
            operation.answer(http);
        } catch (Refused refused) {
            Parent error = new Parent(
                    "Error",
                    new Text("Code", refused.code()),
                    new Text("Message", Objects.toString(refused.getMessage(), "")),
                    new Text("RequestId", id));
            http.status(refused.status())
                    .contentType("application/xml")
                    .result("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + error.write());
        }
    }

    private void put(Context http) {
        requireWhole(http);
        if (Objects.toString(http.header("Content-Encoding"), "").contains("aws-chunked")) {
            throw notImplemented();
        }
        byte[] body = http.bodyAsBytes();
        Kept kept = new Kept(
                body,
                Objects.toString(http.header("Content-Type"), "binary/octet-stream"),
                "\"" + md5(body) + "\"",
                clock.instant());
        bucket(http).put(http.pathParam("key"), kept);
        http.header("ETag", kept.tag());
    }

    private void get(Context http) {
        requireWhole(http);
        Kept kept = bucket(http).get(http.pathParam("key"));
        if (kept == null) {
            throw new Refused(404, "NoSuchKey", "The specified key does not exist.");
        }
        http.header("ETag", kept.tag())
                .header("Last-Modified", HTTP_DATE.format(kept.at()))
                .contentType(kept.contentType())
                .result(kept.body());
    }

    /**
     * An object's content.
     *
     * @param uri {@code s3://bucket/key}
     * @return empty where there is none
     */
    Optional<byte[]> read(String uri) {
        String[] parts = uri.substring("s3://".length()).split("/", 2);
        return Optional.ofNullable(buckets.getOrDefault(parts[0], Map.of()).get(parts.length > 1 ? parts[1] : ""))
                .map(Kept::body);
    }

    /**
     * Writes an object, as a service of AWS does; into a bucket that isn't the stack's it goes unseen.
     *
     * @param uri {@code s3://bucket/key}
     */
    void write(String uri, byte[] body, String contentType) {
        String[] parts = uri.substring("s3://".length()).split("/", 2);
        Optional.ofNullable(buckets.get(parts[0]))
                .ifPresent(bucket ->
                        bucket.put(parts[1], new Kept(body, contentType, "\"" + md5(body) + "\"", clock.instant())));
    }

    private static void unknown(Context http) {
        throw notImplemented();
    }

    private Map<String, Kept> bucket(Context http) {
        Map<String, Kept> bucket = buckets.get(http.pathParam("bucket"));
        if (bucket == null) {
            throw new Refused(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        return bucket;
    }

    /** The query names what else than the object is meant; {@code x-id} is the operation's name. */
    private static void requireWhole(Context http) {
        boolean more = http.queryParamMap().keySet().stream().anyMatch(name -> !name.equals("x-id"));
        if (more || http.header("Range") != null) {
            throw notImplemented();
        }
    }

    private static Refused notImplemented() {
        return new Refused(
                501, "NotImplemented", "The local run answers PutObject and GetObject of whole objects only.");
    }

    private static String md5(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
