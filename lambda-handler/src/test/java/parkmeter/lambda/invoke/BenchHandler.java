package parkmeter.lambda.invoke;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.function.Supplier;
import parkmeter.lambda.sagemaker.ModelEndpoint;
import parkmeter.lambda.sagemaker.TrustingEndpoint;

/** What the bench starts in {@link InvokeHandler}'s place: the same, but that it trusts the stub's certificate. */
public final class BenchHandler implements RequestStreamHandler {
    private final InvokeHandler handler;

    /** As {@link InvokeHandler#InvokeHandler()}. */
    public BenchHandler() {
        Settings settings = Settings.of(System.getenv());
        Supplier<ModelEndpoint> endpoint = () -> TrustingEndpoint.named(settings.endpoint(), settings.region());
        handler = System.getenv("UNPRIMED") == null
                ? new InvokeHandler(settings, endpoint)
                : new InvokeHandler(settings, endpoint.get(), ModelMeter.NONE, Clock.systemUTC());
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        handler.handleRequest(input, output, context);
    }
}
