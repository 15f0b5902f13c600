package parkmeter.local.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of prices, written from a list of the shape that AWS's has. */
class PricesTest {

    private static final String OTHERS =
            """
            region,type,dollars,date,source
            eu-west-2,ml.g5.xlarge,1.755,2026-10-01,AWS price list
            us-east-1,ml.g5.xlarge,9,2020-01-01,somebody
            us-east-1,ml.gone.xlarge,9,2020-01-01,somebody
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final List<String> err = new ArrayList<>();
    private HttpServer aws;
    private String list = "";
    private Path table;
    private Prices prices;

    @BeforeEach
    void start() throws IOException {
        list = resource();
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/offers/v1.0/aws/AmazonSageMaker/current/us-east-1/index.json", exchange -> {
            byte[] body = list.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        aws.start();
        table = Files.writeString(folder.resolve("prices.csv"), OTHERS);
        prices = new Prices(URI.create("http://127.0.0.1:" + aws.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        aws.stop(0);
    }

    private static String resource() throws IOException {
        try (var in = Objects.requireNonNull(PricesTest.class.getResourceAsStream("/prices/index.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_regions_hosting_instances_take_the_place_of_its_old_lines_and_others_stay() throws Exception {
        assertThat(prices.write("us-east-1", table, err::add))
                .isEqualTo("2 prices of us-east-1, as of 2026-11-02, are in " + table + ": commit the difference.");
        assertThat(table)
                .hasContent(
                        """
                        region,type,dollars,date,source
                        eu-west-2,ml.g5.xlarge,1.755,2026-10-01,AWS price list
                        us-east-1,ml.g5.xlarge,1.408,2026-11-02,AWS price list
                        us-east-1,ml.g6e.2xlarge,2.8026,2026-11-02,AWS price list
                        """);
    }

    @Test
    void twice_gives_the_same_bytes() throws Exception {
        prices.write("us-east-1", table, err::add);
        byte[] once = Files.readAllBytes(table);
        prices.write("us-east-1", table, err::add);
        assertThat(table).hasBinaryContent(once);
    }

    @Test
    void what_costs_nothing_is_not_in_the_table() throws Exception {
        list = list.replace("\"1.4080000000\"", "\"0.0000000000\"");
        prices.write("us-east-1", table, err::add);
        assertThat(Files.readAllLines(table)).noneMatch(line -> line.startsWith("us-east-1,ml.g5.xlarge"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"Hosting\" | \"Housing\"",
                "\"Hrs\" | \"Days\"",
                "ml.g6e.2xlarge\", | ml.g5.xlarge\",",
                "2026-11-02T | soon",
            })
    void a_list_that_is_not_understood_changes_nothing(String what, String instead) {
        assertThat(list).contains(what);
        list = list.replace(what, instead);
        assertThatThrownBy(() -> prices.write("us-east-1", table, err::add))
                .isInstanceOf(CannotPrice.class)
                .hasMessage(
                        "AWS's price list has no hosting instances of us-east-1 whose price this program understands,"
                                + " or is none.");
        assertThat(table).hasContent(OTHERS);
    }

    @Test
    void a_type_by_another_unit_is_said_and_keeps_its_line_and_the_others_are_written() throws Exception {
        list = list.replaceFirst("\"Hrs\"", "\"Days\"");

        assertThat(prices.write("us-east-1", table, err::add)).startsWith("1 prices of us-east-1");

        assertThat(err)
                .containsExactly("On AWS's price list ml.g5.xlarge is priced by Days, at '1.4080000000' USD, where this"
                        + " command reads dollars an hour: its line in the table, if there is one, stays.");
        assertThat(Files.readAllLines(table))
                .contains(
                        "us-east-1,ml.g5.xlarge,9,2020-01-01,somebody",
                        "us-east-1,ml.g6e.2xlarge,2.8026,2026-11-02,AWS price list")
                .noneMatch(line -> line.contains("ml.gone.xlarge"));
    }

    @Test
    void a_price_that_is_no_number_is_skipped_as_another_unit_is() throws Exception {
        list = list.replace("\"1.4080000000\"", "\"free\"");

        prices.write("us-east-1", table, err::add);

        assertThat(err).singleElement().asString().contains("ml.g5.xlarge is priced by Hrs, at 'free' USD");
    }

    @Test
    void a_type_with_two_prices_is_said_and_the_others_are_written() throws Exception {
        list = list.replace(
                        "\"products\" : {",
                        "\"products\" : {\"TWICE\": {\"attributes\": {\"component\": \"Hosting\", \"regionCode\": \"us-east-1\","
                                + " \"instanceName\": \"ml.g5.xlarge\"}},")
                .replace(
                        "\"OnDemand\" : {",
                        "\"OnDemand\" : {\"TWICE\": {\"t\": {\"priceDimensions\": {\"d\": {\"unit\": \"Hrs\","
                                + " \"pricePerUnit\": {\"USD\": \"2\"}}}}},");

        prices.write("us-east-1", table, err::add);

        assertThat(err)
                .containsExactly(
                        "On AWS's price list ml.g5.xlarge has two prices, 2 and 1.408: its line in the table, if"
                                + " there is one, stays.");
        assertThat(Files.readAllLines(table))
                .contains("us-east-1,ml.g6e.2xlarge,2.8026,2026-11-02,AWS price list")
                .filteredOn(line -> line.startsWith("us-east-1,ml.g5.xlarge"))
                .containsExactly("us-east-1,ml.g5.xlarge,9,2020-01-01,somebody");
    }

    @Test
    void a_list_that_breaks_off_changes_nothing() {
        list = list.substring(0, list.length() / 2);
        assertThatThrownBy(() -> prices.write("us-east-1", table, err::add))
                .isInstanceOf(CannotPrice.class)
                .hasMessageStartingWith("AWS's price list can't be read: ");
        assertThat(table).hasContent(OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | Say which region: make prices REGION=us-east-1.",
                "../x | Say which region: make prices REGION=us-east-1.",
                "cn-north-1 | China's prices are in yuan, on a list of their own; the table is in US dollars.",
                "eu-west-9 | AWS's price list has no region eu-west-9: it answered 404.",
            })
    void a_region_without_a_list_is_said(String region, String message) {
        assertThatThrownBy(() -> prices.write(region, table, err::add))
                .isInstanceOf(CannotPrice.class)
                .hasMessage(message);
    }

    @Test
    void where_nothing_answers_that_is_said() {
        stop();
        assertThatThrownBy(() -> prices.write("us-east-1", table, err::add))
                .isInstanceOf(CannotPrice.class)
                .hasMessageStartingWith("AWS's price list can't be read");
    }

    @Test
    void only_lines_with_the_day_of_a_list_as_the_command_writes_it_name_the_price_list_as_their_source()
            throws IOException {
        assertThat(Files.readAllLines(Path.of("..").resolve(Prices.TABLE)).stream()
                        .skip(1))
                .isNotEmpty()
                .allSatisfy(line -> {
                    String[] parts = line.split(",", -1);
                    assertThat(parts[4].contains("price list"))
                            .as(line)
                            .isEqualTo(parts[3].matches("[0-9]{4}-[0-9]{2}-[0-9]{2}"));
                });
    }

    @Test
    void lines_read_on_a_page_stay_and_give_way_as_others_do() throws Exception {
        String page = "eu-west-2,ml.g5.xlarge,1.755,2026-10,list price read on a page";
        Files.writeString(
                table,
                "region,type,dollars,date,source\n" + page + "\n" + page.replace("eu-west-2", "us-east-1") + "\n");
        prices.write("us-east-1", table, err::add);

        assertThat(Files.readAllLines(table))
                .contains(page, "us-east-1,ml.g5.xlarge,1.408,2026-11-02,AWS price list")
                .hasSize(4);
    }

    @Test
    void the_checked_in_table_is_sorted_as_the_command_sorts_it() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..").resolve(Prices.TABLE));
        assertThat(lines.get(0)).isEqualTo("region,type,dollars,date,source");
        assertThat(lines.subList(1, lines.size())).isSorted();
    }
}
