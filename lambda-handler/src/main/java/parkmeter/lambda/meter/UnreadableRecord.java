package parkmeter.lambda.meter;

/** A row of the table that holds no meter record; it is the others' duty to go on. */
public final class UnreadableRecord extends RuntimeException {

    /** Says which record, and what is wrong with it. */
    public UnreadableRecord(String endpoint, String fault) {
        super("The record of " + endpoint + " can't be read: " + fault, null, false, false);
    }
}
