package parkmeter.local.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One call of a model server's {@code POST /invocations}. */
final class ModelCall {
    private final HttpURLConnection connection;

    /**
     * A call that has not been sent.
     *
     * @param model the server's address
     * @param limit how long it may be silent
     */
    ModelCall(URI model, Map<String, String> headers, Duration limit) throws IOException {
        URL url = URI.create(withoutSlash(model) + "/invocations").toURL();
        connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setInstanceFollowRedirects(false);
        connection.setReadTimeout((int) limit.toMillis());
        headers.forEach(connection::setRequestProperty);
    }

    /** Sends it; the answer's status. */
    int send(byte[] body) throws IOException {
        connection.setFixedLengthStreamingMode(body.length); // else the JDK sends a failed generation again by itself
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        return connection.getResponseCode();
    }

    /** The answer's body, whatever its status. */
    InputStream body() throws IOException {
        InputStream refused = connection.getErrorStream();
        if (refused != null) {
            return refused;
        }
        return connection.getResponseCode() < 400 ? connection.getInputStream() : InputStream.nullInputStream();
    }

    String contentType() {
        return Optional.ofNullable(connection.getContentType()).orElse("application/octet-stream");
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(connection.getHeaderField(name));
    }

    /** Lets the model stop. */
    void leave() {
        connection.disconnect();
    }

    private static String withoutSlash(URI model) {
        String text = model.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
