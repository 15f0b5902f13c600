package parkmeter.lambda.access.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What is kept of a secret. A token has 256 random bits: no salt and no slow hash would make it harder to guess. */
final class Sha256 {
    private Sha256() {}

    static String hex(String secret) {
        return HexFormat.of().formatHex(of(secret));
    }

    /** Compares in a time that does not depend on where they differ, or on how long they are. */
    static boolean same(String secret, String other) {
        return MessageDigest.isEqual(of(secret), of(other));
    }

    private static byte[] of(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
