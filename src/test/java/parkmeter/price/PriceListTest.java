package parkmeter.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceListTest {

    private static final String HEAD = "region,type,dollars,date,source\n";

    @Test
    void the_checked_in_table_tells_a_price_with_its_date_and_source() {
        assertThat(PriceList.checkedIn().find("us-east-1", "ml.g5.xlarge")).hasValueSatisfying(price -> {
            assertThat(price.dollars()).isEqualByComparingTo("1.408");
            assertThat(price.date()).isNotBlank();
            assertThat(price.source()).isNotBlank();
        });
    }

    @Test
    void what_is_not_in_it_is_unknown_and_not_for_nothing() {
        assertThat(PriceList.checkedIn().find("us-east-1", "ml.p5.48xlarge")).isEmpty();
        assertThat(PriceList.checkedIn().find("eu-west-2", "ml.g5.xlarge"))
                .as("a price is one region's")
                .isEmpty();
    }

    @Test
    void a_price_keeps_every_digit() {
        assertThat(PriceList.read(HEAD + "r,t,0.1000000001,2026-11-02,s").find("r", "t"))
                .contains(new Price("r", "t", new BigDecimal("0.1000000001"), "2026-11-02", "s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r,t,1.4",
                "r,t,0,2026-11,s",
                "r,t,-1,2026-11,s",
                "r,t,1,soon,s",
                "r,t,1,2026-11,s\nr,t,2,2026-11,s"
            })
    void a_line_that_is_no_price_or_is_there_twice_stops_everything(String lines) {
        assertThatThrownBy(() -> PriceList.read(HEAD + lines))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("prices.csv");
    }
}
