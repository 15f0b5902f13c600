package parkmeter.lambda.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an authorizer answers: an IAM policy on {@code execute-api:Invoke} (API Gateway developer guide). */
final class Policy {
    /** {@code arn:aws:execute-api:<region>:<account>:<api>/<stage>}, and what was asked for. */
    private static final Pattern ARN =
            Pattern.compile("(arn:[^:]*:execute-api:[^:]*:[^:]*:[^/*?]+/[^/*?]+)/.*", Pattern.DOTALL);

    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

    private final String stage;

    private Policy(String stage) {
        this.stage = stage;
    }

    /** For the stage that a request's ARN is of; null for a text that is none. */
    static @Nullable Policy forStageOf(String arn) {
        Matcher matcher = ARN.matcher(arn);
        return matcher.matches() ? new Policy(matcher.group(1)) : null;
    }

    /** Nothing at all. */
    static Map<String, Object> deny() {
        return answer("nobody", "Deny", List.of("*"));
    }

    /** The grant's routes. A parameter of a path stands for whatever is there. */
    Map<String, Object> allow(Grant grant) {
        Map<String, Object> answer = answer(
                grant.caller(),
                "Allow",
                grant.routes().stream().map(this::resource).toList());
        answer.put("context", grant.context());
        return answer;
    }

    private String resource(String route) {
        int space = route.indexOf(' ');
        String method = route.substring(0, space);
        String path = PARAMETER.matcher(route.substring(space + 1)).replaceAll("*");
        return stage + "/" + (method.equals("ANY") ? "*" : method) + path;
    }

    private static Map<String, Object> answer(String principal, String effect, List<String> resources) {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("Action", "execute-api:Invoke");
        statement.put("Effect", effect);
        statement.put("Resource", resources);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("Version", "2012-10-17");
        document.put("Statement", List.of(statement));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("principalId", principal);
        answer.put("policyDocument", document);
        return answer;
    }
}
