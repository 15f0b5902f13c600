package parkmeter.local.engine;

import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import pulumirpc.EngineGrpc.EngineImplBase;
import pulumirpc.EngineOuterClass.GetRootResourceRequest;
import pulumirpc.EngineOuterClass.GetRootResourceResponse;
import pulumirpc.EngineOuterClass.LogRequest;
import pulumirpc.EngineOuterClass.LogSeverity;
import pulumirpc.EngineOuterClass.SetRootResourceRequest;
import pulumirpc.EngineOuterClass.SetRootResourceResponse;

/** Where a program's log goes: its lines are kept. Threadsafe. */
final class Log extends EngineImplBase {
    private record Line(LogSeverity severity, String message) {}

    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private volatile String root = "";

    /** What was logged for information, in order. */
    List<String> notes() {
        return of(LogSeverity.INFO);
    }

    /** What was logged as a warning, in order. */
    List<String> warnings() {
        return of(LogSeverity.WARNING);
    }

    /** What was logged as an error, in order. */
    List<String> errors() {
        return of(LogSeverity.ERROR);
    }

    private List<String> of(LogSeverity severity) {
        return lines.stream()
                .filter(line -> line.severity() == severity)
                .map(line -> line.message().strip())
                .toList();
    }

    @Override
    public void log(LogRequest request, StreamObserver<Empty> to) {
        lines.add(new Line(request.getSeverity(), request.getMessage()));
        to.onNext(Empty.getDefaultInstance());
        to.onCompleted();
    }

    @Override
    public void getRootResource(GetRootResourceRequest request, StreamObserver<GetRootResourceResponse> to) {
        to.onNext(GetRootResourceResponse.newBuilder().setUrn(root).build());
        to.onCompleted();
    }

    @Override
    public void setRootResource(SetRootResourceRequest request, StreamObserver<SetRootResourceResponse> to) {
        root = request.getUrn();
        to.onNext(SetRootResourceResponse.getDefaultInstance());
        to.onCompleted();
    }
}
