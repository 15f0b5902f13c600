package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schemas of the tokens' operations, in what API Gateway's models know of JSON Schema draft 4. */
final class TokenSchemas {

    private TokenSchemas() {}

    static void addTo(ObjectNode schemas) {
        ObjectNode request = MeterSchemas.object("owner", "days").put("additionalProperties", false);
        MeterSchemas.text(request, "owner", "Whose token it is");
        MeterSchemas.text(request, "client", "The client whose plan applies; left out where there is but one, or none");
        MeterSchemas.property(request, "days")
                .put("type", "integer")
                .put("minimum", 1)
                .put("maximum", 3650)
                .put("description", "How long it is good for");
        schemas.set("TokenRequest", request);
        ObjectNode token = MeterSchemas.object("id", "owner", "createdAt", "expiresAt");
        MeterSchemas.text(token, "id", "Names it, and tells nothing");
        MeterSchemas.text(token, "owner", "Whose it is");
        MeterSchemas.text(token, "client", "The client whose plan applies");
        MeterSchemas.text(token, "createdAt", "When it was issued; " + MeterSchemas.UTC_TIME);
        MeterSchemas.text(token, "expiresAt", "Until when it is good; " + MeterSchemas.UTC_TIME);
        MeterSchemas.text(token, "lastUsedAt", "When it was last used, to ten minutes; " + MeterSchemas.UTC_TIME);
        schemas.set("Token", token);
        ObjectNode issued = token.deepCopy();
        MeterSchemas.text(issued, "token", "The token itself, which nobody can show again");
        schemas.set("IssuedToken", issued);
        ObjectNode all = MeterSchemas.object("tokens");
        MeterSchemas.property(all, "tokens").setAll(MeterSchemas.list("Token"));
        schemas.set("Tokens", all);
    }
}
