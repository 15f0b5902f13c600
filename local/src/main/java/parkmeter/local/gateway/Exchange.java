package parkmeter.local.gateway;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request and what is known of it so far: what AWS calls {@code $context}.
 *
 * @param api the stage that serves it
 * @param deploymentId the deployment's id
 * @param request as it came
 * @param route where it leads; empty until it is found
 * @param pathParameters from the path, still encoded
 * @param key the caller's; empty where none is needed or none was found
 * @param refused the answer of the gateway's own that it gets; empty while there is none
 */
record Exchange(
        Api api,
        String deploymentId,
        Request request,
        Optional<Route> route,
        Map<String, String> pathParameters,
        Optional<ApiKey> key,
        Optional<Refused> refused) {

    private static final DateTimeFormatter COMMON_LOG_FORMAT =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

    Exchange(Api api, String deploymentId, Request request) {
        this(api, deploymentId, request, Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
    }

    Exchange to(Route found, Map<String, String> parameters) {
        return new Exchange(api, deploymentId, request, Optional.of(found), parameters, key, refused);
    }

    Exchange by(ApiKey caller) {
        return new Exchange(api, deploymentId, request, route, pathParameters, Optional.of(caller), refused);
    }

    Exchange refused(Refused answer) {
        return new Exchange(api, deploymentId, request, route, pathParameters, key, Optional.of(answer));
    }

    String domainName() {
        return api.id() + ".execute-api." + api.region() + ".amazonaws.com";
    }

    String requestTime() {
        return COMMON_LOG_FORMAT.format(request.time().atOffset(ZoneOffset.UTC));
    }

    /** A variable such as {@code error.messageString}, named without {@code $context.}; empty text where AWS has none. */
    String variable(String name) {
        return switch (name) {
            case "requestId" -> request.id();
            case "extendedRequestId" -> request.extendedId();
            case "accountId" -> api.account();
            case "apiId", "domainPrefix" -> api.id();
            case "stage" -> api.stage();
            case "deploymentId" -> deploymentId;
            case "domainName" -> domainName();
            case "httpMethod" -> request.method();
            case "path" -> request.fullPath();
            case "protocol" -> "HTTP/1.1";
            case "requestTime" -> requestTime();
            case "requestTimeEpoch" -> String.valueOf(request.time().toEpochMilli());
            case "resourcePath" -> route.map(Route::resource).orElse("");
            case "resourceId" -> route.map(Route::resourceId).orElse("");
            case "identity.sourceIp" -> request.sourceIp();
            case "identity.userAgent" -> request.headers().first("User-Agent").orElse("");
            case "identity.apiKeyId" -> key.map(ApiKey::id).orElse("");
            case "error.message" -> refused.map(Refused::message).orElse("");
            case "error.messageString" ->
                refused.map(Refused::message).map(Exchange::quoted).orElse("");
            case "error.responseType" ->
                refused.map(answer -> answer.type().name()).orElse("");
            case "error.validationErrorString" ->
                refused.map(Refused::validation).orElse("");
            default -> "";
        };
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
