package parkmeter.lambda.meter.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.meter.Endpoints;
import parkmeter.lambda.meter.Sight;
import parkmeter.lambda.meter.Status;
import parkmeter.lambda.meter.Unavailable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.EndpointSummary;
import software.amazon.awssdk.services.sagemaker.model.ListEndpointsResponse;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariantSummary;
import software.amazon.awssdk.services.sagemaker.model.ResourceLimitExceededException;
import software.amazon.awssdk.services.sagemaker.model.Tag;

/** SageMaker's control plane. Thread-safe. */
public final class SageMakerEndpoints implements Endpoints {
    private static final Duration ATTEMPT = Duration.ofSeconds(3);

    /** A change that is given up on may have been made all the same: rather wait. Throttled attempts take 7 of these. */
    private static final Duration CHANGE = Duration.ofSeconds(15);

    /** The tags that tell a stack's resources from all others'. */
    private static final Set<String> STACK = Set.of("Project", "Stack");

    private static final int PAGE = 100; // ListEndpoints gives no more

    private final SageMakerClient reads;
    private final SageMakerClient changes;
    private final List<Tag> tags;

    /** What Pulumi's own endpoints of the stack are tagged with, where the stack is known. */
    private final Set<Tag> declared;

    /**
     * This account's endpoints.
     *
     * @param tags what the endpoints that it creates are tagged with
     */
    public SageMakerEndpoints(Sdk sdk, Map<String, String> tags) {
        this.reads = sdk.client(SageMakerClient.builder(), Sdk.retried(ATTEMPT));
        this.changes = sdk.client(SageMakerClient.builder(), Sdk.onceTaken(CHANGE));
        this.tags = tags.entrySet().stream()
                .map(tag -> tag(tag.getKey(), tag.getValue()))
                .toList();
        Set<Tag> stack =
                this.tags.stream().filter(tag -> STACK.contains(tag.key())).collect(Collectors.toSet());
        stack.add(tag("ManagedBy", "pulumi"));
        this.declared = stack.size() > STACK.size() ? Set.copyOf(stack) : Set.of();
    }

    @Override
    public Page list(@Nullable String after) {
        ListEndpointsResponse page;
        try {
            page = reads.listEndpoints(list -> list.maxResults(PAGE).nextToken(after));
        } catch (SdkException e) {
            throw unavailable("ListEndpoints", e);
        }
        Map<String, Sight.Listed> endpoints = new HashMap<>();
        for (EndpointSummary endpoint : page.endpoints()) {
            endpoints.put(
                    endpoint.endpointName(),
                    new Sight.Listed(
                            Status.of(endpoint.endpointStatusAsString()),
                            orEpoch(endpoint.creationTime()),
                            orEpoch(endpoint.lastModifiedTime())));
        }
        return new Page(endpoints, page.nextToken());
    }

    @Override
    public Sight describe(String endpoint) {
        DescribeEndpointResponse found;
        try {
            found = reads.describeEndpoint(describe -> describe.endpointName(endpoint));
        } catch (SdkException e) {
            if (Refusal.of(e) == Refusal.NOT_FOUND) {
                return new Sight.Absent();
            }
            throw unavailable("DescribeEndpoint", e);
        }
        String reason = found.failureReason();
        return new Sight.Described(
                Status.of(found.endpointStatusAsString()),
                orEpoch(found.creationTime()),
                orEpoch(found.lastModifiedTime()),
                Objects.requireNonNullElse(found.endpointConfigName(), ""),
                found.productionVariants().stream()
                        .map(ProductionVariantSummary::variantName)
                        .toList(),
                found.productionVariants().stream()
                        .filter(variant -> variant.variantName().equals(VARIANT))
                        .map(ProductionVariantSummary::desiredInstanceCount)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                reason == null ? null : Words.withoutNames(reason));
    }

    @Override
    public Outcome create(String endpoint, String configuration) {
        return outcome(() -> changes.createEndpoint(create ->
                create.endpointName(endpoint).endpointConfigName(configuration).tags(tags)));
    }

