package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One operation that the engine finished on one resource.
 *
 * @param op Pulumi's word (apitype.OpType): create, update, create-replacement, delete-replaced, delete, same, …
 * @param type the resource's type token, such as {@code aws:iam/role:Role}
 * @param name its logical name
 * @param diffs the input properties that changed
 */
record Step(String op, String type, String name, List<String> diffs) {

    Step {
        diffs = List.copyOf(diffs);
    }

    /** Reads the {@code metadata} of an engine event. */
    static Step of(JsonNode metadata) {
        String urn = metadata.path("urn").asText();
        return new Step(
                metadata.path("op").asText(),
                metadata.path("type").asText(),
                urn.substring(urn.lastIndexOf("::") + 2),
                metadata.path("diffs").valueStream().map(JsonNode::asText).toList());
    }

    /** Whether something was done: a resource was not left as it is, only read, or only said to be replaced by other steps. */
    boolean moved() {
        return !op.equals("same") && !op.equals("replace") && !op.startsWith("read") && !op.equals("refresh");
    }

    /** Whether a provider stands behind it: components and the stack itself are Pulumi's own. */
    boolean real() {
        return type.startsWith("aws:");
    }

    @Override
    public String toString() {
        return op + " " + name;
    }
}
