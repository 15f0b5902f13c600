package parkmeter.local.vtl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No prompt, whatever is in it, breaks the JSON that a template makes of it, and each comes through as it was. */
class PromptsInTemplatesTest {
    private static final ObjectReader STRICT_JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /** The three safe ways to hand a text on. */
    private static final MappingTemplate AS_JSON = MappingTemplate.of("{\"inputs\": $input.json('$.prompt')}");

    private static final MappingTemplate ESCAPED = MappingTemplate.of("#set($prompt = $input.path('$.prompt'))"
            + "{\"inputs\": \"$util.escapeJavaScript($prompt).replaceAll(\"\\\\'\",\"'\")\"}");
    private static final MappingTemplate IN_A_TEXT = MappingTemplate.of(
            "{\"input\": \"$util.escapeJavaScript($input.json('$')).replaceAll(\"\\\\'\",\"'\")\", \"name\": \"n\"}");

    /** As seed systems had it. */
    private static final MappingTemplate APOSTROPHES_LEFT =
            MappingTemplate.of("{\"input\": \"$util.escapeJavaScript($input.json('$'))\"}");

    @Example
    void the_awkward_prompt_comes_through() throws IOException {
        every_prompt_comes_through("It's \"quoted\" \\ $input.path('$') #set($x=1) 🙂");
    }

    @Property(tries = 3000)
    void every_prompt_comes_through(@ForAll("prompts") String prompt) throws IOException {
        String body = body(prompt);
        String sent = STRICT_JSON.readTree(body).path("prompt").asText();
        assertThat(render(AS_JSON, body).path("inputs").asText()).isEqualTo(sent);
        assertThat(render(ESCAPED, body).path("inputs").asText()).isEqualTo(sent);
        String text = render(IN_A_TEXT, body).path("input").asText();
        assertThat(STRICT_JSON.readTree(text).path("prompt").asText()).isEqualTo(sent);
    }

    @Example
    void an_apostrophe_breaks_json_where_the_template_leaves_it_escaped() {
        String made = APOSTROPHES_LEFT.render(variables(body("It's")));
        assertThat(made).contains("It\\'s");
        assertThat(isJson(made)).isFalse();
    }

    @Provide
    Arbitrary<String> prompts() {
        Arbitrary<String> awkward = Arbitraries.of(
                "'",
                "\"",
                "\\",
                "\\'",
                "\\\"",
                "$",
                "#",
                "$input",
                "$!{x}",
                "#set($x=1)",
                "#if",
                "#end",
                "##",
                "#*",
                "*#",
                "\n",
                "\r",
                "\t",
                "\u0000",
                "\u0001",
                "\u001f",
                "\u007f",
                "\u0085",
                "\u2028",
                "\u2029",
                "\ufeff",
                "\uffff",
                "🙂",
                "/",
                "</script>",
                "\\u0027",
                "\\ud83d",
                "${esc.d}",
                "{",
                "}",
                "[",
                "]",
                ",",
                ":");
        return Arbitraries.oneOf(awkward, awkward, Arbitraries.strings().all().ofMaxLength(5))
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    /** Lone surrogates are no text: they are lost on their way into the body, before there is a template. */
    private static String body(String prompt) {
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("prompt", prompt).put("more", 1.5);
        return new String(body.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static JsonNode render(MappingTemplate template, String body) throws IOException {
        byte[] sent = template.render(variables(body)).getBytes(StandardCharsets.UTF_8);
        return STRICT_JSON.readTree(sent);
    }

    private static Variables variables(String body) {
        return new Variables(Body.of(body), new Variables.Parameters(Map.of(), Map.of(), Map.of()), Map.of(), Map.of());
    }

    private static boolean isJson(String text) {
        try {
            STRICT_JSON.readTree(text);
            return true;
        } catch (IOException broken) {
            return false;
        }
    }
}
