package parkmeter.local.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import parkmeter.local.edge.Headers;

/** Calls AWS services over HTTP. Requests aren't signed: the services here check no signatures. */
final class ServiceCalls {
    private @Nullable HttpClient client; // made when there is something to call

    /**
     * A request for a service.
     *
     * @param headers by name
     */
    @SuppressWarnings("ArrayRecordComponent") // up to 10 MB on the hot path, never compared
    record Call(String method, URI uri, Map<String, String> headers, byte[] body) {}

    /**
     * Sends it and doesn't wait.
     *
     * @return completes with {@link Refused} when the service can't be reached, or takes too long
     */
    CompletableFuture<IntegrationResponses.Answer> send(Call call, long timeoutMillis) {
        HttpRequest request;
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(call.uri())
                    .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
            call.headers().forEach(builder::header);
            request = builder.build();
        } catch (IllegalArgumentException notHttp) { // a mapped header with a line break, say
            throw Refused.as(ResponseType.API_CONFIGURATION_ERROR);
        }
        return client().sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .handle((response, fault) -> {
                    if (fault == null) {
                        return new IntegrationResponses.Answer(
                                response.statusCode(), headers(response), response.body());
                    }
                    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
                    throw Refused.as(
                            cause instanceof TimeoutException
                                    ? ResponseType.INTEGRATION_TIMEOUT
                                    : ResponseType.INTEGRATION_FAILURE);
                });
    }

    private static Headers headers(HttpResponse<byte[]> response) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        response.headers().map().forEach((name, values) -> values.forEach(value -> fields.add(Map.entry(name, value))));
        return new Headers(fields);
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        }
        return client;
    }
}
