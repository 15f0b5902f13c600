package parkmeter.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parkmeter.local.aws.Containers.Container;
import parkmeter.local.aws.Endpoint.Status;

/**
 * SageMaker's control plane: CreateEndpoint, UpdateEndpoint, UpdateEndpointWeightsAndCapacities, DeleteEndpoint, DescribeEndpoint,
 * ListEndpoints and ListTags, with its error codes and sentences (API reference of SageMaker). An endpoint is in service once its container answers and the time that a start takes
 * has passed; then the runtime serves it. The endpoint configurations are those that the stack declares. Nothing is kept.
 */
public final class SageMaker implements JsonService, AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");
    private static final Duration DELETION = Duration.ofSeconds(5);
    private static final int MOST_LISTED = 100;
    private static final int LISTED = 10;
    private final Place place;
    private final Map<String, EndpointConfig> configurations = new LinkedHashMap<>();
    private final Containers containers;
    private final SageMakerRuntime runtime;
    private final StackClock clock;
    private final Duration start;

    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final Map<String, JsonNode> tags = new HashMap<>();
    private final Map<String, CompletableFuture<Void>> launches = new HashMap<>();
    private final Map<String, Integer> quotas = new HashMap<>();
    private final Queue<String> failures = new ArrayDeque<>();
    private boolean closed;

    /** Where it stands: what ARNs are made of. */
    public record Place(String partition, String region, String account) {}

    /**
     * Starts without an endpoint.
     *
     * @param configurations what endpoints can be created from
     * @param runtime serves what is in service
     * @param start how long a start or an update takes at least, on the clock
     */
    public SageMaker(
            Place place,
            List<EndpointConfig> configurations,
            Containers containers,
            SageMakerRuntime runtime,
            StackClock clock,
            Duration start) {
        this.place = place;
        configurations.forEach(each -> this.configurations.put(each.name(), each));
        this.containers = containers;
        this.runtime = runtime;
        this.clock = clock;
        this.start = start;
    }

    @Override
    public String target() {
        return "SageMaker";
    }

    @Override
    public JsonNode answer(String operation, JsonNode request) {
        return switch (operation) {
            case "CreateEndpoint" ->
                create(name(request, "endpointName"), name(request, "endpointConfigName"), request.path("Tags"));
            case "UpdateEndpoint" -> update(name(request, "endpointName"), name(request, "endpointConfigName"));
            case "UpdateEndpointWeightsAndCapacities" ->
                change(name(request, "endpointName"), request.path("DesiredWeightsAndCapacities"));
            case "DeleteEndpoint" -> delete(name(request, "endpointName"));
            case "DescribeEndpoint" -> describe(name(request, "endpointName"));
            case "ListEndpoints" -> list(request);
            case "ListTags" -> tags(request.path("ResourceArn").asText());
            default -> throw AwsApi.unknown("SageMaker " + operation);
        };
    }

    /**
     * Creates an endpoint as CreateEndpoint does: those that the stack itself declares.
     *
     * @throws IllegalStateException when CreateEndpoint would refuse it
     */
    public void declare(String endpoint, String configuration) {
        try {
            create(endpoint, configuration, JsonNodeFactory.instance.missingNode());
        } catch (Refused e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * The starts and updates that are under way.
     *
     * @return completes when all have succeeded, exceptionally with a container's own reason when one has failed
     */
    public synchronized CompletableFuture<Void> started() {
        return CompletableFuture.allOf(launches.values().toArray(CompletableFuture<?>[]::new));
    }

    /** Whether an endpoint of this name is in service, also while it is being updated. */
    public synchronized boolean serves(String name) {
        Endpoint endpoint = endpoints.get(name);
        return endpoint != null && endpoint.fleet().isPresent();
    }

    /**
     * Lets the next start or update of an endpoint fail.
     *
     * @param reason the FailureReason; empty: that of a container that does not answer
     */
    synchronized void failNext(String reason) {
        failures.add(reason);
    }

    /**
     * Lets an endpoint that is in service fail at once.
     *
     * @param reason the FailureReason; empty: that of a container that does not answer
     */
    synchronized void fail(String name, String reason) {
        Endpoint endpoint = idle(name);
        end(endpoint.fleet());
        changed(endpoint.failed(orUnhealthy(reason, endpoint.configuration()), clock.instant()));
    }

    /** Sets the account's quota for endpoints of an instance type; where none was set, there is no limit. */
    synchronized void quota(String instanceType, int instances) {
        quotas.put(instanceType, instances);
    }

    /** Ends all containers. */
    @Override
    public void close() {
        List<Fleet> running;
        synchronized (this) {
            closed = true;
            running = endpoints.values().stream()
                    .flatMap(each -> each.fleet().stream())
                    .toList();
            endpoints.clear();
        }
        running.forEach(Fleet::close);
    }

    private synchronized JsonNode create(String name, String configuration, JsonNode given) {
        if (endpoints.containsKey(name)) {
            throw Refused.invalid("Cannot create already existing endpoint \"%s\".".formatted(arn("endpoint", name)));
        }
        EndpointConfig wanted = configuration(configuration);
        checkQuota(wanted);
        Endpoint endpoint = Endpoint.creating(name, arn("endpoint", name), wanted, clock.instant());
        changed(endpoint);
        tags.put(endpoint.arn(), given);
        launch(endpoint, wanted);
        return arnOf(endpoint.arn());
    }

    private synchronized JsonNode tags(String arn) {
        JsonNode given = tags.get(arn);
        if (given == null) {
            throw Refused.invalid("Could not find resource \"%s\".".formatted(arn));
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putArray("Tags").addAll(given.valueStream().toList());
        return answer;
    }

    private synchronized JsonNode update(String name, String configuration) {
        Endpoint endpoint = idle(name);
        EndpointConfig wanted = configuration(configuration);
        if (endpoint.status() == Status.FAILED) {
            throw Refused.invalid("Cannot update failed endpoint \"%s\".".formatted(endpoint.arn()));
        }
        checkQuota(wanted);
        changed(endpoint.updating(wanted, clock.instant()));
        launch(endpoint, wanted);
        return arnOf(endpoint.arn());
    }

    private synchronized JsonNode change(String name, JsonNode wanted) {
        Endpoint endpoint = idle(name);
        Fleet fleet = endpoint.fleet()
                .orElseThrow(() -> Refused.invalid("Cannot update failed endpoint \"%s\".".formatted(endpoint.arn())));
        List<Fleet.Change> changes = new ArrayList<>();
        for (JsonNode each : wanted) {
            String variant = each.path("VariantName").asText();
            if (fleet.named(variant).isEmpty()) {
                throw Refused.invalid(
                        "Could not find variant \"%s\" of endpoint \"%s\".".formatted(variant, endpoint.arn()));
            }
            changes.add(new Fleet.Change(
                    variant,
                    Optional.of(each.path("DesiredWeight"))
                            .filter(JsonNode::isNumber)
                            .map(JsonNode::asDouble),
                    Optional.of(each.path("DesiredInstanceCount"))
                            .filter(JsonNode::isNumber)
                            .map(JsonNode::asInt)));
        }
        Fleet changing = fleet.changing(changes);
        changed(endpoint.changing(changing, clock.instant()));
        var unused = clock.after(changing.grows() ? start : Duration.ZERO).thenRun(() -> settle(name));
        return arnOf(endpoint.arn());
    }

    /** The instances that were wanted are there. */
    private synchronized void settle(String name) {
        Endpoint endpoint = endpoints.get(name);
        if (endpoint != null
                && endpoint.status() == Status.UPDATING
                && endpoint.fleet().isPresent()) {
            serve(endpoint.inService(endpoint.fleet().get().settled(), clock.instant()));
        }
    }

    private synchronized JsonNode delete(String name) {
        Endpoint endpoint = idle(name);
        changed(endpoint.deleting(clock.instant()));
        var unused = ended(endpoint.fleet())
                .thenCompose(ended -> clock.after(DELETION))
                .thenRun(() -> gone(name));
        return JsonNodeFactory.instance.objectNode();
    }

    private synchronized JsonNode describe(String name) {
        return existing(name).description(runtime.atZero(name));
    }

    private synchronized JsonNode list(JsonNode request) {
        int most = request.path("MaxResults").asInt(LISTED);
        if (most < 1 || most > MOST_LISTED) {
            throw Refused.invalid(
                    ("1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint:"
                                    + " Member must have value between 1 and %d")
                            .formatted(most, MOST_LISTED));
        }
        int from = offset(request.path("NextToken").asText(""));
        List<Endpoint> found = wanted(request).skip(from).limit(most + 1L).toList();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode page = answer.putArray("Endpoints");
        found.stream().limit(most).map(Endpoint::summary).forEach(page::add);
        if (found.size() > most) {
            answer.put("NextToken", token(from + most));
        }
        return answer;
    }

    private Stream<Endpoint> wanted(JsonNode request) {
        Comparator<Endpoint> order =
                request.path("SortBy").asText("CreationTime").equals("Name")
                        ? Comparator.comparing(Endpoint::name)
                        : Comparator.comparing(Endpoint::created).thenComparing(Endpoint::name);
        boolean ascending = request.path("SortOrder").asText("Descending").equals("Ascending");
        return endpoints.values().stream()
                .filter(each ->
                        each.name().contains(request.path("NameContains").asText("")))
                .filter(each -> !request.has("StatusEquals")
                        || each.status()
                                .text()
                                .equals(request.path("StatusEquals").asText()))
                .sorted(ascending ? order : order.reversed());
    }

    /** Starts a container for an endpoint that is Creating or Updating, and settles what becomes of it. */
    private void launch(Endpoint endpoint, EndpointConfig wanted) {
        String toFail = failures.poll();
        CompletableFuture<Fleet> fleet = toFail == null
                ? started(endpoint.name(), wanted)
                : CompletableFuture.failedFuture(Refused.invalid(orUnhealthy(toFail, wanted)));
        CompletableFuture<Void> launch = clock.after(start)
                .thenCompose(passed -> fleet)
                .handle((answering, failure) -> {
                    settle(endpoint.name(), wanted, answering, failure);
                    if (failure != null) {
                        throw new CompletionException(cause(failure));
                    }
                    return null;
                });
        launches.put(endpoint.name(), launch);
    }

    /** A container for each variant; none where one doesn't come up. */
    private CompletableFuture<Fleet> started(String endpoint, EndpointConfig wanted) {
        List<CompletableFuture<Container>> all = wanted.variants().stream()
                .map(variant -> containers.start(endpoint, wanted.name(), variant.name()))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).handle((done, failure) -> {
            if (failure != null) {
                for (CompletableFuture<Container> each : all) {
                    var unused = each.thenAcceptAsync(Container::close);
                }
                throw new CompletionException(cause(failure));
            }
            List<Fleet.Member> members = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                members.add(Fleet.Member.of(wanted.variants().get(i), all.get(i).join()));
            }
            return new Fleet(members);
        });
    }

    private synchronized void settle(
            String name, EndpointConfig wanted, @Nullable Fleet started, @Nullable Throwable failure) {
        Endpoint endpoint = endpoints.get(name);
        if (closed || endpoint == null) {
            end(Optional.ofNullable(started));
        } else if (started != null) {
            Optional<Fleet> before = endpoint.fleet();
            serve(endpoint.inService(started, clock.instant()));
            end(before);
        } else {
            String reason =
                    cause(failure) instanceof Refused known ? String.valueOf(known.getMessage()) : unhealthy(wanted);
            changed(
                    endpoint.status() == Status.UPDATING
                            ? endpoint.rolledBack(reason, clock.instant())
                            : endpoint.failed(reason, clock.instant()));
        }
    }

    private void serve(Endpoint endpoint) {
        endpoint.fleet().ifPresent(fleet -> runtime.serve(endpoint.name(), endpoint.configuration(), fleet));
        changed(endpoint);
    }

    private synchronized void gone(String name) {
        endpoints.remove(name);
        tags.remove(arn("endpoint", name));
        launches.remove(name);
    }

    private void changed(Endpoint endpoint) {
        endpoints.put(endpoint.name(), endpoint);
        if (endpoint.fleet().isEmpty()) {
            runtime.withdraw(endpoint.name());
        }
    }

    private static void end(Optional<Fleet> fleet) {
        var unused = ended(fleet);
    }

    /** Ends what answered, on another thread: it may take seconds. */
    private static CompletableFuture<Void> ended(Optional<Fleet> fleet) {
        return CompletableFuture.runAsync(() -> fleet.ifPresent(Fleet::close));
    }

    private Endpoint existing(String name) {
        Endpoint endpoint = endpoints.get(name);
        if (endpoint == null) {
            throw Refused.invalid("Could not find endpoint \"%s\".".formatted(arn("endpoint", name)));
        }
        return endpoint;
    }

    /** An endpoint that is not in transition. */
    private Endpoint idle(String name) {
        Endpoint endpoint = existing(name);
        if (endpoint.status() != Status.IN_SERVICE && endpoint.status() != Status.FAILED) {
            throw Refused.invalid("Cannot update in-progress endpoint \"%s\".".formatted(endpoint.arn()));
        }
        return endpoint;
    }

    private EndpointConfig configuration(String name) {
        EndpointConfig configuration = configurations.get(name);
        if (configuration == null) {
            throw Refused.invalid(
                    "Could not find endpoint configuration \"%s\".".formatted(arn("endpoint-config", name)));
        }
        return configuration;
    }

    private void checkQuota(EndpointConfig wanted) {
        for (String type : types(wanted).distinct().toList()) {
            Integer quota = quotas.get(type);
            int used = endpoints.values().stream()
                    .filter(each -> each.status() != Status.FAILED)
                    .flatMap(each -> Stream.concat(Stream.of(each.configuration()), each.next().stream()))
                    .mapToInt(each -> instances(each, type))
                    .sum();
            int delta = instances(wanted, type);
            if (quota != null && used + delta > quota) {
                throw new Refused(
                        400,
                        "ResourceLimitExceeded",
                        ("The account-level service limit '%s for endpoint usage' is %d Instances, with current"
                                        + " utilization of %d Instances and a request delta of %d Instances. Please use"
                                        + " AWS Service Quotas to request an increase for this quota. If AWS Service"
                                        + " Quotas is not available, contact AWS support to request an increase for"
                                        + " this quota.")
                                .formatted(type, quota, used, delta));
            }
        }
    }

    private static Stream<String> types(EndpointConfig configuration) {
        return configuration.variants().stream().flatMap(variant -> variant.instanceType().stream());
    }

    private static int instances(EndpointConfig configuration, String type) {
        return configuration.variants().stream()
                .filter(variant -> variant.instanceType().filter(type::equals).isPresent())
                .mapToInt(EndpointConfig.Variant::instances)
                .sum();
    }

    /** SageMaker's ARNs are lower-case, whatever the name's case. */
    private String arn(String kind, String name) {
        return "arn:%s:sagemaker:%s:%s:%s/%s"
                .formatted(place.partition(), place.region(), place.account(), kind, name.toLowerCase(Locale.ROOT));
    }

    private static JsonNode arnOf(String arn) {
        return JsonNodeFactory.instance.objectNode().put("EndpointArn", arn);
    }

    private static String name(JsonNode request, String member) {
        JsonNode value = request.path(Character.toUpperCase(member.charAt(0)) + member.substring(1));
        if (!value.isTextual()) {
            throw Refused.invalid("1 validation error detected: Value null at '" + member
                    + "' failed to satisfy constraint: Member must not be null");
        }
        if (!NAME.matcher(value.asText()).matches()) {
            throw Refused.invalid("1 validation error detected: Value '" + value.asText() + "' at '" + member
                    + "' failed to satisfy constraint: Member must satisfy regular expression pattern: ^"
                    + NAME.pattern());
        }
        return value.asText();
    }

    private static String orUnhealthy(String reason, EndpointConfig configuration) {
        return reason.isBlank() ? unhealthy(configuration) : reason.strip();
    }

    private static String unhealthy(EndpointConfig configuration) {
        return "The primary container for production variant "
                + configuration.variants().get(0).name()
                + " did not pass the ping health check. Please check CloudWatch logs for this endpoint.";
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String token(int offset) {
        return Base64.getEncoder().encodeToString(Integer.toString(offset).getBytes(StandardCharsets.US_ASCII));
    }

    private static int offset(String token) {
        try {
            return token.isEmpty()
                    ? 0
                    : Integer.parseInt(new String(Base64.getDecoder().decode(token), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw Refused.invalid("Invalid NextToken.");
        }
    }
}
