package parkmeter.local.edge;

import java.util.concurrent.CompletableFuture;

/** An API that answers requests. */
@FunctionalInterface
public interface Front {
    /** Answers without holding the caller's thread; never completes exceptionally. */
    CompletableFuture<Reply> answer(Request request);
}
