package parkmeter.e2e;

import java.io.IOException;
import org.junit.jupiter.api.Order;

/** Models on meters for holders of tokens, with a route that has no function, long answers, and users who sign in. */
@Story
@Order(2)
final class Seed001Story extends Example {

    Seed001Story(Workbench workbench) throws IOException {
        super(workbench, "seed-001");
    }

    /** The API's document names the user pool, whose id Cognito makes up: another document has another hash. */
    @Override
    boolean unplanned(String difference) {
        return difference.startsWith("api-deployment inputs.triggers.openapi: ");
    }
}
