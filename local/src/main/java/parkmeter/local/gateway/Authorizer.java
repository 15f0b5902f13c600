package parkmeter.local.gateway;

import java.util.concurrent.CompletableFuture;

/** Finds out who calls, before the usage plan and the integration. */
@FunctionalInterface
interface Authorizer {
    /** Completes with {@link Refused} for a caller that may not. Doesn't hold the caller's thread. */
    CompletableFuture<Caller> authorize(Exchange exchange);
}
