package parkmeter.local.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Server-sent events: each is written when it happens. */
public final class Events implements AutoCloseable {
    private final ServletOutputStream out;
    private boolean open = true;

    /** Begins the answer: 200, {@code text/event-stream}. */
    public Events(Context context) {
        context.status(200).contentType("text/event-stream").header("cache-control", "no-cache");
        try {
            out = context.res().getOutputStream();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Sends an event; false when the client has gone. */
    public boolean send(JsonNode data) {
        return write(data.toString());
    }

    /** Sends the event with which OpenAI's streams end. */
    public void done() {
        write("[DONE]");
    }

    private boolean write(String data) {
        try {
            if (open) {
                out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException gone) {
            open = false;
        }
        return open;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException gone) {
            open = false;
        }
    }
}
