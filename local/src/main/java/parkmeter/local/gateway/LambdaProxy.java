package parkmeter.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import parkmeter.local.edge.InvokeArn;
import parkmeter.local.edge.MediaTypes;
import parkmeter.local.edge.Reply;
import parkmeter.local.edge.Undeployable;
import parkmeter.local.lambda.Functions;
import parkmeter.local.lambda.InvokeResult;

/**
 * A Lambda function behind {@code aws_proxy}.
 *
 * @param functions where it runs
 * @param functionArn its ARN, without version or alias
 * @param timeoutMillis longest wait for it
 * @param binaryMediaTypes whose bodies travel as base64
 */
record LambdaProxy(Functions functions, String functionArn, long timeoutMillis, List<String> binaryMediaTypes)
        implements Integration {
    private static final int DEFAULT_TIMEOUT_MILLIS = 29_000;

    static LambdaProxy of(JsonNode declared, List<String> binaryMediaTypes, Functions functions, String where) {
        String functionArn = InvokeArn.function(declared.path("uri").asText())
                .orElseThrow(() ->
                        new Undeployable(where, "uri is not a Lambda function's invoke ARN: " + declared.path("uri")));
        if (!declared.path("httpMethod").asText().equals("POST")) {
            throw new Undeployable(where, "httpMethod of an aws_proxy integration must be POST: Lambda takes no other");
        }
        if (declared.path("responseTransferMode").asText("BUFFERED").equals("STREAM")) {
            throw new Undeployable(where, "responseTransferMode STREAM is not served locally");
        }
        long timeout = declared.path("timeoutInMillis").asLong(DEFAULT_TIMEOUT_MILLIS);
        return new LambdaProxy(functions, functionArn, timeout, binaryMediaTypes);
    }

    @Override
    public CompletableFuture<Reply> answer(Exchange exchange) {
        return functions
                .invoke(functionArn, ProxyEvent.of(exchange, binaryMediaTypes))
                .copy() // the function's own future is left alone by our timeout
                .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .exceptionally(fault -> {
                    throw fault instanceof TimeoutException
                            ? Refused.as(ResponseType.INTEGRATION_TIMEOUT)
                            : new CompletionException(fault);
                })
                .thenApply(result -> reply(exchange, result));
    }

    private Reply reply(Exchange exchange, InvokeResult result) {
        if (result instanceof InvokeResult.Answer answer) {
            boolean binaryWanted = MediaTypes.binary(
                    binaryMediaTypes,
                    exchange.request().headers().mediaType("Accept").orElse(""));
            return ProxyAnswer.reply(answer.payload(), binaryWanted);
        }
        if (result instanceof InvokeResult.Failed failed) {
            throw switch (failed.reason()) {
                case REQUEST_TOO_LARGE -> Refused.as(ResponseType.REQUEST_TOO_LARGE);
                case NO_SUCH_FUNCTION, CLOSED -> Refused.failure(500);
                case HANDLER_ERROR, RUNTIME_EXITED, TIMED_OUT, INIT_FAILED, RESPONSE_TOO_LARGE -> Refused.failure(502);
            };
        }
        throw Refused.failure(500); // Lambda's throttling; the caller can't tell it from a fault
    }
}
