package parkmeter.notice;

import com.pulumi.aws.sns.Topic;
import com.pulumi.aws.sns.TopicArgs;
import com.pulumi.aws.sns.TopicSubscription;
import com.pulumi.aws.sns.TopicSubscriptionArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import parkmeter.iam.PolicyDocument;

/**
 * An SNS topic and the addresses that get its messages, each of which has to confirm.
 *
 * @param arn the topic's ARN
 * @param subscriptions one for each address
 */
public record MailTopic(Output<String> arn, List<Resource> subscriptions) {

    public MailTopic {
        subscriptions = List.copyOf(subscriptions);
    }

    /**
     * Declares both as parts of a component.
     *
     * @param part what their names in the stack begin with
     * @param name the topic's name
     * @param policy who beside the account's own roles may publish; absent: nobody
     * @param email the addresses; none: a topic to subscribe to
     * @param parent the component
     */
    public static MailTopic declare(
            String part, String name, Optional<PolicyDocument> policy, List<String> email, Resource parent) {
        var child = CustomResourceOptions.builder().parent(parent).build();
        var args = TopicArgs.builder().name(name);
        policy.ifPresent(document -> args.policy(document.json()));
        var topic = new Topic(part + "-topic", args.build(), child);
        var subscriptions = new ArrayList<Resource>();
        email.forEach(address -> subscriptions.add(new TopicSubscription(
                part + "-mail-" + address,
                TopicSubscriptionArgs.builder()
                        .topic(topic.arn())
                        .protocol("email")
                        .endpoint(address)
                        .build(),
                child)));
        return new MailTopic(topic.arn(), subscriptions);
    }
}
