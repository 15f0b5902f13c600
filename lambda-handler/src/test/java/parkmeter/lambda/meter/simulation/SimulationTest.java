package parkmeter.lambda.meter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Ten thousand random weeks. */
class SimulationTest {
    private static final int HISTORIES = Integer.getInteger("simulation.histories", 10_000);

    @Test
    void ten_thousand_random_weeks_break_no_promise() throws InterruptedException {
        AtomicLong next = new AtomicLong();
        AtomicReference<String> failure = new AtomicReference<>();
        List<History.Totals> totals = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(() -> {
                Timeline timeline = new Timeline();
                long seed;
                while ((seed = next.getAndIncrement()) < HISTORIES && failure.get() == null) {
                    try {
                        History.Totals total = new History(seed, timeline, false).run();
                        synchronized (totals) {
                            totals.add(total);
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, "seed " + seed + ": " + e);
                    }
                }
                timeline.close();
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println((System.nanoTime() - began) / 1_000_000_000.0 + " s, " + totals.size() + " ticks "
                + totals.stream().mapToLong(History.Totals::ticks).sum() + " paid "
                + totals.stream().mapToLong(History.Totals::paidMillis).sum() / 60000 + " oracle "
                + totals.stream().mapToLong(History.Totals::oracleMillis).sum() / 60000 + " served "
                + totals.stream().mapToLong(History.Totals::servedMillis).sum() / 60000);
        assertThat(failure.get()).isNull();
    }
}
