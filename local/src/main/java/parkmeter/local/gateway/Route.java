package parkmeter.local.gateway;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One method of one path, with everything that its requests need.
 *
 * @param resource the path as the document has it, such as <code>/models/{id}</code>
 * @param parts the path's parts
 * @param method HTTP method; {@code ANY}: each of the seven that API Gateway knows
 * @param resourceId what AWS would call the path, made from it
 * @param needsKey whether it asks for an API key
 * @param throttle the stage's bucket for this method; AWS gives each method its own
 * @param validation what is checked before the integration
 * @param integration what answers
 */
record Route(
        String resource,
        List<String> parts,
        String method,
        String resourceId,
        boolean needsKey,
        Optional<Limiter> throttle,
        Validation validation,
        Integration integration)
        implements Comparable<Route> {

    static final String ANY = "ANY";
    private static final Set<String> METHODS = Set.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

    /** The parts of a path; a slash at its end is none. */
    static List<String> parts(String path) {
        String[] parts = path.substring(1).split("/", -1);
        boolean slashAtEnd = parts.length > 1 && parts[parts.length - 1].isEmpty();
        return Arrays.asList(parts).subList(0, slashAtEnd ? parts.length - 1 : parts.length);
    }

    /**
     * The path's parameters, still encoded, if this route serves the request.
     *
     * @param path the request's path, in parts
     */
    Optional<Map<String, String>> match(String requestMethod, List<String> path) {
        if (!method.equals(requestMethod) && !(method.equals(ANY) && METHODS.contains(requestMethod))) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (i >= path.size()) {
                return Optional.empty();
            }
            if (isGreedy(part)) {
                String rest = String.join("/", path.subList(i, path.size()));
                parameters.put(part.substring(1, part.length() - 2), rest);
                return rest.isEmpty() ? Optional.empty() : Optional.of(parameters);
            }
            if (isParameter(part) && !path.get(i).isEmpty()) {
                parameters.put(part.substring(1, part.length() - 1), path.get(i));
            } else if (!part.equals(Request.decoded(path.get(i).replace("+", "%2B")))) {
                return Optional.empty();
            }
        }
        return path.size() == parts.size() ? Optional.of(parameters) : Optional.empty();
    }

    /** The more exact one first: part by part a name, then a parameter, then a greedy one; a named method before ANY. */
    @Override
    public int compareTo(Route other) {
        for (int i = 0; i < Math.min(parts.size(), other.parts.size()); i++) {
            int order = Integer.compare(looseness(parts.get(i)), looseness(other.parts.get(i)));
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(method.equals(ANY), other.method.equals(ANY));
    }

    private static int looseness(String part) {
        return isGreedy(part) ? 2 : isParameter(part) ? 1 : 0;
    }

    private static boolean isGreedy(String part) {
        return part.startsWith("{") && part.endsWith("+}");
    }

    private static boolean isParameter(String part) {
        return part.startsWith("{") && part.endsWith("}");
    }
}
