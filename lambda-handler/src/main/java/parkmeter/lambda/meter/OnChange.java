package parkmeter.lambda.meter;

/** How a new configuration reaches an endpoint that runs. */
public enum OnChange {
    /** UpdateEndpoint: no gap, and quota for both while it moves. */
    UPDATE,
    /** Delete, then create: a gap, and the quota of one. */
    RECREATE
}
