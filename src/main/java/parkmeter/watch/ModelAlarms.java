package parkmeter.watch;

import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.config.Fleet;

/** The alarms of one model: one message where it answers badly, and one each for what costs money or needs a hand. */
final class ModelAlarms extends ComponentResource {

    /** Failed calls in five minutes: one alone is a caller's bad luck. */
    private static final int FAILURES = 5;
    /** Below the 29 seconds at which API Gateway gives up, so that it is told before callers get nothing. */
    private static final Duration SLOW = Duration.ofSeconds(20);
    /** The same before jobs fail: SageMaker gives up at 60 seconds (SageMaker developer guide, "How containers serve requests"). */
    private static final Duration SLOW_JOB = Duration.ofSeconds(50);

    private static final Duration OVERHEAD = Duration.ofSeconds(1);
    private static final double DISK_PERCENT = 85;
    /** An endpoint that is being deleted is there for some minutes more. */
    private static final int UNPAID_PERIODS = 3;

    private static final Duration OLDEST_JOB = Duration.ofHours(1);

    private final WatchedModel model;
    private final Alarms alarms;
    private final List<Alarms.Declared> all = new ArrayList<>();
    private final Optional<Alarms.Declared> unwell;

    /**
     * Declares the alarms.
     *
     * @param model the model
     * @param functions the alarms of the function that calls it; none where API Gateway does
     * @param alarms declares them
     * @param options the component's options
     */
    ModelAlarms(WatchedModel model, List<Alarms.Declared> functions, Alarms alarms, ComponentResourceOptions options) {
        super("parkmeter:watch:ModelAlarms", model.name() + "-alarms", options);
        this.model = model;
        this.alarms = alarms;
        var answers = new ArrayList<>(functions);
        for (Fleet.Group group : model.fleet().groups()) {
            answers(part(group), group).forEach(alarm -> answers.add(alarms.silent(alarm, this)));
        }
        if (model.logged()) {
            answers.add(alarms.silent(failedAnswers(), this));
        }
        all.addAll(answers);
        this.unwell = answers.isEmpty()
                ? Optional.empty()
                : Optional.of(alarms.anyOf(
                        model.name() + "-unwell",
                        model.name() + " fails, is slow, or its function does: the alarm's rule says which",
                        answers,
                        List.of(),
                        this));
        unwell.ifPresent(all::add);
        if (model.fleet().kind() != Fleet.Kind.SERVERLESS) {
            model.fleet().groups().forEach(group -> tell(disk(part(group), group)));
        }
        if (model.fleet().kind() == Fleet.Kind.ASYNC) {
            tell(backlog());
        }
        if (model.metered()) {
            tell(unpaid());
            tell(noStart());
        }
        registerOutputs(Map.of());
    }

    /** The one that rings where the model answers badly, where anything is known of how it answers. */
    Optional<Alarms.Declared> unwell() {
        return unwell;
    }

    /** All of them. */
    List<Alarms.Declared> all() {
        return List.copyOf(all);
    }

    private void tell(Alarm alarm) {
        all.add(alarms.telling(alarm, this));
    }

    /** A variant's part of the names: where there is one variant, the model's. */
    private String part(Fleet.Group group) {
        return model.fleet().groups().size() == 1 ? model.name() : model.name() + "-" + group.variant();
    }

    private List<Alarm> answers(String part, Fleet.Group group) {
        return switch (model.fleet().kind()) {
            case REAL_TIME -> List.of(failures(part, group), latency(part, group), overhead(part, group));
            case ASYNC -> List.of(jobFailures(part, group));
            // Its overhead is the start of an instance, which is the price of paying for none meanwhile.
            case SERVERLESS -> List.of(failures(part, group), latency(part, group));
            case ELSEWHERE -> List.of();
        };
    }

