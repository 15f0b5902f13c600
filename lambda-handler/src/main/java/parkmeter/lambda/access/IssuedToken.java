package parkmeter.lambda.access;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes tokens, and knows them by their look: {@code pmt_} and 43 letters, digits, {@code -} and {@code _}. */
final class IssuedToken {
    /** By which scanners for secrets, and people, know what they found. */
    private static final String PREFIX = "pmt_";

    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 9;

    private IssuedToken() {}

    /** A new one, which nobody can guess. */
    static String secret(SecureRandom random) {
        return PREFIX + text(random, SECRET_BYTES);
    }

    /** A new id, which tells nothing. */
    static String id(SecureRandom random) {
        return text(random, ID_BYTES);
    }

    static boolean looksLike(String secret) {
        return secret.startsWith(PREFIX);
    }

    private static String text(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
