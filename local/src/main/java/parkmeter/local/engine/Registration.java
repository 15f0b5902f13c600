package parkmeter.local.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One resource as the program declared it.
 *
 * @param urn Pulumi's name of it, unique in the plan
 * @param type its type token, such as {@code aws:iam/role:Role}
 * @param name its logical name
 * @param parent the URN of the component that it belongs to; empty for the stack itself
 * @param provider {@code <urn>::<id>} of its explicit provider; empty for components and the default provider
 * @param custom whether a provider creates it (false: a component, or the stack)
 * @param dependencies URNs that it waits for, sorted
 * @param propertyDependencies the same by input property, sorted
 * @param inputs what was declared, secrets in plain text; an unknown value is {@link #UNKNOWN}; an archive is
 *     {@code {"archive": {"path": …}}} and a file {@code {"asset": {"path": …}}}, relative to the project's folder where
 *     they lie in it
 * @param outputs the inputs and what AWS would add: ids (as {@code id}), ARNs, URLs; of a component or the stack, what it
 *     registered
 * @param secrets JSON pointers into {@code inputs} and {@code outputs} of what is secret
 * @param options the resource options that differ from the default, by Pulumi's names ({@code protect}, {@code aliases}, …)
 */
public record Registration(
        String urn,
        String type,
        String name,
        Optional<String> parent,
        Optional<String> provider,
        boolean custom,
        List<String> dependencies,
        Map<String, List<String>> propertyDependencies,
        JsonNode inputs,
        JsonNode outputs,
        Set<String> secrets,
        JsonNode options) {

    /** Stands for a value that is known only after deployment. */
    public static final String UNKNOWN = Wire.UNKNOWN;

    /** Copies the collections. */
    public Registration {
        dependencies = List.copyOf(dependencies);
        propertyDependencies = Map.copyOf(propertyDependencies);
        secrets = Set.copyOf(secrets);
    }

    Registration withOutputs(Wire.Decoded registered) {
        return new Registration(
                urn,
                type,
                name,
                parent,
                provider,
                custom,
                dependencies,
                propertyDependencies,
                inputs,
                registered.value(),
                registered.secrets(),
                options);
    }
}
