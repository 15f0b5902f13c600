package parkmeter.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations by which operators issue, list and revoke access tokens. */
final class TokenOperations {

    private static final String TOKEN = RestFront.TOKENS + "/{id}";

    private static final Map<String, String> STATUSES = new TreeMap<>(Map.of(
            "400", "The request is not as it has to be; 'problems' names each field",
            "401", "There is no credential, or one that is no longer good",
            "403", "The credential is wrong, or its holder is no operator",
            "415", "The content type is not JSON",
            "429", "Too many requests, or the quota is used up",
            "500", "The API itself is at fault",
            "503", "The table of tokens gave no answer; 'Retry-After' says when to try again",
            "504", "The function did not answer in time"));

    private TokenOperations() {}

    static List<Operation> of(FrontRoute.Tokens route) {
        return List.of(
                contract("Issue a token, which is shown this once")
                        .takes("TokenRequest")
                        .answers("201", "IssuedToken")
                        .on("POST", RestFront.TOKENS, route),
                contract("All tokens, without their secrets").answers("Tokens").on("GET", RestFront.TOKENS, route),
                contract("Revoke a token")
                        .answers("Token")
                        .fails("404", "There is no token of this id")
                        .on("DELETE", TOKEN, route));
    }

    private static Contract contract(String summary) {
        return new Contract(summary, STATUSES, Map.of("id", "The token's id"));
    }
}
