package parkmeter.local.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Answers that hold for a while. Failures aren't kept. */
public final class Remembered<K, V> {
    private final Duration time;
    private final Clock clock;
    private final Map<K, Kept<V>> kept = new ConcurrentHashMap<>();

    private record Kept<V>(V value, Instant until) {}

    /**
     * Empty.
     *
     * @param time how long each answer holds; zero: not at all
     */
    public Remembered(Duration time, Clock clock) {
        this.time = time;
        this.clock = clock;
    }

    /** The answer that is remembered, or else a new one. */
    public CompletableFuture<V> get(K key, Supplier<CompletableFuture<V>> ask) {
        Kept<V> known = kept.get(key);
        if (known != null && clock.instant().isBefore(known.until())) {
            return CompletableFuture.completedFuture(known.value());
        }
        return ask.get().thenApply(value -> {
            if (!time.isZero()) {
                Instant now = clock.instant();
                kept.values().removeIf(old -> !now.isBefore(old.until()));
                kept.put(key, new Kept<>(value, now.plus(time)));
            }
            return value;
        });
    }
}
