package parkmeter.local.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import parkmeter.local.edge.MediaTypes;
import parkmeter.local.edge.Undeployable;

/**
 * A body on its way through an integration (API Gateway developer guide, "Content type conversions in API Gateway").
 *
 * @param bytes what is sent if no template changes it
 * @param isText whether a template can read it
 */
@SuppressWarnings("ArrayRecordComponent") // up to 10 MB on the hot path, never compared
record Payload(byte[] bytes, boolean isText) {

    /** {@code contentHandling}. */
    enum Handling {
        /** Not declared: the media types decide. */
        BY_MEDIA_TYPE,
        /** Text stays text; binary becomes base64. */
        CONVERT_TO_TEXT,
        /** Binary stays binary; text is taken for base64. */
        CONVERT_TO_BINARY;

        static Handling of(String declared, String where) {
            return switch (declared) {
                case "" -> BY_MEDIA_TYPE;
                case "CONVERT_TO_TEXT" -> CONVERT_TO_TEXT;
                case "CONVERT_TO_BINARY" -> CONVERT_TO_BINARY;
                default ->
                    throw new Undeployable(
                            where, "contentHandling is CONVERT_TO_TEXT or CONVERT_TO_BINARY, not " + declared);
            };
        }
    }

    /**
     * A request's body for the integration.
     *
     * @throws Refused where it should be base64 and isn't
     */
    static Payload toIntegration(byte[] body, String contentType, List<String> binaryMediaTypes, Handling handling) {
        boolean binary = MediaTypes.binary(binaryMediaTypes, contentType);
        return binary
                ? handling == Handling.CONVERT_TO_TEXT ? encoded(body) : new Payload(body, false)
                : handling == Handling.CONVERT_TO_BINARY ? decoded(body) : text(body);
    }

    /**
     * An integration's body for the client.
     *
     * @param accept the media type that the client named first
     * @throws Refused where it should be base64 and isn't
     */
    static Payload toClient(
            byte[] body, String contentType, String accept, List<String> binaryMediaTypes, Handling handling) {
        boolean binary = MediaTypes.binary(binaryMediaTypes, contentType);
        boolean wantsText = handling == Handling.CONVERT_TO_TEXT
                || (handling == Handling.BY_MEDIA_TYPE && !MediaTypes.binary(binaryMediaTypes, accept));
        return binary ? wantsText ? encoded(body) : new Payload(body, false) : wantsText ? text(body) : decoded(body);
    }

    /** As a template reads it. */
    String asText() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Payload text(byte[] body) {
        return new Payload(new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), true);
    }

    private static Payload encoded(byte[] body) {
        return new Payload(Base64.getEncoder().encode(body), true);
    }

    private static Payload decoded(byte[] body) {
        try {
            return new Payload(Base64.getMimeDecoder().decode(body), false);
        } catch (IllegalArgumentException notBase64) {
            throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
        }
    }
}
