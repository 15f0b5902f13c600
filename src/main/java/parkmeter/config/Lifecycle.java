package parkmeter.config;

/** When a model runs. */
public sealed interface Lifecycle {

    /** From {@code pulumi up} to {@code pulumi destroy}: the GPU is paid for all the time. */
    record AlwaysOn() implements Lifecycle {}
}
