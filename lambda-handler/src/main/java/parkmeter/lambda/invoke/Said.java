package parkmeter.lambda.invoke;

/** How an engine says a parameter. */
sealed interface Said {
    /** What needs no word. */
    Said NOTHING = new Nothing();

    /** Under this key, as this value. */
    record At(String key, Object value) implements Said {}

    /** By saying nothing, or elsewhere. */
    record Nothing() implements Said {}

    /**
     * Not at all.
     *
     * @param rule what its value would have to be, as the end of a sentence that starts with the parameter's name
     */
    record Refused(String rule) implements Said {}
}
