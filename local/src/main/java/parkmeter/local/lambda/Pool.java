package parkmeter.local.lambda;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import parkmeter.local.lambda.InvokeResult.Answer;
import parkmeter.local.lambda.InvokeResult.Failed;
import parkmeter.local.lambda.InvokeResult.Reason;
import parkmeter.local.lambda.InvokeResult.Throttled;

/**
 * The processes of one function and the calls that wait for one. A process is started when a call waits and none is
 * idle, up to the host's number of them; one that has gone is replaced when a call needs it. A process that doesn't come
 * up is tried once more at once, as Lambda does, then after pauses that double; meanwhile calls fail with its reason.
 */
final class Pool implements Worker.Owner {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Failed CLOSED = new Failed(Reason.CLOSED, "The runtime was closed.");

    private final FunctionSpec spec;
    private final int limit;
    private final Sandbox sandbox;
    private final RuntimeApi api;
    private final ScheduledExecutorService timer;
    private final Deque<Call> waiting = new ArrayDeque<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private Failed whyPaused = CLOSED;
    private long pausedUntil = System.nanoTime();
    private int initFailures;
    private boolean closed;

    Pool(FunctionSpec spec, int processes, Sandbox sandbox, RuntimeApi api, ScheduledExecutorService timer) {
        this.spec = spec;
        this.limit = Math.min(processes, spec.reservedConcurrency().orElse(processes));
        this.sandbox = sandbox;
        this.api = api;
        this.timer = timer;
    }

    CompletableFuture<InvokeResult> invoke(Call call) {
        boolean throttled;
        synchronized (this) {
            throttled = spec.reservedConcurrency().isPresent()
                    && inFlight() >= spec.reservedConcurrency().getAsInt();
            if (!throttled) {
                waiting.add(call);
            }
        }
        if (throttled) {
            call.result().complete(new Throttled());
        } else {
            dispatch();
        }
        return call.result();
    }

    synchronized List<ProcessHandle> processes() {
        return workers.stream().map(Worker::process).toList();
    }

    /** Ends all processes and waits until they have gone. */
    void close() {
        List<Worker> running;
        synchronized (this) {
            closed = true;
            running = List.copyOf(workers);
        }
        dispatch();
        running.forEach(w -> w.close(CLOSED));
        running.forEach(w -> w.process().onExit().join());
    }

    @Override
    public void ready(Worker worker) {
        synchronized (this) {
            initFailures = 0;
            idle.push(worker);
        }
        dispatch();
    }

    @Override
    public void gone(Worker worker, Optional<Call> undelivered) {
        synchronized (this) {
            workers.remove(worker);
            idle.remove(worker);
            undelivered.ifPresent(waiting::addFirst);
            if (!worker.cameUp()) {
                pauseAfter(worker.initFailure());
            }
        }
        dispatch();
    }

    /** Does what there is to do; each step outside of the lock, since it writes to the network or wakes a caller. */
    private void dispatch() {
        for (Runnable step = nextStep(); step != null; step = nextStep()) {
            step.run();
        }
    }

    private synchronized @Nullable Runnable nextStep() {
        while (!waiting.isEmpty() && waiting.element().result().isDone()) {
            waiting.remove();
        }
        if (waiting.isEmpty()) {
            return null;
        }
        if (closed) {
            return failWaiting(CLOSED);
        }
        Worker free = idle.poll();
        if (free == null) {
            return startOrGiveUp();
        }
        Call call = waiting.remove();
        if (call.probe()) {
            idle.push(free);
            return () -> call.result().complete(new Answer(call.event()));
        }
        return () -> {
            if (!free.hand(call)) {
                putBack(call);
            }
        };
    }

    private synchronized void putBack(Call call) {
        waiting.addFirst(call);
    }

    private @Nullable Runnable startOrGiveUp() {
        long starting = workers.stream().filter(w -> !w.cameUp()).count();
        while (starting < waiting.size() && workers.size() < limit) {
            if (pausedUntil - System.nanoTime() > 0) {
                return workers.isEmpty() ? failWaiting(whyPaused) : null;
            }
            if (start()) {
                starting++;
            }
        }
        return null;
    }

    private Runnable failWaiting(Failed why) {
        List<Call> refused = List.copyOf(waiting);
        waiting.clear();
        return () -> refused.forEach(c -> c.result().complete(why));
    }

    private boolean start() {
        String id = UUID.randomUUID().toString();
        Process process;
        try {
            process = sandbox.start(api.address(id));
        } catch (IOException e) {
            pauseAfter("Error: the process can't be started: " + e.getMessage());
            return false;
        }
        Worker worker = new Worker(process, spec, this, timer);
        workers.add(worker);
        api.add(id, worker);
        var unused = process.onExit().thenAccept(p -> {
            api.remove(id);
            worker.exited(p.exitValue());
        });
        return true;
    }

    private void pauseAfter(String reason) {
        whyPaused = new Failed(Reason.INIT_FAILED, reason);
        if (initFailures++ > 0) {
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(initFailures - 2, 10));
            pausedUntil = System.nanoTime() + (pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause).toNanos();
        }
    }

    private int inFlight() {
        return waiting.size() + (int) workers.stream().filter(Worker::busy).count();
    }
}
