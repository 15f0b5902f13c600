package parkmeter.local;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a person asked for.
 *
 * @param task what to do
 * @param project the folder of {@code Pulumi.yaml}
 * @param stack the stack's name
 * @param model the weights to serve; absent: SmolLM2
 * @param modelUrl a server that speaks TGI's wire format and runs already; absent: one is started
 * @param port the gateway's port; 0: any that is free
 * @param prompt what to ask first
 * @param json whether a plan is for machines
 */
record Order(
        Task task,
        Path project,
        String stack,
        Optional<Path> model,
        Optional<URI> modelUrl,
        int port,
        String prompt,
        boolean json) {

    static final String SAMPLE_PROMPT = "What is the capital of France?";

    enum Task {
        LOCAL,
        TRY,
        PLAN
    }

    /**
     * Reads an order.
     *
     * @param args the task, {@code local}, {@code try} or {@code plan}
     * @param environment STACK, MODEL, MODEL_URL, PORT, PROMPT, PLAN
     * @throws CannotRun where something does not fit
     */
    static Order read(String[] args, Map<String, String> environment) throws CannotRun {
        Task task =
                switch (args.length == 1 ? args[0] : "") {
                    case "local" -> Task.LOCAL;
                    case "try" -> Task.TRY;
                    case "plan" -> Task.PLAN;
                    default -> throw new CannotRun("Say what to do: make local, make try or make plan.");
                };
        return new Order(
                task,
                Path.of("").toAbsolutePath(),
                given(environment, "STACK").orElse("dev"),
                weights(given(environment, "MODEL")),
                url(given(environment, "MODEL_URL")),
                port(given(environment, "PORT")),
                given(environment, "PROMPT").orElse(SAMPLE_PROMPT),
                json(given(environment, "PLAN")));
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Path> weights(Optional<String> model) throws CannotRun {
        if (model.isPresent() && !Files.isRegularFile(Path.of(model.get()))) {
            throw new CannotRun(
                    "MODEL=" + model.get() + ": there is no file of that name; name a .gguf file, or leave MODEL out.");
        }
        return model.map(Path::of).map(Path::toAbsolutePath);
    }

    private static Optional<URI> url(Optional<String> text) throws CannotRun {
        try {
            Optional<URI> url = text.map(URI::create);
            if (url.isEmpty()
                    || (url.get().getHost() != null && url.get().getScheme().matches("https?"))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for every other text that is no URL.
        }
        throw new CannotRun("MODEL_URL=" + text.orElse("") + ": must be a URL, like http://127.0.0.1:8080.");
    }

    private static int port(Optional<String> text) throws CannotRun {
        try {
            int port = Integer.parseInt(text.orElse("0"));
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, as for every other text that is no port.
        }
        throw new CannotRun(
                "PORT=" + text.orElse("") + ": must be a number from 1 to 65535, or left out for any free port.");
    }

    private static boolean json(Optional<String> plan) throws CannotRun {
        if (plan.isEmpty() || plan.get().equals("json")) {
            return plan.isPresent();
        }
        throw new CannotRun("PLAN=" + plan.get() + ": must be json, or left out for a plan to read.");
    }
}
