package parkmeter.local.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pulumirpc.Resource.ReadResourceRequest;
import pulumirpc.Resource.ReadResourceResponse;
import pulumirpc.Resource.RegisterPackageRequest;
import pulumirpc.Resource.RegisterPackageResponse;
import pulumirpc.Resource.RegisterResourceOutputsRequest;
import pulumirpc.Resource.RegisterResourceRequest;
import pulumirpc.Resource.RegisterResourceResponse;
import pulumirpc.Resource.ResourceInvokeRequest;
import pulumirpc.Resource.ResourceInvokeResponse;
import pulumirpc.Resource.SupportsFeatureRequest;
import pulumirpc.Resource.SupportsFeatureResponse;
import pulumirpc.ResourceMonitorGrpc.ResourceMonitorImplBase;

/** What a program registers its resources with; records them and answers as the providers would. Threadsafe. */
final class Monitor extends ResourceMonitorImplBase {
    private static final Set<String> FEATURES =
            Set.of("secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith");

    private final Stack stack;
    private final boolean preview;
    private final Function<String, String> apiKeys;
    private final Map<String, Registration> registrations = new ConcurrentHashMap<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();

    /**
     * @param preview whether computed outputs stay unknown
     * @param apiKeys the value of an API key that declares none, by the key's name
     */
    Monitor(Stack stack, boolean preview, Function<String, String> apiKeys) {
        this.stack = stack;
        this.preview = preview;
        this.apiKeys = apiKeys;
    }

    /** What has been registered so far. */
    List<Registration> registrations() {
        return List.copyOf(registrations.values());
    }

    /** The URNs of what has been registered so far, sorted. */
    List<String> declared() {
        return registrations.keySet().stream().sorted().toList();
    }

    /** What has been refused so far, in order. */
    List<String> refusals() {
        return List.copyOf(refusals);
    }

    @Override
    public void supportsFeature(SupportsFeatureRequest request, StreamObserver<SupportsFeatureResponse> to) {
        answer(to, () -> SupportsFeatureResponse.newBuilder()
                .setHasSupport(FEATURES.contains(request.getId()))
                .build());
    }

    @Override
    public void registerResource(RegisterResourceRequest request, StreamObserver<RegisterResourceResponse> to) {
        answer(to, () -> register(request));
    }

