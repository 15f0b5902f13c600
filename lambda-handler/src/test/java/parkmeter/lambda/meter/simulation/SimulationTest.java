package parkmeter.lambda.meter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import parkmeter.lambda.meter.simulation.Story.Telling;

/** Random weeks of meters, each from a seed of its own: the package's description says what they are made of. */
class SimulationTest {
    private static final long WEEKS = 10_000;

    /** So much more than the oracle the meters may pay for, or less since endpoints can't be had all the time. */
    private static final double MORE = 1.10;

    private static final double LESS = 0.95;

    private static final int LINES = 40;

    @Test
    void ten_thousand_random_weeks_break_no_promise_and_cost_hardly_more_than_they_must() throws Exception {
        long began = System.nanoTime();

        Totals totals = live(WEEKS);

        System.out.println(totals.sentence((System.nanoTime() - began) / 1e9));
        assertThat(totals.histories()).isEqualTo(WEEKS);
        assertThat(totals.ratio()).isBetween(LESS, MORE);
    }

    @Test
    void a_week_is_the_same_without_the_ticks_that_can_find_nothing_to_do() {
        try (Timeline timeline = new Timeline()) {
            for (long seed = WEEKS; seed < WEEKS + 80; seed++) {
                History all = new History(seed, timeline, true, Telling.CHANGES);
                Totals withAll = all.run();
                History some = new History(seed, timeline, false, Telling.CHANGES);
                Totals withSome = some.run();

                assertThat(some.story()).as("what changes in week %d", seed).isEqualTo(all.story());
                assertThat(withSome.paidMillis()).isEqualTo(withAll.paidMillis());
                assertThat(withSome.oracleMillis()).isEqualTo(withAll.oracleMillis());
                assertThat(withSome.ticks()).isLessThan(withAll.ticks() / 2);
            }
        }
    }

    /** {@code mvn -f lambda-handler/pom.xml test -Dtest=SimulationTest -Dsimulation.seed=4711} tells one week in full. */
    @Test
    @EnabledIfSystemProperty(named = "simulation.seed", matches = "\\d+")
    void the_week_of_one_seed_breaks_no_promise() {
        try (Timeline timeline = new Timeline()) {
            History history = new History(Long.getLong("simulation.seed"), timeline, false, Telling.EVERYTHING);
            try {
                history.run();
            } finally {
                history.story().forEach(System.out::println);
            }
        }
    }

    /** Lives through the weeks of the seeds from 0, on every core. */
    private static Totals live(long weeks) throws InterruptedException, ExecutionException {
        int cores = Runtime.getRuntime().availableProcessors();
        AtomicLong next = new AtomicLong();
        AtomicBoolean broken = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(cores);
        try {
            List<Future<Totals>> parts = new ArrayList<>();
            for (int i = 0; i < cores; i++) {
                parts.add(threads.submit(() -> {
                    Totals part = Totals.NONE;
                    try (Timeline timeline = new Timeline()) {
                        for (long seed; !broken.get() && (seed = next.getAndIncrement()) < weeks; ) {
                            part = part.plus(live(seed, timeline));
                        }
                    } catch (Throwable e) {
                        broken.set(true);
                        throw e;
                    }
                    return part;
                }));
            }
            Totals totals = Totals.NONE;
            for (Future<Totals> part : parts) {
                totals = totals.plus(part.get());
            }
            return totals;
        } finally {
            threads.shutdown();
        }
    }

    private static Totals live(long seed, Timeline timeline) {
        try {
            return new History(seed, timeline, false, Telling.NOTHING).run();
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\n\nThe end of that week:\n" + theEnd(seed, timeline)
                            + "\n\nAll of it: mvn -f lambda-handler/pom.xml test -Dtest=SimulationTest -Dsimulation.seed="
                            + seed,
                    e);
        }
    }

    private static String theEnd(long seed, Timeline timeline) {
        History again = new History(seed, timeline, false, Telling.EVERYTHING);
        try {
            again.run();
        } catch (AssertionError e) {
            // The same as before.
        }
        List<String> story = again.story();
        return String.join("\n", story.subList(Math.max(0, story.size() - LINES), story.size()));
    }
}
