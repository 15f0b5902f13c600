package parkmeter.lambda;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** JSON strings for tests that write JSON by hand. */
public final class Quoted {
    private Quoted() {}

    /** The text as a JSON string, with its quotes. */
    public static String string(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** An object with one string in it. */
    public static String json(String key, String text) {
        return "{" + string(key) + ":" + string(text) + "}";
    }
}
