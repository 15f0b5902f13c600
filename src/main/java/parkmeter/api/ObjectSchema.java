package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** An object's schema in the making, in what API Gateway's models know of JSON Schema draft 4. */
final class ObjectSchema {

    static final String UTC_TIME = "ISO 8601, UTC";

    private ObjectSchema() {}

    /** One without properties yet, of which these have to be there. */
    static ObjectNode object(String... required) {
        ObjectNode object = OpenApiDocument.object().put("type", "object");
        List.of(required).forEach(object.putArray("required")::add);
        object.putObject("properties");
        return object;
    }

    static ObjectNode property(ObjectNode object, String name) {
        return object.withObjectProperty("properties").putObject(name);
    }

    static ObjectNode text(ObjectNode object, String name, String meaning) {
        return typed(object, name, "string", meaning);
    }

    static ObjectNode integer(ObjectNode object, String name, String meaning) {
        return typed(object, name, "integer", meaning);
    }

    static ObjectNode number(ObjectNode object, String name, String meaning) {
        return typed(object, name, "number", meaning);
    }

    static ObjectNode flag(ObjectNode object, String name, String meaning) {
        return typed(object, name, "boolean", meaning);
    }

    /** A list of what another schema describes. */
    static ObjectNode list(String schema) {
        return OpenApiDocument.object().put("type", "array").set("items", Schemas.reference(schema));
    }

    private static ObjectNode typed(ObjectNode object, String name, String type, String meaning) {
        return property(object, name).put("type", type).put("description", meaning);
    }
}
