package parkmeter.local.lambda;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import parkmeter.local.lambda.InvokeResult.Failed;
import parkmeter.local.lambda.InvokeResult.Reason;

/**
 * One event on its way through a pool.
 *
 * @param requestId Lambda's request id
 * @param event what the handler gets
 * @param probe true when nothing is to be run: the call only waits for a process that could
 * @param result what the caller waits for; a caller that gave up completed it already
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Call(String requestId, byte[] event, boolean probe, CompletableFuture<InvokeResult> result) {
    static Call of(byte[] event) {
        return new Call(UUID.randomUUID().toString(), event, false, new CompletableFuture<>());
    }

    static Call forProbe() {
        return new Call("", new byte[0], true, new CompletableFuture<>());
    }

    void fail(Reason reason, String message) {
        result.complete(new Failed(reason, message));
    }

    /** A trace id in X-Ray's form, not sampled: {@code Root=1-<seconds>-<96 bits>}. */
    String traceId() {
        String random = requestId.replace("-", "").substring(8);
        return "Root=1-%08x-%s;Sampled=0".formatted(Instant.now().getEpochSecond(), random);
    }
}
