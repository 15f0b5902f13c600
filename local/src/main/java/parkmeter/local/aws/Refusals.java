package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** What SageMaker answers where a model didn't, or not with success: status, {@code x-amzn-ErrorType}, JSON body. */
final class Refusals {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final String region;
    private final String account;

    Refusals(String region, String account) {
        this.region = region;
        this.account = account;
    }

    /** The endpoint that a request names. */
    static String endpoint(Context http) {
        return http.pathParam("name");
    }

    void notFound(Context http) {
        String message = "Endpoint %s of account %s not found.".formatted(endpoint(http), account);
        write(http, 400, "ValidationError", Map.of("Message", message));
    }

    void tooLarge(Context http, int most) {
        write(
                http,
                413,
                "ValidationError",
                Map.of("Message", "HTTP content length exceeded %d bytes.".formatted(most)));
    }

    void noAnswer(Context http, URI model) {
        write(
                http,
                503,
                "ServiceUnavailable",
                Map.of("Message", "The model server at %s doesn't answer.".formatted(model)));
    }

    void timedOut(Context http, String variant) {
        modelError(http, variant, 0, timeOut(variant).getBytes(UTF_8));
    }

    static String timeOut(String variant) {
        return "Your invocation timed out while waiting for a response from container " + variant
                + ". Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and"
                + " try again.";
    }

    /** The request doesn't fit the endpoint. */
    void invalid(Context http, String message) {
        write(http, 400, "ValidationError", Map.of("Message", message));
    }

    /** The model answered with another status than 2xx, or (status 0) not in time. */
    void modelError(Context http, String variant, int status, byte[] body) {
        boolean client = status / 100 == 4;
        String text = new String(body, UTF_8);
        String group = "/aws/sagemaker/Endpoints/" + endpoint(http);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("ErrorCode", client ? "CLIENT_ERROR_FROM_MODEL" : "SERVER_ERROR_FROM_MODEL");
        error.put("LogStreamArn", "arn:aws:logs:%s:%s:log-group:%s".formatted(region, account, group));
        error.put("Message", sentence(endpoint(http), variant, status, text));
        error.put("OriginalMessage", text);
        error.put("OriginalStatusCode", status);
        write(http, 424, "ModelError", error);
    }

    /** What SageMaker says of a model's answer that is no success. */
    String sentence(String endpoint, String variant, int status, String text) {
        return ("Received %s error (%d) from %s with message \"%s\". See https://%s.console.aws.amazon.com/cloudwatch/"
                        + "home?region=%s#logEventViewer:group=/aws/sagemaker/Endpoints/%s in account %s for more"
                        + " information.")
                .formatted(
                        status / 100 == 4 ? "client" : "server",
                        status,
                        variant,
                        text,
                        region,
                        region,
                        endpoint,
                        account);
    }

    private static void write(Context http, int status, String type, Map<String, ?> body) {
        try {
            http.status(status)
                    .header("x-amzn-ErrorType", type)
                    .contentType("application/json")
                    .result(JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
