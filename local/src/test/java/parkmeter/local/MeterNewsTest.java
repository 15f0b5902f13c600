package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import parkmeter.local.aws.Sns;
import parkmeter.local.aws.Ssm;

class MeterNewsTest {
    private final List<String> lines = new ArrayList<>();
    private final MeterNews news =
            new MeterNews(Clock.fixed(Instant.parse("2026-11-22T23:04:05.678Z"), ZoneOffset.UTC), lines::add);

    @Test
    void a_notice_is_a_line_with_the_time_the_endpoint_what_and_why() {
        news.published(new Sns.Message("arn", "chat: stopped", "Its time was up at 2026-11-22T23:00:00Z."));
        assertThat(lines).containsExactly("23:04:05 chat: stopped. Its time was up at 2026-11-22T23:00:00Z.");
    }

    @Test
    void another_time_on_the_meter_is_a_line_and_the_same_one_is_none() {
        mirrored("chat", "\"expiry\": \"22-11-2026-23-30-00\"");
        mirrored("chat", "\"expiry\": \"22-11-2026-23-30-00\"");
        mirrored("other", "\"expiry\": \"22-11-2026-23-30-00\"");
        mirrored("chat", "\"expiry\": \"23-11-2026-00-30-00\"");
        assertThat(lines)
                .containsExactly(
                        "23:04:05 chat: paid until 23:30:00",
                        "23:04:05 other: paid until 23:30:00",
                        "23:04:05 chat: paid until 2026-11-23 00:30:00");
    }

    @Test
    void a_schedule_that_comes_and_goes_is_a_line_each() {
        mirrored("chat", "\"schedule\": [{\"name\": \"a\"}, {\"name\": \"b\"}]");
        mirrored("chat", "\"schedule\": [{\"name\": \"a\"}, {\"name\": \"b\"}]");
        mirrored("chat", "\"schedule\": [{\"name\": \"a\"}]");
        mirrored("chat", "\"a\": 1");
        assertThat(lines)
                .containsExactly(
                        "23:04:05 chat: 2 windows in its schedule",
                        "23:04:05 chat: 1 window in its schedule",
                        "23:04:05 chat: no window in its schedule");
    }

    @Test
    void a_parameter_that_is_none_of_the_meters_is_no_news() {
        news.mirrored(new Ssm.Put("/other", "on"));
        news.mirrored(new Ssm.Put("/other", "{\"a\": 1}"));
        assertThat(lines).isEmpty();
    }

    private void mirrored(String endpoint, String rest) {
        news.mirrored(new Ssm.Put(
                "/sagemaker/endpoint/expiry/" + endpoint, "{\"endpoint_name\": \"" + endpoint + "\", " + rest + "}"));
    }
}
