package parkmeter.local.gateway;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parkmeter.local.edge.Request;

/**
 * One path with its methods. A request belongs to the most exact path that fits it, and to no other: a method that this one
 * doesn't have is not looked for elsewhere (API Gateway developer guide, "Set up a proxy integration with a proxy resource": a proxy
 * resource's siblings are no part of it).
 *
 * @param parts the path's parts
 * @param methods by HTTP method; {@link #ANY}: each of the seven that API Gateway knows and that isn't there itself
 */
record Resource(List<String> parts, Map<String, Route> methods) implements Comparable<Resource> {

    static final String ANY = "ANY";
    private static final Set<String> METHODS = Set.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

    /** The parts of a path; a slash at its end is none. */
    static List<String> parts(String path) {
        String[] parts = path.substring(1).split("/", -1);
        boolean slashAtEnd = parts.length > 1 && parts[parts.length - 1].isEmpty();
        return Arrays.asList(parts).subList(0, slashAtEnd ? parts.length - 1 : parts.length);
    }

    /**
     * The path's parameters, still encoded, if the request's path is this one.
     *
     * @param path the request's path, in parts
     */
    Optional<Map<String, String>> match(List<String> path) {
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

    /** The route of a method. */
    @Nullable
    Route route(String method) {
        Route own = methods.get(method);
        return own == null && METHODS.contains(method) ? methods.get(ANY) : own;
    }

    /** The more exact one first: part by part a name, then a parameter, then a greedy one. */
    @Override
    public int compareTo(Resource other) {
        for (int i = 0; i < Math.min(parts.size(), other.parts.size()); i++) {
            int order = Integer.compare(looseness(parts.get(i)), looseness(other.parts.get(i)));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(other.parts.size(), parts.size());
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
