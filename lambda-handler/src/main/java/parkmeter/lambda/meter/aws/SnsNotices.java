package parkmeter.lambda.meter.aws;

import java.time.Duration;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.meter.Notice;
import parkmeter.lambda.meter.Notices;
import parkmeter.lambda.meter.Unavailable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;

/** An SNS topic that mailboxes subscribe to. Thread-safe. */
public final class SnsNotices implements Notices {
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final int LONGEST_SUBJECT =
            100; // SNS takes no more, and only printable ASCII, as endpoints' names are

    private final SnsClient client;
    private final String topic;

    /**
     * A topic that there is.
     *
     * @param topic its ARN
     */
    public SnsNotices(Sdk sdk, String topic) {
        // Once: a repeated attempt may be a second mail. The meter itself publishes again what got no answer.
        this.client = sdk.client(SnsClient.builder(), Sdk.once(ATTEMPT));
        this.topic = topic;
    }

    @Override
    public void publish(Notice notice) {
        String subject = notice.endpoint() + ": " + notice.kind().words();
        try {
            client.publish(publish -> publish.topicArn(topic)
                    .subject(subject.substring(0, Math.min(subject.length(), LONGEST_SUBJECT)))
                    .message(notice.text()));
        } catch (SdkException e) {
            throw new Unavailable("Publish: " + Sdk.cause(e));
        }
    }
}
