package parkmeter.config;

import java.util.List;

/** Reads where tokens and users are, and checks that the rest of the stack goes with it. */
final class AccessReader {

    /** The access functions' longest part of a name. */
    private static final String LONGEST_PART = "authorizer";

    private final Names names;
    private final Report report;

    AccessReader(Names names, Report report) {
        this.names = names;
        this.report = report;
    }

    TokenSettings tokens(Section section) {
        var settings = new TokenSettings(
                section.find(Keys.TOKEN_TABLE),
                section.get(Keys.CLEAR_TEXT),
                section.get(Keys.CACHE_SECONDS),
                section.values(Keys.TOKEN_OPERATORS, Keys.TOKEN_OPERATOR));
        if (settings.clearText() && !section.has(Keys.TOKEN_TABLE)) {
            String place = section.pathOf(Keys.TOKEN_TABLE);
            report.add(
                    place,
                    "",
                    "is missing: legacyClearText tells of a table that is there, and this stack makes none of that kind",
                    report.set(place, Keys.TOKEN_TABLE));
        }
        section.done();
        return settings;
    }

    UserPoolSettings userPool(Section section) {
        var settings = new UserPoolSettings(section.find(Keys.USER_POOL));
        section.done();
        return settings;
    }

    /**
     * Refuses what the stack has no use for, and what its tokens lack.
     *
     * @param paths the routes' paths
     */
    void check(StackConfig stack, Section top, List<Section> clients, List<RouteReader.Taken> paths) {
        if (stack.takes(Access.Token.class)) {
            checkTokens(stack, top.section(Keys.TOKENS), clients);
        } else {
            top.unusedWhole(Keys.TOKENS, "no route's access is token");
        }
        if (stack.users().isEmpty()) {
            top.unusedWhole(Keys.COGNITO, "no route's access is cognito, and no user issues tokens");
        }
        if (stack.issuesTokens()) {
            paths.forEach(route -> {
                String path = route.path();
                String place = route.place();
                if (path.matches("/tokens(/.*)?")) {
                    report.add(
                            place,
                            "\"" + path + "\"",
                            "must not be /tokens or below it: these are for the stack's tokens",
                            report.set(place, "/models" + path));
                }
            });
        }
        if (stack.hasAuthorizer()) {
            report.checkFunctionName(Keys.TOKENS, names.of(LONGEST_PART));
        }
    }

    private void checkTokens(StackConfig stack, Section tokens, List<Section> clients) {
        TokenSettings settings = stack.tokens();
        if (stack.api() instanceof Api.Rest) {
            tokens.unusedWhole(Keys.TOKEN_OPERATORS, "operators of a REST API are clients, with operator: true");
            boolean known =
                    clients.size() <= 1 || stack.clients().stream().anyMatch(Client::operator) || settings.clearText();
            if (!known) {
                String place = clients.get(0).pathOf(Keys.OPERATOR);
                report.add(
                        place,
                        "",
                        "is missing: one of several clients has to be an operator, who issues the tokens",
                        report.set(place, "true"));
            }
        } else if (settings.clearText()) {
            tokens.unusedWhole(Keys.TOKEN_OPERATORS, "nobody issues tokens into a table that holds them in clear");
        } else if (settings.operators().isEmpty() && settings.table().isEmpty()) {
            String place = tokens.pathOf(Keys.TOKEN_OPERATORS);
            report.add(
                    place,
                    "",
                    "is missing: nobody could issue a token. On an HTTP API users of the user pool do; a table of another stack"
                            + " goes without",
                    report.set(place, Keys.TOKEN_OPERATOR));
        }
    }
}
