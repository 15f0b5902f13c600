package parkmeter.local.lambda;

import java.util.concurrent.CompletableFuture;

/** Functions that can be called: all that a gateway knows of Lambda. */
public interface Functions {
    /**
     * Calls a function and doesn't wait for it.
     *
     * @param functionArn the function's ARN, without a version
     * @param event the JSON event
     * @return completes with the outcome, failures included; never exceptionally
     */
    CompletableFuture<InvokeResult> invoke(String functionArn, byte[] event);
}
