package parkmeter.local.prices;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What SageMaker asks for an hour of a hosting instance in one region (AWS Billing user guide, "Reading the service price list
 * files").
 *
 * @param date the day on which the list was published
 * @param dollars US dollars an hour, on demand, by instance type; what costs nothing is not in it
 */
record Offer(String date, SortedMap<String, BigDecimal> dollars) {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads a region's list, some hundred megabytes at most, product by product.
     *
     * @throws CannotPrice where it is no such list, or has two prices of one type
     */
    static Offer read(InputStream list, String region) throws IOException, CannotPrice {
        String published = "";
        Map<String, String> types = new HashMap<>();
        SortedMap<String, BigDecimal> dollars = new TreeMap<>();
        try (JsonParser json = JSON.createParser(list)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "publicationDate" -> published = json.getText();
                    case "products" -> products(json, region, types);
                    case "terms" -> terms(json, types, dollars);
                    default -> json.skipChildren();
                }
            }
        }
        if (!published.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T.*") || dollars.isEmpty()) {
            throw new CannotPrice("AWS's price list has no hosting instances of " + region + ", or is none.");
        }
        return new Offer(published.substring(0, published.indexOf('T')), dollars);
    }

    /** Takes note of the hosting instances: their types by SKU. */
    private static void products(JsonParser json, String region, Map<String, String> types) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String sku = json.currentName();
            json.nextToken();
            JsonNode product = JSON.readTree(json);
            JsonNode attributes = product.path("attributes");
            if (attributes.path("component").asText().equals("Hosting")
                    && attributes.path("regionCode").asText().equals(region)
                    && attributes.path("instanceName").asText().startsWith("ml.")) {
                types.put(sku, attributes.path("instanceName").asText());
            }
        }
    }

    private static void terms(JsonParser json, Map<String, String> types, SortedMap<String, BigDecimal> dollars)
            throws IOException, CannotPrice {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean onDemand = json.currentName().equals("OnDemand");
            json.nextToken();
            if (!onDemand) {
                json.skipChildren();
                continue;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String type = types.get(json.currentName());
                json.nextToken();
                if (type == null) {
                    json.skipChildren();
                } else {
                    price(type, JSON.readTree(json), dollars);
                }
            }
        }
    }

    private static void price(String type, JsonNode terms, SortedMap<String, BigDecimal> dollars) throws CannotPrice {
        for (JsonNode term : terms) {
            for (JsonNode dimension : term.path("priceDimensions")) {
                String text = dimension.at("/pricePerUnit/USD").asText();
                if (!dimension.path("unit").asText().equals("Hrs") || !text.matches("[0-9]+(\\.[0-9]+)?")) {
                    throw new CannotPrice("AWS's price list gives " + type + " by "
                            + dimension.path("unit").asText() + ", at '" + text
                            + "' USD: this command reads dollars an hour.");
                }
                var price = new BigDecimal(text).stripTrailingZeros();
                if (price.signum() == 0) {
                    continue;
                }
                BigDecimal before = dollars.put(type, price);
                if (before != null && before.compareTo(price) != 0) {
                    throw new CannotPrice("AWS's price list has two prices of " + type + ": " + before.toPlainString()
                            + " and " + price.toPlainString() + ".");
                }
            }
        }
    }
}
