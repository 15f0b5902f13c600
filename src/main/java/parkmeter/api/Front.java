package parkmeter.api;

import com.pulumi.core.Output;
import java.util.Map;

/** An API that stands in front of the models, deployed to one stage. */
public sealed interface Front permits RestFront, HttpFront {

    /** The whole URL of a path, with the stage. */
    Output<String> url(String path);

    /** What CloudWatch tells its metrics apart by, its name or id and its stage (API Gateway developer guide, metrics). */
    Output<Map<String, String>> metricDimensions();
}
