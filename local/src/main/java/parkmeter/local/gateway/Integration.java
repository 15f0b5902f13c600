package parkmeter.local.gateway;

import java.util.concurrent.CompletableFuture;
import parkmeter.local.edge.Reply;

/** What answers a request that passed every check. */
@FunctionalInterface
interface Integration {
    /** Answers without holding the caller's thread; completes with {@link Refused} where the gateway must answer itself. */
    CompletableFuture<Reply> answer(Exchange exchange);
}
