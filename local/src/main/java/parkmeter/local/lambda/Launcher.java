package parkmeter.local.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * What a function's process starts: it runs Lambda's runtime client and ends with the process that started it. The
 * starter holds the other end of standard input and writes nothing there, so the stream's end means that it is gone,
 * however it went, and even when the handler hangs or has threads that keep the JVM alive.
 *
 * <p>Runs with nothing on its class path but this class and the runtime client.
 */
final class Launcher {
    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

    private Launcher() {}

    /**
     * Runs until the runtime client returns or the starter is gone.
     *
     * @param arguments the handler
     */
    public static void main(String[] arguments) throws Throwable {
        InputStream starter = System.in;
        System.setIn(InputStream.nullInputStream());
        Thread watch = new Thread(() -> haltAtEnd(starter), "starter-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            MethodHandles.lookup()
                    .findStatic(Class.forName(CLIENT), "main", MethodType.methodType(void.class, String[].class))
                    .invokeExact(arguments);
        } catch (Throwable e) {
            Thread main = Thread.currentThread();
            main.getUncaughtExceptionHandler().uncaughtException(main, e);
        }
        System.exit(1);
    }

    private static void haltAtEnd(InputStream starter) {
        try {
            while (starter.read() >= 0) {
                // nobody writes here
            }
        } catch (IOException e) {
            // as good as its end
        }
        Runtime.getRuntime().halt(1);
    }
}
