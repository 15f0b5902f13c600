package parkmeter.lambda.invoke;

/** How a prompt is put to a route's model. */
enum Template {
    /** As a chat with one message: the container applies the model's own chat template. */
    CHAT,
    /** As it stands: the model has no chat template. */
    NONE
}
