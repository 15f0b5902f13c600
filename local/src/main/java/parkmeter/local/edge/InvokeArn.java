package parkmeter.local.edge;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How API Gateway names a function that it calls. */
public final class InvokeArn {
    private static final Pattern FORM =
            Pattern.compile("(?:arn:[^:]+:apigateway:[^:]*:lambda:path//?2015-03-31/functions/)?"
                    + "(arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:/]+)(?::[^/]+)?(?:/invocations)?");

    private InvokeArn() {}

    /**
     * The function's own ARN, without version or alias; empty when it is none.
     *
     * @param uri {@code arn:…:apigateway:…:lambda:path/2015-03-31/functions/<ARN>/invocations}, or the function's ARN
     */
    public static Optional<String> function(String uri) {
        Matcher matcher = FORM.matcher(uri);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
