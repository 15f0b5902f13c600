package parkmeter.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.CallOptions;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import pulumirpc.Provider.InvokeResponse;
import pulumirpc.Resource.ResourceInvokeRequest;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/**
 * The line between a program and Pulumi's engine, for an AWS plugin that can't look a function up: it asks AWS in the plugin's place,
 * and carries all else as it is.
 */
final class FunctionLookup implements AutoCloseable {

    private static final String INVOKE = "pulumirpc.ResourceMonitor/Invoke";
    private static final String GET_FUNCTION = "aws:lambda/getFunction:getFunction";

    private static final MethodDescriptor.Marshaller<byte[]> AS_IT_IS = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final LambdaClient aws;
    private final Path engine;
    private final Server server;
    private final Map<String, ManagedChannel> engines = new ConcurrentHashMap<>();

    /**
     * Opens the line.
     *
     * @param aws where functions are looked up
     * @param engine the file into which each start of the program writes the engine's address
     */
    FunctionLookup(LambdaClient aws, Path engine) throws IOException {
        this.aws = aws;
        this.engine = engine;
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .fallbackHandlerRegistry(new HandlerRegistry() {
                    @Override
                    public ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
                        MethodDescriptor<byte[], byte[]> descriptor = descriptor(method);
                        return ServerMethodDefinition.create(
                                descriptor,
                                ServerCalls.asyncUnaryCall((request, to) -> carry(descriptor, request, to)));
                    }
                })
                .build()
                .start();
    }

    /** What the program takes for the engine's address. */
    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        engines.values().forEach(ManagedChannel::shutdownNow);
    }

    private void carry(MethodDescriptor<byte[], byte[]> method, byte[] request, StreamObserver<byte[]> to) {
        try {
            if (method.getFullMethodName().equals(INVOKE)) {
                ResourceInvokeRequest invoke = ResourceInvokeRequest.parseFrom(request);
                if (invoke.getTok().equals(GET_FUNCTION)) {
                    to.onNext(found(invoke.getArgs()).toByteArray());
                    to.onCompleted();
                    return;
                }
            }
            ClientCalls.asyncUnaryCall(channel().newCall(method, CallOptions.DEFAULT), request, to);
        } catch (InvalidProtocolBufferException e) {
            to.onError(Status.INTERNAL.withDescription(e.getMessage()).asException());
        } catch (RuntimeException | IOException e) {
            to.onError(Status.UNKNOWN.withDescription(e.getMessage()).asException());
        }
    }

    private ManagedChannel channel() throws IOException {
        return engines.computeIfAbsent(
                Files.readString(engine).strip(), address -> NettyChannelBuilder.forTarget(address)
                        .usePlaintext()
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .build());
    }

    /** As Pulumi's own plugin says it ({@code aws.lambda.getFunction}). */
    private InvokeResponse found(Struct arguments) {
        String name = arguments.getFieldsOrThrow("functionName").getStringValue();
        String qualifier = arguments
                .getFieldsOrDefault("qualifier", Value.getDefaultInstance())
                .getStringValue();
        FunctionConfiguration function = aws.getFunction(
                        request -> request.functionName(name).qualifier(qualifier.isEmpty() ? null : qualifier))
                .configuration();
        String arn = function.functionArn();
        String region = arn.split(":", -1)[3];
        String before = "arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/";
        Struct.Builder said = Struct.newBuilder();
        Map.of(
                        "functionName",
                        name,
                        "arn",
                        arn,
                        "invokeArn",
                        before + arn + "/invocations",
                        "qualifiedInvokeArn",
                        before + arn + ":" + qualifier + "/invocations",
                        "codeSha256",
                        function.codeSha256(),
                        "version",
                        function.version(),
                        "lastModified",
                        function.lastModified())
                .forEach((field, text) -> said.putFields(
                        field, Value.newBuilder().setStringValue(text).build()));
        return InvokeResponse.newBuilder().setReturn(said).build();
    }

    private static MethodDescriptor<byte[], byte[]> descriptor(String method) {
        return MethodDescriptor.newBuilder(AS_IT_IS, AS_IT_IS)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .build();
    }
}
