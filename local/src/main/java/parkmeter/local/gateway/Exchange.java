package parkmeter.local.gateway;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.edge.Request;

/**
 * A request and what is known of it so far.
 *
 * @param api the stage that serves it
 * @param deploymentId the deployment's id
 * @param request as it came
 * @param route where it leads; empty until it is found
 * @param pathParameters from the path, still encoded
 * @param caller who an authorizer says it is; empty where none is asked
 * @param key the caller's; empty where none is needed or none was found
 * @param refused the answer of the gateway's own that it gets; empty while there is none
 */
record Exchange(
        Api api,
        String deploymentId,
        Request request,
        Optional<Route> route,
        Map<String, String> pathParameters,
        Optional<Caller> caller,
        Optional<ApiKey> key,
        Optional<Refused> refused) {

    private static final List<String> UNKNOWN_IDENTITY = List.of(
            "accessKey",
            "accountId",
            "caller",
            "cognitoAuthenticationProvider",
            "cognitoAuthenticationType",
            "cognitoIdentityId",
            "cognitoIdentityPoolId",
            "principalOrgId",
            "user",
            "userArn");

    Exchange(Api api, String deploymentId, Request request) {
        this(
                api,
                deploymentId,
                request,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Exchange to(Route found, Map<String, String> parameters) {
        return new Exchange(api, deploymentId, request, Optional.of(found), parameters, caller, key, refused);
    }

    Exchange by(Caller authorized) {
        return new Exchange(api, deploymentId, request, route, pathParameters, Optional.of(authorized), key, refused);
    }

    Exchange by(ApiKey owned) {
        return new Exchange(api, deploymentId, request, route, pathParameters, caller, Optional.of(owned), refused);
    }

    Exchange refused(Refused answer) {
        return new Exchange(api, deploymentId, request, route, pathParameters, caller, key, Optional.of(answer));
    }

    /** The request's ARN (API Gateway developer guide, "Input to a Lambda authorizer"), which policies are about. */
    String methodArn() {
        return "arn:%s:execute-api:%s:%s:%s/%s/%s%s"
                .formatted(
                        api.region().startsWith("cn-")
                                ? "aws-cn"
                                : api.region().startsWith("us-gov-") ? "aws-us-gov" : "aws",
                        api.region(),
                        api.account(),
                        api.id(),
                        api.stage(),
                        request.method(),
                        request.path());
    }

    /**
     * What AWS calls {@code $context} (API Gateway developer guide, "$context variables for data models, authorizers, mapping templates,
     * and CloudWatch access logging"). A new one each time: templates may change it.
     */
    Map<String, Object> context() {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("requestId", request.id());
        context.put("extendedRequestId", request.extendedId());
        context.put("accountId", api.account());
        context.put("apiId", api.id());
        context.put("stage", api.stage());
        context.put("deploymentId", deploymentId);
        context.put("domainName", api.id() + ".execute-api." + api.region() + ".amazonaws.com");
        context.put("domainPrefix", api.id());
        context.put("httpMethod", request.method());
        context.put("path", request.fullPath());
        context.put("protocol", "HTTP/1.1");
        context.put("requestTime", request.timeText());
        context.put("requestTimeEpoch", request.time().toEpochMilli());
        context.put("resourcePath", route.map(Route::resource).orElse(""));
        context.put("resourceId", route.map(Route::resourceId).orElse(""));
        context.put("identity", identity());
        context.put("authorizer", caller.map(Caller::authorizer).orElse(Map.of()));
        context.put(
                "requestOverride",
                Map.of("header", new HashMap<>(), "path", new HashMap<>(), "querystring", new HashMap<>()));
        Map<String, Object> responseOverride = new HashMap<>();
        responseOverride.put("header", new HashMap<>());
        context.put("responseOverride", responseOverride);
        return context;
    }

    /** {@code $context.identity}; empty texts for what is not known of callers here. */
    Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        UNKNOWN_IDENTITY.forEach(name -> identity.put(name, ""));
        identity.put("sourceIp", request.sourceIp());
        identity.put("userAgent", request.headers().first("User-Agent").orElse(""));
        key.ifPresent(known -> {
            identity.put("apiKey", known.value());
            identity.put("apiKeyId", known.id());
        });
        return identity;
    }

    /** A variable such as {@code error.messageString}, named without {@code $context.}; empty text where AWS has none. */
    String variable(String name) {
        return name.startsWith("error.") ? error(name.substring("error.".length())) : value(context(), name);
    }

    private String error(String name) {
        return refused.map(answer -> switch (name) {
                    case "message" -> answer.message();
                    case "messageString" -> answer.message().isEmpty() ? "null" : quoted(answer.message());
                    case "responseType" -> answer.type().name();
                    case "validationErrorString" -> answer.validation();
                    default -> "";
                })
                .orElse("");
    }

    private static String value(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof Map) {
            return "";
        }
        if (tree.containsKey(name)) {
            return String.valueOf(tree.get(name));
        }
        int dot = name.indexOf('.');
        return dot > 0 && tree.get(name.substring(0, dot)) instanceof Map<?, ?> branch
                ? value(branch, name.substring(dot + 1))
                : "";
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
