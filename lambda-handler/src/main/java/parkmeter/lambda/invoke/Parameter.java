package parkmeter.lambda.invoke;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.json.Json;

/**
 * Every parameter of TGI's {@code generate} request, and what the prompt API takes for it. How an engine says it is the
 * engine's.
 *
 * <p>An {@code off} value asks for nothing.
 */
@SuppressWarnings("ImmutableEnumChecker") // a Rule is a function of constants, an off value a number or a boolean
enum Parameter {
    MAX_NEW_TOKENS("max_new_tokens", Rule.integer(1)),
    TEMPERATURE("temperature", Rule.zeroOr("1e-45", "100")),
    TOP_P("top_p", Rule.share(), 1),
    DO_SAMPLE("do_sample", Rule.flag()),
    STOP("stop", Rule.texts()),
    SEED("seed", Rule.seed()),
    FREQUENCY_PENALTY("frequency_penalty", Rule.number("-2", "2")),
    REPETITION_PENALTY("repetition_penalty", Rule.number("0.01", "100"), 1),
    GRAMMAR("grammar", Rule.grammar()),
    TOP_K("top_k", Rule.integer(0), 0),
    TYPICAL_P("typical_p", Rule.share(), 1),
    BEST_OF("best_of", Rule.integer(1), 1),
    TRUNCATE("truncate", Rule.integer(1)),
    WATERMARK("watermark", Rule.flag(), false),
    RETURN_FULL_TEXT("return_full_text", Rule.flag(), false),
    DETAILS("details", Rule.never("the answer has no place for them")),
    DECODER_INPUT_DETAILS("decoder_input_details", Rule.never("the answer has no place for them")),
    TOP_N_TOKENS("top_n_tokens", Rule.never("the answer has no place for them")),
    ADAPTER_ID("adapter_id", Rule.never("the model is served without adapters"));

    private final String key;
    private final Rule rule;
    private final @Nullable Object off;

    Parameter(String key, Rule rule) {
        this(key, rule, null);
    }

    Parameter(String key, Rule rule, @Nullable Object off) {
        this.key = key;
        this.rule = rule;
        this.off = off;
    }

    /** The parameter of this name. */
    static Optional<Parameter> named(String key) {
        for (Parameter parameter : values()) {
            if (parameter.key.equals(key)) {
                return Optional.of(parameter);
            }
        }
        return Optional.empty();
    }

    /** The name that a caller gives it, which is TGI's own. */
    String key() {
        return key;
    }

    /** Which rule a value breaks on the way to a model; empty when it keeps them all. */
    Optional<String> brokenRule(Object value, Engine engine, Template template) {
        if (!rule.keeps().test(value)) {
            return Optional.of(rule.sentence());
        }
        return engine.said(this, value, template) instanceof Said.Refused refused
                ? Optional.of(refused.rule())
                : Optional.empty();
    }

    /** True when the value asks for nothing; compared as the 32-bit number that TGI reads. */
    boolean isOff(Object value) {
        return (off instanceof Number number && value instanceof Number given)
                ? number.floatValue() == given.floatValue()
                : value.equals(off);
    }

    /** True for what chooses among likely tokens: a greedy request must not carry it, or an engine would sample after all. */
    boolean samples() {
        return List.of(TEMPERATURE, TOP_P, TOP_K, TYPICAL_P).contains(this);
    }

    /** The regular expression of a grammar; null where it is a schema. */
    static @Nullable String regex(Object grammar) {
        return "regex".equals(Json.at(grammar, "type")) ? Json.textAt(grammar, "value") : null;
    }

    /** The JSON Schema of a grammar that is no regular expression. */
    static Object schema(Object grammar) {
        return Objects.requireNonNull(Json.at(grammar, "value"));
    }
}
