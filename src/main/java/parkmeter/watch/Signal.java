package parkmeter.watch;

import com.pulumi.core.Output;
import java.util.List;
import java.util.Map;

/** What an alarm looks at. */
sealed interface Signal {

    /**
     * One metric.
     *
     * @param id what a formula calls it
     * @param measure what is measured
     * @param dimensions of what
     * @param statistic over a period: {@code Sum}, {@code p95}, …
     */
    record Of(String id, Measure measure, Output<Map<String, String>> dimensions, String statistic) implements Signal {

        Of(String id, Measure measure, Map<String, String> dimensions, String statistic) {
            this(id, measure, Output.of(dimensions), statistic);
        }
    }

    /**
     * Metric math (CloudWatch user guide, "Using math expressions with CloudWatch metrics").
     *
     * @param expression over the terms' ids
     * @param terms the metrics in it
     */
    record Formula(String expression, List<Of> terms) implements Signal {

        public Formula {
            terms = List.copyOf(terms);
        }
    }
}
