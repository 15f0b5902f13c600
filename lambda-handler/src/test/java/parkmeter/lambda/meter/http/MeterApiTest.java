package parkmeter.lambda.meter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import parkmeter.lambda.LambdaContext;
import parkmeter.lambda.StubAws;
import parkmeter.lambda.aws.Sdk;
import parkmeter.lambda.gateway.Answer;
import parkmeter.lambda.gateway.Event;
import parkmeter.lambda.json.Json;
import parkmeter.lambda.meter.Invalid;
import parkmeter.lambda.meter.Keeper;
import parkmeter.lambda.meter.MeterTable;
import parkmeter.lambda.meter.Ports;
import parkmeter.lambda.meter.Registrar;
import parkmeter.lambda.meter.Registration;
import parkmeter.lambda.meter.aws.CloudWatchActivity;
import parkmeter.lambda.meter.aws.MeterSettings;
import parkmeter.lambda.meter.aws.SageMakerEndpoints;
import parkmeter.lambda.meter.aws.SsmMirror;
import parkmeter.lambda.meter.table.DynamoTable;
import parkmeter.lambda.meter.table.LocalTable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The meter's routes, with REST events on one side and AWS's wire formats on the other. */
class MeterApiTest {
    private static final Instant START = Instant.parse("2026-11-22T16:00:00.500Z");
    private static final String NAME = "parkmeter-dev-tinyllama";
    private static final String EXPIRY = "/endpoint-expiry";

    private static LocalTable local;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final SetClock clock = new SetClock();
    private StubAws aws;
    private Ports ports;
    private MeterApiHandler handler;

    /** Stands until a test moves it. */
    private static final class SetClock extends Clock {
        private volatile Instant now = START;

        void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeAll
    static void startTable() throws Exception {
        local = new LocalTable();
    }

    @AfterAll
    static void stopTable() {
        local.close();
    }

    @BeforeEach
    void start() throws Exception {
        aws = new StubAws(clock);
        aws.takes(Duration.ofMinutes(5), Duration.ofMinutes(1));
        Sdk sdk = local.sdk();
        ports = new Ports(
                new DynamoTable(sdk, LocalTable.NAME),
                new SageMakerEndpoints(sdk, Map.of()),
                new CloudWatchActivity(sdk, clock),
                notice -> {},
                new SsmMirror(sdk),
                clock,
                MeterApiTest::sleep,
                new Random());
        handler = handler(List.of());
        registered(
                "{\"endpoint\":\"" + NAME + "\",\"configuration\":\"c1\",\"model\":\"tinyllama\","
                        + "\"initialMinutes\":90,\"maxMinutes\":480,\"idleMinutes\":30,\"wakeMinutes\":30,\"hourlyCost\":1.41}");
    }

    private MeterApiHandler handler(List<String> operators) {
        return new MeterApiHandler(
                new MeterSettings(
                        "eu-west-2",
                        LocalTable.NAME,
                        null,
                        null,
                        Map.of(),
                        List.of("demo-*", "lab-?"),
                        List.of("c*", "jumpstart-*"),
                        operators),
                ports);
    }

