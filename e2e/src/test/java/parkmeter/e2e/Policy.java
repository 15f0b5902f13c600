package parkmeter.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An IAM policy that only allows.
 *
 * @param statements its statements
 */
record Policy(List<Statement> statements) {

    private static final ObjectMapper JSON = new ObjectMapper();

    Policy {
        statements = List.copyOf(statements);
    }

    /**
     * One statement.
     *
     * @param sid its name
     * @param actions without wildcards
     * @param resources ARNs, in which {@code *} stands for anything
     * @param conditions the values that a condition key may have
     */
    record Statement(String sid, List<String> actions, List<String> resources, Map<String, List<String>> conditions) {

        boolean allows(Permission permission) {
            return actions.contains(permission.action())
                    && resources.stream().anyMatch(resource -> covers(resource, permission))
                    && conditions.entrySet().stream().allMatch(condition -> condition
                            .getValue()
                            .contains(permission.context().getOrDefault(condition.getKey(), "")));
        }

        /** Policies are written for the partition {@code aws}; in another one they are the same but for that word. */
        static boolean covers(String resource, Permission permission) {
            String glob = Pattern.quote(resource).replace("*", "\\E.*\\Q");
            return permission
                    .resource()
                    .replaceFirst("^arn:aws-[a-z-]+:", "arn:aws:")
                    .matches(glob);
        }
    }

    /** The policy that a document shows as JSON behind {@code <!-- policy: name -->}. */
    static Policy of(String document, String name) {
        Matcher block = Pattern.compile(
                        "<!-- policy: " + Pattern.quote(name) + " -->\\s+```json\\R(.*?)```", Pattern.DOTALL)
                .matcher(document);
        if (!block.find()) {
            throw new AssertionError("the document has no policy " + name);
        }
        try {
            return new Policy(JSON.readTree(block.group(1))
                    .path("Statement")
                    .valueStream()
                    .map(Policy::statement)
                    .toList());
        } catch (IOException e) {
            throw new AssertionError("the policy " + name + " is no JSON", e);
        }
    }

    private static Statement statement(JsonNode node) {
        if (!node.path("Effect").asText().equals("Allow")) {
            throw new AssertionError("a statement that does not allow: " + node);
        }
        var conditions = new HashMap<String, List<String>>();
        node.path("Condition").valueStream().forEach(operator -> operator.propertyStream()
                .forEach(key -> conditions.put(key.getKey(), texts(key.getValue()))));
        return new Statement(
                node.path("Sid").asText(), texts(node.path("Action")), texts(node.path("Resource")), conditions);
    }

    private static List<String> texts(JsonNode node) {
        return node.isTextual()
                ? List.of(node.asText())
                : node.valueStream().map(JsonNode::asText).toList();
    }

    /** Both policies' statements: a role that has both. */
    Policy and(Policy other) {
        var all = new ArrayList<>(statements);
        all.addAll(other.statements);
        return new Policy(all);
    }

    /** What it does not allow. */
    List<Permission> missing(Collection<Permission> asked) {
        return asked.stream()
                .filter(permission -> statements.stream().noneMatch(statement -> statement.allows(permission)))
                .sorted(java.util.Comparator.comparing(Permission::toString))
                .toList();
    }

    /** What nobody asked for: actions, and resources of a statement, and values of a condition. */
    List<String> idle(Collection<Permission> asked) {
        var idle = new ArrayList<String>();
        for (Statement statement : statements) {
            List<Permission> used = asked.stream().filter(statement::allows).toList();
            statement.actions().stream()
                    .filter(action -> used.stream()
                            .noneMatch(permission -> permission.action().equals(action)))
                    .forEach(action -> idle.add(statement.sid() + ": " + action));
            statement.resources().stream()
                    .filter(resource -> used.stream().noneMatch(permission -> Statement.covers(resource, permission)))
                    .forEach(resource -> idle.add(statement.sid() + ": " + resource));
            statement.conditions().forEach((key, values) -> values.stream()
                    .filter(value -> used.stream()
                            .noneMatch(permission ->
                                    value.equals(permission.context().get(key))))
                    .forEach(value -> idle.add(statement.sid() + ": " + key + " " + value)));
        }
        return idle;
    }

    /** Actions that stand for more than one, and resources that are anything at all where IAM knows of one. */
    List<String> wild(Collection<Permission> asked) {
        return statements.stream()
                .flatMap(statement -> Stream.concat(
                        statement.actions().stream().filter(action -> action.contains("*")),
                        statement.resources().stream()
                                .filter(AwsCall.ANY::equals)
                                .filter(anything -> asked.stream()
                                        .filter(statement::allows)
                                        .anyMatch(permission ->
                                                !permission.resource().equals(AwsCall.ANY)))
                                .map(anything -> statement.sid() + ": " + anything)))
                .toList();
    }
}
