package parkmeter.local.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;
import pulumirpc.Resource.RegisterResourceRequest;

/** A resource's options, as a registration records them. */
final class Options {
    private Options() {}

    /** The options that differ from the default, by Pulumi's names. */
    static ObjectNode of(RegisterResourceRequest request) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        flag(options, "protect", request.getProtect());
        flag(options, "retainOnDelete", request.getRetainOnDelete());
        if (request.getDeleteBeforeReplaceDefined()) {
            options.put("deleteBeforeReplace", request.getDeleteBeforeReplace());
        }
        text(options, "version", request.getVersion());
        text(options, "importId", request.getImportId());
        text(options, "deletedWith", request.getDeletedWith());
        list(options, "ignoreChanges", request.getIgnoreChangesList());
        list(options, "replaceOnChanges", request.getReplaceOnChangesList());
        list(options, "hideDiffs", request.getHideDiffsList());
        list(options, "additionalSecretOutputs", request.getAdditionalSecretOutputsList());
        list(
                options,
                "aliases",
                request.getAliasesList().stream()
                        .map(alias ->
                                alias.hasSpec() ? alias.getSpec().toString().strip() : alias.getUrn())
                        .toList());
        ObjectNode timeouts = options.objectNode();
        text(timeouts, "create", request.getCustomTimeouts().getCreate());
        text(timeouts, "update", request.getCustomTimeouts().getUpdate());
        text(timeouts, "delete", request.getCustomTimeouts().getDelete());
        if (!timeouts.isEmpty()) {
            options.set("customTimeouts", timeouts);
        }
        new TreeMap<>(request.getProvidersMap())
                .forEach((name, provider) -> options.withObject("/providers").put(name, provider));
        return options;
    }

    private static void flag(ObjectNode options, String name, boolean value) {
        if (value) {
            options.put(name, true);
        }
    }

    private static void text(ObjectNode options, String name, String value) {
        if (!value.isEmpty()) {
            options.put(name, value);
        }
    }

    private static void list(ObjectNode options, String name, List<String> values) {
        if (!values.isEmpty()) {
            // The SDK names an output twice where the program and the provider both call it secret.
            values.stream().distinct().sorted().forEach(options.withArray(name)::add);
        }
    }
}
