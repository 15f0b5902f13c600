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
    private static final String TIMED_OUT = "Your invocation timed out while waiting for a response from container "
            + SageMaker.VARIANT
            + ". Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and"
            + " try again.";

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

    void timedOut(Context http) {
        modelError(http, 0, TIMED_OUT.getBytes(UTF_8));
    }

    /** The model answered with another status than 2xx, or (status 0) not in time. */
    void modelError(Context http, int status, byte[] body) {
        boolean client = status / 100 == 4;
        String text = new String(body, UTF_8);
        String group = "/aws/sagemaker/Endpoints/" + endpoint(http);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("ErrorCode", client ? "CLIENT_ERROR_FROM_MODEL" : "SERVER_ERROR_FROM_MODEL");
        error.put("LogStreamArn", "arn:aws:logs:%s:%s:log-group:%s".formatted(region, account, group));
        error.put(
                "Message",
                ("Received %s error (%d) from %s with message \"%s\". See https://%s.console.aws.amazon.com/cloudwatch/"
                                + "home?region=%s#logEventViewer:group=%s in account %s for more information.")
                        .formatted(
                                client ? "client" : "server",
                                status,
                                SageMaker.VARIANT,
                                text,
                                region,
                                region,
                                group,
                                account));
        error.put("OriginalMessage", text);
        error.put("OriginalStatusCode", status);
        write(http, 424, "ModelError", error);
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
