package parkmeter.local.llm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import parkmeter.local.llm.CannotGenerate.Reason;
import parkmeter.local.llm.Generation.Finish;
import parkmeter.local.llm.Generation.Token;

/**
 * A model in llama.cpp. One generation runs at a time, the others wait in the order they came: what a prompt is
 * answered then never depends on what else is asked.
 *
 * <p>llama.cpp's C++ exceptions end the process, so nothing is handed to it that it could refuse.
 */
public final class Llm implements AutoCloseable {
    /** In front of every rendered template: llama.cpp takes a leading BOS token away, with or without putting it back. */
    private static final String MARK = "\u0001template\u0001";

    private static final String RAISED = "\u0001raised\u0001";
    /**
     * The system message that SmolLM2's template adds when there is none. The 135M model answers better without it: asked
     * for the capital of France, it names Paris without, and sings the Marseillaise with it.
     */
    private static final Pattern SMOLLM_SYSTEM =
            Pattern.compile("\\{% if loop.first and messages\\[0]\\['role'] != 'system' %}"
                    + "\\{\\{ '<\\|im_start\\|>system\\R[^']*SmolLM[^']*' }}\\{% endif %}");

    private static final Pattern RAISED_MESSAGE = Pattern.compile(RAISED + "(.*?)" + RAISED, Pattern.DOTALL);
    private static final Pattern UNSAFE = Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\x7E]+");
    private static final Pattern ESCAPED = Pattern.compile("\u0002([0-9a-f]+)\u0003");

    private final LlamaModel model;
    private final Gguf gguf;
    private final int contextTokens;
    private final ReentrantLock turn = new ReentrantLock(true);

    private Llm(LlamaModel model, Gguf gguf, int contextTokens) {
        this.model = model;
        this.gguf = gguf;
        this.contextTokens = contextTokens;
    }

    /**
     * Loads a model.
     *
     * @param weights a GGUF file
     * @param tokens the context that is asked for; a model that was trained for less has less
     * @throws BadWeights when the file is broken or llama.cpp doesn't know the architecture
     */
    public static Llm load(Path weights, int tokens) throws BadWeights {
        Gguf gguf = Gguf.read(weights);
        int context = gguf.contextLength() > 0 ? Math.min(tokens, gguf.contextLength()) : tokens;
        loadLibrary();
        ModelParameters parameters = new ModelParameters()
                .setModel(weights.toAbsolutePath().toString())
                .setCtxSize(context)
                .enableSpecial()
                .enableJinja()
                .disableLog();
        gguf.chatTemplate().ifPresent(template -> parameters.setChatTemplate(guarded(template)));
        try {
            return new Llm(new LlamaModel(parameters), gguf, context);
        } catch (RuntimeException refused) { // its LlamaException isn't public
            throw new BadWeights("weights " + weights + ": llama.cpp can't load them (" + refused.getMessage()
                    + "); name a GGUF file of an architecture that it knows");
        }
    }

    /**
     * Unpacks and loads the native library. It goes through a folder of its own, for its name is fixed and another
     * process's could be newer; the folder is gone before anything can be killed.
     */
    private static synchronized void loadLibrary() {
        PrintStream out = System.out;
        try {
            Path folder = Files.createTempDirectory("parkmeter-llama");
            System.setProperty("de.kherud.llama.tmpdir", folder.toString());
            System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
            LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> {});
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        } catch (IOException inUse) {
            // Windows keeps a loaded library's file; it goes when the process ends.
        } finally {
            System.setOut(out);
        }
    }

    /** Tokens that the context holds: prompt and answer. */
    public int contextTokens() {
        return contextTokens;
    }

    /** A prompt's tokens, as the model will see them. */
    public List<Integer> tokens(String prompt) {
        List<Integer> tokens = new ArrayList<>();
        if (gguf.beginsWithBos()) {
            tokens.add(gguf.controlTokens().getOrDefault(gguf.bos(), 0));
        }
        Arrays.stream(model.encode(prompt)).forEach(tokens::add);
        return tokens;
    }

    /** The text of some tokens. */
    public String text(List<Integer> tokens) {
        return model.decode(tokens.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * The prompt of a conversation, by the model's own chat template.
     *
     * @throws CannotGenerate when the model has none, or its template refuses the conversation
     */
    public String chatPrompt(List<Map.Entry<String, String>> messages) throws CannotGenerate {
        if (gguf.chatTemplate().isEmpty()) {
            throw new CannotGenerate(Reason.NO_TEMPLATE, "template not found");
        }
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        var list = request.putArray("messages");
        messages.forEach(message ->
                list.addObject().put("role", escape(message.getKey())).put("content", escape(message.getValue())));
        String prompt = unescape(model.applyTemplate(request.toString()).replace(MARK, ""));
        var raised = RAISED_MESSAGE.matcher(prompt);
        if (raised.find()) {
            throw new CannotGenerate(Reason.REFUSED_BY_TEMPLATE, raised.group(1));
        }
        return gguf.beginsWithBos() && !gguf.bos().isEmpty() && prompt.startsWith(gguf.bos())
                ? prompt.substring(gguf.bos().length())
                : prompt;
    }

    /**
     * Generates until an end token, a stop sequence, the length, or until nobody listens.
     *
     * @return what was generated; empty when the listener went away
     * @throws CannotGenerate when the prompt doesn't fit the local model, or the thread is interrupted
     */
    public Optional<Generation> generate(Job job, Generation.Listener listener) throws CannotGenerate {
        int room = contextTokens - job.promptTokens().size();
        if (room < 1) {
            throw new CannotGenerate(
                    Reason.GENERATION,
                    "the local model's context is " + contextTokens + " tokens, the prompt has "
                            + job.promptTokens().size());
        }
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new CannotGenerate(Reason.GENERATION, "the server is stopping");
        }
        try {
            return new Run(job, Math.min(room, job.maxNewTokens()), listener).run();
        } catch (RuntimeException failed) { // its LlamaException isn't public
            throw new CannotGenerate(Reason.GENERATION, String.valueOf(failed.getMessage()));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            model.close();
        } finally {
            turn.unlock();
        }
    }

    /** One generation. llama.cpp hands out a text a token, and one for all the tokens that make up a character. */
    private final class Run {
        private final Job job;
        private final int length;
        private final Generation.Listener listener;
        private final List<Token> tokens = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        Run(Job job, int length, Generation.Listener listener) {
            this.job = job;
            this.length = length;
            this.listener = listener;
        }

        Optional<Generation> run() {
            LlamaIterator pieces = model.generate(parameters(job, length)).iterator();
            try {
                while (pieces.hasNext()) {
                    String piece = pieces.next().text;
                    boolean over = !pieces.hasNext();
                    if (!over) {
                        for (Token token : split(piece)) {
                            if (!passOn()) {
                                return Optional.empty();
                            }
                            tokens.add(token);
                            if (tokens.size() >= length) {
                                return ended(Finish.LENGTH);
                            }
                        }
                        String added = tokens.get(tokens.size() - 1).special() ? "" : piece;
                        text.append(added);
                        if (job.stop().stream().anyMatch(stop -> stops(stop, added.length()))) {
                            return ended(Finish.STOP_SEQUENCE);
                        }
                    }
                }
                if (!tokens.isEmpty() && tokens.get(tokens.size() - 1).special()) {
                    return ended(Finish.END);
                }
                // Cut within a character: its tokens were never handed out.
                while (tokens.size() < length) {
                    if (!passOn()) {
                        return Optional.empty();
                    }
                    tokens.add(new Token(0, "", false));
                }
                return ended(Finish.LENGTH);
            } finally {
                if (pieces.hasNext()) {
                    pieces.cancel();
                }
            }
        }

        private Optional<Generation> ended(Finish finish) {
            return Optional.of(
                    new Generation(List.copyOf(tokens), finish, job.sampling().seed()));
        }

        /** A token is passed on when the next one is here, for the last one goes with the result. */
        private boolean passOn() {
            return tokens.isEmpty() || listener.token(tokens.size(), tokens.get(tokens.size() - 1));
        }

        private boolean stops(String stop, int added) {
            int last = text.length() - stop.length();
            int first = job.stopsWithin() ? Math.max(0, last - added + 1) : last;
            return last >= 0 && text.indexOf(stop, first) >= 0;
        }

        private List<Token> split(String piece) {
            Integer control = gguf.controlTokens().get(piece);
            if (control != null) {
                return List.of(new Token(control, piece, true));
            }
            int[] ids = model.encode(piece);
            int last = ids.length == 0 ? 0 : ids[ids.length - 1];
            List<Token> split = new ArrayList<>();
            if (!piece.chars().allMatch(c -> c < 0x80)) {
                for (int i = 0; i < ids.length - 1; i++) {
                    split.add(new Token(ids[i], "", false));
                }
            }
            split.add(new Token(last, piece, false));
            return split;
        }
    }

    private static InferenceParameters parameters(Job job, int length) {
        Job.Sampling sampling = job.sampling();
        Long seed = sampling.seed();
        long folded = seed == null ? 0 : seed ^ (seed >>> 32);
        return new InferenceParameters(job.prompt())
                .setNPredict(length)
                // A prompt's cached part changes the last digits of what follows: the same seed, another answer.
                .setCachePrompt(false)
                .setTemperature(seed == null ? 0 : sampling.temperature())
                .setSeed((int) (folded & Integer.MAX_VALUE))
                .setTopK(sampling.topK())
                .setTopP(sampling.topP())
                .setTypicalP(sampling.typicalP())
                .setMinP(sampling.minP())
                .setRepeatPenalty(sampling.repetitionPenalty())
                .setFrequencyPenalty(sampling.frequencyPenalty())
                .setPresencePenalty(sampling.presencePenalty())
                .setRepeatLastN(-1);
    }

    /** The template with its output marked, and with what it raises as text: an exception would end the process. */
    private static String guarded(String template) {
        return "{% macro raise_exception(message) %}" + RAISED + "{{ message }}" + RAISED + "{% endmacro %}" + MARK
                + SMOLLM_SYSTEM.matcher(template).replaceFirst("");
    }

    /** The JNI library's answer is cut at a character beyond the basic plane: only ASCII goes through it. */
    private static String escape(String text) {
        return UNSAFE.matcher(text).replaceAll(unsafe -> unsafe.group()
                .chars()
                .mapToObj("%04x"::formatted)
                .collect(Collectors.joining("", "\u0002", "\u0003")));
    }

    private static String unescape(String text) {
        return ESCAPED.matcher(text).replaceAll(escaped -> {
            String hex = escaped.group(1);
            StringBuilder plain = new StringBuilder();
            for (int i = 0; i + 4 <= hex.length(); i += 4) {
                plain.append((char) Integer.parseInt(hex, i, i + 4, 16));
            }
            return Matcher.quoteReplacement(plain.toString());
        });
    }
}
