package parkmeter.local.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A function that does what its event says; tests run it from a zip in a process of its own. */
public class SampleFunction {
    /** Called by Lambda's runtime client. */
    public Object handle(Map<String, String> event) throws InterruptedException {
        String value = event.getOrDefault("value", "");
        return switch (event.get("do")) {
            case "echo" -> value;
            case "throw" -> throw new IllegalStateException(value);
            case "exit" -> {
                System.exit(Integer.parseInt(value));
                yield "";
            }
            case "halt" -> {
                Runtime.getRuntime().halt(Integer.parseInt(value));
                yield "";
            }
            case "sleep" -> {
                Thread.sleep(Long.parseLong(value));
                yield value;
            }
            case "environment" -> new TreeMap<>(System.getenv());
            case "heap" -> Runtime.getRuntime().maxMemory() / (1024 * 1024);
            case "fill the heap" -> new byte[Integer.MAX_VALUE - 8].length;
            case "long answer" -> "x".repeat(Integer.parseInt(value));
            case "pid" -> ProcessHandle.current().pid();
            case "print" -> {
                System.out.println(value);
                yield "";
            }
            case "libraries" -> isOnClassPath("io.javalin.Javalin");
            default -> throw new IllegalArgumentException(event.toString());
        };
    }

    private static boolean isOnClassPath(String type) {
        try {
            Class.forName(type);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** A function whose constructor throws, and which counts how often it was tried. */
    public static class Throwing {
        /** Adds a line to the file that the environment names, then fails. */
        public Throwing() throws IOException {
            Files.writeString(
                    Path.of(System.getenv("TRIES")), "x\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            throw new IllegalStateException("no settings");
        }

        /** Never called. */
        public Object handle(Map<String, String> event) {
            return event;
        }
    }

    /** A function that ends its process before it's up. */
    public static class Exiting {
        /** Ends the process. */
        public Exiting() {
            System.exit(7);
        }

        /** Never called. */
        public Object handle(Map<String, String> event) {
            return event;
        }
    }

    /** Writes the zip that holds these functions. */
    static Path zip(Path folder) throws IOException {
        Path zip = folder.resolve("function.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Class<?> type : new Class<?>[] {SampleFunction.class, Throwing.class, Exiting.class}) {
                String path = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new ZipEntry(path));
                try (InputStream bytes = Objects.requireNonNull(type.getResourceAsStream("/" + path))) {
                    bytes.transferTo(out);
                }
            }
        }
        return zip;
    }
}
