package parkmeter.local.httpapi;

import java.util.function.Consumer;
import parkmeter.local.edge.Reply;
import parkmeter.local.edge.Substitution;

/** A line for each request (API Gateway developer guide, "Customize HTTP API access logs"); a dash stands for nothing. */
record AccessLog(Substitution format, Consumer<String> lines) {

    static AccessLog of(String format, Consumer<String> lines) {
        return new AccessLog(Substitution.of(format, "access log's format"), lines);
    }

    void write(HttpStage.Outcome outcome, Reply reply) {
        lines.accept(format.fill(name -> {
            String value =
                    switch (name) {
                        case "status" -> String.valueOf(reply.status());
                        case "responseLength" -> String.valueOf(reply.body().length);
                        case "error.message" -> outcome.message();
                        case "error.messageString" -> outcome.message().isEmpty() ? "" : '"' + outcome.message() + '"';
                        case "authorizer.error", "integrationErrorMessage", "integration.error" -> outcome.why();
                        default -> outcome.exchange().variable(name);
                    };
            return value.isEmpty() ? "-" : value;
        }));
    }
}
