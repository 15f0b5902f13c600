package parkmeter.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a text: the same content gives the same hash on every machine.
 *
 * @param hex 64 hexadecimal digits
 */
public record ContentHash(String hex) {

    /** The hash of {@code text}. */
    public static ContentHash of(String text) {
        try {
            return new ContentHash(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The first eight digits, for a resource's name. */
    public String shortForm() {
        return hex.substring(0, 8);
    }
}
