package parkmeter.lambda.access.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells who a token belongs to. */
public interface Tokens {

    /**
     * Who comes with a token.
     *
     * @param id names the token among people; empty where it has no name
     * @param owner whom it was issued to; empty where nobody knows
     * @param client whose plan applies; null where the table does not say
     */
    record Bearer(String id, String owner, @Nullable String client) {}

    /**
     * Looks a token up, as it was last written, and notes that it was used.
     *
     * @return nobody for a token that does not exist or has expired
     * @throws NoAnswer when AWS gives none
     */
    Optional<Bearer> present(String token);
}
