package parkmeter.local;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.engine.ApiKeys;
import parkmeter.local.engine.Engine;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Program;
import parkmeter.local.engine.Stack;

/** The stacks of {@code src/test/resources/stacks}, and others, declared by the real program. */
final class TestStacks {

    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private TestStacks() {}

    static Deployment deployment(String stack) throws Exception {
        return deployment(Stack.read(PROJECT, Path.of("src/test/resources/stacks"), stack));
    }

    static Deployment deployment(Stack stack) throws Exception {
        return Deployment.of(plan(stack), PROJECT);
    }

    static Plan plan(Stack stack) throws Exception {
        Path target = PROJECT.resolve("target");
        Program program = Program.built("parkmeter.App", target.resolve("classes"), target.resolve("classpath.txt"));
        var engine = new Engine(program, ApiKeys.random(new SecureRandom()), Duration.ofSeconds(60));
        return engine.run(stack);
    }

    static Order order(Optional<Path> model, Optional<URI> modelUrl, int port) {
        return order(model, modelUrl, port, 1);
    }

    static Order order(Optional<Path> model, Optional<URI> modelUrl, int port, int speed) {
        return new Order(
                Order.Task.LOCAL,
                PROJECT,
                "test",
                model,
                modelUrl,
                port,
                speed,
                Duration.ZERO,
                Order.SAMPLE_PROMPT,
                Map.of(),
                false,
                Optional.empty(),
                Map.of());
    }
}
