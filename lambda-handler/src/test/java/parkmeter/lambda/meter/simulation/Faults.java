package parkmeter.lambda.meter.simulation;

/**
 * How often what goes wrong, as probabilities.
 *
 * @param kill of a function being killed, per call
 * @param refusal of a call being throttled, or refused without an effect and without an answer; ten times as often a
 *     list lacks an endpoint that is new
 * @param loss of an answer being lost after the effect, or before it happens
 * @param slow of a function whose calls take seconds now and then
 * @param skip of a minute without a tick
 * @param twice of a minute with two ticks
 * @param outside of somebody else touching an endpoint, per hour
 * @param failing of a start or an update that fails
 */
record Faults(
        double kill,
        double refusal,
        double loss,
        double slow,
        double skip,
        double twice,
        double outside,
        double failing) {

    static final Faults CALM = new Faults(0, 0, 0, 0, 0, 0, 0, 0);
    static final Faults USUAL = new Faults(0.001, 0.003, 0.002, 0.01, 0.01, 0.02, 0.01, 0.03);
    static final Faults BAD = new Faults(0.005, 0.01, 0.01, 0.04, 0.05, 0.05, 0.02, 0.15);
    static final Faults WORST = new Faults(0.015, 0.03, 0.025, 0.1, 0.1, 0.15, 0.04, 0.3);

    /** The same without anything that keeps a function from its work. */
    Faults calmer() {
        return new Faults(0, 0, 0, slow, 0, twice, 0, failing);
    }
}
