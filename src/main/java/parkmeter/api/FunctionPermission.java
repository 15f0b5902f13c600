package parkmeter.api;

import com.pulumi.aws.lambda.PermissionArgs;
import java.util.Locale;
import parkmeter.config.ContentHash;
import parkmeter.config.Names;

/** What lets API Gateway call a function. */
final class FunctionPermission {

    private FunctionPermission() {}

    /** The permission, but for the API that it is for. */
    static PermissionArgs.Builder of(Operation operation, FrontRoute.ToFunction function, Names names) {
        var permission = PermissionArgs.builder()
                .action("lambda:InvokeFunction")
                .function(function.functionName())
                .principal("apigateway.amazonaws.com");
        // A statement's id takes neither a slash nor a dot, and has 100 characters at most.
        if (function instanceof FrontRoute.Existing existing) {
            existing.route().qualifier().ifPresent(permission::qualifier);
            // Other stacks may call the function too.
            return permission.statementId(
                    "parkmeter-" + hash(names.stackWide() + suffix(operation) + " " + operation.path()));
        }
        return permission.statementId("api" + suffix(operation) + "-" + hash(operation.path()));
    }

    /** What lets it ask the authorizer. */
    static PermissionArgs.Builder of(Guards.Authorizer authorizer) {
        return PermissionArgs.builder()
                .action("lambda:InvokeFunction")
                .function(authorizer.functionName())
                .principal("apigateway.amazonaws.com")
                .statementId("api-authorizer");
    }

    /** What tells a path's operations apart; nothing for the one that models have. */
    static String suffix(Operation operation) {
        return operation.method().equals("POST") ? "" : "-" + operation.method().toLowerCase(Locale.ROOT);
    }

    private static String hash(String text) {
        return ContentHash.of(text).shortForm();
    }
}
