package parkmeter.local.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parkmeter.local.http.Events;
import parkmeter.local.llm.CannotGenerate;
import parkmeter.local.llm.Generation;
import parkmeter.local.llm.Generation.Finish;
import parkmeter.local.llm.Generation.Token;
import parkmeter.local.llm.Job;
import parkmeter.local.llm.Llm;
import parkmeter.local.openai.Dialect.Head;
import parkmeter.local.openai.Dialect.Request;
import parkmeter.local.openai.Dialect.Said;

/** Takes requests from their bodies to the model and back. */
final class Routes {
    private final Dialect dialect;
    private final Llm llm;
    private final InstantSource clock;

    Routes(Dialect dialect, Llm llm, InstantSource clock) {
        this.dialect = dialect;
        this.llm = llm;
        this.clock = clock;
    }

    void mount(Javalin routes) {
        routes.get("/ping", context -> context.status(200));
        routes.get("/health", context -> context.status(200));
        routes.post("/invocations", this::answer);
        routes.post("/v1/chat/completions", this::answer);
    }

    private void answer(Context context) {
        try {
            Request request =
                    dialect.read(Objects.requireNonNullElse(context.contentType(), ""), context.bodyAsBytes());
            Head head = new Head(dialect.id(request), clock.instant().getEpochSecond());
            if (request.body().streams()) {
                stream(context, request, head);
            } else {
                List<Said> choices = new ArrayList<>();
                for (Job job : request.jobs()) {
                    said(job, text -> true).ifPresent(choices::add);
                }
                json(context, 200, dialect.answer(request, head, choices));
            }
        } catch (Refusal refusal) {
            json(context, refusal.status(), refusal.body());
        } catch (CannotGenerate cannot) {
            Refusal refusal = dialect.refusal(cannot);
            json(context, refusal.status(), refusal.body());
        }
    }

    private void stream(Context context, Request request, Head head) {
        try (Events events = new Events(context)) {
            int promptTokens = 0;
            int tokens = 0;
            try {
                for (int i = 0; i < request.jobs().size(); i++) {
                    int choice = i;
                    send(events, dialect.opening(request, head, choice));
                    Optional<Said> said = said(
                            request.jobs().get(i),
                            text -> text.isEmpty() || events.send(dialect.delta(request, head, choice, text)));
                    if (said.isEmpty()) {
                        return; // nobody listens
                    }
                    events.send(dialect.closing(request, head, choice, said.get()));
                    promptTokens += said.get().promptTokens();
                    tokens += said.get().tokens();
                }
                if (request.body().wantsUsage()) {
                    events.send(dialect.usage(request, head, promptTokens, tokens));
                }
            } catch (CannotGenerate cannot) {
                events.send(dialect.refusal(cannot).body());
            }
            events.done();
        }
    }

    private static void send(Events events, @Nullable ObjectNode event) {
        if (event != null) {
            events.send(event);
        }
    }

    /** Takes text as it comes; says whether anybody still listens. */
    private interface Listener {
        boolean text(String text);
    }

    private Optional<Said> said(Job job, Listener listener) throws CannotGenerate {
        Stops stops = new Stops(job.stop());
        Optional<Generation> generation = llm.generate(job, (index, token) -> listener.text(stops.add(text(token))));
        if (generation.isEmpty()) {
            return Optional.empty();
        }
        Generation whole = generation.get();
        boolean listening = listener.text(stops.add(text(whole.last()))) && listener.text(stops.rest());
        if (!listening) {
            return Optional.empty();
        }
        Optional<String> stop = stops.found();
        String text = whole.text();
        return Optional.of(new Said(
                stop.map(found -> text.substring(0, text.indexOf(found))).orElse(text),
                stop.isPresent() ? Finish.STOP_SEQUENCE : whole.finish(),
                stop.orElse(null),
                job.promptTokens().size(),
                whole.tokens().size()));
    }

    private static String text(Token token) {
        return token.special() ? "" : token.text();
    }

    private static void json(Context context, int status, ObjectNode body) {
        context.status(status)
                .contentType("application/json")
                .result(body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
