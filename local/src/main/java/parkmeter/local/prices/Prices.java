package parkmeter.local.prices;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The command behind {@code make prices}. */
public final class Prices {

    /** AWS's price list, which anybody may read (AWS Billing user guide, "Getting price list files manually"). */
    public static final URI AWS = URI.create("https://pricing.us-east-1.amazonaws.com");

    /** The table, in the project. */
    public static final String TABLE = "src/main/resources/parkmeter/price/prices.csv";

    private static final String HEAD = "region,type,dollars,date,source";
    private static final String SOURCE = "AWS price list";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final URI list;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();

    /**
     * Over a price list.
     *
     * @param list {@link #AWS}, or what stands in for it
     */
    public Prices(URI list) {
        this.list = list;
    }

    /**
     * Writes a region's prices into the table; those of other regions stay, and those of types whose price is not understood.
     *
     * @param region the region's name
     * @param table the table's file
     * @param err is told of each type whose price is not understood
     * @return what was written, in a sentence
     * @throws CannotPrice where there are none, or the file can't be written; it is as it was then
     */
    public String write(String region, Path table, Consumer<String> err) throws CannotPrice {
        if (!region.matches("[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")) {
            throw new CannotPrice("Say which region: make prices REGION=us-east-1.");
        }
        if (region.startsWith("cn-")) {
            throw new CannotPrice("China's prices are in yuan, on a list of their own; the table is in US dollars.");
        }
        Offer offer = offer(region);
        try {
            Stream<String> others = Files.readAllLines(table).stream()
                    .skip(1)
                    .filter(line ->
                            !line.startsWith(region + ",") || offer.unclear().containsKey(line.split(",", -1)[1]));
            Stream<String> own = offer.dollars().entrySet().stream()
                    .map(price -> String.join(
                            ",", region, price.getKey(), price.getValue().toPlainString(), offer.date(), SOURCE));
            List<String> lines = Stream.concat(
                            Stream.of(HEAD), Stream.concat(others, own).sorted())
                    .toList();
            Files.writeString(table, String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new CannotPrice("The table " + table + " can't be written: " + e.getMessage());
        }
        offer.unclear()
                .forEach((type, why) -> err.accept("On AWS's price list " + type + " " + why
                        + ": its line in the table, if there is one, stays."));
        return offer.dollars().size() + " prices of " + region + ", as of " + offer.date() + ", are in " + table
                + ": commit the difference.";
    }

    private Offer offer(String region) throws CannotPrice {
        URI file = list.resolve("/offers/v1.0/aws/AmazonSageMaker/current/" + region + "/index.json");
        try {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(file).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new CannotPrice(
                            "AWS's price list has no region " + region + ": it answered " + answer.statusCode() + ".");
                }
                return Offer.read(body, region);
            }
        } catch (IOException e) {
            throw new CannotPrice("AWS's price list can't be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotPrice("Interrupted.");
        }
    }
}
