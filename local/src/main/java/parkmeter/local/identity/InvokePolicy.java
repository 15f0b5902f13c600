package parkmeter.local.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IAM policy that a Lambda authorizer returned, as far as it is about {@code execute-api:Invoke} (IAM user guide, "Policy evaluation
 * logic" and "IAM JSON policy elements: Resource"). Conditions are not evaluated: a policy with one isn't read.
 */
public final class InvokePolicy {
    private static final String ACTION = "execute-api:Invoke";
    private static final int ARN_PARTS = 6;

    private final List<Statement> statements;

    private record Statement(boolean allows, List<String> resources) {}

    /** What a policy says of a request. */
    public enum Decision {
        /** A statement allows it, and none denies it. */
        ALLOWED,
        /** No statement is about it. */
        NOT_ALLOWED,
        /** A statement denies it. */
        DENIED
    }

    private InvokePolicy(List<Statement> statements) {
        this.statements = statements;
    }

    /** Reads a policy document; empty for one that is malformed. */
    public static Optional<InvokePolicy> read(JsonNode document) {
        JsonNode declared = document.path("Statement");
        List<Statement> statements = new ArrayList<>();
        for (JsonNode one : declared.isObject() ? List.of(declared) : declared) {
            String effect = one.path("Effect").asText();
            Optional<List<String>> actions = texts(one.path("Action"));
            Optional<List<String>> resources = texts(one.path("Resource"));
            if (!(effect.equals("Allow") || effect.equals("Deny"))
                    || actions.isEmpty()
                    || resources.isEmpty()
                    || one.has("Condition")) {
                return Optional.empty();
            }
            if (actions.get().stream()
                    .anyMatch(action -> fits(action.toLowerCase(Locale.ROOT), ACTION.toLowerCase(Locale.ROOT)))) {
                statements.add(new Statement(effect.equals("Allow"), resources.get()));
            }
        }
        return declared.isContainerNode() ? Optional.of(new InvokePolicy(statements)) : Optional.empty();
    }

    /**
     * Decides on one request.
     *
     * @param arn {@code arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>}
     */
    public Decision decide(String arn) {
        boolean allowed = false;
        for (Statement statement : statements) {
            if (statement.resources().stream().anyMatch(resource -> covers(resource, arn))) {
                if (!statement.allows()) {
                    return Decision.DENIED;
                }
                allowed = true;
            }
        }
        return allowed ? Decision.ALLOWED : Decision.NOT_ALLOWED;
    }

    /** Wildcards don't reach over a colon of the ARN. */
    private static boolean covers(String resource, String arn) {
        if (resource.equals("*")) {
            return true;
        }
        String[] wanted = resource.split(":", ARN_PARTS);
        String[] parts = arn.split(":", ARN_PARTS);
        for (int i = 0; i < parts.length; i++) {
            if (i >= wanted.length || !fits(wanted[i], parts[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(String pattern, String text) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }

    private static Optional<List<String>> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : node.isArray() ? node : List.of(node)) {
            if (!one.isTextual()) {
                return Optional.empty();
            }
            texts.add(one.asText());
        }
        return Optional.of(texts);
    }
}
