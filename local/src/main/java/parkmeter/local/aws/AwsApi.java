package parkmeter.local.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import parkmeter.local.aws.Xml.Parent;
import parkmeter.local.aws.Xml.Text;
import parkmeter.local.http.Loopback;

/**
 * The services that the functions call, behind one address as {@code AWS_ENDPOINT_URL}: what is asked of any other service ends here too,
 * as an error, and never at AWS. Signatures aren't checked.
 */
public final class AwsApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final List<JsonService> json;
    private final List<QueryService> query;
    private final Javalin server;

    /**
     * What is behind the address.
     *
     * @param gateway API Gateway
     */
    public record Services(
            SageMaker sageMaker, Ssm ssm, CloudWatch cloudWatch, Sns sns, Cognito cognito, ApiGateway gateway) {}

    private AwsApi(Services services) {
        SageMaker sageMaker = services.sageMaker();
        json = List.of(sageMaker, services.ssm(), services.cognito());
        query = List.of(services.cloudWatch(), services.sns());
        server = Loopback.server(0, IDLE, config -> {})
                .post("/", this::answer)
                .get("/apikeys/{id}", http -> answerApiKey(http, services.gateway()))
                .post("/sagemaker/fail-next", http -> sageMaker.failNext(http.body()))
                .post("/sagemaker/endpoints/{name}/fail", http -> sageMaker.fail(http.pathParam("name"), http.body()))
                .put("/sagemaker/quota/{type}", http -> quota(sageMaker, http))
                .exception(Refused.class, (refused, http) -> http.status(refused.status())
                        .result(refused.getMessage() + "\n"))
                .start();
    }

    /** Starts to serve them. */
    public static AwsApi start(Services services) {
        return new AwsApi(services);
    }

    /** Where it is, for AWS_ENDPOINT_URL. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.stop();
    }

    private static void quota(SageMaker sageMaker, Context http) {
        try {
            sageMaker.quota(http.pathParam("type"), Integer.parseInt(http.body().strip()));
        } catch (NumberFormatException e) {
            throw Refused.invalid("The body must be a number of instances.");
        }
    }

    private void answer(Context http) {
        String id = UUID.randomUUID().toString();
        http.header("x-amzn-RequestId", id);
        String target = http.header("X-Amz-Target");
        if (target != null) {
            answerJson(http, target);
        } else {
            answerQuery(http, Form.of(http.body()), id);
        }
    }

    private void answerJson(Context http, String target) {
        http.contentType("application/x-amz-json-1.1");
        try {
            int dot = target.indexOf('.');
            JsonService service = json.stream()
                    .filter(each -> dot > 0 && each.target().equals(target.substring(0, dot)))
                    .findFirst()
                    .orElseThrow(() -> unknown(target));
            http.result(bytes(service.answer(target.substring(dot + 1), JSON.readTree(http.bodyAsBytes()))));
        } catch (Refused refused) {
            refuse(http, refused);
        } catch (java.io.IOException e) {
            http.status(400).result("{\"__type\":\"SerializationException\"}");
        }
    }

    private static void answerApiKey(Context http, ApiGateway gateway) {
        http.header("x-amzn-RequestId", UUID.randomUUID().toString()).contentType("application/json");
        try {
            boolean withValue = Boolean.parseBoolean(http.queryParam("includeValue"));
            http.result(bytes(gateway.apiKey(http.pathParam("id"), withValue)));
        } catch (Refused refused) {
            refuse(http, refused);
        }
    }

    private static void refuse(Context http, Refused refused) {
        http.status(refused.status())
                .header("x-amzn-ErrorType", refused.code())
                .result(bytes(JsonNodeFactory.instance
                        .objectNode()
                        .put("__type", refused.code())
                        .put("message", refused.getMessage())));
    }

    private void answerQuery(Context http, Form form, String id) {
        http.contentType("text/xml");
        Text requestId = new Text("RequestId", id);
        try {
            String action = form.needed("Action");
            QueryService service = query.stream()
                    .filter(each ->
                            form.text("Version").filter(each.version()::equals).isPresent())
                    .findFirst()
                    .orElseThrow(() -> unknown(action));
            Xml result = service.answer(action, form);
            http.result(new Parent(action + "Response", result, new Parent("ResponseMetadata", requestId)).write());
        } catch (Refused refused) {
            Parent error = new Parent(
                    "Error",
                    new Text("Type", "Sender"),
                    new Text("Code", refused.code()),
                    new Text("Message", String.valueOf(refused.getMessage())));
            http.status(refused.status()).result(new Parent("ErrorResponse", error, requestId).write());
        }
    }

    /** An operation that is not served here. */
    static Refused unknown(String operation) {
        return new Refused(400, "UnknownOperationException", "The local run does not answer " + operation + ".");
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
