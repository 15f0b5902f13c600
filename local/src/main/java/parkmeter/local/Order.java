package parkmeter.local;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a person asked for.
 *
 * @param task what to do
 * @param project the folder of {@code Pulumi.yaml}
 * @param stack the stack's name
 * @param model the weights to serve; absent: SmolLM2
 * @param modelUrl a server that speaks TGI's wire format and runs already; absent: one is started
 * @param port the gateway's port; 0: any that is free
 * @param speed how many of the stack's seconds pass in one of the machine's
 * @param start how long an endpoint takes at least to start, on the stack's clock
 * @param prompt what to ask first
 * @param functions where functions answer that are not the stack's, by their names
 * @param json whether a plan is for machines
 * @param config a configuration of SageMaker Endpoint Manager that is to be taken over
 * @param versions the versions that its models are to have, by their ids
 */
record Order(
        Task task,
        Path project,
        String stack,
        Optional<Path> model,
        Optional<URI> modelUrl,
        int port,
        int speed,
        Duration start,
        String prompt,
        Map<String, URI> functions,
        boolean json,
        Optional<Path> config,
        Map<String, String> versions) {

    /** Beyond it the functions, which take the time they take, would be late for what the meter wants done at once. */
    private static final int MOST_SPEED = 120;

    private static final int MOST_START = 3600;

    static final String SAMPLE_PROMPT = "What is the capital of France?";

    enum Task {
        LOCAL,
        TRY,
        PLAN,
        LOCK,
        IMPORT
    }

    /**
     * Reads an order.
     *
     * @param args the task, {@code local}, {@code try}, {@code plan}, {@code lock} or {@code import}
     * @param environment STACK, MODEL, MODEL_URL, PORT, SPEED, START_SECONDS, PROMPT, FUNCTIONS, PLAN, CONFIG, VERSIONS
     * @throws CannotRun where something does not fit
     */
    static Order read(String[] args, Map<String, String> environment) throws CannotRun {
        Task task =
                switch (args.length == 1 ? args[0] : "") {
                    case "local" -> Task.LOCAL;
                    case "try" -> Task.TRY;
                    case "plan" -> Task.PLAN;
                    case "lock" -> Task.LOCK;
                    case "import" -> Task.IMPORT;
                    default -> throw new CannotRun("Say what to do: make local, try, plan, lock, import or prices.");
                };
        return new Order(
                task,
                Path.of("").toAbsolutePath(),
                given(environment, "STACK").orElse("dev"),
                file(environment, "MODEL", "name a .gguf file, or leave MODEL out"),
                url(given(environment, "MODEL_URL")),
                number(environment, "PORT", 0, 65535, "a number from 1 to 65535, or left out for any free port"),
                number(environment, "SPEED", 1, MOST_SPEED, "a whole number from 1 to " + MOST_SPEED),
                Duration.ofSeconds(number(
                        environment, "START_SECONDS", 0, MOST_START, "a number of seconds from 0 to " + MOST_START)),
                given(environment, "PROMPT").orElse(SAMPLE_PROMPT),
                functions(environment),
                json(given(environment, "PLAN")),
                file(environment, "CONFIG", "name a config/configs.json"),
                versions(environment));
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Path> file(Map<String, String> environment, String name, String mend) throws CannotRun {
        Optional<String> file = given(environment, name);
        if (file.isPresent() && !Files.isRegularFile(Path.of(file.get()))) {
            throw new CannotRun(name + "=" + file.get() + ": there is no file of that name; " + mend + ".");
        }
        return file.map(Path::of).map(Path::toAbsolutePath);
    }

    private static Optional<URI> url(Optional<String> text) throws CannotRun {
        Optional<URI> url = text.flatMap(Order::url);
        if (url.isEmpty() && text.isPresent()) {
            throw new CannotRun("MODEL_URL=" + text.get() + ": must be a URL, like http://127.0.0.1:8080.");
        }
        return url;
    }

    private static Optional<URI> url(String text) {
        try {
            URI url = URI.create(text);
            return url.getHost() != null && url.getScheme().matches("https?") ? Optional.of(url) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, URI> functions(Map<String, String> environment) throws CannotRun {
        String rule = "<name>=<url> for each function, like"
                + " Mine=http://127.0.0.1:9000/2015-03-31/functions/function/invocations";
        return pairs(environment, "FUNCTIONS", rule, Order::url);
    }

    private static Map<String, String> versions(Map<String, String> environment) throws CannotRun {
        String rule = "<id>=<version> for each model, like huggingface-text2text-flan-t5-xxl=2.2.16";
        return pairs(environment, "VERSIONS", rule, text -> Optional.of(text)
                .filter(version -> version.matches("[0-9]+\\.[0-9]+\\.[0-9]+")));
    }

    private static <T> Map<String, T> pairs(
            Map<String, String> environment, String name, String rule, Function<String, Optional<T>> read)
            throws CannotRun {
        Optional<String> text = given(environment, name);
        Map<String, T> pairs = new HashMap<>();
        for (String pair : text.map(given -> given.strip().split("\\s+")).orElseGet(() -> new String[0])) {
            String[] parts = pair.split("=", 2);
            Optional<T> value = parts.length == 2 ? read.apply(parts[1]) : Optional.empty();
            if (value.isEmpty() || parts[0].isEmpty()) {
                throw new CannotRun(name + "=" + text.orElse("") + ": must be " + rule + ".");
            }
            pairs.put(parts[0], value.get());
        }
        return pairs;
    }

    /** The least value is the default. */
    private static int number(Map<String, String> environment, String name, int least, int most, String rule)
            throws CannotRun {
        String text = given(environment, name).orElse(String.valueOf(least));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for every other text that is no such number.
        }
        throw new CannotRun(name + "=" + text + ": must be " + rule + ".");
    }

    private static boolean json(Optional<String> plan) throws CannotRun {
        if (plan.isEmpty() || plan.get().equals("json")) {
            return plan.isPresent();
        }
        throw new CannotRun("PLAN=" + plan.get() + ": must be json, or left out for a plan to read.");
    }
}
