package parkmeter.api;

import static parkmeter.api.ObjectSchema.UTC_TIME;
import static parkmeter.api.ObjectSchema.list;
import static parkmeter.api.ObjectSchema.object;
import static parkmeter.api.ObjectSchema.property;
import static parkmeter.api.ObjectSchema.text;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schemas of the tokens' operations, in what API Gateway's models know of JSON Schema draft 4. */
final class TokenSchemas {

    private TokenSchemas() {}

    static void addTo(ObjectNode schemas) {
        ObjectNode request = object("owner", "days").put("additionalProperties", false);
        text(request, "owner", "Whose token it is");
        text(request, "client", "The client whose plan applies; left out where there is but one, or none");
        property(request, "days")
                .put("type", "integer")
                .put("minimum", 1)
                .put("maximum", 3650)
                .put("description", "How long it is good for");
        schemas.set("TokenRequest", request);
        ObjectNode token = object("id", "owner", "createdAt", "expiresAt");
        text(token, "id", "Names it, and tells nothing");
        text(token, "owner", "Whose it is");
        text(token, "client", "The client whose plan applies");
        text(token, "createdAt", "When it was issued; " + UTC_TIME);
        text(token, "expiresAt", "Until when it is good; " + UTC_TIME);
        text(token, "lastUsedAt", "When it was last used, to ten minutes; " + UTC_TIME);
        schemas.set("Token", token);
        ObjectNode issued = token.deepCopy();
        text(issued, "token", "The token itself, which nobody can show again");
        schemas.set("IssuedToken", issued);
        ObjectNode all = object("tokens");
        property(all, "tokens").setAll(list("Token"));
        schemas.set("Tokens", all);
    }
}
