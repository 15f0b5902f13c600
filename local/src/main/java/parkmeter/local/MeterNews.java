package parkmeter.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import parkmeter.local.aws.Sns;
import parkmeter.local.aws.Ssm;

/**
 * What the meter does, a line for each change: until when an endpoint is paid and when it may run, from the parameter that mirrors its
 * record, and the notices that people would get by mail, which say why. Each line begins with the time on the stack's clock, in UTC.
 */
final class MeterNews {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter EXPIRY = DateTimeFormatter.ofPattern("dd-MM-uuuu-HH-mm-ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private final Clock clock;
    private final Consumer<String> lines;
    private final Map<String, String> told = new ConcurrentHashMap<>();

    MeterNews(Clock clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
    }

    /** A notice was published: {@code <endpoint>: <what>} and why. */
    void published(Sns.Message message) {
        say(message.subject() + ". " + message.text());
    }

    /** A topic was told what became of an asynchronous request. */
    void answered(Sns.Message message) {
        say(message.topicArn().replaceFirst(".*:", "") + ": " + message.text());
    }

    /** A parameter was written: where it mirrors a meter, and another time or schedule is in it, that is said. */
    void mirrored(Ssm.Put put) {
        try {
            JsonNode mirror = JSON.readTree(put.value());
            String endpoint = mirror.path("endpoint_name").asText();
            if (mirror.has("expiry")) {
                sayOnce(
                        endpoint + " time",
                        endpoint + ": paid until "
                                + moment(mirror.path("expiry").asText()));
            }
            JsonNode schedule = mirror.path("schedule");
            if (schedule.isArray() || told.containsKey(endpoint + " schedule")) {
                sayOnce(endpoint + " schedule", endpoint + ": " + windows(schedule.size()) + " in its schedule");
            }
        } catch (JsonProcessingException e) {
            // A parameter that is none of the meter's.
        }
    }

    private void sayOnce(String subject, String line) {
        if (!line.equals(told.put(subject, line))) {
            say(line);
        }
    }

    private static String windows(int number) {
        return switch (number) {
            case 0 -> "no window";
            case 1 -> "1 window";
            default -> number + " windows";
        };
    }

    /** With the day, where it is another one. */
    private String moment(String expiry) {
        LocalDateTime moment = LocalDateTime.parse(expiry, EXPIRY);
        boolean today = moment.toLocalDate()
                .equals(clock.instant().atOffset(ZoneOffset.UTC).toLocalDate());
        return moment.format(today ? TIME : DAY);
    }

    private void say(String line) {
        lines.accept(clock.instant().atOffset(ZoneOffset.UTC).format(TIME) + " " + line);
    }
}
