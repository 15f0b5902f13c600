package parkmeter.local.gateway;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Who may call a method.
 *
 * @param authorizer asked first; empty: none
 * @param needsKey whether it asks for an API key
 */
record Security(Optional<Authorizer> authorizer, boolean needsKey) {

    /** The exchange with its caller; completes with {@link Refused} for one that may not. */
    CompletableFuture<Exchange> authorize(Exchange exchange) {
        return authorizer
                .map(asked -> asked.authorize(exchange).thenApply(exchange::by))
                .orElseGet(() -> CompletableFuture.completedFuture(exchange));
    }
}
