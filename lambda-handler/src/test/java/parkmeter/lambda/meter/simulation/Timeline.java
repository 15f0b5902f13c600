package parkmeter.lambda.meter.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A virtual clock, and functions that run on it as if at once. One thread runs at a time; a function that waits lets what
 * comes first happen on its own thread, and only where another function starts, or goes on, while it waits does it hand
 * over to another thread. The same beginning gives the same run.
 */
final class Timeline implements AutoCloseable {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final PriorityQueue<Long> loud = new PriorityQueue<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private final Semaphore ended = new Semaphore(0);
    private long now;
    private long touchedAt;
    private int functions;
    private long sequence;
    private @Nullable Fiber running;
    private @Nullable Throwable failure;

    /** The function is ended between two calls: by Lambda, or because the history is over. */
    static final class Killed extends Error {
        Killed() {
            super(null, null, false, false);
        }
    }

    /** One run of a function. */
    static class Fiber {
        private final Semaphore turn = new Semaphore(0);
        private boolean over;

        /** True once it has returned, or was killed. */
        final boolean over() {
            return over;
        }
    }

    private record Event(
            long at, long order, @Nullable Runnable what, @Nullable Fiber fiber, boolean starts, boolean loud)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int first = Long.compare(at, other.at);
            return first == 0 ? Long.compare(order, other.order) : first;
        }
    }

    /** Begins anew. */
    void begin(long at) {
        events.clear();
        loud.clear();
        now = at;
        touchedAt = at;
        functions = 0;
        sequence = 0;
        failure = null;
    }

    long now() {
        return now;
    }

    /** The function that runs now. */
    Fiber running() {
        if (running == null) {
            throw new IllegalStateException("no function runs");
        }
        return running;
    }

    /** Lets something happen; it takes no time. */
    void at(long when, Runnable what) {
        long at = Math.max(now, when);
        loud.add(at);
        events.add(new Event(at, sequence++, what, null, false, true));
    }

    /** The same for something that leaves all as it is, as far as a meter can see without asking for calls. */
    void quietlyAt(long when, Runnable what) {
        events.add(new Event(Math.max(now, when), sequence++, what, null, false, false));
    }

    /** The same, before all else at that moment. There may be one at a time. */
    void firstAt(long when, Runnable what) {
        events.add(new Event(Math.max(now, when), -1, what, null, false, false));
    }

    /** Starts a function. */
    void start(long when, Fiber fiber, Runnable body) {
        functions++;
        events.add(new Event(Math.max(now, when), sequence++, body, fiber, true, false));
    }

    /** Something changed now, or went wrong so that it may have to be done again. */
    void touch() {
        touchedAt = now;
    }

    /** When something last happened, changed or went wrong. */
    long touchedAt() {
        return touchedAt;
    }

    /** Whether a function runs, or is about to. */
    boolean busy() {
        return functions > 0;
    }

    /** When the next thing happens; {@link Long#MAX_VALUE} where nothing is to come. */
    long next() {
        while (!loud.isEmpty() && loud.peek() < now) {
            loud.poll();
        }
        return loud.isEmpty() ? Long.MAX_VALUE : loud.peek();
    }

    /** Waits, in a function. */
    void sleepUntil(long until) {
        Event next = events.peek();
        if (failure == null && (next == null || next.at > until)) {
            now = Math.max(now, until);
            return;
        }
        Fiber me = running();
        events.add(new Event(Math.max(now, until), sequence++, null, me, false, false));
        turns(me);
        running = me;
        if (failure != null) {
            throw new Killed();
        }
    }

    /**
     * Runs until nothing is left to happen.
     *
     * @throws AssertionError what a check threw; the run ends there
     */
    void run() {
        turns(null);
        ended.acquireUninterruptibly();
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
    }

    /**
     * Gives turns, until it is {@code me}'s; without {@code me} until another thread goes on, or nothing is left.
     */
    private void turns(@Nullable Fiber me) {
        while (true) {
            Event event = events.poll();
            if (event == null) {
                rest(me);
                ended.release();
                return;
            }
            now = Math.max(now, event.at);
            Fiber fiber = event.fiber;
            if (fiber == null) {
                happen(event);
            } else if (fiber == me) {
                return;
            } else if (!event.starts) {
                rest(me);
                fiber.turn.release();
                if (me != null) {
                    me.turn.acquireUninterruptibly();
                }
                return;
            } else if (me == null) {
                live(event);
            } else {
                worker().take(event);
                me.turn.acquireUninterruptibly();
                return;
            }
        }
    }

    /** A worker that hands over, and has no function of its own to go on with, is free for another one. */
    private void rest(@Nullable Fiber me) {
        if (me == null && Thread.currentThread() instanceof Worker worker) {
            idle.add(worker);
        }
    }

    private void happen(Event event) {
        if (failure == null && event.what != null) {
            if (event.loud) {
                touch();
            }
            try {
                event.what.run();
            } catch (Throwable e) {
                failure = e;
            }
        }
    }

    private void live(Event event) {
        Fiber fiber = event.fiber;
        if (fiber == null || event.what == null || failure != null) {
            return;
        }
        running = fiber;
        try {
            event.what.run();
        } catch (Killed e) {
            // As on Lambda: nobody hears of it.
        } catch (Throwable e) {
            failure = failure == null ? e : failure;
        }
        fiber.over = true;
        functions--;
        running = null;
    }

    private Worker worker() {
        Worker worker = idle.poll();
        if (worker == null) {
            worker = new Worker();
            workers.add(worker);
            worker.setDaemon(true);
            worker.start();
        }
        return worker;
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.take(null));
    }

    /** A thread for a function that starts while another one waits. */
    private final class Worker extends Thread {
        private final Semaphore work = new Semaphore(0);
        private @Nullable Event event;

        void take(@Nullable Event next) {
            event = next;
            work.release();
        }

        @Override
        public void run() {
            while (true) {
                work.acquireUninterruptibly();
                Event mine = event;
                if (mine == null) {
                    return;
                }
                live(mine);
                turns(null);
            }
        }
    }
}
