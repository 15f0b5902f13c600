package parkmeter.lambda.sagemaker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A body and its media type, on the way to a model or back. Nobody changes the bytes. */
public final class Content {
    private final byte[] bytes;
    private final String type;

    /**
     * As it came.
     *
     * @param bytes not copied
     * @param type the media type; empty when nobody said
     */
    public Content(byte[] bytes, String type) {
        this.bytes = bytes;
        this.type = type;
    }

    /** JSON in UTF-8. */
    public static Content json(String json) {
        return json(json.getBytes(UTF_8));
    }

    /** JSON in UTF-8; not copied. */
    public static Content json(byte[] json) {
        return new Content(json, "application/json");
    }

    /** Not copied. */
    public byte[] bytes() {
        return bytes;
    }

    /** The bytes as UTF-8. */
    public String text() {
        return new String(bytes, UTF_8);
    }

    /** The media type; empty when nobody said. */
    public String type() {
        return type;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Content content && Arrays.equals(content.bytes, bytes) && content.type.equals(type);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Its size: what is in it may be a prompt. */
    @Override
    public String toString() {
        return "Content[" + bytes.length + " bytes, " + type + "]";
    }
}
