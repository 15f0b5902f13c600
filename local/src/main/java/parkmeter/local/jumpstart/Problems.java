package parkmeter.local.jumpstart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What keeps a stack's models from being locked, in the words of the program's own messages. */
final class Problems {

    private final String stack;
    private final List<String> texts = new ArrayList<>();

    Problems(String stack) {
        this.stack = stack;
    }

    /**
     * Adds one.
     *
     * @param key where: the whole key, {@code parkmeter:models[0].source.jumpStart.version}
     * @param value what stands there; empty where nothing does
     * @param rule what is wrong, as the rule that the value breaks
     * @param mend the command, or the line, that mends it
     */
    void add(String key, String value, String rule, String mend) {
        texts.add(("  " + key + (value.isEmpty() ? "" : " = " + value) + "\n    " + rule + "\n    " + mend)
                .replaceAll("[\\p{Cntrl}&&[^\n]]", "?"));
    }

    /** The command that sets the key at {@code path} to {@code value}. */
    String set(String path, String value) {
        return command("set", path) + " " + value + " --stack " + stack;
    }

    /** The command that takes the key at {@code path} away. */
    String remove(String path) {
        return command("rm", path) + " --stack " + stack;
    }

    private static String command(String verb, String path) {
        return "pulumi config " + verb + (path.matches("\\w+:\\w+") ? " " + path : " --path '" + path + "'");
    }

    int count() {
        return texts.size();
    }

    void throwIfAny() throws CannotLock {
        if (!texts.isEmpty()) {
            throw new CannotLock(texts.stream()
                    .collect(Collectors.joining(
                            "\n\n",
                            "The JumpStart models of stack '" + stack + "' have "
                                    + (texts.size() == 1 ? "a problem" : texts.size() + " problems")
                                    + "; " + LockFile.NAME + " is as it was.\n\n",
                            "")));
        }
    }
}
