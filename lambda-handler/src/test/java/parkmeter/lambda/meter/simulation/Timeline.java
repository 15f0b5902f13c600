package parkmeter.lambda.meter.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A virtual clock, and functions that run on it as if at once: one thread at a time, which hands over where it waits for
 * something that comes later than another one's turn. The same beginning gives the same run.
 */
final class Timeline implements AutoCloseable {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final PriorityQueue<Long> loud = new PriorityQueue<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private final Semaphore ended = new Semaphore(0);
    private long now;
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

    private record Event(long at, long order, @Nullable Runnable what, @Nullable Fiber fiber, boolean starts)
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
        loud.add(when);
        quietlyAt(when, what);
    }

    /** The same for something that no meter has to notice at once. */
    void quietlyAt(long when, Runnable what) {
        events.add(new Event(Math.max(now, when), sequence++, what, null, false));
    }

    /** Starts a function. */
    void start(long when, Fiber fiber, Runnable body) {
        events.add(new Event(Math.max(now, when), sequence++, body, fiber, true));
    }

    /** When the next thing happens that a meter may have to notice. */
    long nextLoud() {
        while (!loud.isEmpty() && loud.peek() <= now) {
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
        events.add(new Event(Math.max(now, until), sequence++, null, me, false));
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
