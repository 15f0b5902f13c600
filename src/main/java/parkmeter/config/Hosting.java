package parkmeter.config;

import java.util.Optional;

/** Where a model runs. */
public sealed interface Hosting {

    /**
     * Instances that answer while the caller waits.
     *
     * @param instanceType the SageMaker instance type
     * @param instances how many, from 1
     * @param startupHealthCheckSeconds how long the container may take until it answers its health check, 60 to 3600
     * @param modelDownloadSeconds how long SageMaker may take to fetch a model archive, 60 to 3600
     * @param volumeGigabytes the size of the instance's EBS volume; absent: SageMaker's own choice
     * @param inferenceAmi the version of SageMaker's machine image; absent: SageMaker's own choice
     */
    record RealTime(
            InstanceType instanceType,
            int instances,
            int startupHealthCheckSeconds,
            int modelDownloadSeconds,
            Optional<Integer> volumeGigabytes,
            Optional<String> inferenceAmi)
            implements Hosting {}
}
