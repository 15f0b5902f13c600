package parkmeter.price;

import java.math.BigDecimal;

/**
 * What an hour of one SageMaker hosting instance costs.
 *
 * @param region the region's name, {@code us-east-1}
 * @param type the instance type, {@code ml.g5.xlarge}
 * @param dollars US dollars an hour, on demand
 * @param date when that was the price: a day, or a month
 * @param source who says so
 */
public record Price(String region, String type, BigDecimal dollars, String date, String source) {

    /** Parts of a line of the table. */
    private static final int COLUMNS = 5;

    static Price read(String line) {
        String[] parts = line.split(",", -1);
        if (parts.length != COLUMNS || !parts[3].matches("[0-9]{4}-[0-9]{2}(-[0-9]{2})?")) {
            throw new IllegalStateException("prices.csv: '" + line + "' is not region,type,dollars,date,source");
        }
        var price = new Price(parts[0], parts[1], new BigDecimal(parts[2]), parts[3], parts[4]);
        if (price.dollars.signum() <= 0) {
            throw new IllegalStateException("prices.csv: '" + line + "' costs nothing");
        }
        return price;
    }
}
