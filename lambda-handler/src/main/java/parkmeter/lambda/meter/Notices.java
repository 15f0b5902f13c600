package parkmeter.lambda.meter;

/** Where notices go: people's mailboxes. */
@FunctionalInterface
public interface Notices {

    /**
     * Publishes one notice.
     *
     * @throws Unavailable when there is no answer: it may have been published or not, and is published again later
     */
    void publish(Notice notice);
}
