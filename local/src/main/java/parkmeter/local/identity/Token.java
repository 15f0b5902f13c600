package parkmeter.local.identity;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A JWT that was accepted.
 *
 * @param all its claims as they are in it; times are {@link Date}s
 */
public record Token(Map<String, Object> all) {
    private static final DateTimeFormatter JAVA_DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ENGLISH);

    /** The claims as an HTTP API hands them on: times in seconds, a list as {@code [a b]}. */
    public Map<String, String> claims() {
        return texts(time -> String.valueOf(time.getEpochSecond()), list -> "[" + String.join(" ", list) + "]");
    }

    /** The claims as a REST API hands them on: times as {@code Wed Mar 04 22:00:00 UTC 2026}, a list as {@code a,b}. */
    public Map<String, String> claimsWithDates() {
        return texts(time -> JAVA_DATE.format(time.atOffset(ZoneOffset.UTC)), list -> String.join(",", list));
    }

    /** What {@code scope}, or else {@code scp}, lists. */
    public List<String> scopes() {
        Object scopes = all.getOrDefault("scope", all.getOrDefault("scp", ""));
        return scopes instanceof Collection<?> list
                ? list.stream().map(String::valueOf).toList()
                : Arrays.stream(scopes.toString().split(" "))
                        .filter(scope -> !scope.isEmpty())
                        .toList();
    }

    /** Whether it has one of these scopes. */
    public boolean hasOneOf(List<String> wanted) {
        return scopes().stream().anyMatch(wanted::contains);
    }

    /** Whether it is meant for one of these: {@code aud}, or {@code client_id} where there is none. */
    public boolean isFor(List<String> audiences) {
        Object audience = all.getOrDefault("aud", all.getOrDefault("client_id", ""));
        return audience instanceof Collection<?> list
                ? list.stream().anyMatch(one -> audiences.contains(String.valueOf(one)))
                : audiences.contains(audience.toString());
    }

    private Map<String, String> texts(Function<Instant, String> time, Function<List<String>, String> list) {
        Map<String, String> texts = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (value instanceof Date date) {
                texts.put(name, time.apply(date.toInstant()));
            } else if (value instanceof Collection<?> values) {
                texts.put(name, list.apply(values.stream().map(String::valueOf).collect(Collectors.toList())));
            } else {
                texts.put(name, Objects.toString(value, ""));
            }
        });
        return texts;
    }
}
