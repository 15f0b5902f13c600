package parkmeter.watch;

import com.pulumi.core.Output;
import java.util.Map;

/**
 * The stack's API, as CloudWatch knows it.
 *
 * @param rest whether it is a REST API; else an HTTP API, whose metrics have other names
 * @param dimensions what its metrics are told apart by
 */
public record WatchedApi(boolean rest, Output<Map<String, String>> dimensions) {

    Measure calls() {
        return rest ? Measure.REST_CALLS : Measure.HTTP_CALLS;
    }

    Measure refused() {
        return rest ? Measure.REST_4XX : Measure.HTTP_4XX;
    }

    Measure failed() {
        return rest ? Measure.REST_5XX : Measure.HTTP_5XX;
    }

    Measure latency() {
        return rest ? Measure.REST_LATENCY : Measure.HTTP_LATENCY;
    }
}
