package parkmeter.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parkmeter.local.aws.Rules;
import parkmeter.local.engine.Plan;
import parkmeter.local.engine.Registration;
import parkmeter.local.lambda.FunctionSpec;

/**
 * What the meter is made of, beside its functions; empty lists where a stack has none.
 *
 * @param topic the ARN of the topic that it publishes to; empty where nobody is told
 * @param rules its clock
 * @param registrations the calls that deployment makes, in the order in which it makes them
 */
record Metering(Optional<String> topic, List<Rules.Rule> rules, List<Invocation> registrations) {

    private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)");

    /**
     * A call of a function at deployment.
     *
     * @param name the resource's logical name
     * @param functionArn what is called
     * @param payload what it gets, with what the provider adds at the first deployment
     */
    record Invocation(String name, String functionArn, JsonNode payload) {}

    /**
     * Takes it from a plan.
     *
     * @param functions the plan's functions
     * @throws CannotRun where something is declared that the local run does not have
     */
    static Metering of(Plan plan, List<FunctionSpec> functions) throws CannotRun {
        List<Rules.Rule> rules = new ArrayList<>();
        for (Registration target : plan.ofType("aws:cloudwatch/eventTarget:EventTarget")) {
            JsonNode rule = Deployment.named(
                    plan,
                    "aws:cloudwatch/eventRule:EventRule",
                    target.inputs().path("rule").asText());
            if (rule.path("state").asText("ENABLED").equals("ENABLED")) {
                rules.add(new Rules.Rule(
                        rule.path("arn").asText(),
                        rate(rule.path("scheduleExpression").asText()),
                        target.inputs().path("arn").asText()));
            }
        }
        return new Metering(
                plan.ofType("aws:sns/topic:Topic").stream()
                        .map(each -> each.outputs().path("arn").asText())
                        .findFirst(),
                rules,
                invocations(plan, functions));
    }

    private static Duration rate(String expression) throws CannotRun {
        Matcher rate = RATE.matcher(expression);
        if (!rate.matches()) {
            throw new CannotRun("The stack declares a rule with the schedule '" + expression
                    + "'; the local run has rates only, like rate(1 minute).");
        }
        return Duration.of(
                Long.parseLong(rate.group(1)), ChronoUnit.valueOf(rate.group(2).toUpperCase(Locale.ROOT) + "S"));
    }

    /** Deployment calls functions in the order of the dependencies. */
    private static List<Invocation> invocations(Plan plan, List<FunctionSpec> functions) throws CannotRun {
        Map<String, Registration> byUrn = new LinkedHashMap<>();
        plan.resources().forEach(each -> byUrn.put(each.urn(), each));
        Set<String> ordered = new LinkedHashSet<>();
        plan.resources().forEach(each -> order(each.urn(), byUrn, ordered));
        List<Invocation> invocations = new ArrayList<>();
        for (String urn : ordered) {
            Registration resource = byUrn.get(urn);
            if (resource != null && resource.type().equals("aws:lambda/invocation:Invocation")) {
                invocations.add(invocation(resource, functions));
            }
        }
        return invocations;
    }

    private static void order(String urn, Map<String, Registration> byUrn, Set<String> ordered) {
        Registration resource = byUrn.get(urn);
        if (resource != null && !ordered.contains(urn)) {
            resource.dependencies().forEach(each -> order(each, byUrn, ordered));
            ordered.add(urn);
        }
    }

    private static Invocation invocation(Registration resource, List<FunctionSpec> functions) throws CannotRun {
        JsonNode inputs = resource.inputs();
        String wanted = inputs.path("functionName").asText();
        String arn = functions.stream()
                .filter(each -> each.name().equals(wanted) || each.arn().equals(wanted))
                .map(FunctionSpec::arn)
                .findFirst()
                .orElseThrow(() -> new CannotRun(
                        "The stack calls the function " + wanted + " at deployment and declares none of that name."));
        ObjectNode payload = (ObjectNode) Deployment.json(inputs.path("input").asText());
        if (inputs.path("lifecycleScope").asText().equals("CRUD")) {
            payload.putObject(inputs.path("terraformKey").asText("tf")).put("action", "create");
        }
        return new Invocation(resource.name(), arn, payload);
    }
}
