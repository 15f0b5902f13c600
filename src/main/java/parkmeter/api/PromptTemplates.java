package parkmeter.api;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The prompt API as mapping templates (API Gateway developer guide, "Mapping template reference"): what the function does for a request
 * that keeps to the schema. Texts go through {@code $input.json} alone, so that nothing in them can end a JSON text or be taken for a
 * part of the template.
 *
 * <p>A template of the answer sees nothing of the request; what it echoes is kept in overrides of path parameters that the integration's
 * path does not have.
 */
final class PromptTemplates {

    private static final String PROMPT = "$context.requestOverride.path.prompt";
    private static final String PARAMETERS = "$context.requestOverride.path.parameters";

    /**
     * A parameter of TGI's.
     *
     * @param inChat what a chat calls it; absent: it has none
     * @param fallback what it is where nobody says; absent: nothing
     * @param off the value that asks for nothing, and that TGI refuses
     * @param samples whether it chooses among likely tokens, and has no place in a greedy request
     */
    private record Parameter(
            String name, Optional<String> inChat, Optional<String> fallback, Optional<String> off, boolean samples) {

        static Parameter plain(String name, String inChat) {
            return new Parameter(name, Optional.of(inChat), Optional.empty(), Optional.empty(), false);
        }

        static Parameter withoutChat(String name, Optional<String> off, boolean samples) {
            return new Parameter(name, Optional.empty(), Optional.empty(), off, samples);
        }
    }

    private static final List<Parameter> ALL = List.of(
            new Parameter("max_new_tokens", Optional.of("max_tokens"), Optional.of("512"), Optional.empty(), false),
            new Parameter("temperature", Optional.of("temperature"), Optional.of("0.7"), Optional.empty(), true),
            new Parameter("top_p", Optional.of("top_p"), Optional.of("0.9"), Optional.of("1"), true),
            Parameter.plain("seed", "seed"),
            Parameter.plain("frequency_penalty", "frequency_penalty"),
            Parameter.plain("grammar", "response_format"),
            Parameter.withoutChat("top_k", Optional.of("0"), true),
            Parameter.withoutChat("typical_p", Optional.of("1"), true),
            Parameter.withoutChat("best_of", Optional.of("1"), false),
            Parameter.withoutChat("truncate", Optional.empty(), false),
            Parameter.withoutChat("watermark", Optional.of("false"), false));

    private PromptTemplates() {}

    /** The body for the model, of the caller's. */
    static String request(boolean chat) {
        String read = "#set($q = '\"')#set($v = {})"
                + ALL.stream()
                        .filter(parameter -> parameter.fallback().isPresent())
                        .map(parameter ->
                                put(parameter.name(), "'" + parameter.fallback().orElse("") + "'"))
                        .collect(Collectors.joining())
                + put("do_sample", "'true'")
                // What is not there must not be asked anything: its answer, an empty text, would count as true.
                + "#set($p = $input.path('$.parameters'))#if(\"$!p\" == '')#set($p = {})#end"
                + "#foreach($name in [" + names(chat) + "])"
                + "#if($p.containsKey($name))#set($none = $v.put($name, $input.json(\"$.parameters.$name\")))#end"
                + "#if($name == 'do_sample' && $p.temperature == 0)" + put("do_sample", "'false'") + "#end"
                + "#if($v.containsKey($name))#set($echo = \"$!echo$!comma$q$name$q:$v.get($name)\")#set($comma = ',')#end"
                + "#end"
                + "#set(" + PROMPT + " = $input.json('$.prompt'))#set(" + PARAMETERS + " = $echo)"
                + "#set($greedy = $v.get('do_sample') == 'false')"
                // Both forms of the request take a list only.
                + "#set($stop = \"$!v.get('stop')\")#if($stop != '' && !$stop.startsWith('['))#set($stop = \"[$stop]\")#end";
        return read + (chat ? inChat() : inGenerate());
    }

    /** The caller's answer, of the model's. */
    static String answer(boolean chat) {
        String text = chat ? "$.choices[0].message.content" : "$[0].generated_text";
        return "{\"generated_text\":$input.json('" + text + "'),\"prompt\":" + PROMPT + ",\"parameters\":{" + PARAMETERS
                + "}}";
    }

    private static String inChat() {
        return "{\"messages\":[{\"role\":\"user\",\"content\":$input.json('$.prompt')}]"
                + ALL.stream()
                        .filter(parameter -> parameter.inChat().isPresent())
                        .map(parameter -> member(parameter, parameter.inChat().orElse("")))
                        .collect(Collectors.joining())
                + "#if($greedy),\"temperature\":0#end"
                + "#if($stop != ''),\"stop\":$stop#end"
                // TGI adds 2 to a chat's presence penalty and takes the sum for the repetition penalty.
                + "#if($v.containsKey('repetition_penalty'))#if($p.repetition_penalty == 1)#else"
                + "#set($penalty = $p.repetition_penalty - 2),\"presence_penalty\":$penalty#end#end}";
    }

    private static String inGenerate() {
        return "{\"inputs\":$input.json('$.prompt'),\"parameters\":{\"details\":true,"
                + "\"return_full_text\":#if($v.containsKey('return_full_text'))$v.get('return_full_text')#{else}false#end,"
                + "\"do_sample\":#if($greedy)false#{else}true#end"
                + ALL.stream()
                        .map(parameter -> member(parameter, parameter.name()))
                        .collect(Collectors.joining())
                + "#if($stop != ''),\"stop\":$stop#end"
                + "#if($v.containsKey('repetition_penalty'))#if($p.repetition_penalty == 1)#else"
                + ",\"repetition_penalty\":$v.get('repetition_penalty')#end#end}}";
    }

    /** A parameter where it is known and asks for something. */
    private static String member(Parameter parameter, String as) {
        String written = ",\"" + as + "\":$v.get('" + parameter.name() + "')";
        String asking = parameter
                .off()
                .map(off -> "#if($p." + parameter.name() + " == " + off + ")#else" + written + "#end")
                .orElse(written);
        return "#if($v.containsKey('" + parameter.name() + "')" + (parameter.samples() ? " && !$greedy" : "") + ")"
                + asking + "#end";
    }

    private static String put(String name, String value) {
        return "#set($none = $v.put('" + name + "', " + value + "))";
    }

    private static String names(boolean chat) {
        List<String> beside = List.of("do_sample", "stop", "repetition_penalty");
        String known = ALL.stream()
                .filter(parameter -> !chat || parameter.inChat().isPresent())
                .map(parameter -> "'" + parameter.name() + "'")
                .collect(Collectors.joining(","));
        return known
                + beside.stream().map(name -> ",'" + name + "'").collect(Collectors.joining())
                + (chat ? "" : ",'return_full_text'");
    }
}
