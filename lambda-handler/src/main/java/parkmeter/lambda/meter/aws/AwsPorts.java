package parkmeter.lambda.meter.aws;

import java.util.Random;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.clock.FunctionClock;
import parkmeter.lambda.meter.Notices;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.table.DynamoTable;

/** The meter's ports in an AWS account. */
public final class AwsPorts {

    private AwsPorts() {}

    /** All of them, on one HTTP client. */
    public static Ports of(MeterSettings settings, FunctionClock clock) {
        Sdk sdk = Sdk.in(settings.region());
        String topic = settings.topic();
        Notices nobody = notice -> {};
        return new Ports(
                new DynamoTable(sdk, settings.table()),
                new SageMakerEndpoints(sdk, settings.tags()),
                new CloudWatchActivity(sdk, clock),
                topic == null ? nobody : new SnsNotices(sdk, topic),
                new SsmMirror(sdk),
                clock,
                clock::sleep,
                new Random());
    }
}
