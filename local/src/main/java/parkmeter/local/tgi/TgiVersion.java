package parkmeter.local.tgi;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A version of TGI, as far as its wire format depends on it. */
public record TgiVersion(int major, int minor, int patch) implements Comparable<TgiVersion> {
    /** The one that is served where no other is declared. */
    public static final TgiVersion CURRENT = new TgiVersion(3, 3, 6);

    /** The last one whose {@code /invocations} takes {@code inputs} only. */
    public static final TgiVersion LAST_WITHOUT_CHATS = new TgiVersion(2, 3, 1);

    private static final TgiVersion CHATS = new TgiVersion(2, 4, 0);
    private static final TgiVersion WHOLE_WINDOW = new TgiVersion(3, 0, 0);
    private static final TgiVersion HUNDRED_TOKENS = new TgiVersion(1, 2, 0);
    private static final Pattern IN_TAG = Pattern.compile("(?:^|-)tgi(\\d+)\\.(\\d+)\\.(\\d+)(?:-|$)");

    /** The version that an image's tag names, {@code 2.1.1-tgi1.4.0-gpu-py310-cu121-ubuntu20.04}; empty where it names none. */
    public static Optional<TgiVersion> inTag(String tag) {
        var named = IN_TAG.matcher(tag);
        return named.find()
                ? Optional.of(new TgiVersion(
                        Integer.parseInt(named.group(1)),
                        Integer.parseInt(named.group(2)),
                        Integer.parseInt(named.group(3))))
                : Optional.empty();
    }

    /** Whether {@code /invocations} takes chats and completions beside {@code inputs} (TGI, pull request 2683). */
    boolean takesChats() {
        return compareTo(CHATS) >= 0;
    }

    /** How much is generated where a request doesn't say; null: the rest of the window. */
    @Nullable
    Long defaultMaxNewTokens() {
        if (compareTo(WHOLE_WINDOW) >= 0) {
            return null;
        }
        return compareTo(HUNDRED_TOKENS) >= 0 ? 100L : 20L;
    }

    @Override
    public int compareTo(TgiVersion other) {
        return Comparator.comparingInt(TgiVersion::major)
                .thenComparingInt(TgiVersion::minor)
                .thenComparingInt(TgiVersion::patch)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
