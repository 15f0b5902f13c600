package parkmeter.access;

import com.pulumi.exceptions.RunException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What is there before the stack, looked up while nothing is declared yet that needs it. */
final class Lookup {

    private Lookup() {}

    /**
     * Waits for AWS's answer.
     *
     * @param what names the config key and what it refers to
     * @param command shows what there is
     * @throws RunException in one sentence, where there is no such thing
     */
    static <T> T answer(CompletableFuture<T> asked, String what, String command) {
        try {
            return asked.join();
        } catch (CompletionException e) {
            throw new RunException(what + " can't be looked up: "
                    + Objects.requireNonNullElse(e.getCause(), e).getMessage() + "\n`" + command
                    + "` shows those of this account and region.");
        }
    }
}
