package parkmeter.local.lambda;

/** What became of one call, in the three ways that a caller must tell apart. */
public sealed interface InvokeResult {
    /**
     * The function returned.
     *
     * @param payload the JSON that it returned; never changed after
     */
    @SuppressWarnings("ArrayRecordComponent") // up to 6 MB on the hot path, handed on once and never compared
    record Answer(byte[] payload) implements InvokeResult {}

    /**
     * The function gave no answer: Lambda's {@code FunctionError}, or a refusal of the event itself.
     *
     * @param reason what kind of failure
     * @param type Lambda's {@code errorType}: the class's name of what the handler threw, or {@code Sandbox.Timedout} and the like
     * @param message Lambda's own words ({@code errorMessage}); may hold the function's exception text, so it is for the
     *     log and not for clients
     */
    record Failed(Reason reason, String type, String message) implements InvokeResult {
        /** One that no handler threw. */
        public Failed(Reason reason, String message) {
            this(reason, reason.type, message);
        }
    }

    /** Every process that the reserved concurrency allows is busy, or it is 0 (TooManyRequestsException). */
    record Throttled() implements InvokeResult {}

    /** Why there is no answer. */
    enum Reason {
        /** The handler threw. */
        HANDLER_ERROR("Unhandled"),
        /** The process ended during the call. */
        RUNTIME_EXITED("Runtime.ExitError"),
        /** The call took longer than the function's timeout; its process was ended. */
        TIMED_OUT("Sandbox.Timedout"),
        /** The process didn't come up: a missing class, an exception in a constructor, an exit. */
        INIT_FAILED("Runtime.ExitError"),
        /** The answer is over 6 MB. */
        RESPONSE_TOO_LARGE("Function.ResponseSizeTooLarge"),
        /** The event is over 6 MB (RequestTooLargeException, 413); the function never saw it. */
        REQUEST_TOO_LARGE("RequestTooLargeException"),
        /** No function has this ARN (ResourceNotFoundException). */
        NO_SUCH_FUNCTION("ResourceNotFoundException"),
        /** The runtime was closed before there was an answer. */
        CLOSED("ServiceException");

        private final String type;

        Reason(String type) {
            this.type = type;
        }
    }
}
