package parkmeter.local.lambda;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parkmeter.local.lambda.InvokeResult.Failed;
import parkmeter.local.lambda.InvokeResult.Reason;

/**
 * One process of a function as its runtime client sees it: it polls for an event, answers it, polls again. Once the
 * process is gone, its poll is gone too, so no event is handed to it.
 */
final class Worker {
    /** An event on its way to the process, with the time at which it must be answered. */
    record Delivery(Call call, Instant deadline) {}

    /** Who hears what happens to the process; never called while the worker is locked. */
    interface Owner {
        /** The process polls: it came up, or has answered. */
        void ready(Worker worker);

        /** The process is gone. {@code undelivered} is an event that it was handed and can't have begun. */
        void gone(Worker worker, Optional<Call> undelivered);
    }

    /** Lambda's time for a process to come up; one with a longer timeout gets that, since this machine may be busy. */
    private static final Duration INIT = Duration.ofSeconds(10);

    /**
     * A process that is killed while idle takes a moment to be seen as gone; an event handed to it in this time goes to
     * another process.
     */
    private static final Duration DYING = Duration.ofMillis(150);

    private final Process process;
    private final FunctionSpec spec;
    private final Owner owner;
    private final ScheduledExecutorService timer;
    private @Nullable CompletableFuture<Delivery> poll;
    private @Nullable Call call;
    private Instant handedAt = Instant.EPOCH;
    private Future<?> alarm;
    private @Nullable String initError;
    private boolean cameUp;
    private boolean gone;

    Worker(Process process, FunctionSpec spec, Owner owner, ScheduledExecutorService timer) {
        this.process = process;
        this.spec = spec;
        this.owner = owner;
        this.timer = timer;
        Duration limit = spec.timeout().compareTo(INIT) > 0 ? spec.timeout() : INIT;
        alarm = timer.schedule(() -> endInit(limit), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    String functionArn() {
        return spec.arn();
    }

    synchronized boolean cameUp() {
        return cameUp;
    }

    synchronized boolean busy() {
        return call != null;
    }

    /** Why a process that never came up didn't, in Lambda's words. */
    synchronized String initFailure() {
        return initError != null ? initError : "Error: " + exit(process.exitValue());
    }

    /** The runtime client asks for an event. */
    CompletableFuture<Delivery> next() {
        CompletableFuture<Delivery> asked = new CompletableFuture<>();
        synchronized (this) {
            if (gone) {
                asked.cancel(false);
                return asked;
            }
            if (!cameUp) {
                cameUp = true;
                alarm.cancel(false);
            }
            poll = asked;
        }
        owner.ready(this);
        return asked;
    }

    /** Hands over an event; false when the process can't take it: it isn't polling, or is no more. */
    boolean hand(Call next) {
        CompletableFuture<Delivery> asked;
        Instant deadline;
        synchronized (this) {
            if (gone || poll == null || !process.isAlive()) {
                return false;
            }
            asked = poll;
            poll = null;
            call = next;
            handedAt = Instant.now();
            deadline = handedAt.plus(spec.timeout());
            alarm = timer.schedule(() -> timeOut(next), spec.timeout().toMillis(), TimeUnit.MILLISECONDS);
        }
        asked.complete(new Delivery(next, deadline));
        return true;
    }

    /** The runtime client answers; false when it wasn't asked this. */
    boolean respond(String requestId, InvokeResult result) {
        Optional<Call> answered = end(requestId);
        answered.ifPresent(c -> c.result().complete(result));
        return answered.isPresent();
    }

    /** The runtime client says why it can't come up; it ends right after. */
    synchronized void initError(String message) {
        initError = message;
    }

    private void timeOut(Call late) {
        end(late.requestId()).ifPresent(c -> {
            process.destroyForcibly();
            String seconds = "%d.%02d"
                    .formatted(spec.timeout().toSeconds(), spec.timeout().toMillisPart() / 10);
            c.fail(
                    Reason.TIMED_OUT,
                    "RequestId: %s Error: Task timed out after %s seconds".formatted(c.requestId(), seconds));
        });
    }

    private synchronized Optional<Call> end(String requestId) {
        if (call == null || !call.requestId().equals(requestId)) {
            return Optional.empty();
        }
        return takeCall();
    }

    private synchronized Optional<Call> takeCall() {
        Optional<Call> taken = Optional.ofNullable(call);
        call = null;
        alarm.cancel(false);
        return taken;
    }

    private void endInit(Duration limit) {
        if (!cameUp()) {
            initError("Error: Init timed out after %d.00 seconds".formatted(limit.toSeconds()));
            process.destroyForcibly();
        }
    }

    /** The process has ended, with this status. */
    void exited(int status) {
        Optional<Call> lost;
        boolean dying;
        synchronized (this) {
            gone = true;
            poll = null;
            lost = takeCall();
            dying = killed(status) && Instant.now().isBefore(handedAt.plus(DYING));
        }
        if (!dying) {
            lost.ifPresent(c ->
                    c.fail(Reason.RUNTIME_EXITED, "RequestId: %s Error: %s".formatted(c.requestId(), exit(status))));
        }
        owner.gone(this, dying ? lost : Optional.empty());
    }

    /** The process is to end because the runtime is closing. */
    void close(Failed why) {
        Optional<Call> lost = takeCall();
        process.destroyForcibly();
        lost.ifPresent(c -> c.result().complete(why));
    }

    private static boolean killed(int status) {
        return status > 128;
    }

    private static String exit(int status) {
        return switch (status) {
            case 0 -> "Runtime exited without providing a reason";
            case 137 -> "Runtime exited with error: signal: killed";
            case 143 -> "Runtime exited with error: signal: terminated";
            default -> "Runtime exited with error: exit status " + status;
        };
    }
}
