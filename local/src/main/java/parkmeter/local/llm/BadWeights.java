package parkmeter.local.llm;

/** A weights file that llama.cpp can't serve; the message is the one line that a person reads: file, fault, remedy. */
public final class BadWeights extends Exception {
    private static final long serialVersionUID = 1L;

    BadWeights(String message) {
        super(message);
    }
}
