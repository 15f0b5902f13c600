package parkmeter.local;

import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import parkmeter.local.engine.Plan;
import parkmeter.local.identity.KeySets;
import parkmeter.local.lambda.Functions;

/** The API that a stack declares, of one kind or the other, as the servers that stand in for it take it. */
sealed interface ServedApi permits RestServed, HttpServed {

    /**
     * An API that answers.
     *
     * @param port where it listens on this machine
     * @param end ends it
     */
    record Open(int port, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /**
     * What an API needs around it.
     *
     * @param functions what it calls
     * @param keys what user pools sign with
     * @param services where each AWS service that it calls answers, by API Gateway's name for it
     * @param accessLog takes the lines of its access log, where it has one
     */
    record Surroundings(Functions functions, KeySets keys, Map<String, URI> services, Consumer<String> accessLog) {}

    /** The stage's name. */
    String stage();

    /** The account's number. */
    String account();

    /** What a caller needs. */
    enum Way {
        /** Nothing. */
        OPEN,
        /** An API key. */
        KEY,
        /** An access token. */
        TOKEN,
        /** To be signed in. */
        USER
    }

    /** What a path asks for that is called by POST. */
    Way way(String path);

    /** Whether a path that is called by POST takes a prompt, as far as the API itself says. */
    boolean takesPrompt(String path);

    /** The uri of what answers a path that is called by POST; empty where nothing does. */
    Optional<String> integration(String path);

    /**
     * Serves it until it is closed.
     *
     * @param clock what rates and quotas, tokens and what authorizers said go by
     * @param port to listen on; 0: a free one
     */
    Open open(Surroundings surroundings, Clock clock, int port);

    /**
     * Takes it from a plan.
     *
     * @param declared with the keys
     * @throws CannotRun where the stack declares none, or more than one
     */
    static ServedApi of(Plan plan, String region, Declared declared) throws CannotRun {
        return plan.ofType(HttpServed.TYPE).isEmpty()
                ? RestServed.of(plan, region, declared.keys())
                : HttpServed.of(plan, region);
    }
}
