package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A path of the API gets another name. */
@Story
final class RouteChangeStory extends Change {

    RouteChangeStory(Workbench workbench) throws IOException {
        super(workbench, "route");
    }

    @Test
    @Order(1)
    void a_route_renamed_is_a_new_deployment_on_the_same_stage_of_the_same_host() throws IOException {
        String url = stack.outputs().path("invokeUrl").asText();
        JsonNode before = stack.outputs().path("clients");

        stack.change("path: /invoke", "path: /ask");
        List<String> moves = stack.up().moves();

        assertThat(moves)
                .containsExactlyInAnyOrder(
                        "update small-invoke-function",
                        "update api-rest",
                        "create api-permission/ask",
                        "create-replacement api-deployment",
                        "update api-stage",
                        "delete-replaced api-deployment",
                        "delete api-permission/invoke")
                .containsSubsequence(
                        "create-replacement api-deployment", "update api-stage", "delete-replaced api-deployment");
        assertThat(stack.outputs().path("invokeUrl").asText()).isEqualTo(url.replace("/invoke", "/ask"));
        assertThat(stack.outputs().path("clients")).isEqualTo(before);
    }
}
