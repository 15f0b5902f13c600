package parkmeter.price;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The checked-in table of prices, by region and instance type. */
public final class PriceList {

    private final Map<String, Price> prices;

    private PriceList(Map<String, Price> prices) {
        this.prices = Map.copyOf(prices);
    }

    /** The table that this program was built with. */
    public static PriceList checkedIn() {
        try (InputStream table = Objects.requireNonNull(PriceList.class.getResourceAsStream("prices.csv"))) {
            return read(new String(table.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a table: a line of headings, then a line for each price.
     *
     * @throws IllegalStateException where a line is no price, or is there twice
     */
    public static PriceList read(String table) {
        var prices = new HashMap<String, Price>();
        table.lines().skip(1).map(Price::read).forEach(price -> {
            if (prices.put(key(price.region(), price.type()), price) != null) {
                throw new IllegalStateException(
                        "prices.csv has two prices of " + price.type() + " in " + price.region());
            }
        });
        return new PriceList(prices);
    }

    /** What an hour of an instance costs there; empty where the table does not know. */
    public Optional<Price> find(String region, String type) {
        return Optional.ofNullable(prices.get(key(region, type)));
    }

    private static String key(String region, String type) {
        return region + " " + type;
    }
}
