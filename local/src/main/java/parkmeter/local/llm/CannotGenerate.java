package parkmeter.local.llm;

/** What the model can't generate, with what is wrong. */
public final class CannotGenerate extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Which part of it can't. */
    public enum Reason {
        /** The model has no chat template. */
        NO_TEMPLATE,
        /** The model's chat template refuses the conversation. */
        REFUSED_BY_TEMPLATE,
        /** The generation itself. */
        GENERATION
    }

    CannotGenerate(Reason reason, String fault) {
        super(fault);
        this.reason = reason;
    }

    /** Which part of it can't. */
    public Reason reason() {
        return reason;
    }

    /** What is wrong, without a full stop. */
    public String fault() {
        return String.valueOf(getMessage());
    }
}