    @Override
    public Outcome update(String endpoint, String configuration) {
        return outcome(() ->
                changes.updateEndpoint(update -> update.endpointName(endpoint).endpointConfigName(configuration)));
    }

    @Override
    public Outcome scale(String endpoint, int instances) {
        DesiredWeightAndCapacity desired = DesiredWeightAndCapacity.builder()
                .variantName(VARIANT)
                .desiredInstanceCount(instances)
                .build();
        return outcome(() -> changes.updateEndpointWeightsAndCapacities(
                update -> update.endpointName(endpoint).desiredWeightsAndCapacities(desired)));
    }

    @Override
    public Outcome delete(String endpoint) {
        return outcome(() -> {
            if (isDeclared(endpoint)) {
                throw new Declared();
            }
            changes.deleteEndpoint(delete -> delete.endpointName(endpoint));
        });
    }

    @Override
    public boolean declared(String endpoint) {
        try {
            return isDeclared(endpoint);
        } catch (SdkException e) {
            if (Refusal.of(e) == Refusal.NOT_FOUND) {
                return false;
            }
            throw unavailable("ListTags", e);
        }
    }

    /** A model that became always on has an endpoint under the name that the meter still has in its table. */
    private boolean isDeclared(String endpoint) {
        if (declared.isEmpty()) {
            return false;
        }
        String arn = reads.describeEndpoint(describe -> describe.endpointName(endpoint))
                .endpointArn();
        return reads.listTagsPaginator(list -> list.resourceArn(arn)).tags().stream()
                .collect(Collectors.toSet())
                .containsAll(declared);
    }

    /** Pulumi made it, and deletes it. */
    private static final class Declared extends RuntimeException {
        Declared() {
            super(null, null, false, false);
        }
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static Outcome outcome(Runnable call) {
        try {
            call.run();
            return new Outcome.Done();
        } catch (Declared e) {
            return new Outcome.Refused("It is the stack's own now, always on: the meter leaves it to Pulumi.");
        } catch (SdkException e) {
            return switch (Refusal.of(e)) {
                case NOT_FOUND -> new Outcome.NotFound();
                case EXISTS -> new Outcome.AlreadyExists();
                case IN_TRANSITION -> new Outcome.InTransition();
                case THROTTLED -> new Outcome.Throttled();
                case LIMIT -> new Outcome.LimitExceeded(words(e));
                case FINAL -> new Outcome.Refused(words(e));
                case NONE -> new Outcome.Unanswered(Sdk.cause(e));
            };
        }
    }

    /** How SageMaker refuses a call. Only DescribeEndpoint's absent endpoint has no code of its own; texts tell it and others apart. */
    private enum Refusal {
        NOT_FOUND,
        EXISTS,
        IN_TRANSITION,
        THROTTLED,
        LIMIT,
        FINAL,
        /** SageMaker did not answer, or not as one who knows. */
        NONE;

        static Refusal of(SdkException e) {
            if (!(e instanceof AwsServiceException service)) {
                return NONE;
            }
            if (service.isThrottlingException()) {
                return THROTTLED;
            }
            if (service.statusCode() >= 500 || service.retryable() || service.isClockSkewException()) {
                return NONE;
            }
            if (service instanceof ResourceLimitExceededException) {
                return LIMIT;
            }
            String words = message(service);
            if (words.startsWith("Could not find endpoint \"")) { // an absent configuration's text goes on with a word
                return NOT_FOUND;
            }
            if (words.startsWith("Cannot create already existing endpoint \"")) {
                return EXISTS;
            }
            return words.contains("in-progress endpoint") ? IN_TRANSITION : FINAL;
        }
    }

    private static String words(SdkException e) {
        return e instanceof AwsServiceException service ? Words.withoutNames(message(service)) : Sdk.cause(e);
    }

    private static String message(AwsServiceException e) {
        String message =
                e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
        return message == null ? "" : message;
    }

    private static Unavailable unavailable(String operation, SdkException e) {
        return new Unavailable(operation + ": " + Sdk.cause(e));
    }

    private static Instant orEpoch(@Nullable Instant time) {
        return time == null ? Instant.EPOCH : time;
    }
}
