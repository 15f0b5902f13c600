package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final String STACK = "urn:stack";
    private static final String PART = "urn:part";

    private final Plan plan = new Plan(
            "meter",
            "dev",
            List.of(
                    resource(
                            "urn:model",
                            "aws:sagemaker/model:Model",
                            Optional.of(PART),
                            "{'name':'m','primaryContainer':{'environment':{'HF_TOKEN':'hf_x','SM_NUM_GPUS':'4'}}}",
                            Set.of("/primaryContainer/environment/HF_TOKEN")),
                    resource(
                            "urn:config",
                            "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
                            Optional.of(PART),
                            "{'productionVariants':[{'modelName':'m','instanceType':'ml.g5.12xlarge',"
                                    + "'initialInstanceCount':2}]}",
                            Set.of()),
                    resource(
                            "urn:role",
                            "aws:iam/role:Role",
                            Optional.of(STACK),
                            "{'policy':'{\\'b\\':[1],\\'a\\':\\'*\\'}','text':'two\\nlines','none':'','empty':{},"
                                    + "'arn':'04da6b54-80e4-46f7-96ec-b56ff0331ba9','list':['a','b']}",
                            Set.of()),
                    resource(PART, "test:part:Part", Optional.of(STACK), "{}", Set.of()),
                    resource(STACK, "pulumi:pulumi:Stack", Optional.empty(), "{'url':'u','key':'k'}", Set.of("/key"))),
            List.of("it costs 14.18 an hour"),
            List.of("mind the cost"));

    @Test
    void for_people_it_is_a_tree_with_counts_gpus_outputs_and_warnings() {
        assertThat(PlanText.render(plan))
                .isEqualTo(
                        """
                        stack  (pulumi:pulumi:Stack)
                        │    key: [secret]
                        │    url: u
                        ├─ part  (test:part:Part)
                        │  ├─ config  (aws:sagemaker/endpointConfiguration:EndpointConfiguration)
                        │  │       productionVariants:
                        │  │         - initialInstanceCount: 2
                        │  │           instanceType: ml.g5.12xlarge
                        │  │           modelName: m
                        │  └─ model  (aws:sagemaker/model:Model)
                        │          name: m
                        │          primaryContainer:
                        │            environment:
                        │              HF_TOKEN: [secret]
                        │              SM_NUM_GPUS: 4
                        └─ role  (aws:iam/role:Role)
                                arn: [known after deployment]
                                empty: {}
                                list: [a, b]
                                none: ''
                                policy: (JSON)
                                  a: *
                                  b: [1]
                                text: |
                                  two
                                  lines

                        Resources of stack 'dev':
                            1  aws:iam/role:Role
                            1  aws:sagemaker/endpointConfiguration:EndpointConfiguration
                            1  aws:sagemaker/model:Model
                            1  test:part:Part
                            5  in all, the stack itself included

                        GPUs that would run: 8
                          m: 2 × ml.g5.12xlarge with 4 each
                        it costs 14.18 an hour

                        Outputs:
                          key: [secret]
                          url: u

                        warning: mind the cost
                        """);
    }

    @Test
    void for_machines_secrets_unknowns_and_json_in_texts_are_marked() throws Exception {
        assertThat(new JsonMapper().readTree(PlanJson.write(plan)).at("/resources/3/inputs"))
                .hasToString(
                        """
                        {"arn":{"unknown":true},"empty":{},"list":["a","b"],"none":"",\
                        "policy":{"json":{"a":"*","b":[1]}},"text":"two\\nlines"}""");
        assertThat(PlanJson.write(plan))
                .contains("\"HF_TOKEN\": {\n              \"secret\": \"[secret]\"\n            }")
                .endsWith("}\n")
                .doesNotContain("hf_x");
    }

    @Test
    void a_model_that_is_not_told_of_gpus_counts_none() throws Exception {
        Plan cpu = new Plan(
                "meter",
                "dev",
                List.of(resource(
                        "urn:config",
                        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
                        Optional.empty(),
                        "{'productionVariants':[{'modelName':'other','instanceType':'ml.c6i.large'}]}",
                        Set.of())),
                List.of(),
                List.of());

        assertThat(cpu.gpus()).containsExactly(new Plan.Gpus("other", "ml.c6i.large", 1, 0));
    }

    private static Registration resource(
            String urn, String type, Optional<String> parent, String inputs, Set<String> secrets) {
        try {
            var values = new JsonMapper()
                    .readTree(inputs.replace("\\'", "\\\"").replace('\'', '"').replace("\n", "\\n"));
            return new Registration(
                    urn,
                    type,
                    urn.replace("urn:", ""),
                    parent,
                    Optional.empty(),
                    true,
                    List.of(),
                    Map.of(),
                    values,
                    values,
                    secrets,
                    new JsonMapper().createObjectNode());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
