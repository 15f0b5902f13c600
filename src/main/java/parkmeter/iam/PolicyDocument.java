package parkmeter.iam;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;

/**
 * A policy (IAM user guide, "JSON policy elements"), version 2012-10-17.
 *
 * @param statements what it allows and refuses
 */
public record PolicyDocument(List<Statement> statements) {

    public PolicyDocument {
        statements = List.copyOf(statements);
    }

    /** A policy of these statements. */
    public static PolicyDocument of(Statement... statements) {
        return new PolicyDocument(List.of(statements));
    }

    /** A policy of statements of which several may have one id: those after the first get a number behind it. */
    public static PolicyDocument numbered(List<Statement> statements) {
        var seen = new HashMap<String, Integer>();
        return new PolicyDocument(statements.stream()
                .map(statement -> {
                    int number = seen.merge(statement.sid(), 1, Integer::sum);
                    return number == 1 ? statement : statement.named(statement.sid() + number);
                })
                .toList());
    }

    /** The document; known as soon as its ARNs are. */
    public Output<String> json() {
        var values = new ArrayList<Output<String>>();
        for (Statement statement : statements) {
            values.addAll(statement.resources());
            statement.conditions().forEach(condition -> values.add(condition.value()));
        }
        return Output.all(values).applyValue(known -> write(known.iterator()));
    }

    /** Takes the values in the order in which {@link #json} asked for them. */
    private String write(Iterator<String> values) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
        var list = document.putArray("Statement");
        for (Statement statement : statements) {
            ObjectNode written = list.addObject()
                    .put("Sid", statement.sid())
                    .put("Effect", statement.effect().word());
            statement.service().ifPresent(service -> {
                if (service.equals("*")) {
                    written.put("Principal", service);
                } else {
                    written.putObject("Principal").put("Service", service);
                }
            });
            var actions = written.putArray("Action");
            statement.actions().forEach(actions::add);
            if (!statement.resources().isEmpty()) {
                var resources = written.putArray("Resource");
                statement.resources().forEach(resource -> resources.add(values.next()));
            }
            if (!statement.conditions().isEmpty()) {
                ObjectNode conditions = written.putObject("Condition");
                statement.conditions().forEach(condition -> conditions
                        .withObjectProperty(condition.operator())
                        .put(condition.key(), values.next()));
            }
        }
        return document.toString();
    }
}
