package parkmeter.e2e;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives the stories their workbench, one for all, and prints at the end how long each took. */
final class Stories implements ParameterResolver, BeforeTestExecutionCallback, AfterTestExecutionCallback {

    private static final Namespace OURS = Namespace.create(Stories.class);

    private final Clock clock = Clock.systemUTC();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Workbench.class;
    }

    @Override
    public Workbench resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(OURS)
                .getOrComputeIfAbsent(Workbench.class, key -> Workbench.of(System.getenv()), Workbench.class);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        context.getStore(OURS).put(Instant.class, clock.instant());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Instant begin = context.getStore(OURS).get(Instant.class, Instant.class);
        String story = context.getRequiredTestClass().getSimpleName();
        Durations durations = context.getRoot()
                .getStore(OURS)
                .getOrComputeIfAbsent(Durations.class, key -> new Durations(), Durations.class);
        durations.told.add(new Told(
                story.replaceFirst("Story$", ""),
                context.getDisplayName(),
                Duration.between(begin, clock.instant()),
                context.getExecutionException().isEmpty()));
    }

    private record Told(String story, String test, Duration took, boolean passed) {}

    /** Prints its table when the last story has ended: JUnit closes it with the root. */
    private static final class Durations implements AutoCloseable {

        private final Queue<Told> told = new ConcurrentLinkedQueue<>();

        @Override
        public void close() {
            List<Told> sorted = told.stream()
                    .sorted(Comparator.comparing(Told::story).thenComparing(Told::test))
                    .toList();
            System.out.printf("%n%-18s %-90s %7s%n", "story", "what it tells", "seconds");
            for (Told each : sorted) {
                System.out.printf(
                        "%-18s %-90s %7.1f%s%n",
                        each.story,
                        each.test.replace('_', ' ').replace("(Workbench)", ""),
                        each.took.toMillis() / 1000.0,
                        each.passed ? "" : "  FAILED");
            }
            System.out.println();
        }
    }
}
