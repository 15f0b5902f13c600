package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;

/** What a model is and where it runs: SageMaker can't change a Model or an EndpointConfiguration, only point an Endpoint elsewhere. */
@Story
final class HostingChangeStory extends Change {

    HostingChangeStory(Workbench workbench) throws IOException {
        super(workbench, "hosting");
    }

    @Test
    @Order(1)
    void a_container_setting_makes_the_new_model_first_moves_the_endpoint_and_deletes_the_old_model_last()
            throws IOException {
        stack.change("maxInputTokens: 1536", "maxInputTokens: 1024");
        assertThat(stack.up().moves())
                .containsExactly(
                        "create-replacement small-model",
                        "create-replacement small-configuration",
                        "update small-endpoint",
                        "delete-replaced small-configuration",
                        "delete-replaced small-model");
        the_endpoint_stands_on_the_only_configuration();
    }

    @Test
    @Order(2)
    void another_instance_type_makes_a_new_configuration_and_leaves_the_model() throws IOException {
        stack.change("ml.g5.xlarge", "ml.g5.2xlarge");
        only_the_configuration_is_another();
    }

    @Test
    @Order(3)
    void another_instance_count_makes_a_new_configuration_and_leaves_the_model() throws IOException {
        stack.change("instances: 1", "instances: 2");
        only_the_configuration_is_another();
    }

    private void only_the_configuration_is_another() {
        assertThat(stack.up().moves())
                .containsExactly(
                        "create-replacement small-configuration",
                        "update small-endpoint",
                        "delete-replaced small-configuration");
        the_endpoint_stands_on_the_only_configuration();
    }

    private void the_endpoint_stands_on_the_only_configuration() {
        Account account = stack.account();
        assertThat(account.of("hosting"))
                .filteredOn(each -> each.startsWith("model ") || each.startsWith("endpoint "))
                .hasSize(3);
        var endpoint = account.models().describeEndpoint(request -> request.endpointName("parkmeter-hosting-small"));
        assertThat(endpoint.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(account.of("hosting")).contains("endpoint configuration " + endpoint.endpointConfigName());
    }
}