    private void registered(String json) throws IOException {
        try {
            new Registrar(ports, new Keeper(ports)).create(Registration.read(Json.read(json)));
        } catch (Invalid e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        MeterTable.Page page = ports.table().page(null);
        page.rows().forEach(row -> ports.table().delete(row.endpoint(), row.version()));
        aws.close();
    }

    /** The routes that tools know already. */
    @Test
    void all_expiries_are_told_as_they_were_to_the_letter() throws IOException {
        registered("{\"endpoint\":\"another\",\"configuration\":\"c\",\"initialMinutes\":60,\"maxMinutes\":480}");
        clock.pass(Duration.ofMillis(14_843));

        assertThat(text(call("GET", EXPIRY, null)))
                .isEqualTo("[{\"EndpointName\":\"another\",\"EndpointExpiry \":\"22-11-2026-17-00-00\","
                        + "\"TimeLeft\":\"0:59:45.157000\"},"
                        + "{\"EndpointName\":\"parkmeter-dev-tinyllama\",\"EndpointExpiry \":\"22-11-2026-17-30-00\","
                        + "\"TimeLeft\":\"1:29:45.157000\"}]");
    }

    @Test
    void one_expiry_is_told_as_it_was_also_when_it_is_over() throws IOException {
        assertThat(text(get("EndpointName", NAME)))
                .isEqualTo("{\"EndpointName\":\"parkmeter-dev-tinyllama\",\"EndpointExpiry \":\"22-11-2026-17-30-00\","
                        + "\"TimeLeft\":\"1:30:00\"}");

        clock.pass(Duration.ofMinutes(90).plusSeconds(10));

        assertThat(text(get("EndpointName", NAME))).contains("\"TimeLeft\":\"-1 day, 23:59:50\"");
    }

    @Test
    void minutes_are_added_to_what_is_left() throws IOException {
        clock.pass(Duration.ofSeconds(10));

        assertThat(text(post("{\"EndpointName\":\"" + NAME + "\",\"minutes\":10}")))
                .isEqualTo("{\"EndpointName\":\"parkmeter-dev-tinyllama\",\"EndpointExpiry \":\"22-11-2026-17-40-00\","
                        + "\"TimeLeft\":\"1:39:50\"}");
    }

    @Test
    void minutes_start_from_now_where_nothing_is_left_and_start_the_endpoint_at_once() throws IOException {
        Objects.requireNonNull(aws.status(NAME));
        clock.pass(Duration.ofMinutes(100));
        new Keeper(ports).step(NAME);
        clock.pass(Duration.ofMinutes(100));
        new Keeper(ports).step(NAME);
        assertThat(aws.status(NAME)).isNull();

        assertThat(text(post("{\"EndpointName\":\"" + NAME + "\",\"minutes\":10}")))
                .contains("\"EndpointExpiry \":\"22-11-2026-19-30-00\",\"TimeLeft\":\"0:10:00\"");
        assertThat(aws.status(NAME)).isEqualTo("Creating");
    }

    @ParameterizedTest
    @ValueSource(strings = {"480", "100000", "99999999999999999999999"})
    void beyond_the_cap_it_is_cut_and_the_answer_says_so(String minutes) throws IOException {
        assertThat(text(post("{\"EndpointName\":\"" + NAME + "\",\"minutes\":" + minutes + "}")))
                .isEqualTo("{\"EndpointName\":\"parkmeter-dev-tinyllama\",\"EndpointExpiry \":\"23-11-2026-00-00-00\","
                        + "\"TimeLeft\":\"8:00:00\",\"Cut\":\"The meter takes at most 480 minutes from now.\"}");
    }

    @Test
    void an_endpoint_with_a_configuration_that_is_there_is_registered_and_started() throws IOException {
        assertThat(text(post("{\"EndpointName\":\"demo-inpainting-Endpoint\",\"EndpointConfigName\":\"jumpstart-cfg\","
                        + "\"minutes\":30}")))
                .isEqualTo("{\"EndpointName\":\"demo-inpainting-Endpoint\",\"EndpointExpiry \":\"22-11-2026-16-30-00\","
                        + "\"TimeLeft\":\"30\"}");
        assertThat(aws.status("demo-inpainting-Endpoint")).isEqualTo("Creating");
        assertThat(aws.configuration("demo-inpainting-Endpoint")).isEqualTo("jumpstart-cfg");
    }

    @Test
    void one_is_registered_without_time_too_and_stays_stopped() throws IOException {
        assertThat(text(post("{\"EndpointName\":\"lab-1\",\"EndpointConfigName\":\"c\",\"minutes\":0}")))
                .contains("\"TimeLeft\":\"0\"");
        assertThat(aws.status("lab-1")).isNull();
    }

    @Test
    void a_registered_endpoint_keeps_its_configuration_when_it_is_topped_up_with_another() throws IOException {
        post("{\"EndpointName\":\"lab-1\",\"EndpointConfigName\":\"c\",\"minutes\":10}");

        assertThat(text(post("{\"EndpointName\":\"lab-1\",\"EndpointConfigName\":\"d\",\"minutes\":10}")))
                .contains("\"TimeLeft\":\"0:20:00\"");
        assertThat(aws.configuration("lab-1")).isEqualTo("c");
    }

    @Test
    void a_schedule_is_set_and_told_back() throws IOException {
        String windows = "[{\"name\":\"office\",\"start_time\":\"09:00\",\"stop_time\":\"17:00\",\"days\":[\"mon\","
                + "\"fri\"],\"timezone\":\"Europe/London\"},{\"name\":\"fair\",\"start_time\":\"10:00\","
                + "\"stop_time\":\"12:00\",\"date\":\"24/12/2026\"}]";

        assertThat(text(post("{\"EndpointName\":\"" + NAME + "\",\"schedule\":" + windows + "}")))
                .isEqualTo("{\"EndpointName\":\"" + NAME + "\",\"Schedule\":" + windows + "}");
        assertThat(text(call("GET", "/meters/{name}", null)))
                .contains("\"nextWindow\":{\"name\":\"office\",\"from\":\"2026-11-23T09:00:00Z\","
                        + "\"until\":\"2026-11-23T17:00:00Z\"}");
        assertThat(aws.parameters().get("/sagemaker/endpoint/expiry/" + NAME)).contains("\"start_time\":\"09:00\"");
    }

    @Test
    void an_endpoint_is_registered_with_a_schedule_and_minutes_at_once() throws IOException {
        assertThat(text(post(
                        "{\"EndpointName\":\"lab-1\",\"EndpointConfigName\":\"c\",\"minutes\":5,\"schedule\":[]}")))
                .isEqualTo("{\"EndpointName\":\"lab-1\",\"EndpointExpiry \":\"22-11-2026-16-05-00\",\"TimeLeft\":\"5\","
                        + "\"Schedule\":[]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | 400 | invalid_request | Body required",
                "{} | 400 | invalid_request | EndpointName required",
                "{`minutes`:10} | 400 | invalid_request | EndpointName required",
                "{`EndpointName`:null,`minutes`:10} | 400 | invalid_request | EndpointName required",
                "{`EndpointName`:``,`minutes`:10} | 400 | invalid_request | EndpointName required",
                "{`EndpointName`:`nobody`,`minutes`:10} | 400 | invalid_request | EndpointName not found/Endpoint config name required",
                "{`EndpointName`:`nobody`,`schedule`:[]} | 400 | invalid_request | EndpointName not found/Endpoint config name required",
                "{`EndpointName`:`parkmeter-dev-tinyllama`} | 400 | invalid_request | minutes or schedule required",
                "{`EndpointName`:`parkmeter-dev-tinyllama`,`minutes`:0} | 400 | invalid_request | Invalid request: 'minutes' must be a whole number of at least 1",
                "{`EndpointName`:`parkmeter-dev-tinyllama`,`minutes`:-5} | 400 | invalid_request | Invalid request: 'minutes' must be a whole number of at least 1",
                "{`EndpointName`:`parkmeter-dev-tinyllama`,`minutes`:1.5} | 400 | invalid_request | Invalid request: 'minutes' must be a whole number of at least 1",
                "{`EndpointName`:`parkmeter-dev-tinyllama`,`minutes`:1e999999999} | 400 | invalid_request | Invalid request: 'minutes' must be a whole number of at least 1",
                "{`EndpointName`:`parkmeter-dev-tinyllama`,`minutes`:`30`} | 400 | invalid_request | Invalid request: 'minutes' must be a whole number of at least 1",
                "{`EndpointName`:`parkmeter-dev-tinyllama`,`minutes`:true} | 400 | invalid_request | Invalid request: 'minutes' must be a whole number of at least 1",
                "{`EndpointName`:`lab-1`,`EndpointConfigName`:`c`,`minutes`:-1} | 400 | invalid_request | Invalid request: 'minutes' must be a whole number of at least 0",
                "{`EndpointName`:7,`minutes`:10} | 400 | invalid_request | Invalid request: 'EndpointName' must be a name of letters, digits and single hyphens between them, 63 at most",
                "{`EndpointName`:`lab-1`,`EndpointConfigName`:`a b`,`minutes`:10} | 400 | invalid_request | Invalid request: 'EndpointConfigName' must be a name of letters, digits and single hyphens between them, 63 at most",
                "{`EndpointName`:`parkmeter-dev-tinyllama`,`schedule`:7} | 400 | invalid_request | Invalid request: 'schedule' must be a list of windows",
                "{`EndpointName`:`other`,`EndpointConfigName`:`c`,`minutes`:10} | 403 | name_not_allowed | This stack may not register an endpoint of this name: allow it under adopt in parkmeter:meter, and deploy.",
                "{`EndpointName`:`lab-2`,`EndpointConfigName`:`other-cfg`,`minutes`:10} | 403 | name_not_allowed | This stack may not use an EndpointConfiguration of this name: allow it under adopt in parkmeter:meter, and deploy.",
                "{`EndpointName`:`LAB-1`,`EndpointConfigName`:`c`,`minutes`:10} | 409 | name_taken | There is a meter whose name differs from this one in upper and lower case only.",
                "{ | 400 | invalid_json | Invalid JSON in request body: it can't be read at line 1, column 2",
                "[] | 400 | invalid_json | Invalid JSON in request body: it must be an object, not an array",
            })
    void what_can_not_be_done_is_told(@Nullable String body, int status, String code, String error) throws IOException {
        post("{\"EndpointName\":\"lab-1\",\"EndpointConfigName\":\"c\",\"minutes\":0}");
        String before = text(call("GET", EXPIRY, null));

        assertFailed(post(body == null ? null : body.replace('`', '"')), status, code, error);
        assertThat(text(call("GET", EXPIRY, null))).as("nothing changed").isEqualTo(before);
    }

    @Test
    void a_name_that_is_not_known_is_a_404() throws IOException {
        assertFailed(get("EndpointName", "nobody"), 404, "unknown_meter", "EndpointName not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH"})
    void another_method_is_a_405(String method) throws IOException {
        assertFailed(call(method, EXPIRY, "{}"), 405, "method_not_allowed", "Method not allowed");
    }

    @Test
    void a_record_that_can_not_be_read_is_told_without_a_word_of_it_and_keeps_no_other_from_being_read()
            throws IOException {
        local.byHand(Map.of(
                "endpoint", AttributeValue.fromS("broken"),
                "version", AttributeValue.fromN("3"),
                "record", AttributeValue.fromS("{\"secret\":1")));

        Answer answer = get("EndpointName", "broken");

        assertFailed(answer, 500, "internal_error", "Error retrieving endpoint");
        assertThat(answer.text() + log).doesNotContain("secret");
        assertThat(text(call("GET", EXPIRY, null))).contains(NAME).doesNotContain("broken");
        assertThat(text(call("GET", "/meters", null))).contains(NAME).doesNotContain("broken");
    }

    @Test
    void a_silent_table_is_a_503_that_says_when_to_come_back() throws IOException {
        handler = new MeterApiHandler(
                new MeterSettings("eu-west-2", "none", null, null, Map.of(), List.of(), List.of(), List.of()),
                new Ports(
                        new DynamoTable(local.sdk(), "none"),
                        ports.endpoints(),
                        ports.activity(),
                        ports.notices(),
                        ports.mirror(),
                        clock,
                        ports.pause(),
                        ports.random()));

        Answer answer = get("EndpointName", NAME);

        assertFailed(answer, 503, "meter_unavailable", "Error retrieving endpoint");
        assertThat(answer.headers().get("Retry-After")).isEqualTo("5");
        assertThat(log.get(log.size() - 1)).contains("\"cause\":\"GetItem: ResourceNotFoundException\"");
        assertFailed(
                call("GET", "/meters/{name}", null),
                503,
                "meter_unavailable",
                "The meter got no answer from AWS: try again after the time in Retry-After.");
    }

    /** This project's routes. */
    @Test
    void a_meter_is_told_with_why_it_runs_and_what_it_costs() throws IOException {
        clock.pass(Duration.ofMinutes(20));
        new Keeper(ports).step(NAME);
        clock.pass(Duration.ofMinutes(10));

        Answer answer = call("GET", "/meters/{name}", null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().keySet().stream().map(String::valueOf))
                .containsExactly(
                        "endpoint",
                        "model",
                        "configuration",
                        "status",
                        "runs",
                        "reason",
                        "why",
                        "paidUntil",
                        "secondsLeft",
                        "schedule",
                        "startedAt",
                        "readyAt",
                        "startSeconds",
                        "terms",
                        "hourlyCost",
                        "costSinceStart");
        assertThat(answer.text())
                .contains(
                        "\"endpoint\":\"" + NAME + "\"",
                        "\"status\":\"InService\"",
                        "\"runs\":true",
                        "\"paidUntil\":\"2026-11-22T17:30:00.500Z\"",
                        "\"secondsLeft\":3600",
                        "\"hourlyCost\":1.41",
                        "\"costSinceStart\":0.71");
        assertThat(answer.headers().get("ETag")).isNotNull();
        assertThat(answer.headers().get("Access-Control-Expose-Headers")).isEqualTo("ETag");
    }

    @Test
    void all_meters_are_told() throws IOException {
        registered("{\"endpoint\":\"another\",\"configuration\":\"c\",\"initialMinutes\":0,\"maxMinutes\":480}");

        Answer answer = call("GET", "/meters", null);

        assertThat(Json.textAt(Json.first(answer.body().get("meters")), "endpoint"))
                .isEqualTo("another");
        assertThat(answer.text()).contains("\"endpoint\":\"" + NAME + "\"");
    }

    @Test
    void a_last_activity_is_told_as_soon_as_cloudwatch_knows_it() throws IOException {
        clock.pass(Duration.ofMinutes(6));
        new Keeper(ports).step(NAME);
        aws.invoked(NAME, clock.instant());
        clock.pass(Duration.ofMinutes(2));

        assertThat(call("GET", "/meters/{name}", null).textAt("lastActivity")).isEqualTo("2026-11-22T16:07:00Z");
    }

    @Test
    void a_top_up_says_whether_it_was_cut() throws IOException {
        Answer whole = call("POST", "/meters/{name}/top-up", "{\"minutes\":10}");
        Answer cut = call("POST", "/meters/{name}/top-up", "{\"minutes\":1000}");

        assertThat(whole.text()).contains("\"paidUntil\":\"2026-11-22T17:40:00.500Z\"", "\"cut\":false");
        assertThat(cut.text()).contains("\"paidUntil\":\"2026-11-23T00:00:00.500Z\"", "\"cut\":true");
    }

    @Test
    void a_stop_ends_the_paid_time_and_the_endpoint_at_once() throws IOException {
        clock.pass(Duration.ofMinutes(6));
        new Keeper(ports).step(NAME);
        assertThat(aws.status(NAME)).isEqualTo("InService");

        Answer answer = call("POST", "/meters/{name}/stop", null);

        assertThat(answer.text())
                .contains("\"runs\":false", "\"reason\":\"stopped\"", "\"paidUntil\":\"2026-11-22T16:06:00.500Z\"");
        assertThat(aws.status(NAME)).isEqualTo("Deleting");
    }

    @Test
    void a_schedule_is_replaced_by_who_saw_its_last_state() throws IOException {
        String first =
                String.valueOf(call("GET", "/meters/{name}", null).headers().get("ETag"));
        String windows = "{\"schedule\":[{\"days\":[\"mon\"],\"start\":\"09:00\",\"stop\":\"17:00\"}]}";

        Answer changed = put(windows, first);

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.headers().get("ETag")).isNotEqualTo(first);
        assertFailed(
                put("{\"schedule\":[]}", first),
                412,
                "schedule_changed",
                "Somebody changed the schedule meanwhile: read it again, and send its new ETag as If-Match.");
        assertThat(put("{\"schedule\":[]}", String.valueOf(changed.headers().get("ETag")))
                        .status())
                .isEqualTo(200);
        assertThat(put(windows, "*").status()).isEqualTo(200);
        assertThat(put("{\"schedule\":[]}", null).status()).isEqualTo(200);
    }

