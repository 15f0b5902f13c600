package parkmeter.lambda.invoke;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.gateway.CallFailed;
import parkmeter.lambda.gateway.Code;
import parkmeter.lambda.meter.Bell;
import parkmeter.lambda.meter.Unavailable;
import parkmeter.lambda.meter.UnreadableRecord;
import parkmeter.lambda.meter.table.DynamoTable;

/**
 * The model's meter, as a call sees it that the endpoint refused: the meter may have stopped the model, and the call may
 * wake it. Nothing of it is made before the first such call: a call that the model answers pays nothing.
 */
final class ModelMeter {
    /** What asking may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of a model that is always on. */
    static final ModelMeter NONE = new ModelMeter("", null, Duration::abs);

    private final String endpoint;
    private final @Nullable Supplier<Bell> maker;
    private final Outside outside;
    private @Nullable Bell bell;

    /** Makes the caller's time of the meter's. */
    @FunctionalInterface
    interface Outside {
        Duration of(Duration inside);
    }

    ModelMeter(String endpoint, @Nullable Supplier<Bell> maker, Outside outside) {
        this.endpoint = endpoint;
        this.maker = maker;
        this.outside = outside;
    }

    /** The meter in the table that the program named; none where it named none. */
    static ModelMeter of(String endpoint, String region, @Nullable String table, FunctionClock clock) {
        if (table == null) {
            return NONE;
        }
        return new ModelMeter(
                endpoint,
                () -> new Bell(new DynamoTable(Sdk.in(region), table), clock, clock::sleep, new Random()),
                clock::outside);
    }

    /**
     * Asks why the endpoint refused a call, and wakes the model where its meter allows.
     *
     * @param cause how it refused, for the log
     * @param left how long Lambda lets the function run on
     * @return what the caller is told; nothing where the meter knows no reason
     */
    Optional<CallFailed> refusal(String cause, Duration left) {
        if (maker == null || left.compareTo(PATIENCE) < 0) {
            return Optional.empty();
        }
        try {
            Bell.Answer answer = bell(maker).ring(endpoint);
            if (answer instanceof Bell.Answer.Starting starting) {
                return failed(Code.MODEL_STARTING, "is starting: try", starting.comeBackIn(), cause);
            }
            if (answer instanceof Bell.Answer.Stopped stopped) {
                return failed(
                        Code.MODEL_STOPPED,
                        stopped.starts()
                                ? "is stopped, and going to start: try"
                                : "is stopped, and calls do not start it: put time on its meter, and try",
                        stopped.comeBackIn(),
                        cause);
            }
        } catch (Unavailable e) {
            return Optional.of(ServedModel.unavailable(cause + "; " + e.getMessage()));
        } catch (UnreadableRecord e) {
            return Optional.of(ServedModel.unavailable(cause + "; UnreadableRecord"));
        }
        return Optional.empty();
    }

    private Optional<CallFailed> failed(Code code, String what, Duration comeBackIn, String cause) {
        return Optional.of(new CallFailed(
                code, "The model " + what + " again after the time in Retry-After.", cause, outside.of(comeBackIn)));
    }

    private Bell bell(Supplier<Bell> make) {
        Bell made = bell; // Lambda sends a process one call at a time
        if (made == null) {
            made = make.get();
            bell = made;
        }
        return made;
    }
}
