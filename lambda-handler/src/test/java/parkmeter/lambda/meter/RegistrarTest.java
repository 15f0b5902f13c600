package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegistrarTest {
    private static final Terms TERMS = new Terms(480, 30, 20, OnChange.UPDATE, 10, null, null);

    private final Desk desk = new Desk();

    private static Registration registration(String configuration, Terms terms, Schedule schedule) {
        return new Registration("e", configuration, "m", 90, terms, schedule);
    }

    private String configuration(String endpoint) {
        return Objects.requireNonNull(desk.endpoints.get(endpoint)).configuration();
    }

    private static Schedule daily(String start) {
        try {
            return Schedule.read(List.of(Map.of("days", List.of("mon"), "start", start, "stop", "23:00")));
        } catch (Invalid e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_deployment_starts_the_meter_and_the_endpoint() {
        Instant until = desk.at(90);
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        assertThat(desk.deeds).containsExactly("create e c1");
        assertThat(desk.record("e").paidUntil()).isEqualTo(until);
        assertThat(desk.record("e").model()).isEqualTo("m");
    }

    @Test
    void what_is_put_on_at_first_keeps_to_the_cap() {
        Instant until = desk.at(60);
        desk.registrar.create(
                registration("c1", new Terms(60, null, null, OnChange.UPDATE, 0, null, null), Schedule.NONE));
        assertThat(desk.record("e").paidUntil()).isEqualTo(until);
    }

    @Test
    void another_deployment_leaves_the_time_alone_whatever_changed() throws Registrar.Unfinished {
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        desk.meters.topUp("e", 30);
        Instant until = desk.record("e").paidUntil();
        desk.pass(Duration.ofMinutes(10));
        Terms other = new Terms(60, null, null, OnChange.RECREATE, 0, null, null);
        desk.registrar.update(registration("c1", other, Schedule.NONE), desk.at(14));
        desk.registrar.create(registration("c1", other, Schedule.NONE));
        assertThat(desk.record("e").paidUntil()).isEqualTo(until);
        assertThat(desk.record("e").terms()).isEqualTo(other);
    }

    @Test
    void a_schedule_that_was_put_over_http_stays_until_the_stack_declares_another() throws Registrar.Unfinished {
        desk.registrar.create(registration("c1", TERMS, daily("09:00")));
        desk.meters.schedule("e", daily("10:00"), null);
        desk.registrar.update(registration("c1", Terms.ADOPTED, daily("09:00")), desk.at(14));
        assertThat(desk.record("e").schedule()).isEqualTo(daily("10:00"));
        desk.registrar.update(registration("c1", Terms.ADOPTED, daily("11:00")), desk.at(14));
        assertThat(desk.record("e").schedule()).isEqualTo(daily("11:00"));
    }

    @ParameterizedTest
    @EnumSource(OnChange.class)
    void a_new_configuration_is_in_use_when_an_update_returns(OnChange onChange) throws Registrar.Unfinished {
        Terms terms = new Terms(480, null, null, onChange, 0, null, null);
        desk.registrar.create(registration("c1", terms, Schedule.NONE));
        desk.registrar.update(registration("c2", terms, Schedule.NONE), desk.at(14));
        assertThat(configuration("e")).isEqualTo("c2");
        assertThat(desk.deeds)
                .isEqualTo(
                        onChange == OnChange.UPDATE
                                ? List.of("create e c1", "update e c2")
                                : List.of("create e c1", "delete e", "create e c2"));
    }

    @Test
    void a_stopped_endpoint_gets_it_at_its_next_start() throws Registrar.Unfinished {
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        desk.meters.stop("e");
        desk.registrar.update(registration("c2", TERMS, Schedule.NONE), desk.at(14));
        assertThat(desk.endpoints).isEmpty();
        desk.meters.topUp("e", 5);
        assertThat(configuration("e")).isEqualTo("c2");
    }

    @Test
    void an_update_that_does_not_come_to_an_end_says_what_is_left() {
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        desk.silent.add("e");
        assertThatThrownBy(() -> desk.registrar.update(registration("c2", TERMS, Schedule.NONE), desk.at(14)))
                .isInstanceOf(Registrar.Unfinished.class)
                .hasMessage(
                        "The endpoint e has not moved to the configuration c2 yet (SageMaker gives no answer). The meter"
                                + " goes on with it; run `pulumi up` again to finish.");
    }

    @Test
    void a_new_configuration_ends_the_wait_after_a_failure() throws Registrar.Unfinished {
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        desk.endpoints.clear();
        Draft draft = desk.record("e").edit();
        draft.phase = new Phase.Stopped(desk.now, "");
        draft.failure = new Failure(Failure.What.START, desk.now, "No GPU.", 3, desk.at(40), null);
        desk.put(draft.done());
        desk.registrar.update(registration("c1", TERMS, Schedule.NONE), desk.at(14));
        assertThat(desk.endpoints).isEmpty();
        desk.registrar.update(registration("c2", TERMS, Schedule.NONE), desk.at(14));
        assertThat(desk.endpoints).containsOnlyKeys("e");
    }

    @Test
    void a_deletion_leaves_nothing() throws Registrar.Unfinished {
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        desk.registrar.delete("e", desk.at(14));
        assertThat(desk.endpoints).isEmpty();
        assertThat(desk.rows).isEmpty();
        assertThat(desk.mirror).isEmpty();
        desk.registrar.delete("e", desk.at(14)); // and again is no failure
    }

    @Test
    void an_endpoint_without_a_record_and_one_with_a_poisoned_one_go_too() throws Registrar.Unfinished {
        desk.serves("e", "c");
        desk.registrar.delete("e", desk.at(14));
        assertThat(desk.endpoints).isEmpty();

        desk.serves("f", "c");
        desk.rows.put("f", new MeterTable.Row("f", 3, "?"));
        desk.registrar.delete("f", desk.at(14));
        assertThat(desk.endpoints).isEmpty();
        assertThat(desk.rows).isEmpty();
    }

    @Test
    void the_stack_s_deletion_takes_what_was_registered_by_name() throws Registrar.Unfinished {
        desk.meters.adopt("a", "c", 30, null);
        desk.meters.adopt("b", "c", 30, null);
        desk.meters.adopt("c", "c", 30, null);
        desk.rows.put("d", new MeterTable.Row("d", 3, "?"));
        desk.registrar.deleteAll(desk.at(14));
        assertThat(desk.endpoints).isEmpty();
        assertThat(desk.rows).isEmpty();
        assertThat(desk.mirror).isEmpty();
    }

    @Test
    void a_deletion_that_does_not_come_to_an_end_says_what_is_left_and_goes_on() {
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        Sight.Described creating =
                new Sight.Described(Status.CREATING, desk.now, desk.now, "c1", List.of("v"), 1, null);
        desk.endpoints.put("e", creating);
        assertThatThrownBy(() -> desk.registrar.delete("e", desk.at(14)))
                .isInstanceOf(Registrar.Unfinished.class)
                .hasMessage("The time was up before these endpoints were gone: e (Creating). The meter goes on deleting"
                        + " them; run `pulumi destroy` again to finish.");
        desk.serves("e", "c1");
        desk.tick.run(Duration.ofSeconds(50));
        desk.tick.run(Duration.ofSeconds(50));
        assertThat(desk.endpoints).isEmpty();
        assertThat(desk.rows).isEmpty();
    }

    @Test
    void a_deployment_after_an_unfinished_destroy_starts_anew() {
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        Draft draft = desk.record("e").edit();
        draft.leaving = true;
        draft.stoppedAt = desk.at(-1);
        desk.put(draft.done());
        desk.pass(Duration.ofMinutes(60));
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        assertThat(desk.record("e").leaving()).isFalse();
        assertThat(desk.record("e").stoppedAt()).isNull();
        assertThat(desk.record("e").paidUntil()).isEqualTo(desk.at(90));
    }

    @Test
    void a_model_that_became_always_on_keeps_the_endpoint_that_pulumi_made() throws Registrar.Unfinished {
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        desk.meters.stop("e");
        desk.serves("e", "c1");
        desk.declared.add("e");
        desk.deeds.clear();
        desk.tick.run(Duration.ofSeconds(50));
        desk.registrar.delete("e", desk.at(14));
        assertThat(desk.endpoints).containsOnlyKeys("e");
        assertThat(desk.deeds).isEmpty();
        assertThat(desk.rows).isEmpty();
        assertThat(desk.mirror).isEmpty();
    }

    @Test
    void a_model_that_was_always_on_is_taken_over_and_created_again_once_pulumi_has_deleted_its_endpoint() {
        desk.serves("e", "c1");
        desk.declared.add("e");
        desk.registrar.create(registration("c1", TERMS, Schedule.NONE));
        assertThat(desk.deeds).isEmpty();
        desk.endpoints.clear();
        desk.declared.clear();
        desk.tick.run(Duration.ofSeconds(50));
        assertThat(desk.deeds).containsExactly("create e c1");
    }

    @Test
    void a_role_that_is_brand_new_is_waited_for_but_not_for_ever() {
        desk.silent.add("e");
        Instant began = desk.now;
        assertThatThrownBy(() -> desk.registrar.awaitAnswers("e", desk.at(14))).isInstanceOf(Unavailable.class);
        assertThat(desk.now).isEqualTo(began.plus(Duration.ofMinutes(2)));
        assertThatThrownBy(() -> desk.registrar.awaitAnswers("e", desk.now)).isInstanceOf(Unavailable.class);
        desk.silent.clear();
        desk.registrar.awaitAnswers("e", desk.at(14));
        assertThat(desk.now).isEqualTo(began.plus(Duration.ofMinutes(2)));
    }
}
