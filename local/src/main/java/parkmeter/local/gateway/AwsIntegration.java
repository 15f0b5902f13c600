package parkmeter.local.gateway;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import parkmeter.local.edge.Reply;

/**
 * An AWS service behind {@code type: aws}, without a function between (API Gateway developer guide, "Choose an API Gateway API
 * integration type").
 */
record AwsIntegration(AwsRequest request, ServiceCalls calls, IntegrationResponses responses) implements Integration {
    @Override
    public CompletableFuture<Reply> answer(Exchange exchange) {
        Map<String, Object> context = exchange.context();
        return calls.send(request.call(exchange, context), request.timeoutMillis())
                .thenApply(answer -> responses.reply(exchange, context, answer));
    }
}
