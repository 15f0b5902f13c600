package parkmeter.local.aws;

import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Where SageMaker runs the containers of its endpoints. */
public interface Containers {
    /**
     * Starts what answers for an endpoint.
     *
     * @param endpoint the endpoint's name
     * @param configuration the name of one of the declared endpoint configurations
     * @param variant the name of one of its variants
     * @return completes when it answers, or exceptionally when it will not
     */
    CompletableFuture<Container> start(String endpoint, String configuration, String variant);

    /** One that runs until it is closed. */
    interface Container extends AutoCloseable {
        /** Its address now, without {@code /invocations}; another one after it has been started again. */
        URI url();

        @Override
        void close();
    }
}
