package parkmeter.api;

import com.pulumi.core.Output;

/** An API that stands in front of the models, deployed to one stage. */
public sealed interface Front permits RestFront, HttpFront {

    /** The whole URL of a path, with the stage. */
    Output<String> url(String path);
}
