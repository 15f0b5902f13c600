package parkmeter.lambda.sagemaker;

import java.time.Duration;

/** A model. */
@FunctionalInterface
public interface ModelEndpoint {

    /**
     * Sends one request, once: a generation is never retried, since the first one may still be running on the GPU.
     *
     * @param atMost when to give up; the reply is then {@link Reply.Reason#TIMED_OUT}
     * @return what came of it; failures are replies too
     */
    Reply invoke(Ask ask, Duration atMost);
}
