package parkmeter.local.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopsTest {
    @Test
    void what_may_begin_a_stop_text_is_held_back_until_it_is_sure() {
        Stops stops = new Stops(List.of("END"));
        assertThat(stops.add("The E")).isEqualTo("The ");
        assertThat(stops.add("N")).isEmpty();
        assertThat(stops.add("TRY E")).isEqualTo("ENTRY ");
        assertThat(stops.rest()).isEqualTo("E");
        assertThat(stops.found()).isEmpty();
    }

    @Test
    void nothing_comes_after_the_first_stop_text() {
        Stops stops = new Stops(List.of("two", "one"));
        assertThat(stops.add("zero o")).isEqualTo("zero ");
        assertThat(stops.add("ne two")).isEmpty();
        assertThat(stops.add(" three")).isEmpty();
        assertThat(stops.rest()).isEmpty();
        assertThat(stops.found()).contains("one");
    }
}
