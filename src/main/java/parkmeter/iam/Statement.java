package parkmeter.iam;

import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One permission (IAM user guide, "JSON policy elements: Statement"). Nothing is allowed that is not named, so a role needs no
 * Deny; a bucket has one, for what anybody else may have allowed.
 *
 * @param effect whether it allows or refuses
 * @param sid what it is for, in letters and digits
 * @param service the service that may act, in a trust policy and in a policy of the resource itself; {@code *}: everybody
 * @param actions the actions, none of them with a wildcard where they are allowed
 * @param resources the ARNs; empty in a trust policy
 * @param conditions all of them must hold
 */
public record Statement(
        Effect effect,
        String sid,
        Optional<String> service,
        List<String> actions,
        List<Output<String>> resources,
        List<Condition> conditions) {

    /** What a statement does. */
    public enum Effect {
        /** Allows what nothing else refuses. */
        ALLOW("Allow"),
        /** Refuses, whatever else allows. */
        DENY("Deny");

        private final String word;

        Effect(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /**
     * A condition (IAM user guide, "Condition operators").
     *
     * @param operator {@code StringEquals}, …
     * @param key the condition key, {@code aws:SourceAccount}
     * @param value what it is compared with
     */
    public record Condition(String operator, String key, Output<String> value) {}

    public Statement {
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
        conditions = List.copyOf(conditions);
    }

    /** Allows {@code actions} on {@code resources}. */
    public static Statement allow(String sid, List<String> actions, List<Output<String>> resources) {
        return new Statement(Effect.ALLOW, sid, Optional.empty(), actions, resources, List.of());
    }

    /** Refuses everybody {@code actions} on {@code resources}, in a policy of the resource itself. */
    public static Statement deny(String sid, List<String> actions, List<Output<String>> resources) {
        return new Statement(Effect.DENY, sid, Optional.of("*"), actions, resources, List.of());
    }

    /** Lets {@code service}, acting for this account alone, take on the role. */
    public static Statement trust(String service, Account account) {
        return new Statement(
                Effect.ALLOW,
                "Assume",
                Optional.of(service),
                List.of("sts:AssumeRole"),
                List.of(),
                List.of(new Condition("StringEquals", "aws:SourceAccount", account.id())));
    }

    /** The same statement, for {@code principal} alone: in a policy of the resource that is called. */
    public Statement by(String principal) {
        return new Statement(effect, sid, Optional.of(principal), actions, resources, conditions);
    }

    /** The same statement by another id, beside its like in one policy. */
    public Statement named(String otherSid) {
        return new Statement(effect, otherSid, service, actions, resources, conditions);
    }

    /** The same statement, under one more condition. */
    public Statement when(String operator, String key, Output<String> value) {
        var all = new ArrayList<>(conditions);
        all.add(new Condition(operator, key, value));
        return new Statement(effect, sid, service, actions, resources, all);
    }
}
