package parkmeter.local.llm;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The header of a GGUF file (versions 2 and 3): what the router needs to know of a model, and the proof that the file is
 * whole. llama.cpp ends the process on some broken files; this one says what is wrong instead.
 *
 * @param contextLength tokens that the model was trained for, 0 when the file doesn't say
 * @param beginsWithBos whether llama.cpp puts a beginning-of-text token before every prompt
 * @param bos the text of the beginning-of-text token, empty when the file names none
 * @param chatTemplate the model's own Jinja template
 * @param controlTokens text to id of the tokens that are no text ({@code <|im_end|>})
 */
record Gguf(
        int contextLength,
        boolean beginsWithBos,
        String bos,
        Optional<String> chatTemplate,
        Map<String, Integer> controlTokens) {

    static final int MAGIC = 0x46554747; // "GGUF", little-endian
    static final int TYPE_UINT32 = 4;
    static final int TYPE_INT32 = 5;
    static final int TYPE_FLOAT32 = 6;
    static final int TYPE_BOOL = 7;
    static final int TYPE_STRING = 8;
    static final int TYPE_ARRAY = 9;
    /** The token type of llama.cpp's vocabulary for tokens that stand for no text. */
    static final int TOKEN_CONTROL = 3;

    private static final int[] SCALAR_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    /** A header with its vocabulary takes some megabytes; nothing sane comes near this. */
    private static final long LONGEST_HEADER = 256L << 20;

    private static final String REMEDY =
            "; fetch it again, or name another GGUF file (without one, SmolLM2 is fetched)";

    /**
     * Reads the header.
     *
     * @throws BadWeights when the file is missing, no GGUF file, or shorter than its own header says
     */
    static Gguf read(Path file) throws BadWeights {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (!Files.isRegularFile(file)) {
                throw new BadWeights("weights " + file + ": this is no file" + REMEDY);
            }
            long size = channel.size();
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, LONGEST_HEADER))
                    .order(ByteOrder.LITTLE_ENDIAN);
            return new Reader(file, bytes, size).header();
        } catch (NoSuchFileException missing) {
            throw new BadWeights("weights " + file + ": there is no such file" + REMEDY);
        } catch (BufferUnderflowException | NegativeArraySizeException cut) {
            throw new BadWeights("weights " + file + ": it is cut off in its header" + REMEDY);
        } catch (IOException unreadable) {
            throw new BadWeights("weights " + file + ": can't be read (" + unreadable.getMessage() + ")");
        }
    }

    /** One pass over the mapped header. */
    private static final class Reader {
        private final Path file;
        private final ByteBuffer bytes;
        private final long size;
        private final Map<String, Object> values = new HashMap<>();

        Reader(Path file, ByteBuffer bytes, long size) {
            this.file = file;
            this.bytes = bytes;
            this.size = size;
        }

        Gguf header() throws BadWeights {
            if (bytes.remaining() < 24 || bytes.getInt() != MAGIC) {
                throw broken("it is no GGUF file");
            }
            int version = bytes.getInt();
            if (version != 2 && version != 3) {
                throw broken("it has GGUF version " + version + ", not 2 or 3");
            }
            long tensors = count(bytes.getLong());
            long pairs = count(bytes.getLong());
            for (long i = 0; i < pairs; i++) {
                String key = string();
                Object value = value(bytes.getInt());
                values.put(key, value);
            }
            checkTensors(tensors);
            return new Gguf(
                    number(values.get("general.architecture") + ".context_length"),
                    beginsWithBos(),
                    bos(),
                    text("tokenizer.chat_template"),
                    controlTokens());
        }

        /** The last byte of every tensor lies within the file. */
        private void checkTensors(long tensors) throws BadWeights {
            long end = 0;
            for (long i = 0; i < tensors; i++) {
                string();
                int dimensions = bytes.getInt();
                if (dimensions < 1 || dimensions > 4) {
                    throw broken("a tensor has " + dimensions + " dimensions");
                }
                long elements = 1;
                for (int d = 0; d < dimensions; d++) {
                    elements *= bytes.getLong();
                }
                long length = TensorType.bytes(bytes.getInt(), elements);
                end = Math.max(end, bytes.getLong() + length);
            }
            int alignment = Math.max(1, number("general.alignment") == 0 ? 32 : number("general.alignment"));
            long data = (bytes.position() + alignment - 1L) / alignment * alignment;
            if (tensors == 0) {
                throw broken("it holds no tensors");
            }
            if (data + end > size) {
                throw broken("it has " + size + " bytes of the " + (data + end) + " that its header names");
            }
        }

        private boolean beginsWithBos() {
            Object said = values.get("tokenizer.ggml.add_bos_token");
            if (said instanceof Boolean yes) {
                return yes;
            }
            // llama.cpp's own defaults.
            String kind = text("tokenizer.ggml.model").orElse("");
            String splitter = text("tokenizer.ggml.pre").orElse("");
            return kind.equals("llama") || splitter.equals("llama-bpe") || splitter.startsWith("llama3");
        }

        private String bos() {
            int id = number("tokenizer.ggml.bos_token_id");
            return values.get("tokenizer.ggml.tokens") instanceof List<?> texts && id < texts.size()
                    ? (String) texts.get(id)
                    : "";
        }

        private Map<String, Integer> controlTokens() {
            Map<String, Integer> found = new HashMap<>();
            if (values.get("tokenizer.ggml.tokens") instanceof List<?> texts
                    && values.get("tokenizer.ggml.token_type") instanceof List<?> types) {
                for (int id = 0; id < Math.min(texts.size(), types.size()); id++) {
                    if (types.get(id).equals(TOKEN_CONTROL)) {
                        found.put((String) texts.get(id), id);
                    }
                }
            }
            return Map.copyOf(found);
        }

        private Optional<String> text(String key) {
            return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
        }

        private int number(String key) {
            return values.get(key) instanceof Integer number ? number : 0;
        }

        /** A value; the arrays that nobody asks for are passed over, for they are long. */
        private Object value(int type) throws BadWeights {
            return switch (type) {
                case TYPE_UINT32, TYPE_INT32 -> bytes.getInt();
                case TYPE_BOOL -> bytes.get() != 0;
                case TYPE_STRING -> string();
                case TYPE_ARRAY -> array();
                default -> {
                    bytes.position(bytes.position() + scalarBytes(type));
                    yield "";
                }
            };
        }

        private List<Object> array() throws BadWeights {
            int type = bytes.getInt();
            long length = count(bytes.getLong());
            List<Object> items = new ArrayList<>();
            if (type == TYPE_STRING || type == TYPE_INT32 || type == TYPE_ARRAY) {
                for (long i = 0; i < length; i++) {
                    items.add(value(type));
                }
            } else {
                bytes.position((int) (bytes.position() + length * scalarBytes(type)));
            }
            return items;
        }

        private int scalarBytes(int type) throws BadWeights {
            if (type < 0 || type >= SCALAR_BYTES.length) {
                throw broken("a value has the unknown type " + type);
            }
            return SCALAR_BYTES[type];
        }

        private String string() throws BadWeights {
            byte[] utf8 = new byte[(int) count(bytes.getLong())];
            bytes.get(utf8);
            return new String(utf8, StandardCharsets.UTF_8);
        }

        /** A length: never more than there are bytes left, so that a broken one can't ask for all the memory. */
        private long count(long length) throws BadWeights {
            if (length < 0 || length > bytes.remaining()) {
                throw broken("it is cut off in its header, or the header is broken");
            }
            return length;
        }

        private BadWeights broken(String fault) {
            return new BadWeights("weights " + file + ": " + fault + REMEDY);
        }
    }

    /** How many bytes a tensor takes: ggml's types with the elements and the bytes of one block. */
    private static final class TensorType {
        private static final Map<Integer, int[]> BLOCKS = Map.ofEntries(
                Map.entry(0, new int[] {1, 4}), // F32
                Map.entry(1, new int[] {1, 2}), // F16
                Map.entry(2, new int[] {32, 18}), // Q4_0
                Map.entry(3, new int[] {32, 20}), // Q4_1
                Map.entry(6, new int[] {32, 22}), // Q5_0
                Map.entry(7, new int[] {32, 24}), // Q5_1
                Map.entry(8, new int[] {32, 34}), // Q8_0
                Map.entry(10, new int[] {256, 84}), // Q2_K
                Map.entry(11, new int[] {256, 110}), // Q3_K
                Map.entry(12, new int[] {256, 144}), // Q4_K
                Map.entry(13, new int[] {256, 176}), // Q5_K
                Map.entry(14, new int[] {256, 210}), // Q6_K
                Map.entry(20, new int[] {32, 18}), // IQ4_NL
                Map.entry(23, new int[] {256, 136}), // IQ4_XS
                Map.entry(30, new int[] {1, 2})); // BF16

        /** 0 for a type that isn't known here: llama.cpp then has the last word. */
        static long bytes(int type, long elements) {
            int[] block = BLOCKS.getOrDefault(type, new int[] {1, 0});
            return elements / block[0] * block[1];
        }
    }
}
