package parkmeter.lambda;

import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Calls handlers as Lambda does. */
public final class LambdaContext {
    private LambdaContext() {}

    /**
     * Calls a handler once.
     *
     * @param left how long Lambda lets it run on
     * @param log takes what it logs
     */
    public static byte[] call(RequestStreamHandler handler, byte[] event, Duration left, List<String> log)
            throws IOException {
        Context context = mock(Context.class);
        LambdaLogger logger = mock(LambdaLogger.class);
        when(context.getRemainingTimeInMillis()).thenReturn((int) left.toMillis());
        when(context.getAwsRequestId()).thenReturn("lambda-request-id");
        when(context.getLogger()).thenReturn(logger);
        doAnswer(call -> log.add(call.getArgument(0))).when(logger).log(anyString());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(event), output, context);
        return output.toByteArray();
    }
}
