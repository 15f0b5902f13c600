package parkmeter.config;

import java.util.List;
import java.util.Optional;

/** Reads what is served. */
final class SourceReader {

    private final Report report;
    private final String stack;
    private final Optional<String> region;
    private final Lock lock;
    private boolean known = true;

    /**
     * @param stack the stack's name
     * @param region the stack's region, where the stack file names one that there is
     * @param lock what is known of JumpStart's models
     */
    SourceReader(Report report, String stack, Optional<String> region, Lock lock) {
        this.report = report;
        this.stack = stack;
        this.region = region;
        this.lock = lock;
    }

    /**
     * Reads a source.
     *
     * @param instanceType what it is to run on, where the stack file names one that there is
     * @return what was found; where that is nothing that can be served, the reading goes on with the hub's example
     */
    Source read(Section section, Optional<InstanceType> instanceType) {
        List<Key<?>> given = Keys.SOURCES.stream().filter(section::has).toList();
        given.stream()
                .skip(1)
                .forEach(key -> section.unused(
                        key, "must not stand beside " + given.get(0).name() + ": a model comes from one place"));
        if (given.isEmpty()) {
            report.missing(section.pathOf(Keys.HUB), Keys.HUB);
        }
        Source source = given.isEmpty() ? hub(section) : read(section, given.get(0), instanceType);
        only(section, Keys.SIZE, "s3", source instanceof Source.S3);
        List.of(Keys.REVISION, Keys.FILE).forEach(key -> only(section, key, "hub", source instanceof Source.Hub));
        only(section, Keys.ACCEPT_EULA, "s3", source instanceof Source.S3);
        if (section.has(Keys.REVISION) && section.has(Keys.FILE)) {
            section.unused(
                    Keys.REVISION,
                    "must not stand beside file: llama.cpp's server takes the newest file of the hub; for one revision stage a copy"
                            + " (make stage HUB=… REVISION=… FILE=… S3=…), and name it in source.s3");
        }
        section.done();
        return source;
    }

    /** The stack's region, where it is known. */
    Optional<String> region() {
        return region;
    }

    /** Whether all that was read is known; else nothing can be said of what runs it. */
    boolean known() {
        return known;
    }

    private Source read(Section section, Key<?> kind, Optional<InstanceType> instanceType) {
        if (kind.equals(Keys.S3)) {
            return new Source.S3(section.get(Keys.S3), section.get(Keys.ACCEPT_EULA));
        }
        if (kind.equals(Keys.MODEL_PACKAGE)) {
            return modelPackage(section);
        }
        if (kind.equals(Keys.ENDPOINT_CONFIG)) {
            return new Source.EndpointConfig(section.get(Keys.ENDPOINT_CONFIG));
        }
        return kind.equals(Keys.JUMP_START) ? jumpStart(section, instanceType) : hub(section);
    }

    private static Source hub(Section section) {
        return new Source.Hub(section.get(Keys.HUB), section.find(Keys.REVISION), section.find(Keys.FILE));
    }

    private Source modelPackage(Section section) {
        region.ifPresent(here -> section.inRegion(
                Keys.MODEL_PACKAGE,
                here,
                "must be a package of the stack's region, " + here + ": its seller names one for each region"));
        return new Source.ModelPackage(section.get(Keys.MODEL_PACKAGE));
    }

    private Source jumpStart(Section parent, Optional<InstanceType> instanceType) {
        Section section = parent.section(Keys.JUMP_START);
        String id = section.get(Keys.JUMP_START_ID);
        String version = section.get(Keys.JUMP_START_VERSION);
        Optional<String> config = section.find(Keys.JUMP_START_CONFIG);
        boolean accepted = section.get(Keys.JUMP_START_EULA);
        section.done();
        known = false;
        Source fallback = new Source.Hub("example/model", Optional.empty(), Optional.empty());
        if (section.given(Keys.JUMP_START_ID).isEmpty()
                || section.given(Keys.JUMP_START_VERSION).isEmpty()
                || region.isEmpty()
                || instanceType.isEmpty()) {
            return fallback;
        }
        try {
            LockedModel locked = lock.find(
                    new LockedModel.Key(
                            id, version, region.get(), instanceType.get().name(), config),
                    stack);
            if (locked.gated() && !accepted) {
                report.add(
                        section.pathOf(Keys.JUMP_START_EULA),
                        section.shown(Keys.JUMP_START_EULA),
                        "must be true: the model may be had only by who accepts its licence",
                        report.set(section.pathOf(Keys.JUMP_START_EULA), "true"));
            }
            known = true;
            return new Source.JumpStart(id, version, locked);
        } catch (NotLocked e) {
            report.add(section.pathOf(Keys.JUMP_START_ID), section.shown(Keys.JUMP_START_ID), e.rule(), e.mend());
            return fallback;
        }
    }

    private static void only(Section section, Key<?> key, String where, boolean fits) {
        if (section.has(key) && !fits) {
            section.unused(key, "belongs to " + where + ", and has nothing to say beside another source");
        }
    }
}
