package parkmeter.local.jumpstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import parkmeter.local.engine.Stack;

/**
 * A model that a stack has from JumpStart, on one instance type.
 *
 * @param source where it stands: the key of its {@code jumpStart} section
 * @param hosting where its instance type stands, or would stand: the key of its {@code hosting} section or of a variant
 * @param id JumpStart's model id
 * @param version the version as it stands there; empty: none does
 * @param instanceType the instance type; empty: none is given
 * @param config the inference config that is asked for
 * @param acceptEula whether the model's licence is accepted
 * @param ownMachineImage whether the stack file names the machine image, which goes before the hub's
 */
record Wanted(
        String source,
        String hosting,
        String id,
        String version,
        String instanceType,
        Optional<String> config,
        boolean acceptEula,
        boolean ownMachineImage) {

    /** All of a stack's, and of their variants: each once. */
    static List<Wanted> of(Stack stack, Problems problems) {
        JsonNode models;
        try {
            models = new ObjectMapper().readTree(stack.config().getOrDefault("parkmeter:models", "[]"));
        } catch (JsonProcessingException e) {
            // A text, which the program refuses with its rule.
            return List.of();
        }
        var all = new ArrayList<Wanted>();
        for (int i = 0; i < models.size(); i++) {
            String path = "parkmeter:models[" + i + "]";
            JsonNode model = models.get(i);
            JsonNode hosting = model.path("hosting");
            JsonNode variants = hosting.path("variants");
            boolean ownMachineImage = hosting.has("inferenceAmi");
            add(all, problems, model, path, hosting, path + ".hosting", ownMachineImage);
            for (int j = 0; j < variants.size(); j++) {
                JsonNode variant = variants.get(j);
                String variantPath = path + ".hosting.variants[" + j + "]";
                boolean own = variant.has("source");
                boolean typed = variant.has("instanceType");
                add(
                        all,
                        problems,
                        own ? variant : model,
                        own ? variantPath : path,
                        typed ? variant : hosting,
                        typed ? variantPath : path + ".hosting",
                        ownMachineImage);
            }
        }
        return all.stream().distinct().toList();
    }

    private static void add(
            List<Wanted> all,
            Problems problems,
            JsonNode sourced,
            String sourcedPath,
            JsonNode hosting,
            String hostingPath,
            boolean ownMachineImage) {
        JsonNode source = sourced.path("source").path("jumpStart");
        if (source.isMissingNode()) {
            return;
        }
        String path = sourcedPath + ".source.jumpStart";
        if (!source.path("id").isTextual()) {
            problems.add(
                    path + ".id",
                    "",
                    "is missing: it must be a JumpStart model's id",
                    problems.set(path + ".id", "huggingface-llm-falcon-40b-instruct-bf16"));
            return;
        }
        all.add(new Wanted(
                path,
                hostingPath,
                source.path("id").asText(),
                source.path("version").asText(),
                hosting.path("instanceType").asText(),
                Optional.ofNullable(source.path("config").textValue()),
                source.path("acceptEula").asBoolean(),
                ownMachineImage));
    }

    /** For people: which model, where. */
    String name(String region) {
        return id + " " + version + " in " + region + " on " + instanceType;
    }
}
