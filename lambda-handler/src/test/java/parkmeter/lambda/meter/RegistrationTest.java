package parkmeter.lambda.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import parkmeter.lambda.json.Json;

class RegistrationTest {
    private static Registration read(String json) throws Invalid, IOException {
        return Registration.read(Json.read(json.replace('\'', '"')));
    }

    @Test
    void everything_that_a_deployment_says_is_read() throws Invalid, IOException {
        Registration full = read(
                "{'endpoint':'e','configuration':'c','model':'m','initialMinutes':90,'maxMinutes':480,"
                        + "'idleMinutes':30,'wakeMinutes':20,'onChange':'recreate','beforeStopMinutes':0,'hourlyCost':1.41,"
                        + "'instances':2,"
                        + "'schedule':[{'days':['mon'],'start':'09:00','stop':'17:00','instances':3}],'tf':{'action':'create'}}");
        assertThat(full.terms()).isEqualTo(new Terms(480, 30, 20, OnChange.RECREATE, 0, new BigDecimal("1.41"), 2));
        assertThat(full.initialMinutes()).isEqualTo(90);
        assertThat(full.schedule().windows()).extracting(Window::instances).containsExactly(3);

        Registration least = read("{'endpoint':'e','configuration':'c','initialMinutes':0,'maxMinutes':480}");
        assertThat(least)
                .isEqualTo(new Registration(
                        "e", "c", null, 0, new Terms(480, null, null, OnChange.UPDATE, 10, null, null), Schedule.NONE));
    }

    @Test
    void every_problem_is_named() {
        assertThatThrownBy(() -> read("{'endpoint':'','initialMinutes':-1,'maxMinutes':0,'idleMinutes':1.5,"
                        + "'onChange':'later','hourlyCost':'much','schedule':[{}]}"))
                .isInstanceOfSatisfying(Invalid.class, e -> assertThat(e.problems())
                        .contains(
                                "endpoint must be a string that is not empty.",
                                "configuration is missing.",
                                "initialMinutes must be a whole number of at least 0.",
                                "maxMinutes must be a whole number of at least 1.",
                                "idleMinutes must be a whole number of at least 1.",
                                "onChange must be one of update, recreate.",
                                "hourlyCost must be a number of at least 0.",
                                "schedule[0].start is missing."));
        assertThatThrownBy(() -> read("{'endpoint':'e','configuration':'c','initialMinutes':0,'maxMinutes':480,"
                        + "'schedule':[{'days':['mon'],'start':'09:00','stop':'17:00','instances':3}]}"))
                .isInstanceOfSatisfying(Invalid.class, e -> assertThat(e.problems())
                        .containsExactly("instances is missing: a window of the schedule has instances."));
        assertThatThrownBy(() -> read("{'endpoint':'e','configuration':'c','initialMinutes':0,'maxMinutes':480,"
                        + "'instances':0,'schedule':[{'days':['mon'],'start':'09:00','stop':'17:00','instances':0}]}"))
                .isInstanceOfSatisfying(Invalid.class, e -> assertThat(e.problems())
                        .contains(
                                "instances must be a whole number of at least 1.",
                                "schedule[0].instances must be a whole number of at least 1."));
        assertThatThrownBy(() -> read("[]")).hasMessageContaining("The document must be a JSON object.");
    }
}