    @Override
    public void registerResourceOutputs(RegisterResourceOutputsRequest request, StreamObserver<Empty> to) {
        answer(to, () -> {
            Wire.Decoded outputs = Wire.decode(request.getOutputs(), stack.folder());
            registrations.computeIfPresent(request.getUrn(), (urn, declared) -> declared.withOutputs(outputs));
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void invoke(ResourceInvokeRequest request, StreamObserver<ResourceInvokeResponse> to) {
        answer(to, () -> {
            JsonNode arguments = Wire.decode(request.getArgs(), stack.folder()).value();
            Struct.Builder result = Struct.newBuilder();
            AwsCalls.answer(request.getTok(), arguments, place(request.getProvider(), request.getTok()), stack.config())
                    .forEach((name, value) -> result.putFields(name, Wire.text(value)));
            return ResourceInvokeResponse.newBuilder().setReturn(result).build();
        });
    }

    @Override
    public void readResource(ReadResourceRequest request, StreamObserver<ReadResourceResponse> to) {
        answer(to, () -> {
            RegisterResourceResponse read = register(RegisterResourceRequest.newBuilder()
                    .setType(request.getType())
                    .setName(request.getName())
                    .setParent(request.getParent())
                    .setProvider(request.getProvider())
                    .setVersion(request.getVersion())
                    .setCustom(true)
                    .setImportId(request.getId())
                    .setObject(request.getProperties())
                    .addAllDependencies(request.getDependenciesList())
                    .addAllAdditionalSecretOutputs(request.getAdditionalSecretOutputsList())
                    .build());
            return ReadResourceResponse.newBuilder()
                    .setUrn(read.getUrn())
                    .setProperties(read.getObject())
                    .build();
        });
    }

    @Override
    public void registerPackage(RegisterPackageRequest request, StreamObserver<RegisterPackageResponse> to) {
        answer(to, () -> RegisterPackageResponse.newBuilder()
                .setRef(request.getName() + "@" + request.getVersion())
                .build());
    }

    @Override
    public void signalAndWaitForShutdown(Empty request, StreamObserver<Empty> to) {
        answer(to, Empty::getDefaultInstance);
    }

    private RegisterResourceResponse register(RegisterResourceRequest request) {
        String urn = urn(request);
        Wire.Decoded inputs = Wire.decode(request.getObject(), stack.folder());
        Map<String, String> computed = computed(request, urn, inputs.value());
        // In a preview the provider doesn't say it, and the SDK takes what is missing for unknown.
        String id = computed.getOrDefault("id", "");
        Struct outputs = outputs(request, computed);

        Wire.Decoded recorded = Wire.decode(outputs, stack.folder());
        Registration registration = new Registration(
                urn,
                request.getType(),
                request.getName(),
                present(request.getParent()),
                present(request.getProvider()),
                request.getCustom(),
                request.getDependenciesList().stream().sorted().toList(),
                request.getPropertyDependenciesMap().entrySet().stream()
                        .filter(entry -> entry.getValue().getUrnsCount() > 0)
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getUrnsList().stream()
                                .sorted()
                                .toList())),
                inputs.value(),
                id.isEmpty() ? recorded.value() : recorded.value().put("id", id),
                recorded.secrets(),
                Options.of(request));
        if (registrations.putIfAbsent(urn, registration) != null) {
            throw new Refused("Two resources have the URN " + urn + ": give one of them another name.");
        }
        return RegisterResourceResponse.newBuilder()
                .setUrn(urn)
                .setId(id)
                .setObject(outputs)
                .build();
    }

    private Map<String, String> computed(RegisterResourceRequest request, String urn, JsonNode inputs) {
        if (!request.getCustom() || preview) {
            return Map.of();
        }
        if (request.getType().startsWith("pulumi:providers:")) {
            return Map.of(
                    "id",
                    UUID.nameUUIDFromBytes(urn.getBytes(StandardCharsets.UTF_8)).toString());
        }
        return AwsOutputs.of(
                new AwsOutputs.Declared(urn, request.getType(), request.getName(), inputs, apiKeys),
                place(request.getProvider(), urn));
    }

    /** The inputs as they came, what AWS adds, and the marks of what is secret among them. */
    private static Struct outputs(RegisterResourceRequest request, Map<String, String> computed) {
        Struct.Builder outputs = request.getObject().toBuilder();
        computed.forEach((name, value) -> {
            // The id has a field of its own in the answer.
            if (!name.equals("id") && !outputs.containsFields(name)) {
                outputs.putFields(name, Wire.text(value));
            }
        });
        Stream.concat(request.getAdditionalSecretOutputsList().stream(), AwsOutputs.secrets(request.getType()).stream())
                .distinct()
                .filter(outputs::containsFields)
                .forEach(name -> outputs.putFields(name, Wire.secret(outputs.getFieldsOrThrow(name))));
        return outputs.build();
    }

    /** Where a resource or a call stands: its provider's region, or that of the stack's {@code aws:region}. */
    private Place place(String provider, String asker) {
        return Optional.ofNullable(registrations.get(provider.replaceFirst("::[^:]*$", "")))
                .map(each -> each.inputs().path("region").asText())
                .or(() -> Optional.ofNullable(stack.config().get("aws:region")))
                .filter(region -> !region.isEmpty())
                .map(Place::of)
                .orElseThrow(() -> new Refused(
                        "No region for " + asker + ": set one with 'pulumi config set aws:region <region>'."));
    }

    private String urn(RegisterResourceRequest request) {
        String parentType =
                request.getParent().isEmpty() ? "" : request.getParent().split("::", 4)[2];
        String type = parentType.isEmpty() || parentType.equals("pulumi:pulumi:Stack")
                ? request.getType()
                : parentType + "$" + request.getType();
        return "urn:pulumi:%s::%s::%s::%s".formatted(stack.name(), stack.project(), type, request.getName());
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private <T> void answer(StreamObserver<T> to, Supplier<T> answer) {
        try {
            to.onNext(answer.get());
            to.onCompleted();
        } catch (Refused e) {
            refusals.add(e.getMessage());
            to.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        }
    }
}
