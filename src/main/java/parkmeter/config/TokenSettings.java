package parkmeter.config;

import java.util.List;
import java.util.Optional;

/**
 * Where access tokens are, and who issues them.
 *
 * @param table the name of a table that is there; absent: one of the stack's own
 * @param clearText whether that table holds the tokens themselves, not their hashes; no stack issues such tokens
 * @param cacheSeconds how long API Gateway may remember what the authorizer said of a token; 0: not at all
 * @param operators the users of the user pool, by their subjects, who issue tokens where there are no keys
 */
public record TokenSettings(Optional<String> table, boolean clearText, int cacheSeconds, List<String> operators) {

    public TokenSettings {
        operators = List.copyOf(operators);
    }
}