    @Test
    void a_schedule_says_instances_only_where_the_stack_says_how_many_there_are_outside_of_it() throws IOException {
        String windows = "{\"schedule\":[{\"days\":[\"mon\"],\"start\":\"09:00\",\"stop\":\"17:00\",\"instances\":3}]}";

        assertFailed(
                put(windows, null),
                400,
                "invalid_request",
                "Invalid request: 'schedule' can't say instances here, since nobody knows how many there are outside its"
                        + " windows: give a window of the model's schedule in the stack file instances, and deploy.");

        registered("{\"endpoint\":\"" + NAME + "\",\"configuration\":\"c1\",\"initialMinutes\":90,\"maxMinutes\":480,"
                + "\"instances\":2}");

        Answer changed = put(windows, null);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.text())
                .contains("\"instances\":{\"wanted\":", "\"stop\":\"17:00\",\"timezone\":\"UTC\",\"instances\":3}");
    }

    @Test
    void every_problem_of_a_schedule_is_told_at_once_with_its_place_and_value() throws IOException {
        Answer answer = put(
                "{\"schedule\":[{\"days\":[\"someday\"],\"start\":\"25:00\",\"stop\":\"17:00\"},"
                        + "{\"date\":\"2026-13-01\",\"start\":\"09:00\",\"stop\":\"17:00\",\"timezone\":\"Mars\"}],"
                        + "\"more\":1}",
                null);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problems())
                .containsExactly(
                        "schedule[0].days=(an array of 1): must be a list of mon, tue, wed, thu, fri, sat, sun",
                        "schedule[0].start=25:00: must be a time from 00:00 to 23:59",
                        "schedule[1].date=2026-13-01: must be a date such as 2026-12-24 or 24/12/2026",
                        "schedule[1].timezone=Mars: must be an IANA time zone such as Europe/London",
                        "more=1: is unknown; known are schedule");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /meters/{name} | ",
                "POST | /meters/{name}/top-up | {\"minutes\":10}",
                "POST | /meters/{name}/stop | ",
                "PUT | /meters/{name}/schedule | {\"schedule\":[]}",
            })
    void a_meter_that_is_not_known_is_a_404(String method, String route, @Nullable String body) throws IOException {
        assertFailed(
                answer(event(method, route, body).with("pathParameters", Map.of("name", "nobody"))),
                404,
                "unknown_meter",
                "There is no meter of this name: GET /meters lists those there are.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | minutes=null: is missing",
                "{\"minutes\":0} | minutes=0: must be a whole number of at least 1",
                "{\"minutes\":1,\"hours\":1} | hours=1: is unknown; known are minutes",
            })
    void a_top_up_that_is_none_is_told(String body, String problem) throws IOException {
        Answer answer = call("POST", "/meters/{name}/top-up", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problems()).containsExactly(problem);
    }

    @Test
    void an_unknown_route_is_a_404() throws IOException {
        assertFailed(call("GET", "/meters/{name}/other", null), 404, "unknown_route", "There is no such route.");
        assertFailed(call("DELETE", "/meters/{name}", null), 405, "method_not_allowed", "Method not allowed");
    }

    @Test
    void where_any_client_is_an_operator_only_operators_may() throws IOException {
        handler = handler(List.of("k2"));

        assertFailed(
                call("GET", EXPIRY, null),
                403,
                "forbidden",
                "This client's key may not use the meter: its client is not an operator.");
        assertThat(call("POST", "/meters/{name}/stop", null).status()).isEqualTo(403);

        handler = handler(List.of("k2", "k1"));

        assertThat(call("GET", "/meters/{name}", null).status()).isEqualTo(200);
    }

    @Test
    void a_request_leaves_one_line_in_the_log() throws IOException {
        log.clear();
        call("POST", "/meters/{name}/top-up", "{\"minutes\":10}");

        assertThat(log).hasSize(1);
        assertThat(log.get(0))
                .matches("\\{\"requestId\":\"gateway-request-id\",\"route\":\"/meters/\\{name}/top-up\","
                        + "\"client\":\"k1\",\"method\":\"POST\",\"status\":200,\"latencyMs\":\\d+}\n");
    }

    @Test
    void two_hundred_top_ups_at_once_all_count() throws Exception {
        registered("{\"endpoint\":\"busy\",\"configuration\":\"c\",\"initialMinutes\":0,\"maxMinutes\":480}");
        ExecutorService threads = Executors.newFixedThreadPool(200);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(() -> answer(event("POST", "/meters/{name}/top-up", "{\"minutes\":1}")
                                .with("pathParameters", Map.of("name", "busy")))
                        .status());
                calls.add(
                        () -> post("{\"EndpointName\":\"busy\",\"minutes\":1}").status());
            }
            for (Future<Integer> each : threads.invokeAll(calls)) {
                assertThat(each.get()).as(() -> String.join("", log)).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(ports.table().find("busy").orElseThrow().record().paidUntil())
                .isEqualTo(START.plus(Duration.ofMinutes(200)));
        assertThat(aws.calls("CreateEndpoint").stream()
                        .filter(call -> "busy".equals(call.input().get("EndpointName"))))
                .hasSize(1);
    }

    private static Event event(String method, String route, @Nullable String body) {
        return Event.rest(body)
                .with("httpMethod", method)
                .with("resource", route)
                .with("pathParameters", route.contains("{name}") ? Map.of("name", NAME) : null);
    }

    private Answer call(String method, String route, @Nullable String body) throws IOException {
        return answer(event(method, route, body));
    }

    private Answer post(@Nullable String body) throws IOException {
        return call("POST", EXPIRY, body);
    }

    private Answer get(String parameter, String value) throws IOException {
        return answer(event("GET", EXPIRY, null).with("queryStringParameters", Map.of(parameter, value)));
    }

    private Answer put(String body, @Nullable String ifMatch) throws IOException {
        Event event = event("PUT", "/meters/{name}/schedule", body);
        return answer(ifMatch == null ? event : event.with("headers", Map.of("If-Match", ifMatch)));
    }

    private static String text(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text();
    }

    private Answer answer(Event event) throws IOException {
        return Answer.of(LambdaContext.call(handler, event.bytes(), Duration.ofSeconds(29), log));
    }

    private static void assertFailed(Answer answer, int status, String code, String error) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.textAt("code")).isEqualTo(code);
        assertThat(answer.textAt("error")).isEqualTo(error);
        assertThat(answer.textAt("requestId")).isEqualTo("gateway-request-id");
    }
}
