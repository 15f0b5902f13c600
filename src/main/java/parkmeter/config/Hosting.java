package parkmeter.config;

import java.util.List;
import java.util.Optional;

/** Where a model runs. */
public sealed interface Hosting {

    /** How many instances there are, by what there is to do; empty where that never changes. */
    default Optional<Scaling> scaling() {
        return Optional.empty();
    }

    /**
     * Instances that answer while the caller waits.
     *
     * @param variants who shares the calls; at least one
     * @param machines how their instances start
     * @param update how a change reaches the running endpoint; absent: all at once
     * @param dataCapture where calls are written to; absent: nowhere
     * @param scaling how many instances there are; absent: as many as its one variant says
     */
    record RealTime(
            List<Variant> variants,
            Machines machines,
            Optional<Update> update,
            Optional<DataCapture> dataCapture,
            Optional<Scaling> scaling)
            implements Hosting {

        public RealTime {
            variants = List.copyOf(variants);
        }
    }

    /**
     * Instances that take jobs from S3 and write answers there (SageMaker developer guide, "Asynchronous inference").
     *
     * @param variant its instances
     * @param machines how they start
     * @param maxConcurrency how many jobs an instance does at once
     * @param limits how many instances there are
     * @param successTopic the ARN of the SNS topic that is told of jobs that are done
     * @param errorTopic the ARN of the SNS topic that is told of jobs that failed
     */
    record Async(
            Variant variant,
            Machines machines,
            int maxConcurrency,
            Scaling limits,
            Optional<String> successTopic,
            Optional<String> errorTopic)
            implements Hosting {

        @Override
        public Optional<Scaling> scaling() {
            return Optional.of(limits);
        }
    }

    /**
     * CPUs by the request (SageMaker developer guide, "Serverless inference").
     *
     * @param memoryMegabytes the container's memory, which holds the model too
     * @param maxConcurrency how many calls there are at once
     */
    record Serverless(int memoryMegabytes, int maxConcurrency) implements Hosting {}

    /** As an EndpointConfiguration of others says. */
    record Elsewhere() implements Hosting {}

    /**
     * A production variant.
     *
     * @param name its name
     * @param weight its part of the calls, by the sum of all weights
     * @param instanceType the SageMaker instance type
     * @param instances how many instances it begins with, from 1
     * @param source what it serves where that is not the model's own source
     */
    record Variant(String name, double weight, InstanceType instanceType, int instances, Optional<Source> source) {

        /** What a lone variant is called, by SageMaker's own custom. */
        public static final String ONLY = "AllTraffic";
    }

    /**
     * How instances start.
     *
     * @param startupHealthCheckSeconds how long the container may take until it answers its health check, 60 to 3600
     * @param modelDownloadSeconds how long SageMaker may take to fetch weights from S3, 60 to 3600
     * @param volumeGigabytes the size of the instance's EBS volume; absent: SageMaker's own choice
     * @param inferenceAmi the version of SageMaker's machine image; absent: what the container needs
     */
    record Machines(
            int startupHealthCheckSeconds,
            int modelDownloadSeconds,
            Optional<Integer> volumeGigabytes,
            Optional<String> inferenceAmi) {}

    /** How a change reaches a running endpoint (SageMaker developer guide, "Deployment guardrails"). */
    sealed interface Update {

        /** The alarms that take the change back. */
        List<String> rollbackAlarms();

        /**
         * New instances beside all old ones.
         *
         * @param shift how calls go over to them
         * @param percent how many of the instances, of a hundred, a step is; absent with {@link Shift#ALL_AT_ONCE}
         * @param waitSeconds how long a step is watched
         * @param rollbackAlarms names of CloudWatch alarms
         */
        record BlueGreen(Shift shift, Optional<Integer> percent, int waitSeconds, List<String> rollbackAlarms)
                implements Update {

            public BlueGreen {
                rollbackAlarms = List.copyOf(rollbackAlarms);
            }
        }

        /**
         * Some instances at a time.
         *
         * @param percent how many of the instances, of a hundred, a step is
         * @param waitSeconds how long a step is watched
         * @param rollbackAlarms names of CloudWatch alarms
         */
        record Rolling(int percent, int waitSeconds, List<String> rollbackAlarms) implements Update {

            public Rolling {
                rollbackAlarms = List.copyOf(rollbackAlarms);
            }
        }
    }

    /** How calls go over from old instances to new ones. */
    enum Shift {
        /** All of them at once. */
        ALL_AT_ONCE,
        /** Some first, then the rest. */
        CANARY,
        /** In equal steps. */
        LINEAR
    }

    /**
     * Where calls are written to.
     *
     * @param destination a prefix in S3
     * @param percent how many calls of a hundred
     * @param requests whether what is asked is written
     * @param answers whether what is answered is written
     */
    record DataCapture(S3Location destination, int percent, boolean requests, boolean answers) {}

    /**
     * How many instances there are (Application Auto Scaling user guide, "Amazon SageMaker").
     *
     * @param min the fewest
     * @param max the most
     * @param target what an instance is to have at once: calls of a real-time endpoint, waiting jobs of an asynchronous one
     * @param scaleOutSeconds how long after more instances it looks again
     * @param scaleInSeconds how long after a change it may take instances away
     * @param schedule times from which other limits hold
     */
    record Scaling(int min, int max, double target, int scaleOutSeconds, int scaleInSeconds, List<Scheduled> schedule) {

        public Scaling {
            schedule = List.copyOf(schedule);
        }
    }

    /**
     * A time from which other limits hold.
     *
     * @param name what people call it
     * @param when a {@code cron(…)} or {@code at(…)} expression
     * @param timezone by whose clock
     * @param min the fewest instances from then on
     * @param max the most from then on
     */
    record Scheduled(String name, String when, String timezone, int min, int max) {}
}
