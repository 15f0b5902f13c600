package parkmeter.lambda.invoke;

/** Who wrote what a model is asked: where it goes wrong, he is told what he can do. */
enum Author {
    /** The prompt API: that a container can't read it is no fault of the caller's. */
    PROMPT_API(
            "Send a shorter prompt.",
            "ask for fewer tokens with max_new_tokens",
            "ask for fewer tokens with max_new_tokens, or send a shorter prompt"),
    /** The caller himself. */
    CALLER("Send a smaller body.", "ask for less", "ask for less");

    private final String smallerRequest;
    private final String fasterAnswer;
    private final String smallerAnswer;

    Author(String smallerRequest, String fasterAnswer, String smallerAnswer) {
        this.smallerRequest = smallerRequest;
        this.fasterAnswer = fasterAnswer;
        this.smallerAnswer = smallerAnswer;
    }

    /** What mends a request that is too large: a sentence. */
    String smallerRequest() {
        return smallerRequest;
    }

    /** What mends an answer that takes too long: the middle of a sentence. */
    String fasterAnswer() {
        return fasterAnswer;
    }

    /** What mends an answer that is too large: the middle of a sentence. */
    String smallerAnswer() {
        return smallerAnswer;
    }
}
