package parkmeter.local.jumpstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.engine.Stack;

/** Locks the JumpStart models of a stack: {@code make lock}. */
public final class Locking {

    /** Where each model is that is public at all. */
    private static final String HOME = "us-east-1";

    private static final int FEW = 5;

    private final PublicHub hub;
    private final Clock clock;

    /**
     * @param hub who is asked
     * @param clock says on which day a licence was accepted
     */
    public Locking(PublicHub hub, Clock clock) {
        this.hub = hub;
        this.clock = clock;
    }

    /**
     * Asks the hub for every JumpStart model of the stack, and writes what it says into {@code parkmeter.lock.json} of the
     * project's folder. What other stacks have in it stays.
     *
     * @return what a person wants to know of it, a line each
     * @throws CannotLock where any of them can't be locked; the file is as it was then
     */
    public List<String> lock(Stack stack) throws CannotLock {
        var problems = new Problems(stack.name());
        List<Wanted> wanted = Wanted.of(stack, problems);
        String region = stack.config().getOrDefault("aws:region", "");
        if (!region.matches("[a-z]{2}(-[a-z]+)+-[0-9]")) {
            problems.add(
                    "aws:region",
                    region,
                    "must be the AWS region that the stack is deployed in: images and weights differ by region",
                    problems.set("aws:region", HOME));
        }
        problems.throwIfAny();
        if (wanted.isEmpty()) {
            return List.of("Stack '" + stack.name() + "' has no model of JumpStart: there is nothing to lock.");
        }
        LockFile file = LockFile.read(stack.folder());
        var resolver = new Resolver(region, LocalDate.now(clock), problems);
        var entries = new ArrayList<ObjectNode>();
        var lines = new ArrayList<String>();
        for (Wanted model : wanted) {
            Optional<PublicHub.Content> content = Versions.isWhole(model.version())
                    ? hub.find(region, model.id(), model.version())
                    : Optional.empty();
            if (content.isEmpty()) {
                unknown(model, region, problems);
                continue;
            }
            resolve(resolver, model, content.get()).ifPresent(resolved -> {
                entries.add(resolved.entry());
                lines.add(model.name(region)
                        + resolved.config().map(config -> ", config " + config).orElse("") + ": "
                        + what(resolved.entry()));
                resolved.subscription()
                        .ifPresent(
                                link -> lines.add("  It is a product of the Marketplace: subscribe first, at " + link));
                if (content.get().retired()) {
                    lines.add("  AWS does not recommend this version any more.");
                }
            });
        }
        problems.throwIfAny();
        file.put(entries);
        file.write();
        lines.add("Written to " + LockFile.NAME + ": commit it.");
        return List.copyOf(lines);
    }

    private static Optional<Resolver.Resolved> resolve(Resolver resolver, Wanted model, PublicHub.Content content)
            throws CannotLock {
        try {
            return resolver.resolve(model, HubDocument.parse(content.document()), sha256(content.document()));
        } catch (JsonProcessingException e) {
            throw new CannotLock("What the hub says of " + model.id() + " " + model.version() + " is no JSON.");
        }
    }

    private static String what(ObjectNode entry) {
        String image = entry.path("image").asText();
        return image.isEmpty() ? "a model package" : image.substring(image.indexOf('/') + 1);
    }

    /** Says of a model that was not found what is wrong with it: its version, its region, or its id. */
    private void unknown(Wanted model, String region, Problems problems) throws CannotLock {
        List<String> versions =
                Versions.nearestFirst(Versions.newestFirst(hub.versions(region, model.id())), model.version());
        if (!versions.isEmpty()) {
            String path = model.source() + ".version";
            problems.add(
                    path,
                    model.version(),
                    (model.version().isEmpty() ? "is missing: it must be" : "must be") + " a version of " + model.id()
                            + ": " + String.join(", ", versions.subList(0, Math.min(FEW, versions.size())))
                            + (versions.size() > FEW ? ", …" : ""),
                    problems.set(path, versions.get(0)));
        } else if (isElsewhere(model, region)) {
            problems.add(
                    "aws:region",
                    region,
                    "must be a region whose hub has " + model.id() + ": this one has not, " + HOME + " has",
                    problems.set("aws:region", HOME) + ", or another model in " + model.source());
        } else {
            problems.add(
                    model.source() + ".id",
                    model.id(),
                    "must be a model of SageMaker's public hub",
                    "aws sagemaker list-hub-contents --hub-name SageMakerPublicHub --hub-content-type Model --region "
                            + region + " --name-contains " + model.id().replaceAll("[^A-Za-z0-9-].*", "")
                            + " lists those it has");
        }
    }

    private boolean isElsewhere(Wanted model, String region) {
        // Other partitions have accounts of their own, which us-east-1 does not know.
        if (region.equals(HOME) || region.startsWith("cn-") || region.startsWith("us-gov-")) {
            return false;
        }
        try {
            return !hub.versions(HOME, model.id()).isEmpty();
        } catch (CannotLock e) {
            // Somebody may be kept to some regions; then it is not known whether the model is elsewhere.
            return false;
        }
    }

    /**
     * The newest version that is locked of each JumpStart model, by its id.
     *
     * @param folder the project's
     */
    public static Map<String, String> versions(Path folder) throws CannotLock {
        return LockFile.read(folder).newest();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