    /** Whoever asked the model knows from the body whose fault it was: to SageMaker TGI's 424, a failure, is a refusal. */
    private Alarm failedAnswers() {
        return Alarm.from(
                model.name() + "-failed-answers",
                "Calls and jobs that " + model.name() + " failed, as its callers were told: " + FAILURES
                        + " in five minutes",
                new Signal.Of("failed", Measure.FAILED_ANSWERS, model.byOwn(), "Sum"),
                FAILURES,
                1);
    }

    /** SageMaker counts what a model refuses among its errors: those are its callers' mistakes. */
    private Alarm failures(String part, Fleet.Group group) {
        var terms = List.of(
                new Signal.Of("failed", Measure.MODEL_ERRORS, model.byVariant(group), "Sum"),
                new Signal.Of("refused", Measure.REFUSED, model.byVariant(group), "Sum"));
        return Alarm.from(
                part + "-failures",
                "Calls that " + model.name() + " did not answer, its refusals left out: " + FAILURES
                        + " in five minutes",
                new Signal.Formula("failed - FILL(refused, 0)", terms),
                FAILURES,
                1);
    }

    private Alarm jobFailures(String part, Fleet.Group group) {
        return Alarm.from(
                part + "-failures",
                "Jobs of " + model.name() + " that failed: " + FAILURES + " in five minutes",
                new Signal.Of("failed", Measure.JOB_FAILURES, model.byVariant(group), "Sum"),
                FAILURES,
                1);
    }

    /** The metric does not tell jobs from other calls, so where there are any it goes by what these may take. */
    private Alarm latency(String part, Fleet.Group group) {
        boolean jobs = model.calls() == WatchedModel.Calls.JOBS;
        Duration slow = jobs ? SLOW_JOB : SLOW;
        return Alarm.above(
                part + "-latency",
                "One answer of " + model.name() + " in twenty takes longer than " + slow.toSeconds() + " seconds; "
                        + (jobs ? "SageMaker gives a job up at 60" : "API Gateway gives up at 29"),
                new Signal.Of("latency", Measure.MODEL_LATENCY, model.byVariant(group), "p95"),
                Measure.MODEL_LATENCY.of(slow),
                2,
                3);
    }

    private Alarm overhead(String part, Fleet.Group group) {
        return Alarm.above(
                part + "-overhead",
                "SageMaker itself adds more than " + OVERHEAD.toMillis() + " ms to one answer of " + model.name()
                        + " in a hundred",
                new Signal.Of("overhead", Measure.OVERHEAD_LATENCY, model.byVariant(group), "p99"),
                Measure.OVERHEAD_LATENCY.of(OVERHEAD),
                3,
                3);
    }

    private Alarm disk(String part, Fleet.Group group) {
        return Alarm.above(
                part + "-disk",
                "The disk of an instance of " + model.name() + " is " + (int) DISK_PERCENT + " % full",
                new Signal.Of("disk", Measure.DISK, model.byVariant(group), "Maximum"),
                DISK_PERCENT,
                2,
                2);
    }

    private Alarm backlog() {
        return Alarm.above(
                model.name() + "-backlog",
                "A job of " + model.name() + " has waited for more than an hour",
                new Signal.Of("oldest", Measure.OLDEST_JOB, model.byEndpoint(), "Maximum"),
                Measure.OLDEST_JOB.of(OLDEST_JOB),
                1,
                1);
    }

    private Alarm unpaid() {
        return Alarm.from(
                model.name() + "-unpaid",
                "The endpoint of " + model.name()
                        + " has been there for a quarter of an hour without time on its meter:"
                        + " it costs money, and somebody has to look",
                new Signal.Of("unpaid", Measure.UNPAID, model.byOwn(), "Minimum"),
                1,
                UNPAID_PERIODS);
    }

    private Alarm noStart() {
        return Alarm.from(
                model.name() + "-no-start",
                model.name() + " is to run and does not start; its meter's lastFailure says why, and when it is tried"
                        + " again",
                new Signal.Of("failed", Measure.FAILED_START, model.byOwn(), "Maximum"),
                1,
                1);
    }
}
