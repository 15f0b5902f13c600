package parkmeter.lambda.invoke;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every parameter of TGI's {@code generate} request: what the prompt API takes for it, and how a chat says the same.
 *
 * <p>An {@code off} value asks for nothing. TGI refuses most of these; here they are taken, and left out of the request.
 */
@SuppressWarnings("ImmutableEnumChecker") // a Rule is a function of constants, an off value a number or a boolean
enum Parameter {
    MAX_NEW_TOKENS("max_new_tokens", Rule.integer(1), "max_tokens"),
    TEMPERATURE("temperature", Rule.zeroOr("1e-45", "100"), "temperature"),
    TOP_P("top_p", Rule.share(), "top_p", 1),
    /** A chat says it by its temperature: 0 is greedy. */
    DO_SAMPLE("do_sample", Rule.flag(), "temperature"),
    STOP("stop", Rule.texts(), "stop"),
    SEED("seed", Rule.seed(), "seed"),
    FREQUENCY_PENALTY("frequency_penalty", Rule.number("-2", "2"), "frequency_penalty"),
    /** TGI adds 2 to a chat's presence penalty and takes the sum for the repetition penalty. */
    REPETITION_PENALTY("repetition_penalty", Rule.number("0.01", "100"), "presence_penalty", 1) {
        @Override
        Object inChat(Object value) {
            return new BigDecimal(value.toString()).subtract(BigDecimal.valueOf(2));
        }
    },
    GRAMMAR("grammar", Rule.grammar(), "response_format"),
    TOP_K("top_k", Rule.integer(0), null, 0),
    TYPICAL_P("typical_p", Rule.share(), null, 1),
    BEST_OF("best_of", Rule.integer(1), null, 1),
    TRUNCATE("truncate", Rule.integer(1), null),
    WATERMARK("watermark", Rule.flag(), null, false),
    RETURN_FULL_TEXT("return_full_text", Rule.flag(), null, false),
    DETAILS("details", Rule.never("the answer has no place for them"), null),
    DECODER_INPUT_DETAILS("decoder_input_details", Rule.never("the answer has no place for them"), null),
    TOP_N_TOKENS("top_n_tokens", Rule.never("the answer has no place for them"), null),
    ADAPTER_ID("adapter_id", Rule.never("the model is served without adapters"), null);

    private static final String NOT_IN_A_CHAT = "can't be given to this model: a chat has no place for it";

    private final String key;
    private final Rule rule;
    private final @Nullable String chatKey;
    private final @Nullable Object off;

    Parameter(String key, Rule rule, @Nullable String chatKey) {
        this(key, rule, chatKey, null);
    }

    Parameter(String key, Rule rule, @Nullable String chatKey, @Nullable Object off) {
        this.key = key;
        this.rule = rule;
        this.chatKey = chatKey;
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

    /** Which rule a value breaks on the way to a model with this template; empty when it keeps them all. */
    Optional<String> brokenRule(Object value, Template template) {
        if (!rule.keeps().test(value)) {
            return Optional.of(rule.sentence());
        }
        return template == Template.CHAT && chatKey == null && !isOff(value)
                ? Optional.of(NOT_IN_A_CHAT)
                : Optional.empty();
    }

    /** True when the value asks for nothing; compared as the 32-bit number that TGI reads. */
    boolean isOff(Object value) {
        return (off instanceof Number number && value instanceof Number given)
                ? number.floatValue() == given.floatValue()
                : value.equals(off);
    }

    /** True for what chooses among likely tokens: a greedy request must not carry it, or TGI would sample after all. */
    boolean samples() {
        return List.of(TEMPERATURE, TOP_P, TOP_K, TYPICAL_P).contains(this);
    }

    /** The name that a chat has for it; null when it has none. */
    @Nullable
    String chatKey() {
        return chatKey;
    }

    /** The value that says in a chat what {@code value} says in a {@code generate} request. */
    Object inChat(Object value) {
        return value;
    }
}
