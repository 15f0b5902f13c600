package parkmeter.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one entry of {@code parkmeter.lock.json}; what is missing, unknown or of another type is damage. */
final class LockEntry {

    private final String place;
    private final JsonNode node;
    private final Set<String> known = new HashSet<>();

    LockEntry(String place, JsonNode node) {
        this.place = place;
        this.node = node;
    }

    LockedModel read() throws Damaged {
        var key = new LockedModel.Key(
                text("id"), text("version"), text("region"), text("instanceType"), textIfAny("config"));
        Optional<String> modelPackage = textIfAny("modelPackage");
        Optional<String> image = textIfAny("image");
        Optional<LockEntry> artifact = sectionIfAny("artifact");
        Map<String, String> environment = environment();
        if (image.isPresent() == modelPackage.isPresent()) {
            throw new Damaged(place + " must have either 'image' or 'modelPackage'");
        }
        if (modelPackage.isPresent() && (artifact.isPresent() || !environment.isEmpty())) {
            throw new Damaged(place + " must have no 'artifact' and no 'environment' beside 'modelPackage'");
        }
        LockedModel.Runs runs = modelPackage.isPresent()
                ? new LockedModel.ModelPackage(modelPackage.get())
                : new LockedModel.Container(
                        new ContainerImage(image.orElseThrow()),
                        artifact.isPresent() ? Optional.of(artifact.get().artifact()) : Optional.empty(),
                        environment);
        boolean gated = flag("gated");
        Optional<LockEntry> eula = sectionIfAny("eula");
        if (eula.isPresent()) {
            eula.get().textIfAny("uri");
            eula.get().text("accepted");
            eula.get().done();
        } else if (gated) {
            throw new Damaged(place + " must have 'eula', since it is gated");
        }
        textIfAny("resolvedConfig");
        text("documentSha256");
        var model = new LockedModel(
                key,
                runs,
                numberIfAny("startupHealthCheckSeconds"),
                numberIfAny("modelDownloadSeconds"),
                numberIfAny("volumeGigabytes"),
                flag("networkIsolation"),
                textIfAny("inferenceAmi"),
                gated);
        done();
        return model;
    }

    private LockedModel.Artifact artifact() throws Damaged {
        var artifact = new LockedModel.Artifact(text("uri"), text("type"), text("compression"));
        done();
        if (!artifact.uri().matches("s3://[^/]+/.+")) {
            throw new Damaged(place + ".uri must be s3://bucket/key");
        }
        if (!Set.of("S3Prefix None", "S3Object None", "S3Object Gzip")
                .contains(artifact.type() + " " + artifact.compression())) {
            throw new Damaged(place + " must be an S3Prefix or an S3Object, and compressed by None or Gzip");
        }
        if (artifact.type().equals("S3Prefix") != artifact.uri().endsWith("/")) {
            throw new Damaged(place
                    + ".uri must end with a slash where it is an S3Prefix, and with none where it is an S3Object");
        }
        return artifact;
    }

    private Map<String, String> environment() throws Damaged {
        JsonNode variables = find("environment");
        if (!variables.isObject()) {
            throw new Damaged(place + ".environment must be texts by their names");
        }
        var environment = new HashMap<String, String>();
        for (Map.Entry<String, JsonNode> variable : variables.properties()) {
            if (!variable.getValue().isTextual()) {
                throw new Damaged(place + ".environment must be texts by their names");
            }
            environment.put(variable.getKey(), variable.getValue().textValue());
        }
        return environment;
    }

    private JsonNode find(String name) {
        known.add(name);
        return node.path(name);
    }

    private String text(String name) throws Damaged {
        return textIfAny(name).orElseThrow(() -> new Damaged(place + "." + name + " is missing"));
    }

    private Optional<String> textIfAny(String name) throws Damaged {
        JsonNode value = find(name);
        if (!value.isMissingNode() && (!value.isTextual() || value.textValue().isEmpty())) {
            throw new Damaged(place + "." + name + " must be a text");
        }
        return Optional.ofNullable(value.textValue());
    }

    private Optional<Integer> numberIfAny(String name) throws Damaged {
        JsonNode value = find(name);
        if (!value.isMissingNode() && (!value.isInt() || value.intValue() < 1)) {
            throw new Damaged(place + "." + name + " must be a whole number from 1");
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.intValue());
    }

    private boolean flag(String name) throws Damaged {
        JsonNode value = find(name);
        if (!value.isBoolean()) {
            throw new Damaged(place + "." + name + " must be true or false");
        }
        return value.booleanValue();
    }

    private Optional<LockEntry> sectionIfAny(String name) {
        JsonNode section = find(name);
        return section.isMissingNode() ? Optional.empty() : Optional.of(new LockEntry(place + "." + name, section));
    }

    private void done() throws Damaged {
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            if (!known.contains(each.getKey())) {
                throw new Damaged(place + "." + each.getKey() + " is no key that exists here");
            }
        }
    }

    /** What is wrong with an entry, with its place. */
    static final class Damaged extends Exception {

        private static final long serialVersionUID = 1;

        Damaged(String what) {
            super(what);
        }
    }
}
