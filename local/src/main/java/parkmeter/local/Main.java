package parkmeter.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parkmeter.local.engine.ApiKeys;
import parkmeter.local.engine.Engine;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.PlanJson;
import parkmeter.local.engine.PlanText;
import parkmeter.local.engine.Program;
import parkmeter.local.engine.ProgramFailed;
import parkmeter.local.engine.Stack;
import parkmeter.local.engine.UnusableStack;
import parkmeter.local.jumpstart.CannotLock;
import parkmeter.local.jumpstart.Locking;
import parkmeter.local.jumpstart.PublicHub;
import parkmeter.local.migrate.CannotImport;
import parkmeter.local.migrate.Importer;
import parkmeter.local.prices.CannotPrice;
import parkmeter.local.prices.Prices;

/** The command behind those targets of the Makefile that are the program's own: {@code make local} and the like. */
public final class Main {

    /** It takes seconds; on a machine that has much else to do, minutes. */
    private static final Duration PROGRAM_TIMEOUT = Duration.ofMinutes(3);

    /** For a model that is woken: the tick that starts it comes within a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PrintStream out;
    private final PrintStream err;

    private Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Does what the first argument says: {@code local}, {@code try}, {@code plan}, {@code lock} or {@code import}, for whose variables
     * see {@link Order}, or {@code prices}, which writes those of {@code REGION} into the program's table. Answers, plans and what was
     * locked or imported go to stdout, all else to stderr. Exit code 0: done; 1: not done, stderr says why; 32: the configuration can't be
     * deployed.
     */
    public static void main(String[] args) {
        var main = new Main(utf8(System.out), utf8(System.err));
        int code;
        try {
            code = List.of(args).equals(List.of("prices"))
                    ? main.prices(System.getenv("REGION"))
                    : main.run(Order.read(args, System.getenv()));
        } catch (CannotRun | CannotLock | CannotImport | CannotPrice | UnusableStack e) {
            main.err.println(e.getMessage());
            code = 1;
        } catch (ProgramFailed e) {
            main.err.println(e.getMessage());
            code = e.exitCode().orElse(1);
        }
        // llama.cpp and the SDK's HTTP client keep threads of their own.
        System.exit(code);
    }

    private int prices(@Nullable String region) throws CannotPrice {
        out.println(new Prices(Prices.AWS).write(region == null ? "" : region, Path.of(Prices.TABLE), err::println));
        return 0;
    }

