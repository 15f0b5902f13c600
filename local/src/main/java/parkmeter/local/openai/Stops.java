package parkmeter.local.openai;

import java.util.List;
import java.util.Optional;

/** Finds where a text ends that grows, and holds back what may be the beginning of a stop text. */
final class Stops {
    private final List<String> stops;
    private final StringBuilder text = new StringBuilder();
    private int handedOut;

    Stops(List<String> stops) {
        this.stops = stops;
    }

    /** Adds to the text and hands out what is sure to stay. */
    String add(String piece) {
        text.append(piece);
        int sure = found().map(this::at).orElseGet(() -> text.length() - beginning());
        return handOut(sure);
    }

    /** The rest, when nothing comes any more. */
    String rest() {
        return handOut(found().map(this::at).orElse(text.length()));
    }

    /** The stop text that comes first. */
    Optional<String> found() {
        return stops.stream()
                .filter(stop -> text.indexOf(stop) >= 0)
                .min((one, other) -> Integer.compare(at(one), at(other)));
    }

    private int at(String stop) {
        return text.indexOf(stop);
    }

    /** How long the end of the text is that a stop text begins with. */
    private int beginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
                if (stop.startsWith(text.substring(text.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private String handOut(int until) {
        int from = Math.min(handedOut, until);
        handedOut = Math.max(handedOut, until);
        return text.substring(from, Math.max(from, until));
    }
}
