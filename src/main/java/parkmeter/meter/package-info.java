/**
 * When models run. {@link parkmeter.meter.Meter} has the table of the meters, the three functions that keep them, whom they
 * tell, and {@link parkmeter.meter.MeterClock}, which starts one of them each minute. A metered model's endpoint is not
 * declared: a {@link parkmeter.meter.Registration} puts it on the meter, which creates and deletes it.
 *
 * <p>What needs what: table, functions, clock, the registration of the whole stack, those of the models. So a model's meter
 * starts in a stack that keeps it, and {@code pulumi destroy} ends every endpoint, waiting for it, before anything goes that
 * the ending needs.
 */
@NullMarked
package parkmeter.meter;

import org.jspecify.annotations.NullMarked;
