package parkmeter;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.exceptions.RunException;
import parkmeter.config.ConfigProblems;
import parkmeter.config.ConfigReader;
import parkmeter.config.Names;
import parkmeter.config.StackConfig;

/** The program that {@code pulumi up} runs. */
public final class App {

    private App() {}

    /** Runs the program under Pulumi's engine; the exit code is 32 where the configuration can't be deployed. */
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    /**
     * Declares the stack that the engine's configuration asks for.
     *
     * @throws RunException with every problem of the configuration, where there is one; nothing is declared then
     */
    static void stack(Context ctx) {
        try {
            stack(ctx, ConfigReader.read(new Names(ctx.projectName(), ctx.stackName()), System.getenv()));
        } catch (ConfigProblems problems) {
            // Pulumi prints this exception's text alone, without a stack trace.
            throw new RunException(problems.getMessage());
        }
    }

    /** Declares the stack and exports its outputs. */
    static void stack(Context ctx, StackConfig config) {
        ServingStack.declare(config).outputs().forEach(ctx::export);
    }
}
