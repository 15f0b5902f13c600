package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** A streamed answer as SageMaker frames it: the model's bytes as they come, each piece one PayloadPart event. */
final class PayloadParts {
    private PayloadParts() {}

    /**
     * Copies until the model's answer ends, it breaks off, or the time is up; these two end with a ModelStreamError.
     *
     * @throws IOException when the caller can't be written to
     */
    static void copy(InputStream model, OutputStream caller, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        byte[] buffer = new byte[16 * 1024];
        while (true) {
            int length;
            try {
                length = model.read(buffer);
            } catch (IOException e) {
                write(caller, error("StreamBroken", "The model's answer broke off."));
                return;
            }
            if (length < 0) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                write(caller, error("ModelInvocationTimeExceeded", "The model took longer than " + limit + "."));
                return;
            }
            write(caller, part(Arrays.copyOf(buffer, length)));
        }
    }

    private static Message part(byte[] bytes) {
        return new Message(
                Map.of(
                        ":message-type", HeaderValue.fromString("event"),
                        ":event-type", HeaderValue.fromString("PayloadPart"),
                        ":content-type", HeaderValue.fromString("application/octet-stream")),
                bytes);
    }

    private static Message error(String code, String message) {
        String json = "{\"ErrorCode\":\"%s\",\"Message\":\"%s\"}".formatted(code, message);
        return new Message(
                Map.of(
                        ":message-type", HeaderValue.fromString("exception"),
                        ":exception-type", HeaderValue.fromString("ModelStreamError"),
                        ":content-type", HeaderValue.fromString("application/json")),
                json.getBytes(UTF_8));
    }

    private static void write(OutputStream caller, Message message) throws IOException {
        message.encode(caller);
        caller.flush();
    }
}
