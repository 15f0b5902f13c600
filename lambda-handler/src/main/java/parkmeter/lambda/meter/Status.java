package parkmeter.lambda.meter;

import java.util.Locale;

/** An endpoint's status in SageMaker's words (API reference, DescribeEndpoint, EndpointStatus). */
public enum Status {
    /** Its instances start; it can't be deleted. */
    CREATING("Creating", true),
    /** It moves to another configuration, without a gap; it can't be deleted. */
    UPDATING("Updating", true),
    /** SageMaker maintains it; it can't be deleted. */
    SYSTEM_UPDATING("SystemUpdating", true),
    /** An update failed, and the configuration before comes back; it can't be deleted. */
    ROLLING_BACK("RollingBack", true),
    /** It serves. */
    IN_SERVICE("InService", false),
    /** It takes no requests. */
    OUT_OF_SERVICE("OutOfService", false),
    /** It goes. */
    DELETING("Deleting", true),
    /** It could not be created, updated or scaled; only deleting it helps. */
    FAILED("Failed", false),
    /** Neither an update nor its way back worked; it serves with a mix of both. */
    UPDATE_ROLLBACK_FAILED("UpdateRollbackFailed", false),
    /** A status that is newer than this code. */
    UNKNOWN("Unknown", false);

    private final String word;
    private final boolean inTransition;

    Status(String word, boolean inTransition) {
        this.word = word;
        this.inTransition = inTransition;
    }

    /** SageMaker's word for it. */
    public String word() {
        return word;
    }

    /** True while SageMaker is at work and refuses other work: it is waited for, never fought. */
    public boolean inTransition() {
        return inTransition;
    }

    /** True where the endpoint can't be used any more and only a new one helps. */
    boolean broken() {
        return this == FAILED || this == OUT_OF_SERVICE || this == UPDATE_ROLLBACK_FAILED;
    }

    /** Reads SageMaker's word; {@link #UNKNOWN} for one that is not known. */
    public static Status of(String word) {
        for (Status status : values()) {
            if (status.word.toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))) {
                return status;
            }
        }
        return UNKNOWN;
    }
}
