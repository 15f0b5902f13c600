package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.applicationautoscaling.model.ScalableTarget;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariantSummary;

/** What a model is and where it runs: SageMaker can't change a Model or an EndpointConfiguration, only point an Endpoint elsewhere. */
@Story
final class HostingChangeStory extends Change {

    /** What has several variants, and what has instances by load, beside the model that all stories of changes have. */
    private static final String MORE =
            """
                - name: shared
                  source: {hub: HuggingFaceTB/SmolLM2-135M-Instruct}
                  hosting: {instances: 2, variants: [{name: old, weight: 9}, {name: new, weight: 1, instanceType: ml.g6.xlarge}]}
                  routes: [{path: /shared}]
                - name: scaled
                  source: {hub: HuggingFaceTB/SmolLM2-135M-Instruct}
                  hosting: {scaling: {max: 4}}
                  routes: [{path: /scaled}]
                - name: lent
                  source: {endpointConfig: example-config-a}
                  routes: [{path: /lent}]
            """;

    /** What others have made: two EndpointConfigurations of a model of theirs. */
    private static final List<String> LENT = List.of("example-config-a", "example-config-b");

    HostingChangeStory(Workbench workbench) throws IOException {
        super(workbench.stack("hosting", config(workbench).replace("  parkmeter:plans:", MORE + "  parkmeter:plans:")));
    }

    @Override
    void before() {
        SageMakerClient models = stack.account().models();
        models.createModel(request -> request.modelName(LENT.get(0))
                .executionRoleArn("arn:aws:iam::" + AwsCall.ACCOUNT + ":role/theirs")
                .primaryContainer(container -> container.image("theirs")));
        LENT.forEach(name -> models.createEndpointConfig(request -> request.endpointConfigName(name)
                .productionVariants(ProductionVariant.builder()
                        .variantName("AllTraffic")
                        .modelName(LENT.get(0))
                        .instanceType("ml.g5.xlarge")
                        .initialInstanceCount(1)
                        .build())));
    }

    @AfterAll
    void take_away_what_others_have_made() {
        SageMakerClient models = stack.account().models();
        LENT.forEach(name -> models.deleteEndpointConfig(request -> request.endpointConfigName(name)));
        models.deleteModel(request -> request.modelName(LENT.get(0)));
    }

    @Test
    @Order(1)
    void a_container_setting_makes_the_new_model_first_moves_the_endpoint_and_deletes_the_old_model_last() {
        assertThat(changed("maxInputTokens: 1536", "maxInputTokens: 1024"))
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
    void another_instance_type_makes_a_new_configuration_and_leaves_the_model() {
        only_the_configuration_is_another(changed("ml.g5.xlarge", "ml.g5.2xlarge"));
    }

    @Test
    @Order(3)
    void another_instance_count_makes_a_new_configuration_and_leaves_the_model() {
        only_the_configuration_is_another(changed("instances: 1", "instances: 2"));
    }

    @Test
    @Order(4)
    void instances_that_were_added_past_pulumi_stay_and_no_up_or_refresh_sees_them() {
        stack.account().models().updateEndpointWeightsAndCapacities(request -> request.endpointName(
                        "parkmeter-hosting-scaled")
                .desiredWeightsAndCapacities(DesiredWeightAndCapacity.builder()
                        .variantName("AllTraffic")
                        .desiredInstanceCount(3)
                        .desiredWeight(1F)
                        .build()));
        assertThat(stack.up("--refresh").moves()).isEmpty();
        assertThat(desired("scaled", ProductionVariantSummary::desiredInstanceCount))
                .containsExactly(3);
    }

    @Test
    @Order(5)
    void another_weight_of_a_variant_makes_a_new_configuration_and_moves_the_endpoint_to_it() {
        Instant created = endpoint("shared").creationTime();
        assertThat(desired("shared", ProductionVariantSummary::desiredWeight)).containsExactly(9F, 1F);
        assertThat(changed("{name: new, weight: 1,", "{name: new, weight: 3,"))
                .containsExactly(
                        "create-replacement shared-configuration",
                        "update shared-endpoint",
                        "delete-replaced shared-configuration");
        assertThat(desired("shared", ProductionVariantSummary::desiredWeight)).containsExactly(9F, 3F);
        assertThat(endpoint("shared").creationTime()).isEqualTo(created);
    }

    @Test
    @Order(6)
    void more_instances_at_most_are_told_to_what_scales_alone() {
        assertThat(changed("max: 4", "max: 6")).containsExactly("update scaled-scaling-target");
        assertThat(stack.account()
                        .scaling()
                        .describeScalableTargets(request -> request.serviceNamespace(ServiceNamespace.SAGEMAKER)
                                .resourceIds("endpoint/parkmeter-hosting-scaled/variant/AllTraffic"))
                        .scalableTargets())
                .extracting(ScalableTarget::minCapacity, ScalableTarget::maxCapacity)
                .containsExactly(tuple(1, 6));
        assertThat(desired("scaled", ProductionVariantSummary::desiredInstanceCount))
                .containsExactly(3);
    }

    @Test
    @Order(7)
    void an_endpoint_moves_to_another_configuration_of_others_and_both_stay() {
        assertThat(endpoint("lent").endpointConfigName()).isEqualTo("example-config-a");
        assertThat(changed("endpointConfig: example-config-a", "endpointConfig: example-config-b"))
                .containsExactly("update lent-endpoint");
        assertThat(endpoint("lent").endpointConfigName()).isEqualTo("example-config-b");
        assertThat(LENT).allSatisfy(name -> assertThat(stack.account()
                        .models()
                        .describeEndpointConfig(request -> request.endpointConfigName(name))
                        .productionVariants())
                .hasSize(1));
    }

    @Test
    @Order(8)
    void an_endpoint_is_told_to_change_in_steps_and_made_anew_for_alarms_that_take_a_change_back() {
        String steps = "update: {shift: canary, percent: 50, waitSeconds: 60";
        assertThat(changed("hosting: {instances: 2,", "hosting: {instances: 2, " + steps + "},"))
                .containsExactly("update shared-endpoint");
        assertThat(changed(steps, steps + ", rollbackAlarms: [llm-errors]"))
                .containsExactly("delete-replaced shared-endpoint", "create-replacement shared-endpoint");
    }

    private void only_the_configuration_is_another(List<String> moves) {
        assertThat(moves)
                .containsExactly(
                        "create-replacement small-configuration",
                        "update small-endpoint",
                        "delete-replaced small-configuration");
        the_endpoint_stands_on_the_only_configuration();
    }

    private void the_endpoint_stands_on_the_only_configuration() {
        DescribeEndpointResponse endpoint = endpoint("small");
        assertThat(endpoint.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(stack.account().of("hosting"))
                .filteredOn(each -> each.matches("(model|endpoint.*) parkmeter-hosting-small(-.*)?"))
                .hasSize(3)
                .contains("endpoint configuration " + endpoint.endpointConfigName());
    }

    /** What an {@code up} did after a change of the stack's file. */
    private List<String> changed(String from, String to) {
        try {
            stack.change(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stack.up().moves();
    }

    private DescribeEndpointResponse endpoint(String model) {
        return stack.account().models().describeEndpoint(request -> request.endpointName("parkmeter-hosting-" + model));
    }

    private <T> List<T> desired(String model, Function<ProductionVariantSummary, T> what) {
        return endpoint(model).productionVariants().stream().map(what).toList();
    }
}
