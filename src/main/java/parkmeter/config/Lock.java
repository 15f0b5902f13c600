package parkmeter.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The JumpStart models that {@code make lock} found in SageMaker's public hub: {@code parkmeter.lock.json}, committed beside
 * {@code Pulumi.yaml}. A preview reads nothing else of them, so it needs no network and says the same each time.
 */
public final class Lock {

    private static final String FILE = "parkmeter.lock.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final boolean written;
    private final Optional<String> damage;
    private final List<LockedModel> models;

    private Lock(boolean written, Optional<String> damage, List<LockedModel> models) {
        this.written = written;
        this.damage = damage;
        this.models = List.copyOf(models);
    }

    /**
     * Reads the lock of a project. One that is missing or damaged is no error before a model is looked for in it: most stacks
     * need none.
     *
     * @param folder where {@code Pulumi.yaml} is
     */
    public static Lock read(Path folder) {
        try {
            return of(Files.readString(folder.resolve(FILE)));
        } catch (NoSuchFileException e) {
            return new Lock(false, Optional.empty(), List.of());
        } catch (IOException e) {
            return damaged("it can't be read");
        }
    }

    /** The lock of this text. */
    static Lock of(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (root.path("version").asInt() != 1) {
                return damaged("its 'version' must be 1");
            }
            if (!root.path("models").isArray()) {
                return damaged("its 'models' must be a list");
            }
            var models = new ArrayList<LockedModel>();
            for (JsonNode entry : root.path("models")) {
                models.add(new LockEntry("models[" + models.size() + "]", entry).read());
            }
            return new Lock(true, Optional.empty(), models);
        } catch (JsonProcessingException e) {
            return damaged("it is no JSON");
        } catch (LockEntry.Damaged e) {
            return damaged(String.valueOf(e.getMessage()));
        }
    }

    private static Lock damaged(String how) {
        return new Lock(true, Optional.of(how), List.of());
    }

    /**
     * The entry of a model.
     *
     * @param stack the stack for which it would be locked
     * @throws NotLocked when there is none that fits in every part of the key
     */
    LockedModel find(LockedModel.Key wanted, String stack) throws NotLocked {
        String command = "make lock STACK=" + stack;
        if (damage.isPresent()) {
            throw new NotLocked(
                    "must be in " + FILE + ", which is damaged: " + damage.get(),
                    "git checkout -- " + FILE + ", or delete it; then " + command);
        }
        if (!written) {
            throw new NotLocked("must be in " + FILE + ", and there is no such file", command);
        }
        List<LockedModel> left = models;
        for (Part part : PARTS) {
            List<LockedModel> fit = left.stream()
                    .filter(model ->
                            part.of().apply(model.key()).equals(part.of().apply(wanted)))
                    .toList();
            if (fit.isEmpty()) {
                throw new NotLocked(rule(part, wanted, left), command);
            }
            left = fit;
        }
        return left.get(0);
    }

    private static String rule(Part part, LockedModel.Key wanted, List<LockedModel> others) {
        if (others.isEmpty() || part.equals(PARTS.get(0))) {
            return "must be in " + FILE + ", which has no model '" + wanted.id() + "'";
        }
        return "must be in " + FILE + " for " + part.name() + " " + part.of().apply(wanted) + ": it is there only for "
                + others.stream()
                        .map(model -> part.of().apply(model.key()))
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    /** A part of the key, in the order in which it is compared. */
    private record Part(String name, Function<LockedModel.Key, String> of) {}

    private static final List<Part> PARTS = List.of(
            new Part("the model", LockedModel.Key::id),
            new Part("version", LockedModel.Key::version),
            new Part("region", LockedModel.Key::region),
            new Part("instance type", LockedModel.Key::instanceType),
            new Part("config", key -> key.config().orElse("the first by the model's own ranking")));
}
