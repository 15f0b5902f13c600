package parkmeter.lambda.jobs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import parkmeter.lambda.aws.Sdk;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.InvalidArnException;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;

/** A state machine in Step Functions. Thread-safe. */
public final class Executions {
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private final SfnClient states;
    private final String machine;

    /**
     * Of a state machine that there is.
     *
     * @param machine its ARN
     */
    public Executions(Sdk sdk, String machine) {
        // Started twice under one name with one input, it runs once.
        this.states = sdk.client(SfnClient.builder(), Sdk.retried(ATTEMPT));
        this.machine = machine;
    }

    /**
     * An execution that runs.
     *
     * @param arn its ARN
     * @param startedAt when it began
     */
    public record Started(String arn, Instant startedAt) {}

    /**
     * Starts one.
     *
     * @param name names it in the machine
     * @param input JSON
     * @throws NoAnswer when AWS gives none: it may run or not
     */
    public Started start(String name, String input) {
        try {
            StartExecutionResponse started = states.startExecution(
                    start -> start.stateMachineArn(machine).name(name).input(input));
            return new Started(started.executionArn(), started.startDate());
        } catch (SdkException e) {
            throw new NoAnswer("StartExecution", e);
        }
    }

    /**
     * The one of a name.
     *
     * @throws NoAnswer when AWS gives none
     */
    public Optional<Execution> named(String name) {
        return described(prefix() + name);
    }

    /**
     * The one of an ARN.
     *
     * @return nothing where there is none, or it is another machine's
     * @throws NoAnswer when AWS gives none
     */
    public Optional<Execution> at(String arn) {
        return arn.startsWith(prefix()) ? described(arn) : Optional.empty();
    }

    private String prefix() {
        return machine.replace(":stateMachine:", ":execution:") + ":";
    }

    private Optional<Execution> described(String arn) {
        try {
            DescribeExecutionResponse found = states.describeExecution(describe -> describe.executionArn(arn));
            return Optional.of(new Execution(
                    found.executionArn(),
                    found.stateMachineArn(),
                    found.name(),
                    found.statusAsString(),
                    found.startDate(),
                    found.stopDate(),
                    found.input(),
                    found.cause()));
        } catch (ExecutionDoesNotExistException | InvalidArnException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw new NoAnswer("DescribeExecution", e);
        }
    }
}
