package parkmeter.local.aws;

import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import parkmeter.local.aws.Xml.Parent;
import parkmeter.local.aws.Xml.Text;

/** SNS's Publish: what is published is handed to whoever watches the run, in place of the subscribers. */
public final class Sns implements QueryService {
    private final Set<String> topics;
    private final Consumer<Message> subscriber;

    /**
     * What subscribers of a topic would get.
     *
     * @param subject empty where there is none
     */
    public record Message(String topicArn, String subject, String text) {}

    /**
     * @param topics the ARNs of the topics that there are
     * @param subscriber takes each message
     */
    public Sns(Set<String> topics, Consumer<Message> subscriber) {
        this.topics = Set.copyOf(topics);
        this.subscriber = subscriber;
    }

    @Override
    public String version() {
        return "2010-03-31";
    }

    @Override
    public Xml answer(String action, Form request) {
        if (!action.equals("Publish")) {
            throw AwsApi.unknown("SNS " + action);
        }
        String topic = request.needed("TopicArn");
        if (!topics.contains(topic)) {
            throw new Refused(404, "NotFound", "Topic does not exist");
        }
        subscriber.accept(new Message(topic, request.text("Subject").orElse(""), request.needed("Message")));
        return new Parent(
                "PublishResult", new Text("MessageId", UUID.randomUUID().toString()));
    }
}
