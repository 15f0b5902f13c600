package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The fields that an object of the definition has. */
final class Fields {
    private Fields() {}

    /**
     * Refuses any other: it would be left out.
     *
     * @throws Unrunnable for a field that isn't one of these
     */
    static void only(JsonNode object, Set<String> known, String where) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new Unrunnable(where, "the field " + name + " is not run locally");
            }
        });
    }
}
