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
 * @param unclear why an instance type has no price that this program understands, by type, the end of a sentence each
 */
record Offer(String date, SortedMap<String, BigDecimal> dollars, SortedMap<String, String> unclear) {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads a region's list, some hundred megabytes at most, product by product.
     *
     * @throws CannotPrice where it is no such list
     */
    static Offer read(InputStream list, String region) throws IOException, CannotPrice {
        String published = "";
        Map<String, String> types = new HashMap<>();
        var offer = new Offer("", new TreeMap<>(), new TreeMap<>());
        try (JsonParser json = JSON.createParser(list)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "publicationDate" -> published = json.getText();
                    case "products" -> products(json, region, types);
                    case "terms" -> offer.terms(json, types);
                    default -> json.skipChildren();
                }
            }
        }
        offer.dollars.keySet().removeAll(offer.unclear.keySet());
        if (!published.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T.*") || offer.dollars.isEmpty()) {
            throw new CannotPrice("AWS's price list has no hosting instances of " + region
                    + " whose price this program understands, or is none.");
        }
        return new Offer(published.substring(0, published.indexOf('T')), offer.dollars, offer.unclear);
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

    private void terms(JsonParser json, Map<String, String> types) throws IOException {
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
                    price(type, JSON.readTree(json));
                }
            }
        }
    }

    private void price(String type, JsonNode terms) {
        for (JsonNode term : terms) {
            for (JsonNode dimension : term.path("priceDimensions")) {
                String text = dimension.at("/pricePerUnit/USD").asText();
                if (!dimension.path("unit").asText().equals("Hrs") || !text.matches("[0-9]+(\\.[0-9]+)?")) {
                    unclear.put(
                            type,
                            "is priced by " + dimension.path("unit").asText() + ", at '" + text
                                    + "' USD, where this command reads dollars an hour");
                    return;
                }
                var price = new BigDecimal(text).stripTrailingZeros();
                if (price.signum() == 0) {
                    continue;
                }
                BigDecimal before = dollars.put(type, price);
                if (before != null && before.compareTo(price) != 0) {
                    unclear.put(type, "has two prices, " + before.toPlainString() + " and " + price.toPlainString());
                }
            }
        }
    }
}
