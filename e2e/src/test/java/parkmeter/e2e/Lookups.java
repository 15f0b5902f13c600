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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pulumirpc.Provider.InvokeResponse;
import pulumirpc.Resource.ResourceInvokeRequest;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/**
 * The line between a program and Pulumi's engine, for an AWS plugin on Terraform's own binary, which can't look a function or a table up:
 * it asks AWS in the plugin's place, and carries all else as it is.
 */
final class Lookups implements AutoCloseable {

    private static final String INVOKE = "pulumirpc.ResourceMonitor/Invoke";

    /** What is looked up in the plugin's place, by the name of Pulumi's function. */
    private static final Map<String, Lookup> LOOKUPS = Map.of(
            "aws:lambda/getFunction:getFunction", Lookups::function,
            "aws:dynamodb/getTable:getTable", Lookups::table);

    /** What such a plugin says in their stead: the field that it stumbles over is one of the answer's. */
    private static final Pattern STUMBLES =
            Pattern.compile("Value for unconfigurable attribute|Can't configure a value for");

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

    /** Asks AWS, and says in texts what of the answer a program here reads. */
    private interface Lookup {
        Map<String, String> answer(Struct arguments, Account aws);
    }

    private final Account aws;
    private final Path engine;
    private final Server server;
    private final Map<String, ManagedChannel> engines = new ConcurrentHashMap<>();

    /**
     * Opens the line.
     *
     * @param aws where things are looked up
     * @param engine the file into which each start of the program writes the engine's address
     */
    Lookups(Account aws, Path engine) throws IOException {
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

    /** Whether a command failed because its plugin can't look something up. */
    static boolean missing(Run run) {
        return run.exit() != 0 && STUMBLES.matcher(run.console()).find();
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
                Lookup lookup = LOOKUPS.get(invoke.getTok());
                if (lookup != null) {
                    to.onNext(said(lookup.answer(invoke.getArgs(), aws)).toByteArray());
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
    private static Map<String, String> function(Struct arguments, Account aws) {
        String name = text(arguments, "functionName");
        String qualifier = text(arguments, "qualifier");
        FunctionConfiguration function = aws.functions()
                .getFunction(request -> request.functionName(name).qualifier(qualifier.isEmpty() ? null : qualifier))
                .configuration();
        String arn = function.functionArn();
        String region = arn.split(":", -1)[3];
        String before = "arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/";
        return Map.of(
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
                function.lastModified());
    }

    /**
     * As Pulumi's own plugin says it ({@code aws.dynamodb.getTable}). That one asks for backups, expiry and tags too
     * (terraform-provider-aws, dynamodb/table_data_source.go), and so whoever deploys has to be allowed it.
     */
    private static Map<String, String> table(Struct arguments, Account aws) {
        String name = text(arguments, "name");
        TableDescription table =
                aws.tables().describeTable(request -> request.tableName(name)).table();
        aws.tables().describeContinuousBackups(request -> request.tableName(name));
        aws.tables().describeTimeToLive(request -> request.tableName(name));
        aws.tables().listTagsOfResource(request -> request.resourceArn(table.tableArn()));
        String hash = table.keySchema().stream()
                .filter(key -> key.keyType() == KeyType.HASH)
                .findFirst()
                .orElseThrow()
                .attributeName();
        return Map.of("name", table.tableName(), "arn", table.tableArn(), "hashKey", hash);
    }

    /** An argument of the program's; empty where it gave none. */
    private static String text(Struct arguments, String name) {
        return arguments.getFieldsOrDefault(name, Value.getDefaultInstance()).getStringValue();
    }

    private static InvokeResponse said(Map<String, String> answer) {
        Struct.Builder said = Struct.newBuilder();
        answer.forEach((field, text) ->
                said.putFields(field, Value.newBuilder().setStringValue(text).build()));
        return InvokeResponse.newBuilder().setReturn(said).build();
    }

    private static MethodDescriptor<byte[], byte[]> descriptor(String method) {
        return MethodDescriptor.newBuilder(AS_IT_IS, AS_IT_IS)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .build();
    }
}
