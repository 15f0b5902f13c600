package parkmeter.lambda.meter.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.lambda.StubAws;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.meter.Activity;
import parkmeter.lambda.meter.Endpoints;
import parkmeter.lambda.meter.Endpoints.Outcome;
import parkmeter.lambda.meter.Notice;
import parkmeter.lambda.meter.Sight;
import parkmeter.lambda.meter.Status;
import parkmeter.lambda.meter.Unavailable;

/** What the ports make of AWS's answers, and AWS of their calls, over HTTP. */
class AwsPortsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T16:00:30Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private StubAws aws;
    private Sdk sdk;

    @BeforeEach
    void start() throws IOException {
        aws = new StubAws(CLOCK);
        sdk = Sdk.in("eu-west-2");
    }

    @AfterEach
    void stop() {
        sdk.http().close();
        aws.close();
    }

    private SageMakerEndpoints endpoints() {
        return new SageMakerEndpoints(sdk, Map.of("project", "parkmeter"));
    }

    @Test
    void all_endpoints_are_listed_page_by_page() {
        IntStream.range(0, 250).forEach(i -> aws.endpoint("e" + i, "c", "InService"));
        Endpoints endpoints = endpoints();
        Map<String, Sight.Listed> all = new HashMap<>();
        String next = null;
        int pages = 0;
        do {
            Endpoints.Page page = endpoints.list(next);
            all.putAll(page.endpoints());
            next = page.next();
            pages++;
        } while (next != null);

        assertThat(pages).isEqualTo(3);
        assertThat(all).hasSize(250).containsEntry("e7", new Sight.Listed(Status.IN_SERVICE, NOW, NOW));
        assertThat(aws.calls("ListEndpoints").get(0).input().get("MaxResults")).isEqualTo(100);
    }

    @Test
    void an_endpoint_is_described_without_what_its_failure_names_of_the_account() {
        aws.endpoint("e", "c", "Failed");
        aws.failureReason(
                "e",
                "Request to service failed for arn:aws:iam::123456789012:role/x in account 123456789012. See"
                        + " https://eu-west-2.console.aws.amazon.com/cloudwatch for endpoint"
                        + " \"arn:aws:sagemaker:eu-west-2:123456789012:endpoint/e\".");

        assertThat(endpoints().describe("e"))
                .isEqualTo(new Sight.Described(
                        Status.FAILED,
                        NOW,
                        NOW,
                        "c",
                        List.of("AllTraffic"),
                        1,
                        "Request to service failed for (an ARN) in account (an account). See (a link) for endpoint"
                                + " \"endpoint/e\"."));
    }

    @Test
    void the_instances_of_its_one_variant_are_counted_and_changed() {
        aws.endpoint("e", "c", "InService");

        assertThat(endpoints().scale("e", 3)).isEqualTo(new Endpoints.Outcome.Done());

        assertThat(aws.calls("UpdateEndpointWeightsAndCapacities").get(0).input())
                .isEqualTo(Map.of(
                        "EndpointName",
                        "e",
                        "DesiredWeightsAndCapacities",
                        List.of(Map.of("VariantName", "AllTraffic", "DesiredInstanceCount", 3))));
        assertThat(endpoints().describe("e")).extracting("instances").isEqualTo(3);
        aws.endpoint("busy", "c", "Updating");
        assertThat(endpoints().scale("busy", 3)).isEqualTo(new Endpoints.Outcome.InTransition());
        assertThat(endpoints().scale("absent", 3)).isEqualTo(new Endpoints.Outcome.NotFound());
        aws.refuses("UpdateEndpointWeightsAndCapacities", 1, 400, "ResourceLimitExceeded", "The limit is 2 instances.");
        assertThat(endpoints().scale("e", 4))
                .isEqualTo(new Endpoints.Outcome.LimitExceeded("The limit is 2 instances."));
    }

    @Test
    void an_endpoint_that_there_is_not_is_absent() {
        assertThat(endpoints().describe("e")).isEqualTo(new Sight.Absent());
    }

    @Test
    void a_status_that_is_newer_than_this_code_is_unknown() {
        aws.endpoint("e", "c", "Hibernating");

        assertThat(endpoints().describe("e")).extracting("status").isEqualTo(Status.UNKNOWN);
        assertThat(endpoints().list(null).endpoints().get("e"))
                .extracting("status")
                .isEqualTo(Status.UNKNOWN);
    }

    @Test
    void a_created_endpoint_has_the_stacks_tags() {
        assertThat(endpoints().create("e", "c")).isEqualTo(new Outcome.Done());
        assertThat(aws.status("e")).isEqualTo("InService");
        assertThat(aws.calls("CreateEndpoint").get(0).input().get("Tags"))
                .hasToString("[{Key=project, Value=parkmeter}]");
    }

    @Test
    void an_update_and_a_deletion_are_taken_on() {
        aws.endpoint("e", "c", "InService");

        assertThat(endpoints().update("e", "d")).isEqualTo(new Outcome.Done());
        assertThat(aws.configuration("e")).isEqualTo("d");
        assertThat(aws.status("e")).isEqualTo("InService");
        assertThat(endpoints().delete("e")).isEqualTo(new Outcome.Done());
        assertThat(aws.status("e")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "parkmeter, dev, pulumi, true",
        "parkmeter, dev, parkmeter, false",
        "parkmeter, prod, pulumi, false",
        "other, dev, pulumi, false"
    })
    void an_endpoint_that_the_stack_declares_is_left_to_pulumi(
            String project, String stack, String by, boolean declared) {
        SageMakerEndpoints ours =
                new SageMakerEndpoints(sdk, Map.of("Project", "parkmeter", "Stack", "dev", "ManagedBy", "parkmeter"));
        aws.endpoint("e", "c", "InService");
        aws.tags("e", Map.of("Project", project, "Stack", stack, "ManagedBy", by));

        assertThat(ours.declared("e")).isEqualTo(declared);
        assertThat(ours.declared("none")).isFalse();
        assertThat(ours.delete("e"))
                .isEqualTo(
                        declared
                                ? new Outcome.Refused(
                                        "It is the stack's own now, always on: the meter leaves it to Pulumi.")
                                : new Outcome.Done());
        assertThat(aws.calls("DeleteEndpoint")).hasSize(declared ? 0 : 1);
    }

    @Test
    void without_its_tags_no_endpoint_is_deleted_and_that_is_told() {
        SageMakerEndpoints ours = new SageMakerEndpoints(sdk, Map.of("Project", "parkmeter", "Stack", "dev"));
        aws.endpoint("e", "c", "InService");
        aws.refuses("ListTags", 1, 400, "AccessDeniedException", "No identity-based policy allows sagemaker:ListTags");

        assertThat(ours.delete("e"))
                .isEqualTo(new Outcome.Refused("No identity-based policy allows sagemaker:ListTags"));
        assertThat(aws.status("e")).isEqualTo("InService");
    }

    @Test
    void what_sagemaker_says_of_an_endpoints_state_is_told_apart() {
        aws.endpoint("creating", "c", "Creating");

        assertThat(endpoints().delete("none")).isEqualTo(new Outcome.NotFound());
        assertThat(endpoints().update("none", "c")).isEqualTo(new Outcome.NotFound());
        assertThat(endpoints().delete("creating")).isEqualTo(new Outcome.InTransition());
        assertThat(endpoints().update("creating", "c")).isEqualTo(new Outcome.InTransition());
        assertThat(endpoints().create("creating", "c")).isEqualTo(new Outcome.AlreadyExists());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | ResourceLimitExceeded | The account-level service limit 'ml.g5.xlarge for endpoint usage' is 0 Instances. | LimitExceeded[reason=The account-level service limit 'ml.g5.xlarge for endpoint usage' is 0 Instances.]",
                "400 | ValidationException | Could not find endpoint configuration \"arn:aws:sagemaker:eu-west-2:123456789012:endpoint-config/c\". | Refused[reason=Could not find endpoint configuration \"endpoint-config/c\".]",
                "400 | AccessDeniedException | User: arn:aws:sts::123456789012:assumed-role/r/f is not authorized to perform: sagemaker:CreateEndpoint | Refused[reason=User: (an ARN) is not authorized to perform: sagemaker:CreateEndpoint]",
                "500 | InternalFailure | We tried | Unanswered[cause=InternalFailure]",
                "503 | ServiceUnavailable | later | Unanswered[cause=ServiceUnavailable]",
            })
    void a_refusal_becomes_what_can_be_done_about_it(int status, String type, String message, String outcome) {
        aws.refuses("CreateEndpoint", 1, status, type, message);

        assertThat(endpoints().create("e", "c")).hasToString(outcome);
        assertThat(aws.calls("CreateEndpoint")).as("a change is sent once").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400, ThrottlingException", "429, TooManyRequestsException", "400, RequestLimitExceeded"})
    void a_change_that_is_throttled_is_sent_again_for_some_seconds(int status, String type) {
        aws.refuses("CreateEndpoint", 1, status, type, "Rate exceeded");
        assertThat(endpoints().create("e", "c")).isEqualTo(new Outcome.Done());
        assertThat(aws.calls("CreateEndpoint")).hasSize(2);
    }

    @Test
    void a_change_that_is_throttled_on_and_on_was_not_made() {
        aws.refuses("CreateEndpoint", 9, 400, "ThrottlingException", "Rate exceeded");
        assertThat(endpoints().create("e", "c")).isEqualTo(new Outcome.Throttled());
        assertThat(aws.calls("CreateEndpoint")).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CreateEndpoint", "UpdateEndpoint", "DeleteEndpoint"})
    void a_change_whose_answer_is_lost_is_not_sent_again(String operation) {
        aws.endpoint("e", "c", "InService");
        aws.losesAnswer(operation);
        Endpoints endpoints = endpoints();

        assertThat(
                        switch (operation) {
                            case "CreateEndpoint" -> endpoints.create("f", "c");
                            case "UpdateEndpoint" -> endpoints.update("e", "d");
                            default -> endpoints.delete("e");
                        })
                .isInstanceOf(Outcome.Unanswered.class);
        assertThat(aws.calls()).hasSize(1);
    }

    @Test
    void a_look_that_is_throttled_is_repeated() {
        aws.endpoint("e", "c", "InService");
        aws.refuses("ListEndpoints", 2, 400, "ThrottlingException", "Rate exceeded");
        aws.refuses("DescribeEndpoint", 2, 500, "InternalFailure", "");

        assertThat(endpoints().list(null).endpoints()).containsKey("e");
        assertThat(endpoints().describe("e")).isInstanceOf(Sight.Described.class);
    }

    @Test
    void a_look_without_an_answer_says_which_call_and_why_in_one_word() {
        aws.refuses("ListEndpoints", 1, 400, "AccessDeniedException", "User: arn:aws:sts::123456789012:x");
        aws.refuses("DescribeEndpoint", 9, 400, "ThrottlingException", "Rate exceeded");

        assertThatThrownBy(() -> endpoints().list(null))
                .isInstanceOf(Unavailable.class)
                .hasMessage("ListEndpoints: AccessDeniedException");
        assertThatThrownBy(() -> endpoints().describe("e"))
                .isInstanceOf(Unavailable.class)
                .hasMessage("DescribeEndpoint: ThrottlingException");
    }

    @Test
    void an_invocation_is_told_by_the_end_of_its_minute_but_never_later_than_now() {
        Activity activity = new CloudWatchActivity(sdk, CLOCK);
        aws.invoked("a", NOW.minusSeconds(600));
        aws.invoked("a", NOW.minusSeconds(310));
        aws.invoked("b", NOW.minusSeconds(1));

        assertThat(activity.lastInvocations(List.of(
                        question("a", NOW.minusSeconds(3600)),
                        question("b", NOW.minusSeconds(3600)),
                        question("c", NOW.minusSeconds(3600)))))
                .isEqualTo(Map.of("a", Instant.parse("2026-11-22T15:56:00Z"), "b", NOW));
    }

    @Test
    void an_invocation_before_what_is_asked_for_does_not_count() {
        Activity activity = new CloudWatchActivity(sdk, CLOCK);
        aws.invoked("a", NOW.minusSeconds(1800));
        aws.invoked("b", NOW.minusSeconds(1800));

        assertThat(activity.lastInvocations(
                        List.of(question("a", NOW.minusSeconds(600)), question("b", NOW.minusSeconds(3600)))))
                .containsOnlyKeys("b");
    }

    @Test
    void nobody_is_asked_about_nothing() {
        assertThat(new CloudWatchActivity(sdk, CLOCK).lastInvocations(List.of()))
                .isEmpty();
        assertThat(aws.calls()).isEmpty();
    }

    @Test
    void a_thousand_and_one_endpoints_are_asked_about_in_batches_and_their_values_read_page_by_page() {
        aws.pages(100, 7);
        List<Activity.Question> questions = new ArrayList<>();
        for (int i = 0; i < 1001; i++) {
            questions.add(question("e" + i, NOW.minusSeconds(600)));
        }
        for (int minute = 1; minute <= 9; minute++) {
            aws.invoked("e3", NOW.minusSeconds(60L * minute));
            aws.invoked("e1000", NOW.minusSeconds(60L * minute));
        }
        aws.invoked("e700", NOW.minusSeconds(120));

        assertThat(new CloudWatchActivity(sdk, CLOCK).lastInvocations(questions))
                .isEqualTo(Map.of(
                        "e3", Instant.parse("2026-11-22T16:00:00Z"),
                        "e700", Instant.parse("2026-11-22T15:59:00Z"),
                        "e1000", Instant.parse("2026-11-22T16:00:00Z")));
        assertThat(aws.calls("GetMetricData")).hasSizeBetween(4, 6);
    }

    @Test
    void single_minutes_are_asked_for_as_far_back_as_cloudwatch_keeps_them() {
        new CloudWatchActivity(sdk, CLOCK).lastInvocations(List.of(question("a", Instant.EPOCH)));

        assertThat(Instant.parse(String.valueOf(aws.calls().get(0).input().get("StartTime"))))
                .isAfter(NOW.minus(Duration.ofDays(15)));
    }

    @Test
    void a_silent_cloudwatch_is_told_so() {
        aws.refuses("GetMetricData", 9, 500, "InternalServiceError", "");

        assertThatThrownBy(() -> new CloudWatchActivity(sdk, CLOCK).lastInvocations(List.of(question("a", NOW))))
                .isInstanceOf(Unavailable.class)
                .hasMessage("GetMetricData: InternalServiceError");
    }

    private static Activity.Question question(String endpoint, Instant since) {
        return new Activity.Question(endpoint, List.of("AllTraffic"), since);
    }

    @Test
    void a_notice_is_published_once_with_the_endpoint_in_its_subject() {
        String topic = "arn:aws:sns:eu-west-2:123456789012:parkmeter-dev-meter";
        SnsNotices notices = new SnsNotices(sdk, topic);
        notices.publish(new Notice("1", "e", Notice.Kind.STOPS_SOON, NOW, "It stops at 17:00 UTC.", NOW));

        assertThat(aws.mails())
                .containsExactly(
                        Map.of("TopicArn", topic, "Subject", "e: stops soon", "Message", "It stops at 17:00 UTC."));

        aws.losesAnswer("Publish");

        assertThatThrownBy(() -> notices.publish(new Notice("2", "e", Notice.Kind.READY, NOW, "It serves.", NOW)))
                .isInstanceOf(Unavailable.class);
        assertThat(aws.mails())
                .as("the attempt whose answer was lost is not repeated")
                .hasSize(2);
    }

    @Test
    void the_mirror_is_a_parameter_that_is_written_over_and_deleted() {
        SsmMirror mirror = new SsmMirror(sdk);
        mirror.put("e", "{\"expiry\":\"1\"}");
        mirror.put("e", "{\"expiry\":\"2\"}");

        assertThat(aws.parameters()).isEqualTo(Map.of("/sagemaker/endpoint/expiry/e", "{\"expiry\":\"2\"}"));
        assertThat(aws.calls("PutParameter").get(1).input().toString()).contains("Overwrite=true", "Type=String");

        mirror.delete("e");
        mirror.delete("e");

        assertThat(aws.parameters()).isEmpty();
    }

    @Test
    void a_mirror_that_can_not_be_written_is_told_so() {
        aws.refuses("PutParameter", 1, 400, "AccessDeniedException", "");

        assertThatThrownBy(() -> new SsmMirror(sdk).put("e", "{}"))
                .isInstanceOf(Unavailable.class)
                .hasMessage("PutParameter: AccessDeniedException");
    }
}
