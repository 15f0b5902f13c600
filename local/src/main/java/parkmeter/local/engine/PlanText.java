package parkmeter.local.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A plan for people: the resources as a tree with their inputs, secrets masked, then counts, GPUs, what the program says, and outputs. */
public final class PlanText {
    private static final int LONGEST_LIST_ON_A_LINE = 90;

    private final List<String> lines = new ArrayList<>();

    private PlanText() {}

    /** The plan as text that ends with a new line. */
    public static String render(Plan plan) {
        PlanText text = new PlanText();
        text.tree(plan, Optional.empty(), "");
        text.summary(plan);
        return String.join("\n", text.lines) + "\n";
    }

    private void tree(Plan plan, Optional<String> parent, String indent) {
        List<Registration> children = plan.resources().stream()
                .filter(each -> each.parent().equals(parent))
                .sorted(Comparator.comparing(Registration::name).thenComparing(Registration::type))
                .toList();
        for (Registration child : children) {
            boolean last = child.equals(children.get(children.size() - 1));
            boolean top = parent.isEmpty();
            lines.add(indent + (top ? "" : last ? "└─ " : "├─ ") + child.name() + "  (" + child.type() + ")");
            String below = indent + (top ? "" : last ? "   " : "│  ");
            boolean leaf =
                    plan.resources().stream().noneMatch(each -> each.parent().equals(Optional.of(child.urn())));
            members(below + (leaf ? "     " : "│    "), PlanJson.marked(child.inputs(), child.secrets()));
            tree(plan, Optional.of(child.urn()), below);
        }
    }

    private void summary(Plan plan) {
        lines.add("");
        lines.add("Resources of stack '" + plan.stack() + "':");
        plan.countsByType().forEach((type, count) -> lines.add("%5d  %s".formatted(count, type)));
        lines.add("%5d  in all, the stack itself included"
                .formatted(plan.resources().size()));
        lines.add("");
        List<Plan.Gpus> gpus = plan.gpus();
        lines.add("GPUs that would run: "
                + gpus.stream().mapToInt(Plan.Gpus::total).sum());
        gpus.forEach(each -> lines.add("  " + each.model() + ": " + runs(each)));
        plan.notes().forEach(lines::add);
        JsonNode exports = PlanJson.exports(plan);
        if (!exports.isEmpty()) {
            lines.add("");
            lines.add("Outputs:");
            members("  ", exports);
        }
        if (!plan.warnings().isEmpty()) {
            lines.add("");
        }
        plan.warnings().forEach(warning -> lines.add("warning: " + warning));
    }

    private static String runs(Plan.Gpus each) {
        if (each.instanceType().isEmpty()) {
            return "serverless";
        }
        return each.instances() + " × " + each.instanceType()
                + (each.perInstance() == 0 ? "" : " with " + each.perInstance() + " each");
    }

    private void members(String indent, JsonNode object) {
        object.properties().forEach(member -> value(indent, member.getKey() + ":", member.getValue()));
    }

    private void value(String indent, String label, JsonNode value) {
        Optional<String> line = onOneLine(value);
        if (line.isPresent()) {
            lines.add(indent + label + " " + line.get());
        } else if (value.isObject() && isMark(value, PlanJson.JSON_TEXT)) {
            value(indent, label + " (JSON)", value.path(PlanJson.JSON_TEXT));
        } else if (value.isObject()) {
            lines.add(indent + label);
            members(indent + "  ", value);
        } else if (value.isArray()) {
            lines.add(indent + label);
            value.forEach(each -> item(indent + "  ", each));
        } else {
            lines.add(indent + label + " |");
            value.asText().lines().forEach(each -> lines.add(indent + "  " + each));
        }
    }

    /** The first line of an item carries its dash. */
    private void item(String indent, JsonNode value) {
        if (onOneLine(value).isPresent() || !value.isObject() || isMark(value, PlanJson.JSON_TEXT)) {
            value(indent, "-", value);
            return;
        }
        int first = lines.size();
        members(indent + "  ", value);
        lines.set(first, indent + "- " + lines.get(first).substring(indent.length() + 2));
    }

    private static Optional<String> onOneLine(JsonNode value) {
        if (isMark(value, PlanJson.SECRET)) {
            return Optional.of("[secret]");
        }
        if (isMark(value, PlanJson.UNKNOWN)) {
            return Optional.of("[known after deployment]");
        }
        if (value.isObject()) {
            return value.isEmpty() ? Optional.of("{}") : Optional.empty();
        }
        if (value.isArray()) {
            if (!StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isValueNode)) {
                return Optional.empty();
            }
            String list = StreamSupport.stream(value.spliterator(), false)
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(", ", "[", "]"));
            return list.length() <= LONGEST_LIST_ON_A_LINE ? Optional.of(list) : Optional.empty();
        }
        String text = value.isTextual() && value.asText().isEmpty() ? "''" : value.asText();
        return text.contains("\n") ? Optional.empty() : Optional.of(text);
    }

    private static boolean isMark(JsonNode value, String mark) {
        return value.size() == 1 && value.has(mark);
    }
}
