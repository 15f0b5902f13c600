package parkmeter.local.vtl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What API Gateway makes of templates: the examples of its developer guide ("Mapping template reference"), and where the guide is
 * silent what AWS answered to LocalStack's tests (github.com/localstack/airspeed, tests/test_templating.snapshot.json).
 */
class MappingTemplateTest {
    private static final String PETS =
            "{\"pets\":[{\"id\":1,\"type\":\"dog\",\"price\":249.99},{\"id\":2,\"type\":\"cat\",\"price\":124.99},"
                    + "{\"id\":3,\"type\":\"fish\",\"price\":0.99}],\"owner\":\"Ann\"}";

    private static List<Arguments> recorded() {
        return List.of(
                Arguments.of("Hello $ ", "Hello $ "),
                Arguments.of("Hello $name", "Hello "),
                Arguments.of("Hello $!name", "Hello "),
                Arguments.of("#if($unset)true#{else}false#end", "true"),
                Arguments.of("#if(${a.b.c})yes!#end", "yes!"),
                Arguments.of("#set($value = false)#if(!$value)yes#end", "yes"),
                Arguments.of("#if(!$unset)yes#end", ""),
                Arguments.of("#foreach($value in $values)foo#end", ""),
                Arguments.of(
                        "#foreach ($i in [1, 2, 3])$i. #if ($foreach.hasNext)yes#end, #end", "1. yes, 2. yes, 3. , "),
                Arguments.of("#foreach ($word in ['a', 'b'])$foreach.count/$foreach.index,#end", "1/0,2/1,"),
                Arguments.of("## comment\nStuff\nMore stuff## more comments $blah", "Stuff\nMore stuff"),
                Arguments.of("Stuff#*\n more comments *#\n and more stuff", "Stuff\n and more stuff"),
                Arguments.of("#set ($name = \"\\\\batman\\nand robin\")$name", "\\\\batman\\nand robin"),
                Arguments.of("#set($d = \"{\"\"a\"\": 2}\")$d", "{\"a\": 2}"),
                Arguments.of("#set($a = {\"dog\": \"cat\" , \"horse\":15})$a.dog", "cat"),
                Arguments.of("#set($a = {\"k1\": \"v1\"})$a", "{k1=v1}"),
                Arguments.of("#set($test_array = ['one', 'two'])#set($test_array[1] = 'foo')$test_array", "[one, foo]"),
                Arguments.of(
                        "#set( $myMap = {} )#set($ignore = $myMap.put('k', null))#if(\"$myMap.k\" == \"\")none#end",
                        "none"),
                Arguments.of("<span style=\"color: #13ff93\">", "<span style=\"color: #13ff93\">"),
                Arguments.of("\"#\"", "\"#\""),
                Arguments.of("#set($foo = 'foobar123bab')$foo.replaceAll('ba.', 'foo')", "foofoo123foo"),
                Arguments.of("#set($hello=\"hello, \\$name is my name\")$hello", "hello, $name is my name"),
                Arguments.of("hello #stop world", "hello "),
                Arguments.of("#define( $f )$ctx#end#set( $ctx = 'foo' )$f", "foo"),
                Arguments.of("#set($a = 5 * 4 - 2)$a", "18"),
                Arguments.of("#set($i = 1)$i,#foreach ($i in [2, 3, 4])$i,#set($i = $i)#end$i", "1,2,3,4,1"),
                Arguments.of("#macro(hello)hi#end#hello()", "#hello()"));
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void a_template_gives_what_aws_gave(String template, String result) {
        assertThat(render(template, "")).isEqualTo(result);
    }

    @Test
    void the_body_is_read_as_text_as_json_and_as_an_object() {
        assertThat(render("$input.body", PETS)).isEqualTo(PETS);
        assertThat(render("$input.json('$.pets')", "{ \"pets\": [ {\"id\": 1} ] }"))
                .isEqualTo("[{\"id\":1}]");
        assertThat(render("$input.json('$.owner')", PETS)).isEqualTo("\"Ann\"");
        assertThat(render("$input.path('$.pets').size() $input.path('$.pets[1].type')", PETS))
                .isEqualTo("3 cat");
        assertThat(render(
                        "#set($root = $input.path('$'))[#foreach($pet in $root.pets)\"$pet.type\"#if($foreach.hasNext),#end#end]",
                        PETS))
                .isEqualTo("[\"dog\",\"cat\",\"fish\"]");
    }

    @Test
    void an_object_prints_as_java_prints_it_and_a_list_in_it_as_json() {
        assertThat(render("$input.path('$')", "{\"a\":1,\"b\":[{\"c\":5}]}")).isEqualTo("{a=1, b=[{\"c\":5}]}");
    }

    @Test
    void nothing_is_an_empty_text_and_as_json_two_quotes() {
        assertThat(render("<$input.path('$.absent')>$input.json('$.absent')", PETS))
                .isEqualTo("<>\"\"");
        assertThat(render("<$context.authorizer.principalId>", PETS)).isEqualTo("<>");
        assertThat(render("#if($input.path('$.absent') == '')none#end", PETS)).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "5", "\"text\"", "[1]", "{\"absent\": null}"})
    void json_that_is_no_object_can_be_read_too(String body) {
        assertThat(render("$input.json('$')", body)).isEqualTo(body.replace(" ", ""));
        assertThat(render("<$input.path('$.absent')>", body)).isEqualTo("<>");
    }

