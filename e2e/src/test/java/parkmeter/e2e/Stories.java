package parkmeter.e2e;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/** Gives the stories their workbench, one for all; ends a story where it fails; prints at the end how long each took. */
final class Stories
        implements ParameterResolver,
                ExecutionCondition,
                BeforeTestExecutionCallback,
                AfterTestExecutionCallback,
                AfterAllCallback {

    private static final Namespace OURS = Namespace.create(Stories.class);

    private final Clock clock = Clock.systemUTC();
    private final Instant begun = clock.instant();

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
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getTestMethod().isPresent() && told(context).stream().anyMatch(test -> test.end == End.FAILED)
                ? ConditionEvaluationResult.disabled("the story failed before")
                : ConditionEvaluationResult.enabled("nothing failed yet");
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        context.getStore(OURS).put(Instant.class, clock.instant());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Instant begin = context.getStore(OURS).get(Instant.class, Instant.class);
        End end = context.getExecutionException()
                .map(thrown -> thrown instanceof TestAbortedException ? End.SKIPPED : End.FAILED)
                .orElse(End.PASSED);
        told(context)
                .add(new Test(
                        context.getDisplayName().replaceFirst("\\(.*\\)$", "").replace('_', ' '),
                        Duration.between(begin, clock.instant()),
                        end));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Store root = context.getRoot().getStore(OURS);
        String name = context.getRequiredTestClass().getSimpleName().replaceFirst("Story$", "");
        root.getOrComputeIfAbsent(Table.class, key -> new Table(), Table.class)
                .stories
                .add(new Told(name, Duration.between(begun, clock.instant()), List.copyOf(told(context))));
    }

    /** The tests of the story so far. */
    @SuppressWarnings("unchecked")
    private static List<Test> told(ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(Stories.class, context.getRequiredTestClass()))
                .getOrComputeIfAbsent(
                        Test.class, key -> Collections.synchronizedList(new ArrayList<Test>()), List.class);
    }

    private enum End {
        PASSED,
        SKIPPED,
        FAILED
    }

    private record Test(String sentence, Duration took, End end) {
        String line() {
            return "  %-86s %7.1f%s"
                    .formatted(
                            sentence,
                            took.toMillis() / 1000.0,
                            switch (end) {
                                case PASSED -> "";
                                case SKIPPED -> "  skipped";
                                case FAILED -> "  FAILED";
                            });
        }
    }

    private record Told(String name, Duration took, List<Test> tests) {}

    /** Printed when the last story has ended: JUnit closes it with the root. */
    private static final class Table implements AutoCloseable {

        private final List<Told> stories = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void close() {
            System.out.printf("%n%-88s %7s%n", "story, with its stacks' coming and going", "seconds");
            stories.stream().sorted(Comparator.comparing(Told::name)).forEach(story -> {
                System.out.printf("%-88s %7.1f%n", story.name, story.took.toMillis() / 1000.0);
                story.tests.forEach(test -> System.out.println(test.line()));
            });
            System.out.println();
        }
    }
}
