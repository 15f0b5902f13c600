package parkmeter.local.httpapi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import parkmeter.local.edge.Request;
import parkmeter.local.edge.Undeployable;

/**
 * What a route is found by (API Gateway developer guide, "Create routes for HTTP APIs"): the most exact path first, a named method
 * before {@code ANY}, {@code $default} last. Unlike a REST API's, a path that fits another method only is passed over, and a slash at
 * the end counts.
 *
 * @param text as it is declared
 * @param method HTTP method, or {@code ANY}; empty for {@code $default}
 * @param parts the path's parts
 */
record RouteKey(String text, String method, List<String> parts) implements Comparable<RouteKey> {
    private static final String DEFAULT = "$default";
    private static final String ANY = "ANY";
    private static final Pattern FORM = Pattern.compile("(ANY|GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH) (/.*)");
    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}+]+)(\\+?)}");

    static RouteKey of(String text) {
        String where = "route '" + text + "'";
        if (text.equals(DEFAULT)) {
            return new RouteKey(text, "", List.of());
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new Undeployable(where, "a route key is METHOD /path or $default");
        }
        List<String> parts = parts(form.group(2));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            Matcher parameter = PARAMETER.matcher(parts.get(i));
            boolean isParameter = parameter.matches();
            if (!isParameter && (parts.get(i).contains("{") || parts.get(i).contains("}"))) {
                throw new Undeployable(where, "a parameter is a whole part of the path: {id}");
            }
            if (isParameter && !names.add(parameter.group(1))) {
                throw new Undeployable(where, "two parameters have one name");
            }
            if (isParameter && !parameter.group(2).isEmpty() && i < parts.size() - 1) {
                throw new Undeployable(where, "a greedy parameter stands at the end");
            }
        }
        return new RouteKey(text, form.group(1), parts);
    }

    /** The parts of a path; behind a slash at the end stands an empty one. */
    static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        int begin = 1;
        for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', begin)) {
            parts.add(path.substring(begin, slash));
            begin = slash + 1;
        }
        parts.add(path.substring(Math.min(begin, path.length())));
        return parts;
    }

    /**
     * The path's parameters, decoded, if the request is this route's.
     *
     * @param path the request's path behind the stage, in parts
     */
    Optional<Map<String, String>> match(String requestMethod, List<String> path) {
        if (isDefault()) {
            return Optional.of(Map.of());
        }
        if (!method.equals(ANY) && !method.equals(requestMethod)) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            if (i >= path.size()) {
                return Optional.empty();
            }
            Matcher parameter = PARAMETER.matcher(parts.get(i));
            if (!parameter.matches()) {
                if (!parts.get(i).equals(decoded(path.get(i)))) {
                    return Optional.empty();
                }
            } else if (parameter.group(2).isEmpty()) {
                if (path.get(i).isEmpty()) {
                    return Optional.empty();
                }
                parameters.put(parameter.group(1), decoded(path.get(i)));
            } else {
                String rest = String.join("/", path.subList(i, path.size()));
                parameters.put(parameter.group(1), decoded(rest));
                return rest.isEmpty() ? Optional.empty() : Optional.of(parameters);
            }
        }
        return path.size() == parts.size() ? Optional.of(parameters) : Optional.empty();
    }

    private boolean isDefault() {
        return text.equals(DEFAULT);
    }

    /** In a path a plus sign is one. */
    private static String decoded(String part) {
        return Request.decoded(part.replace("+", "%2B"));
    }

    @Override
    public int compareTo(RouteKey other) {
        if (isDefault() || other.isDefault()) {
            return Boolean.compare(isDefault(), other.isDefault());
        }
        for (int i = 0; i < Math.min(parts.size(), other.parts.size()); i++) {
            int order = Integer.compare(looseness(parts.get(i)), looseness(other.parts.get(i)));
            if (order != 0) {
                return order;
            }
        }
        int longerFirst = Integer.compare(other.parts.size(), parts.size());
        return longerFirst != 0 ? longerFirst : Boolean.compare(method.equals(ANY), other.method.equals(ANY));
    }

    private static int looseness(String part) {
        Matcher parameter = PARAMETER.matcher(part);
        return !parameter.matches() ? 0 : parameter.group(2).isEmpty() ? 1 : 2;
    }
}