    @Test
    void no_body_is_an_empty_object() {
        assertThat(render("$input.body $input.json('$')", "")).isEqualTo("{} {}");
    }

    @Test
    void a_body_that_is_no_json_is_found_out_only_when_it_is_read_as_json() {
        assertThat(render("$input.body", "prompt=Hi")).isEqualTo("prompt=Hi");
        assertThatThrownBy(() -> render("$input.json('$')", "prompt=Hi")).isInstanceOf(BadBody.class);
        assertThatThrownBy(() -> render("$input.path('$.a')", "{'a': 1}")).isInstanceOf(BadBody.class);
        assertThatThrownBy(() -> render("$input.path('$.a')", "{} {}")).isInstanceOf(BadBody.class);
    }

    @Test
    void parameters_are_found_in_path_query_and_headers_in_this_order_headers_in_any_case() {
        assertThat(render("$input.params('id') $input.params('page') $input.params('x-tenant')", ""))
                .isEqualTo("from path 2 header value");
        assertThat(render("<$input.params('absent')>", "")).isEqualTo("<>");
        assertThat(render(
                        "#foreach($kind in $input.params().keySet())$kind #end$input.params().querystring.get('page')",
                        ""))
                .isEqualTo("path querystring header 2");
    }

    @Test
    void escaping_for_javascript_escapes_the_apostrophe_which_json_does_not_know() {
        assertThat(render(
                        "$util.escapeJavaScript($input.path('$.t'))",
                        "{\"t\":\"It's \\\"q\\\" \\\\ / \\n \\u0001 ü 🙂\"}"))
                .isEqualTo("It\\'s \\\"q\\\" \\\\ \\/ \\n \\u0001 \\u00FC \\uD83D\\uDE42");
        assertThat(render("$util.escapeJavaScript($input.path('$.t')).replaceAll(\"\\\\'\",\"'\")", "{\"t\":\"It's\"}"))
                .isEqualTo("It's");
    }

    @Test
    void the_other_utilities_do_as_the_guide_says() {
        String message = "{\"errorMessage\":\"{\\\"key1\\\":\\\"var1\\\",\\\"key2\\\":{\\\"arr\\\":[1,2,3]}}\"}";
        assertThat(render("#set ($e = $util.parseJson($input.path('$.errorMessage')))$e.key2.arr[0]", message))
                .isEqualTo("1");
        assertThat(render("$util.urlEncode('a b&ü') $util.urlDecode('a+b%26%C3%BC')", ""))
                .isEqualTo("a+b%26%C3%BC a b&ü");
        assertThat(render("$util.base64Encode('ü') $util.base64Decode('w7w=')", ""))
                .isEqualTo("w7w= ü");
    }

    @Test
    void context_and_stage_variables_can_be_read_and_overrides_set() {
        Map<String, Object> override = new HashMap<>(Map.of("header", new HashMap<>()));
        Map<String, Object> context = Map.of("stage", "prod", "responseOverride", override);
        Variables variables = new Variables(
                Body.of(""), new Variables.Parameters(Map.of(), Map.of(), Map.of()), context, Map.of("colour", "blue"));
        String text = MappingTemplate.of("#set($context.responseOverride.status = 503)"
                        + "#set($context.responseOverride.header.Retry-After = '30')$context.stage $stageVariables.colour"
                        + " ${stageVariables['colour']}")
                .render(variables);
        assertThat(text).isEqualTo("prod blue blue");
        assertThat(override).containsEntry("status", 503).containsEntry("header", Map.of("Retry-After", "30"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$input.getClass().getClassLoader()",
                "$util.class.classLoader",
                "$input.class.forName('java.lang.Runtime')"
            })
    void javas_own_classes_are_out_of_reach(String template) {
        assertThat(render(template, PETS)).isEmpty();
    }

    @Test
    void a_loop_ends_after_a_thousand_rounds() {
        assertThat(render("#foreach($i in [1..5000])x#end", "")).hasSize(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#if($a)", "$input.json('$'", "#set($a = )"})
    void a_template_that_cannot_be_read_is_refused_with_its_place(String template) {
        assertThatThrownBy(() -> MappingTemplate.of(template))
                .isInstanceOf(BadTemplate.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void a_template_of_more_than_300_kilobytes_is_refused() {
        assertThatThrownBy(() -> MappingTemplate.of("x".repeat(300 * 1024 + 1))).isInstanceOf(BadTemplate.class);
    }

    @Test
    void a_template_that_fails_says_where_and_nothing_of_the_body() {
        assertThatThrownBy(() -> render("$input.path('$[')", "{\"secret\":1}"))
                .isInstanceOf(BadTemplate.class)
                .hasMessageNotContaining("secret");
    }

    private static String render(String template, String body) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(Map.of("X-Tenant", "header value", "page", "wrong"));
        return MappingTemplate.of(template)
                .render(new Variables(
                        Body.of(body),
                        new Variables.Parameters(
                                Map.of("id", "from path"), Map.of("id", "from query", "page", "2"), headers),
                        Map.of("authorizer", Map.of()),
                        Map.of()));
    }
}
