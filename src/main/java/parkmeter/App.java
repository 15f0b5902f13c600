package parkmeter;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.exceptions.RunException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import parkmeter.config.ConfigProblems;
import parkmeter.config.ConfigReader;
import parkmeter.config.Lock;
import parkmeter.config.StackConfig;

/** The program that {@code pulumi up} runs. */
public final class App {

    private App() {}

    /** Runs the program under Pulumi's engine; the exit code is 32 where the configuration can't be deployed. */
    public static void main(String[] args) {
        // The SDK takes some tenths of a second to connect to the engine: the config is read meanwhile.
        CompletableFuture<StackConfig> config = CompletableFuture.supplyAsync(() -> config(System.getenv()));
        Pulumi.run(ctx -> {
            Patience.withSdk().begin();
            stack(ctx, known(config));
        });
    }

    private static StackConfig config(Map<String, String> environment) {
        try {
            return ConfigReader.read(environment, Lock.read(Path.of("")));
        } catch (ConfigProblems problems) {
            throw new CompletionException(problems);
        }
    }

    private static StackConfig known(CompletableFuture<StackConfig> config) {
        try {
            return config.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ConfigProblems problems) {
                // Pulumi prints this exception's text alone, without a stack trace.
                throw new RunException(problems.getMessage());
            }
            throw e;
        }
    }

    /** Declares the stack and exports its outputs. */
    static void stack(Context ctx, StackConfig config) {
        Warnings.of(config).forEach(ctx.log()::warn);
        Notes.of(config).forEach(ctx.log()::info);
        ServingStack.declare(config).outputs().forEach(ctx::export);
    }
}
