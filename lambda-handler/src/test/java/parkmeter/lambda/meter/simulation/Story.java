package parkmeter.lambda.meter.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** What happened in a history, line by line, as far as somebody wants to know. */
final class Story {
    private final Telling telling;
    private final Timeline timeline;
    private final List<String> lines = new ArrayList<>();

    /** How much is told. */
    enum Telling {
        NOTHING,
        /** What changed: in the table, at SageMaker, in the mirror, and what people were told. */
        CHANGES,
        /** Also who began, ended, met a fault, and found nothing to do. */
        EVERYTHING
    }

    Story(Telling telling, Timeline timeline) {
        this.telling = telling;
        this.timeline = timeline;
    }

    void change(Supplier<String> line) {
        if (telling != Telling.NOTHING) {
            add(line);
        }
    }

    void detail(Supplier<String> line) {
        if (telling == Telling.EVERYTHING) {
            add(line);
        }
    }

    private void add(Supplier<String> line) {
        lines.add(Instant.ofEpochMilli(timeline.now()) + " " + line.get());
    }

    List<String> lines() {
        return Collections.unmodifiableList(lines);
    }
}
