package parkmeter.local.tgi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parkmeter.local.llm.Generation;
import parkmeter.local.llm.Generation.Finish;
import parkmeter.local.llm.Generation.Token;

/**
 * TGI's answers and events, field for field as 3.3 has them (router/src/lib.rs). Log probabilities are null: the binding to
 * llama.cpp doesn't hand them out.
 *
 * @param modelId what {@code model} says where the request names none
 * @param version the TGI whose answers these are
 * @param clock for {@code created}
 */
record Answers(String modelId, TgiVersion version, InstantSource clock) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** An error, as a body and as an event of a generate stream. */
    static ObjectNode error(Refusal refusal) {
        return JSON.objectNode().put("error", refusal.sentence()).put("error_type", refusal.type());
    }

    /** An error as an event of a chat stream. */
    static ObjectNode chatError(Refusal refusal) {
        ObjectNode event = JSON.objectNode();
        event.putObject("error").put("message", refusal.sentence()).put("http_status_code", refusal.status());
        return event;
    }

    /** What {@code /generate} answers; {@code /invocations} puts it into an array. */
    static ObjectNode generated(
            Requests.Generate request, String inputs, boolean fullText, List<Generation> all, List<Token> prefill) {
        String before = fullText ? inputs : "";
        Generation best = all.get(0);
        ObjectNode answer = JSON.objectNode().put("generated_text", before + best.text());
        if (request.settings().wantsDetails()) {
            ObjectNode details = details(answer.putObject("details"), best, prefill);
            if (all.size() > 1) {
                ArrayNode others = details.putArray("best_of_sequences");
                for (Generation other : all.subList(1, all.size())) {
                    details(others.addObject().put("generated_text", before + other.text()), other, prefill);
                }
            }
        }
        return answer;
    }

    private static ObjectNode details(ObjectNode details, Generation generation, List<Token> prefill) {
        details.put("finish_reason", generateName(generation.finish()));
        details.put("generated_tokens", generation.tokens().size());
        details.set("seed", seed(generation));
        ArrayNode before = details.putArray("prefill");
        prefill.forEach(token -> before.add(token(token)));
        ArrayNode tokens = details.putArray("tokens");
        generation.tokens().forEach(token -> tokens.add(token(token).put("special", token.special())));
        return details;
    }

    private static ObjectNode token(Token token) {
        return JSON.objectNode().put("id", token.id()).put("text", token.text()).putNull("logprob");
    }

    private static JsonNode seed(Generation generation) {
        Long seed = generation.seed();
        return seed == null ? JSON.nullNode() : JSON.numberNode(new BigInteger(Long.toUnsignedString(seed)));
    }

    /** An event of a generate stream. */
    static ObjectNode event(int index, Token token) {
        ObjectNode event = JSON.objectNode().put("index", index);
        event.set("token", token(token).put("special", token.special()));
        return event.putNull("generated_text").putNull("details");
    }

    /** The last event of a generate stream. */
    static ObjectNode lastEvent(Generation generation, String text, boolean details, int promptTokens) {
        ObjectNode event = event(generation.tokens().size(), generation.last()).put("generated_text", text);
        if (details) {
            ObjectNode detail = event.putObject("details");
            detail.put("finish_reason", generateName(generation.finish()));
            detail.put("generated_tokens", generation.tokens().size());
            detail.set("seed", seed(generation));
            detail.put("input_length", promptTokens);
        }
        return event;
    }

    /** What a chat is answered. */
    ObjectNode chat(Requests.Chat request, Generation generation, int promptTokens) {
        ObjectNode answer = head("chat.completion", request.model());
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", generation.text());
        if (Boolean.TRUE.equals(request.logprobs())) {
            ArrayNode content = choice.putObject("logprobs").putArray("content");
            generation.tokens().forEach(token -> content.add(logprob(token)));
        } else {
            choice.putNull("logprobs");
        }
        choice.put("finish_reason", chatName(generation.finish()));
        answer.set("usage", usage(promptTokens, generation.tokens().size()));
        return answer;
    }

    /** An event of a chat stream; the last token's says why it ended. */
    ObjectNode chatEvent(Requests.Chat request, Token token, @Nullable Finish finish) {
        ObjectNode event = head("chat.completion.chunk", request.model());
        ObjectNode choice = event.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta").put("role", "assistant").put("content", token.special() ? "" : token.text());
        if (Boolean.TRUE.equals(request.logprobs())) {
            choice.putObject("logprobs").putArray("content").add(logprob(token));
        } else {
            choice.putNull("logprobs");
        }
        choice.put("finish_reason", finish == null ? null : chatName(finish));
        return event.putNull("usage");
    }

    /** The event with the token counts, after the last one of a chat stream. */
    ObjectNode usageEvent(Requests.Chat request, int promptTokens, int generatedTokens) {
        ObjectNode event = head("chat.completion.chunk", request.model());
        event.putArray("choices");
        event.set("usage", usage(promptTokens, generatedTokens));
        return event;
    }

    /** What a text completion is answered, a choice a prompt. */
    ObjectNode completion(Requests.Completion request, List<Generation> generations, int promptTokens) {
        ObjectNode answer = head("text_completion", request.model());
        ArrayNode choices = answer.putArray("choices");
        int generated = 0;
        for (int i = 0; i < generations.size(); i++) {
            Generation generation = generations.get(i);
            choice(choices, i, generation.text(), chatName(generation.finish()));
            generated += generation.tokens().size();
        }
        answer.set("usage", usage(promptTokens, generated));
        return answer;
    }

    /** An event of a completion stream. */
    ObjectNode completionEvent(Requests.Completion request, int index, Token token) {
        ObjectNode event = head("text_completion", request.model());
        choice(event.putArray("choices"), index, token.special() ? "" : token.text(), "");
        return event;
    }

    /** The last event of a prompt in a completion stream. */
    ObjectNode lastCompletionEvent(Requests.Completion request, int index, Generation generation, int promptTokens) {
        ObjectNode event = head("text_completion", request.model());
        Token token = generation.last();
        String text = token.special() ? "" : token.text();
        choice(event.putArray("choices"), index, text, generateName(generation.finish()));
        event.set("usage", usage(promptTokens, generation.tokens().size()));
        return event;
    }

    private static void choice(ArrayNode choices, int index, String text, String finish) {
        choices.addObject()
                .put("index", index)
                .put("text", text)
                .putNull("logprobs")
                .put("finish_reason", finish);
    }

    private static ObjectNode logprob(Token token) {
        ObjectNode logprob = JSON.objectNode().put("token", token.text()).putNull("logprob");
        logprob.putArray("top_logprobs");
        return logprob;
    }

    private ObjectNode head(String object, @Nullable String asked) {
        return JSON.objectNode()
                .put("object", object)
                .put("id", "")
                .put("created", clock.instant().getEpochSecond())
                .put("model", asked == null || asked.equals("tgi") ? modelId : asked)
                .put("system_fingerprint", version + "-native");
    }

    private static ObjectNode usage(int prompt, int generated) {
        return JSON.objectNode()
                .put("prompt_tokens", prompt)
                .put("completion_tokens", generated)
                .put("total_tokens", prompt + generated);
    }

    /** Why a generation ended, in generate's answers. */
    private static String generateName(Finish finish) {
        return switch (finish) {
            case LENGTH -> "length";
            case END -> "eos_token";
            case STOP_SEQUENCE -> "stop_sequence";
        };
    }

    /** Why a generation ended, in a chat's answers. */
    private static String chatName(Finish finish) {
        return switch (finish) {
            case LENGTH -> "length";
            case END -> "stop";
            case STOP_SEQUENCE -> "stop_sequence";
        };
    }
}
