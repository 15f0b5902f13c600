package parkmeter.watch;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.config.Names;
import parkmeter.config.WatchSettings;
import parkmeter.iam.Account;
import parkmeter.iam.PolicyDocument;
import parkmeter.iam.Statement;
import parkmeter.notice.MailTopic;

/** The topic over which people are told of alarms and of the budget. */
public final class Alerts extends ComponentResource {

    private static final String TOPIC = "alerts";

    private final MailTopic topic;

    /**
     * Declares the topic.
     *
     * @param email who gets its messages; none: a topic to subscribe to
     * @param settings what they are told of
     * @param names the stack's names
     * @param account where the stack stands
     * @param options the component's options, with the provider
     */
    public Alerts(
            List<String> email,
            WatchSettings settings,
            Names names,
            Account account,
            ComponentResourceOptions options) {
        super("parkmeter:watch:Alerts", TOPIC, options);
        List<Output<String>> arn = List.of(account.arn("sns", names.of(TOPIC)));
        // Of this account, of no other: a service acts for whoever asks it.
        var services = new ArrayList<Statement>();
        if (settings.alarms()) {
            services.add(publish("TellOfAlarms", "cloudwatch.amazonaws.com", arn, account)
                    .when("ArnLike", "aws:SourceArn", account.arn("cloudwatch", "alarm:" + names.of("*"))));
        }
        if (settings.budget().isPresent()) {
            services.add(publish("TellOfBudget", "budgets.amazonaws.com", arn, account));
        }
        this.topic = MailTopic.declare(TOPIC, names.of(TOPIC), Optional.of(new PolicyDocument(services)), email, this);
        registerOutputs(Map.of("topicArn", topic.arn()));
    }

    /** The topic's ARN. */
    public Output<String> topic() {
        return topic.arn();
    }

    private static Statement publish(String sid, String service, List<Output<String>> topic, Account account) {
        return Statement.allow(sid, List.of("sns:Publish"), topic)
                .by(service)
                .when("StringEquals", "aws:SourceAccount", account.id());
    }
}
