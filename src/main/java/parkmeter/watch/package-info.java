/**
 * What watches a stack, and tells people: alarms, a dashboard, a budget.
 *
 * <p>{@link parkmeter.watch.Alerts} is the topic that people hear from, {@link parkmeter.watch.Watch} all the rest. The metrics are
 * AWS's own, the tick's, and those that filters count in the functions' log lines; {@code Measure} names each of them once, with its
 * unit. An endpoint is normally absent, so its silence is no alarm; the tick's is.
 */
@NullMarked
package parkmeter.watch;

import org.jspecify.annotations.NullMarked;
