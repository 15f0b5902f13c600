package parkmeter.local.states;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A state machine of type STANDARD.
 *
 * @param arn {@code arn:aws:states:<region>:<account>:stateMachine:<name>}
 * @param definition in the Amazon States Language
 */
public record StateMachine(String arn, JsonNode definition) {
    /** Its name. */
    String name() {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    /** An execution's ARN. */
    String executionArn(String executionName) {
        return arn.replace(":stateMachine:", ":execution:") + ":" + executionName;
    }
}
