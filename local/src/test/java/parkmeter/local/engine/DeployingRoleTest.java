package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which policies the samples need, as docs/deploying-role.md has it in its table. */
class DeployingRoleTest {

    private static final Path EXAMPLES = RealProgram.ROOT.resolve("examples");

    /** The plans of those in the root, kept equal to what the program declares by {@link GoldenPlanTest}. */
    private static final Path GOLDEN = Path.of("src/test/golden");

    /** Stands in the plan of a stack that needs the policy, and of no other. */
    private static final Map<String, Pattern> DECLARED = Map.ofEntries(
            Map.entry("http", Pattern.compile("\"type\": \"aws:apigatewayv2/api:")),
            Map.entry("private api", Pattern.compile("x-amazon-apigateway-policy")),
            Map.entry("direct", Pattern.compile("\"Service\": \"apigateway\\.amazonaws\\.com\"")),
            Map.entry("access", Pattern.compile("\"type\": \"aws:cognito/|::tokens-table\"")),
            Map.entry("answers", Pattern.compile("\"type\": \"aws:s3/")),
            Map.entry("jobs", Pattern.compile("\"type\": \"aws:sfn/")),
            Map.entry("scaling", Pattern.compile("\"type\": \"aws:appautoscaling/")),
            Map.entry("watch", Pattern.compile("\"type\": \"aws:cloudwatch/dashboard:")),
            Map.entry("vpc", Pattern.compile("\"type\": \"aws:ec2/")),
            Map.entry("token", Pattern.compile("\"type\": \"aws:secretsmanager/secret:")),
            Map.entry("functions of others", Pattern.compile("\"function\": \"LanguageModelLambda\"")));

    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[`([a-z ]+)`].*\\| ([^|]+) \\|$");
    private static final Pattern NAME = Pattern.compile("`([a-z0-9-]+)`");

    @Test
    void the_table_says_which_policies_each_sample_needs() throws Exception {
        var needed = new TreeMap<String, List<String>>();
        for (Map.Entry<String, Path> sample : samples().entrySet()) {
            String plan = plan(sample.getKey(), sample.getValue());
            List<String> policies = DECLARED.entrySet().stream()
                    .filter(policy -> policy.getValue().matcher(plan).find())
                    .map(Map.Entry::getKey)
                    .toList();
            for (String policy : policies.isEmpty() ? List.of("deploy") : policies) {
                needed.computeIfAbsent(policy, none -> new ArrayList<>()).add(sample.getKey());
            }
        }

        var told = new TreeMap<String, List<String>>();
        ROW.matcher(Files.readString(RealProgram.ROOT.resolve("docs/deploying-role.md")))
                .results()
                .forEach(row -> told.put(row.group(1), names(row.group(2))));
        told.values().removeIf(List::isEmpty);
        assertThat(told).isEqualTo(needed);
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell)
                .results()
                .map((MatchResult name) -> name.group(1))
                .toList();
    }

    /** Those that people start from, with the folder of each one's file, by name. */
    private static Map<String, Path> samples() throws IOException, UnusableStack {
        var all = new TreeMap<String, Path>();
        Stack.names(RealProgram.ROOT).forEach(name -> all.put(name, RealProgram.ROOT));
        try (Stream<Path> examples = Files.list(EXAMPLES)) {
            examples.filter(Files::isDirectory)
                    .forEach(folder -> all.put(folder.getFileName().toString(), folder));
        }
        return all;
    }

    private static String plan(String name, Path folder) throws Exception {
        if (folder.equals(RealProgram.ROOT)) {
            return Files.readString(GOLDEN.resolve(name + ".json"));
        }
        return PlanJson.write(RealProgram.engine().run(Stack.read(RealProgram.ROOT, folder, name)));
    }
}
