package parkmeter.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.http.PortInUse;

class GatewayTest {
    private static final String FUNCTION =
            "arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-2:123456789012:function:f/invocations";

    @Test
    void a_port_in_use_is_said_in_one_sentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThatThrownBy(() -> start(document -> {}, taken.getLocalPort()))
                    .isInstanceOf(PortInUse.class)
                    .hasMessage("port %d is in use: stop what listens there, or let PORT=… choose another"
                            .formatted(taken.getLocalPort()));
        }
    }

    @Test
    void it_can_be_started_again_on_the_port_it_left() {
        Gateway first = start(document -> {}, 0);
        int port = first.port();
        first.close();
        try (Gateway second = start(document -> {}, port)) {
            assertThat(second.port()).isEqualTo(port);
        }
    }

    @Test
    void closing_does_not_wait_for_a_call_under_way() throws InterruptedException {
        Served api = Served.document();
        api.functionNeverAnswers();
        CompletableFuture<?> call =
                CompletableFuture.runAsync(() -> api.post("/prod/open", "{}")).handle((answer, lost) -> lost);
        while (api.callCount() == 0) {
            Thread.sleep(10);
        }
        long begin = System.nanoTime();
        api.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
        assertThat(call).succeedsWithin(Duration.ofSeconds(1)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type | http | POST /open: integration type 'http' is not served locally; aws_proxy, aws and mock are",
                "uri | https://example.com | POST /open: uri is not a Lambda function's invoke ARN",
                "httpMethod | GET | POST /open: httpMethod of an aws_proxy integration must be POST",
                "responseTransferMode | STREAM | POST /open: responseTransferMode STREAM is not served locally"
            })
    void an_integration_that_is_not_served_is_named_at_the_start(String member, String value, String message) {
        assertThatThrownBy(() -> start(
                        document -> ((ObjectNode) document.at("/paths/~1open/post/x-amazon-apigateway-integration"))
                                .put(member, value),
                        0))
                .isInstanceOf(Undeployable.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "awsSigv4 | | POST /invoke: the security scheme 'api_key' is not served locally",
                "custom | {type: token, authorizerUri: 'https://example.com'} | security scheme 'api_key': authorizerUri is not",
                "custom | {type: token, authorizerUri: '" + FUNCTION + "', authorizerResultTtlInSeconds: 3601} |"
                        + " security scheme 'api_key': authorizerResultTtlInSeconds is from 0 to 3600",
                "custom | {type: request, authorizerUri: '" + FUNCTION + "'} | without an identitySource",
                "cognito_user_pools | {type: cognito_user_pools} | needs providerARNs",
                "cognito_user_pools | {type: cognito_user_pools, providerARNs: ['arn:aws:s3:::b']} | names no user pool"
            })
    void an_authorizer_that_cannot_be_served_is_refused_at_the_start_rather_than_left_out(
            String authType, String authorizer, String message) {
        assertThatThrownBy(() -> start(
                        document -> {
                            ObjectNode scheme = (ObjectNode) document.at("/components/securitySchemes/api_key");
                            scheme.put("x-amazon-apigateway-authtype", authType);
                            if (authorizer != null) {
                                scheme.set("x-amazon-apigateway-authorizer", Served.yaml(authorizer));
                            }
                        },
                        0))
                .isInstanceOf(Undeployable.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_source_of_keys_that_api_gateway_does_not_have_is_refused_at_the_start() {
        assertThatThrownBy(() -> start(document -> document.put("x-amazon-apigateway-api-key-source", "COOKIE"), 0))
                .isInstanceOf(Undeployable.class);
    }

    @Test
    void a_template_that_needs_a_language_is_refused_at_the_start() {
        assertThatThrownBy(() -> start(
                        document -> ((ObjectNode) document.at(
                                        "/x-amazon-apigateway-gateway-responses/THROTTLED/responseTemplates"))
                                .put("application/json", "#set($a = 1) $a"),
                        0))
                .isInstanceOf(Undeployable.class)
                .hasMessageContaining("gateway response THROTTLED: the text uses #set");
    }

    @Test
    void a_validator_that_is_not_there_is_refused_at_the_start() {
        assertThatThrownBy(() -> start(document -> document.remove("x-amazon-apigateway-request-validators"), 0))
                .isInstanceOf(Undeployable.class)
                .hasMessageContaining("the validator 'body' is not among");
    }

    private static Gateway start(Consumer<ObjectNode> change, int port) {
        ObjectNode document = Served.read();
        change.accept(document);
        Api api = new Api("id", "prod", "123456789012", "eu-west-2", document, Optional.empty(), List.of(), List.of());
        return Gateway.start(api, (arn, event) -> new CompletableFuture<>(), Clock.systemUTC(), port);
    }
}
