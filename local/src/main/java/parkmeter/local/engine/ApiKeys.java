package parkmeter.local.engine;

import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The values of API keys that declare none, by the key's name; AWS would draw them. */
public final class ApiKeys {
    /** For plans, which never hold a key. */
    public static final Function<String, String> MASKED = name -> "[the key of " + name + "]";

    /** As long as AWS's own. */
    private static final int LENGTH = 40;

    private static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private ApiKeys() {}

    /**
     * For a run that keys are needed for.
     *
     * @param random where they come from: a {@link java.security.SecureRandom}
     */
    public static Function<String, String> random(RandomGenerator random) {
        return name -> random.ints(LENGTH, 0, LETTERS_AND_DIGITS.length())
                .mapToObj(LETTERS_AND_DIGITS::charAt)
                .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
                .toString();
    }
}
