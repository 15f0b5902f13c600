package parkmeter.local.llm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * A model made up on the spot: a GGUF file of half a megabyte that llama.cpp loads in a fraction of a second, for tests
 * and for a machine without network.
 *
 * <p>Its transformer does nothing, so the next token depends on the last one alone, and what it says is known: with
 * greedy decoding {@value #SENTENCE} followed by the end token, and after one of {@link #WORDS} the next of them, for
 * ever. Sampling (from a fixed seed's weights) strays from both. The sentence ends with a character of four tokens.
 */
public final class TinyModel {
    /** What it answers. */
    public static final String SENTENCE = "I am a tiny generated model, so this answer means nothing. \uD83D\uDE42";

    /** What it counts through endlessly when the prompt ends with one of them, each with its leading space. */
    static final List<String> WORDS = List.of(
            " one", " two", " three", " four", " five", " six", " seven", " eight", " nine", " ten", " eleven",
            " twelve");

    private static final String TEMPLATE =
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
                    + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int USER_DEFINED = 4;
    private static final int BYTE = 6;
    private static final int F32 = 0;
    private static final int F16 = 1;

    private static final int WIDTH = 320;
    private static final int HEAD = 16;
    private static final int HIDDEN = 32;
    private static final int FIRST_BYTE = 3;

    private final List<String> tokens = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, byte[]> tensors = new LinkedHashMap<>();
    private final Optional<String> template;

    private TinyModel(Optional<String> template) {
        this.template = template;
    }

    /**
     * Writes the model.
     *
     * @param file where to; an existing file is replaced
     * @throws IOException when it can't be written
     */
    public static void write(Path file) throws IOException {
        write(file, Optional.of(TEMPLATE));
    }

    /** The same model with another chat template, or as a base model without one. */
    public static void write(Path file, Optional<String> template) throws IOException {
        Files.write(file, new TinyModel(template).bytes());
    }

    private byte[] bytes() {
        token("<unk>", UNKNOWN);
        token("<s>", Gguf.TOKEN_CONTROL);
        token("</s>", Gguf.TOKEN_CONTROL);
        for (int b = 0; b < 256; b++) {
            token("<0x%02X>".formatted(b), BYTE);
        }
        int start = token("<|im_start|>", Gguf.TOKEN_CONTROL);
        int end = token("<|im_end|>", Gguf.TOKEN_CONTROL);
        List<Integer> sentence = sentence();
        List<Integer> words = WORDS.stream().map(this::word).toList();

        // logit[from][to]; RMS norm makes a one-hot row sqrt(WIDTH) long, which is divided out when it is written.
        float[][] logits = new float[WIDTH][WIDTH];
        Random random = new Random(7);
        for (int from = 0; from < tokens.size(); from++) {
            for (int to = 0; to < tokens.size(); to++) {
                logits[from][to] = to > end ? 4 + 2 * random.nextFloat() : -20;
            }
            logits[from][end] = 3;
            logits[from][sentence.get(0)] = 9;
        }
        chain(logits, sentence, end);
        chain(logits, words, words.get(0));
        logits[start][sentence.get(0)] = 9;

        tensor("token_embd.weight", F16, new float[tokens.size()][WIDTH], (row, column) -> row == column ? 1 : 0);
        tensor("blk.0.attn_norm.weight", F32, new float[1][WIDTH], (row, column) -> 1);
        tensor("blk.0.attn_q.weight", F16, new float[HEAD][WIDTH], (row, column) -> 0);
        tensor("blk.0.attn_k.weight", F16, new float[HEAD][WIDTH], (row, column) -> 0);
        tensor("blk.0.attn_v.weight", F16, new float[HEAD][WIDTH], (row, column) -> 0);
        tensor("blk.0.attn_output.weight", F16, new float[WIDTH][HEAD], (row, column) -> 0);
        tensor("blk.0.ffn_norm.weight", F32, new float[1][WIDTH], (row, column) -> 1);
        tensor("blk.0.ffn_gate.weight", F16, new float[HIDDEN][WIDTH], (row, column) -> 0);
        tensor("blk.0.ffn_up.weight", F16, new float[HIDDEN][WIDTH], (row, column) -> 0);
        tensor("blk.0.ffn_down.weight", F16, new float[WIDTH][HIDDEN], (row, column) -> 0);
        tensor("output_norm.weight", F32, new float[1][WIDTH], (row, column) -> 1);
        float length = (float) Math.sqrt(WIDTH);
        tensor("output.weight", F16, new float[tokens.size()][WIDTH], (row, column) -> logits[column][row] / length);
        return file(end);
    }

    /** The sentence's tokens: a word each with its leading space, the bytes of what isn't ASCII. */
    private List<Integer> sentence() {
        List<Integer> ids = new ArrayList<>();
        for (String word : Pattern.compile("(?=[ ,.])").splitAsStream(SENTENCE).toList()) {
            String ascii = word.replaceAll("[^\\x00-\\x7F]", "");
            ids.add(word(ascii));
            for (byte b : word.substring(ascii.length()).getBytes(StandardCharsets.UTF_8)) {
                ids.add(FIRST_BYTE + (b & 0xFF));
            }
        }
        return ids;
    }

    /** Words are user-defined tokens: llama.cpp finds them in a prompt without the steps that would build them. */
    private int word(String text) {
        return text.length() == 1 ? token(text.replace(' ', '\u2581'), NORMAL) : token(text, USER_DEFINED);
    }

    private static void chain(float[][] logits, List<Integer> ids, int last) {
        for (int i = 0; i < ids.size(); i++) {
            int next = i + 1 < ids.size() ? ids.get(i + 1) : last;
            logits[ids.get(i)][next] = 12;
        }
    }

    private int token(String text, int type) {
        tokens.add(text);
        types.add(type);
        return tokens.size() - 1;
    }

    private interface Cell {
        float at(int row, int column);
    }

    private void tensor(String name, int type, float[][] shape, Cell cell) {
        int rows = shape.length;
        int columns = shape[0].length;
        byte[] bytes = new byte[rows * columns * (type == F16 ? 2 : 4)];
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float value = cell.at(row, column);
                if (type == F16) {
                    data.putShort(half(value));
                } else {
                    data.putFloat(value);
                }
            }
        }
        shapes.put(name, rows == 1 ? new long[] {type, columns} : new long[] {type, columns, rows});
        tensors.put(name, bytes);
    }

    /** Half precision of a small number; what is too small for it becomes 0. */
    private static short half(float value) {
        int bits = Float.floatToIntBits(value);
        int exponent = ((bits >>> 23) & 0xFF) - 127 + 15;
        return exponent <= 0 ? 0 : (short) (((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 0x3FF));
    }

    private byte[] file(int end) {
        Out out = new Out();
        Out pairs = new Out();
        int count = 0;
        count += pairs.pair("general.architecture", "llama");
        count += pairs.pair("general.name", "tiny generated model");
        count += pairs.pair("llama.context_length", 1 << 20);
        count += pairs.pair("llama.embedding_length", WIDTH);
        count += pairs.pair("llama.block_count", 1);
        count += pairs.pair("llama.feed_forward_length", HIDDEN);
        count += pairs.pair("llama.attention.head_count", 1);
        count += pairs.pair("llama.attention.key_length", HEAD);
        count += pairs.pair("llama.attention.value_length", HEAD);
        count += pairs.pair("llama.rope.dimension_count", HEAD);
        count += pairs.pair("llama.attention.layer_norm_rms_epsilon", 1e-6f);
        count += pairs.pair("tokenizer.ggml.model", "llama");
        count += pairs.pair("tokenizer.ggml.unknown_token_id", 0);
        count += pairs.pair("tokenizer.ggml.bos_token_id", 1);
        count += pairs.pair("tokenizer.ggml.eos_token_id", end);
        count += pairs.pair("tokenizer.ggml.add_bos_token", false);
        count += pairs.pair("tokenizer.ggml.add_space_prefix", false);
        count += pairs.strings("tokenizer.ggml.tokens", tokens);
        count += pairs.floats("tokenizer.ggml.scores", tokens.size());
        count += pairs.integers("tokenizer.ggml.token_type", types);
        if (template.isPresent()) {
            count += pairs.pair("tokenizer.chat_template", template.get());
        }
        out.integer(Gguf.MAGIC).integer(3).number(tensors.size()).number(count).raw(pairs.toByteArray());
        long offset = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            long[] shape = tensor.getValue();
            out.text(tensor.getKey()).integer(shape.length - 1);
            for (int i = 1; i < shape.length; i++) {
                out.number(shape[i]);
            }
            out.integer((int) shape[0]).number(offset);
            offset += aligned(bytes(tensor.getKey()).length);
        }
        out.pad(aligned(out.size()));
        for (String name : shapes.keySet()) {
            out.raw(bytes(name));
            out.pad(aligned(out.size()));
        }
        return out.toByteArray();
    }

    private byte[] bytes(String tensor) {
        return tensors.getOrDefault(tensor, new byte[0]);
    }

    private static int aligned(int length) {
        return (length + 31) / 32 * 32;
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** GGUF's values, little-endian. Each pair answers 1: it counts. */
    private static final class Out extends ByteArrayOutputStream {
        Out raw(byte[] bytes) {
            writeBytes(bytes);
            return this;
        }

        Out integer(int value) {
            return raw(little(4).putInt(value).array());
        }

        Out number(long value) {
            return raw(little(8).putLong(value).array());
        }

        Out text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return number(utf8.length).raw(utf8);
        }

        void pad(int length) {
            raw(new byte[length - size()]);
        }

        int pair(String key, String value) {
            text(key).integer(Gguf.TYPE_STRING).text(value);
            return 1;
        }

        int pair(String key, int value) {
            text(key).integer(Gguf.TYPE_UINT32).integer(value);
            return 1;
        }

        int pair(String key, float value) {
            text(key).integer(Gguf.TYPE_FLOAT32).integer(Float.floatToIntBits(value));
            return 1;
        }

        int pair(String key, boolean value) {
            text(key).integer(Gguf.TYPE_BOOL).write(value ? 1 : 0);
            return 1;
        }

        int strings(String key, List<String> values) {
            array(key, Gguf.TYPE_STRING, values.size());
            values.forEach(this::text);
            return 1;
        }

        int integers(String key, List<Integer> values) {
            array(key, Gguf.TYPE_INT32, values.size());
            values.forEach(this::integer);
            return 1;
        }

        int floats(String key, int zeros) {
            array(key, Gguf.TYPE_FLOAT32, zeros);
            raw(new byte[4 * zeros]);
            return 1;
        }

        private void array(String key, int type, int length) {
            text(key).integer(Gguf.TYPE_ARRAY).integer(type).number(length);
        }
    }
}
