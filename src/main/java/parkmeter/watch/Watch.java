package parkmeter.watch;

import com.pulumi.aws.budgets.Budget;
import com.pulumi.aws.budgets.BudgetArgs;
import com.pulumi.aws.budgets.inputs.BudgetCostFilterArgs;
import com.pulumi.aws.budgets.inputs.BudgetNotificationArgs;
import com.pulumi.aws.cloudwatch.Dashboard;
import com.pulumi.aws.cloudwatch.DashboardArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.config.Names;
import parkmeter.config.WatchSettings;
import parkmeter.iam.Account;

/** The alarms, the dashboard and the budget of a stack. */
public final class Watch extends ComponentResource {

    private static final double NEARLY = 80;
    private static final double ALL = 100;

    private final Names names;
    private final Account account;

    /**
     * What is watched.
     *
     * @param settings what the stack file says
     * @param api its API
     * @param models its models
     * @param functions the names of the functions behind the API, by their part of the stack
     * @param worker the name of the function that does jobs, where there is one
     * @param alarms the names of alarms that others have declared
     * @param topic the ARN of the topic that is told; absent: nobody is
     */
    public record Spec(
            WatchSettings settings,
            WatchedApi api,
            List<WatchedModel> models,
            Map<String, Output<String>> functions,
            Optional<Output<String>> worker,
            List<String> alarms,
            Optional<Output<String>> topic) {

        public Spec {
            models = List.copyOf(models);
            functions = Map.copyOf(functions);
            alarms = List.copyOf(alarms);
        }

        /** Whether a call may be answered with 503 since its model is stopped, and the function that does it is known. */
        private boolean stops() {
            return models.stream()
                    .anyMatch(model -> model.metered() && model.function().isPresent());
        }

        private Optional<Output<String>> function(WatchedModel model) {
            return model.function().flatMap(part -> Optional.ofNullable(functions.get(part)));
        }
    }

    /**
     * Declares all that the settings ask for.
     *
     * @param spec what is watched
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options, with the provider
     */
    public Watch(Spec spec, Names names, Account account, ComponentResourceOptions options) {
        super("parkmeter:watch:Watch", "watch", options);
        this.names = names;
        this.account = account;
        WatchSettings settings = spec.settings();
        if (settings.alarms() || settings.dashboard()) {
            spec.models().forEach(model -> counts(spec, model));
            spec.worker().ifPresent(worker -> LogCounts.ofJobs(worker, names, inner()));
        }
        var alarms = new ArrayList<Output<String>>();
        spec.alarms().forEach(name -> alarms.add(account.arn("cloudwatch", "alarm:" + name)));
        if (settings.alarms()) {
            alarms.addAll(alarms(spec));
        }
        if (settings.dashboard()) {
            dashboard(spec, alarms);
        }
        settings.budget().ifPresent(budget -> budget(budget, spec.topic()));
        registerOutputs(Map.of());
    }

    /** The namespace of a stack's own metrics. */
    public static String namespace(Names names) {
        return "Parkmeter/" + names.stackWide();
    }

    private void counts(Spec spec, WatchedModel model) {
        model.function().ifPresent(part -> spec.function(model)
                .ifPresent(function -> LogCounts.ofCalls(part, function, model.metered(), names, inner())));
    }

    private List<Output<String>> alarms(Spec spec) {
        var alarms = new Alarms(
                names,
                account,
                spec.topic().orElseThrow(() -> new IllegalArgumentException("alarms, and nobody to tell")));
        var all = new ArrayList<Alarms.Declared>();
        var unwell = new ArrayList<Alarms.Declared>();
        for (WatchedModel model : spec.models()) {
            List<Alarms.Declared> calling = model.function()
                    .map(part -> new FunctionAlarms(part, alarms, inner()).all())
                    .orElseGet(List::of);
            var declared = new ModelAlarms(model, calling, alarms, inner());
            declared.unwell().ifPresent(unwell::add);
            all.addAll(declared.all());
        }
        List<String> ofModels = spec.models().stream()
                .flatMap(model -> model.function().stream())
                .toList();
        List<Alarms.Declared> others = spec.functions().keySet().stream()
                .sorted()
                .filter(part -> !ofModels.contains(part))
                .flatMap(part -> new FunctionAlarms(part, alarms, inner()).all().stream())
                .toList();
        all.addAll(new ApiAlarms(spec.api(), spec.stops(), others, unwell, alarms, inner()).all());
        return all.stream().map(Alarms.Declared::arn).toList();
    }

    private void dashboard(Spec spec, List<Output<String>> alarms) {
        new Dashboard(
                "dashboard",
                DashboardArgs.builder()
                        .dashboardName(names.stackWide())
                        .dashboardBody(Output.tuple(spec.api().dimensions(), Output.all(alarms))
                                .applyValue(known -> DashboardBody.of(
                                        names, account.region(), spec.api(), known.t1, spec.models(), known.t2)))
                        .build(),
                child());
    }

    /** Counts what carries the stack's tag, once the account has made it a cost allocation tag. */
    private void budget(WatchSettings.Budget budget, Optional<Output<String>> topic) {
        var notices = new ArrayList<BudgetNotificationArgs>(
                List.of(notice("ACTUAL", NEARLY, topic), notice("ACTUAL", ALL, topic)));
        if (budget.forecast()) {
            notices.add(notice("FORECASTED", ALL, topic));
        }
        new Budget(
                "budget",
                BudgetArgs.builder()
                        .name(names.stackWide())
                        .budgetType("COST")
                        .timeUnit("MONTHLY")
                        .limitAmount(budget.monthlyDollars().toPlainString())
                        .limitUnit("USD")
                        .costFilters(BudgetCostFilterArgs.builder()
                                .name("TagKeyValue")
                                .values("user:Stack$" + names.stack())
                                .build())
                        .notifications(notices)
                        .build(),
                child());
    }

    private static BudgetNotificationArgs notice(String type, double percent, Optional<Output<String>> topic) {
        var notice = BudgetNotificationArgs.builder()
                .notificationType(type)
                .comparisonOperator("GREATER_THAN")
                .threshold(percent)
                .thresholdType("PERCENTAGE");
        topic.ifPresent(arn -> notice.subscriberSnsTopicArns(arn.applyValue(List::of)));
        return notice.build();
    }

    private CustomResourceOptions child() {
        return CustomResourceOptions.builder().parent(this).build();
    }

    private ComponentResourceOptions inner() {
        return ComponentResourceOptions.builder().parent(this).build();
    }
}
