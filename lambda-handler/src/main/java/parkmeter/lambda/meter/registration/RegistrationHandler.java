package parkmeter.lambda.meter.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.meter.Invalid;
import parkmeter.lambda.meter.Keeper;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.Registrar;
import parkmeter.lambda.meter.Registration;
import parkmeter.lambda.meter.Unavailable;
import parkmeter.lambda.meter.UnreadableRecord;
import parkmeter.lambda.meter.aws.AwsPorts;
import parkmeter.lambda.meter.aws.MeterSettings;

/**
 * What Lambda starts for a deployment. The event is a {@link Registration} with {@code "tf": {"action": "create" |
 * "update" | "delete", "prev_input"?}} in it (Terraform's AWS provider, aws_lambda_invocation), or {@code {"stack": true,
 * "tf"}}, whose deletion ends every meter that is left. What goes wrong is one sentence, which Pulumi shows.
 */
public final class RegistrationHandler implements RequestStreamHandler {
    /** For what is under way when the time is up, and to say so. */
    private static final Duration MARGIN = Duration.ofSeconds(20);

    private final Registrar registrar;
    private final FunctionClock clock;

    /**
     * Called by Lambda, once for each process.
     *
     * @throws IllegalStateException when the environment lacks something, in one sentence
     */
    public RegistrationHandler() {
        this(System.getenv());
    }

    RegistrationHandler(Map<String, String> environment) {
        this(MeterSettings.of(environment), FunctionClock.of(environment));
    }

    private RegistrationHandler(MeterSettings settings, FunctionClock clock) {
        Ports ports = AwsPorts.of(settings, clock);
        this.registrar = new Registrar(ports, new Keeper(ports));
        this.clock = clock;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(MARGIN);
        Object event = Json.read(new String(input.readAllBytes(), UTF_8));
        String action = Objects.requireNonNullElse(Json.textAt(event, "tf", "action"), "");
        String subject = Objects.requireNonNullElse(Json.textAt(event, "endpoint"), "the stack");
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("action", action);
        line.put("endpoint", subject);
        try {
            handle(action, event, clock.instant().plus(clock.inside(left)));
            output.write(Json.bytes(line));
        } catch (RegistrationFailed e) {
            line.put("failure", String.valueOf(e.getMessage()));
            throw e;
        } finally {
            context.getLogger().log(Json.text(line) + "\n");
        }
    }

    private void handle(String action, @Nullable Object event, Instant giveUpAt) {
        try {
            if (Boolean.TRUE.equals(Json.at(event, "stack"))) {
                if (action.equals("delete")) {
                    registrar.deleteAll(giveUpAt);
                }
                return;
            }
            Registration registration = Registration.read(event);
            registrar.awaitAnswers(registration.endpoint(), giveUpAt);
            switch (action) {
                case "create" -> registrar.create(registration);
                case "update" -> {
                    String before = Json.textAt(event, "tf", "prev_input", "endpoint");
                    if (before != null && !before.equals(registration.endpoint())) {
                        registrar.delete(before, giveUpAt);
                    }
                    registrar.update(registration, giveUpAt);
                }
                case "delete" -> registrar.delete(registration.endpoint(), giveUpAt);
                default ->
                    throw new RegistrationFailed("tf.action must be create, update or delete, as"
                            + " aws.lambda.Invocation with the lifecycle scope CRUD sends it.");
            }
        } catch (Registrar.Unfinished e) {
            throw new RegistrationFailed(String.valueOf(e.getMessage()));
        } catch (Invalid e) {
            throw new RegistrationFailed("The registration can't be read: " + e.getMessage());
        } catch (UnreadableRecord e) {
            throw new RegistrationFailed(
                    e.getMessage() + " Mend or delete the item in the meter's table, then run pulumi again.");
        } catch (Unavailable e) {
            throw new RegistrationFailed("The meter got no answer from AWS (" + e.getMessage()
                    + "): run pulumi again; it goes on where it was.");
        }
    }
}
