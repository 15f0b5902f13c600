package parkmeter.e2e;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * The compiled program as a jar, and a {@code java} that starts it quickly. Each command of Pulumi's starts two JVMs: one asks the
 * program which plugins it needs, which is the same each time, so it is asked but once; the other runs the program, and finds its
 * classes in an archive that the first run has left.
 *
 * @param folder where both are
 */
record QuickProgram(Path folder) {

    /** As .mvn/jvm.config has it: less to compile for seconds of work, and more threads than two cores give on JDK 25. */
    private static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
            + " -Djava.util.concurrent.ForkJoinPool.common.parallelism=4"
            + " -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow";

    /** Makes both in an empty folder, from what the build left in {@code target}. */
    static QuickProgram in(Path folder, Path target) throws IOException {
        var program = new QuickProgram(folder);
        program.writeJar(target);
        program.writeJava();
        return program;
    }

    /** What Pulumi's {@code binary} names. */
    Path jar() {
        return folder.resolve("program.jar");
    }

    /** Lets commands with this environment start the program quickly. */
    void quicken(Map<String, String> environment) {
        environment.put("JDK_JAVA_OPTIONS", QUICK);
        environment.put("PATH", folder + File.pathSeparator + environment.get("PATH"));
    }

    /** A jar of nothing but a class path; its paths are relative, or the JVM would not put their classes into an archive. */
    private void writeJar(Path target) throws IOException {
        Path libraries = Files.createDirectory(folder.resolve("lib"));
        var classPath = new StringJoiner(" ");
        String built = Files.readString(target.resolve("classpath.txt")).strip();
        var jars = new ArrayList<>(List.of(target.resolve("parkmeter-0.1.0.jar").toString()));
        Collections.addAll(jars, built.split(File.pathSeparator, -1));
        for (String jar : jars) {
            Path name = Path.of(jar).getFileName();
            Files.createSymbolicLink(libraries.resolve(name), Path.of(jar));
            classPath.add("lib/" + name);
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "parkmeter.App");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath.toString());
        try (OutputStream file = Files.newOutputStream(jar())) {
            new JarOutputStream(file, manifest).close();
        }
    }

    private void writeJava() throws IOException {
        Path java = folder.resolve("java");
        Files.writeString(
                java,
                """
                #!/bin/sh
                java='%s'
                here=${0%%/*}
                case "$*" in
                *' com.pulumi.bootstrap.internal.Main packages')
                    [ -s "$here/packages" ] || { "$java" "$@" >"$here/$$" && mv "$here/$$" "$here/packages"; } || exit
                    exec cat "$here/packages"
                    ;;
                "-jar $here/program.jar")
                    # A story that stands between the program and the engine has to know where the engine is this time.
                    [ -z "$ENGINE_LINE" ] || { echo "$PULUMI_MONITOR" >"$ENGINE_FILE" && export PULUMI_MONITOR="$ENGINE_LINE"; }
                    [ ! -e "$here/classes" ] || exec "$java" -Xlog:disable -XX:SharedArchiveFile="$here/classes" "$@"
                    "$java" -Xlog:disable -XX:ArchiveClassesAtExit="$here/$$" "$@"
                    end=$?
                    [ ! -e "$here/$$" ] || mv -f "$here/$$" "$here/classes"
                    exit $end
                    ;;
                esac
                exec "$java" "$@"
                """
                        .formatted(Path.of(System.getProperty("java.home"), "bin", "java")));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
