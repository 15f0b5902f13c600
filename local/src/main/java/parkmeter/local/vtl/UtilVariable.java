package parkmeter.local.vtl;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.commons.text.StringEscapeUtils;
import org.jspecify.annotations.Nullable;

/** {@code $util}. Public because templates call it. */
public final class UtilVariable {
    UtilVariable() {}

    /**
     * {@code $util.escapeJavaScript(x)}: escaped by the rules of JavaScript's strings, <code>'</code> as <code>\'</code> among them, which
     * no JSON text may hold.
     */
    public String escapeJavaScript(@Nullable Object value) {
        return StringEscapeUtils.escapeEcmaScript(String.valueOf(value));
    }

    /** {@code $util.parseJson(x)}: JSON in a text as an object. */
    public @Nullable Object parseJson(String json) {
        return Body.parse(json);
    }

    /** {@code $util.urlEncode(x)}: as in a form. */
    public String urlEncode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** {@code $util.urlDecode(x)}: out of a form. */
    public String urlDecode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** {@code $util.base64Encode(x)}: of its UTF-8. */
    public String base64Encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code $util.base64Decode(x)}: as UTF-8. */
    public String base64Decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
