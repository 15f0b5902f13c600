package parkmeter.function;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.List;
import java.util.Map;

/** What a function's environment holds where a variable is more than one text. */
public final class JsonVariable {

    private JsonVariable() {}

    /** A JSON list of texts. */
    public static String list(List<String> texts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        texts.forEach(list::add);
        return list.toString();
    }

    /** A JSON object from texts to objects, given as JSON, in the map's order. */
    public static String objects(Map<String, String> objects) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        objects.forEach((name, json) -> object.putRawValue(name, new RawValue(json)));
        return object.toString();
    }

    /** A JSON object from texts to texts, in the map's order. */
    public static String object(Map<String, String> texts) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        texts.forEach(object::put);
        return object.toString();
    }
}