    private int run(Order order) throws CannotRun, CannotLock, CannotImport, UnusableStack, ProgramFailed {
        if (order.task() == Order.Task.LOCK) {
            Stack stack = Stack.read(order.project(), order.stack());
            var hub = PublicHub.of(Optional.ofNullable(stack.config().get("aws:profile")));
            new Locking(hub, Clock.systemUTC()).lock(stack).forEach(out::println);
            return 0;
        }
        if (order.task() == Order.Task.PLAN) {
            Plan plan = plan(order, ApiKeys.MASKED);
            out.print(order.json() ? PlanJson.write(plan) : PlanText.render(plan));
            return 0;
        }
        if (order.task() == Order.Task.IMPORT) {
            importConfiguration(order);
            return 0;
        }
        Path facts = order.project().resolve("target/local.json");
        // Who wants one answer wants no news.
        LocalRun run = new LocalRun(order, err::println, order.task() == Order.Task.TRY ? line -> {} : err::println);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(run, facts)));
        LocalRun.Answering answering = run.findModel();
        Deployment deployment = Deployment.of(plan(order, ApiKeys.random(new SecureRandom())), order.project());
        run.start(deployment, answering);
        Question question =
                deployment.entrance().map(Deployment.Entrance::question).orElse(Question.PROMPT);
        if (order.task() == Order.Task.TRY) {
            out.println(answer(run.caller().askUntilItRuns(order.prompt(), PATIENCE), question));
            return 0;
        }
        // A model that the meter has not started is not woken for a greeting.
        String greeting = run.serves()
                ? "> %s\n%s".formatted(order.prompt(), answer(run.caller().ask(order.prompt()), question))
                : deployment.entrance().isPresent()
                        ? "The model does not run now; its meter, below, says why."
                        : "The first route leads to a function that is not this stack's"
                                + (order.functions().isEmpty() ? ": what is sent to it comes back." : ".");
        run.describe(facts);
        welcome(order, deployment, run, question, greeting);
        return untilInterrupted();
    }

    private void importConfiguration(Order order) throws CannotRun, CannotLock, CannotImport {
        Path config = order.config()
                .orElseThrow(() -> new CannotRun("Say which configuration: make import CONFIG=config/configs.json."));
        Map<String, String> versions = new HashMap<>(Locking.versions(order.project()));
        versions.putAll(order.versions());
        Importer.Imported imported;
        try {
            imported = Importer.read(Files.readString(config), versions);
        } catch (IOException e) {
            throw new CannotRun("CONFIG=" + config + ": it can't be read as UTF-8.");
        }
        out.print(imported.yaml());
        out.flush();
        imported.notes().forEach(err::println);
        err.printf(
                """
                Keep what was printed as Pulumi.%1$s.yaml, and go on with
                  make lock STACK=%1$s
                  make plan STACK=%1$s
                  pulumi stack init %1$s && pulumi up -s %1$s
                docs/migrating.md says how callers go over.
                """,
                imported.stack());
    }

    /** Leaves nothing behind, at whatever point the run is: a half-done download is a process too. */
    private static void end(LocalRun run, Path facts) {
        try {
            boolean ours = Files.exists(facts)
                    && new ObjectMapper().readTree(facts.toFile()).path("pid").asLong()
                            == ProcessHandle.current().pid();
            if (ours) {
                Files.delete(facts);
            }
        } catch (IOException e) {
            // Another run may have replaced or removed it meanwhile; then it is not ours to delete.
        } finally {
            run.close();
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
        }
    }

    private void welcome(Order order, Deployment deployment, LocalRun run, Question question, String greeting)
            throws CannotRun {
        Optional<Credential> credential = run.credential();
        String header = credential
                .map(shown -> " -H '%s: %s'".formatted(shown.header(), shown.value()))
                .orElse("");
        out.printf(
                """

                Stack %s on this machine: %s stands in for %s.

                %s

                URL     %s
                access  %s

                curl %s%s -H 'content-type: application/json' -d '%s'
                %s
                Ctrl-C ends it. Logs: target/local-logs
                """,
                order.stack(),
                run.modelName(),
                deployment
                        .entrance()
                        .map(entrance -> entrance.model().id())
                        .orElse("the models, of which there are none"),
                greeting,
                run.invokeUrl(),
                credential.map(Credential::what).orElse("public"),
                run.invokeUrl(),
                header,
                question.body(Order.SAMPLE_PROMPT),
                deployment
                                .entrance()
                                .map(entrance -> entrance.model().alwaysOn())
                                .orElse(true)
                        ? ""
                        : "curl %s/meters%s\n".formatted(run.url(), header));
        out.flush();
    }

    private Plan plan(Order order, Function<String, String> apiKeys) throws UnusableStack, ProgramFailed {
        Path target = order.project().resolve("target");
        Program program = Program.built("parkmeter.App", target.resolve("classes"), target.resolve("classpath.txt"));
        Plan plan = new Engine(program, apiKeys, PROGRAM_TIMEOUT).run(Stack.read(order.project(), order.stack()));
        plan.warnings().forEach(err::println);
        return plan;
    }

    private static String answer(HttpResponse<String> answer, Question question) throws CannotRun {
        if (answer.statusCode() != 200) {
            throw new CannotRun("The API answered " + answer.statusCode() + ": " + answer.body());
        }
        return question.text(answer.body());
    }

    private static int untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
