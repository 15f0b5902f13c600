package parkmeter.access;

import com.pulumi.aws.dynamodb.DynamodbFunctions;
import com.pulumi.aws.dynamodb.Table;
import com.pulumi.aws.dynamodb.TableArgs;
import com.pulumi.aws.dynamodb.inputs.GetTablePlainArgs;
import com.pulumi.aws.dynamodb.inputs.TableAttributeArgs;
import com.pulumi.aws.dynamodb.inputs.TableTtlArgs;
import com.pulumi.aws.dynamodb.outputs.GetTableResult;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.exceptions.RunException;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.api.RestFront;
import parkmeter.config.Names;
import parkmeter.config.TokenSettings;
import parkmeter.function.JsonVariable;
import parkmeter.function.LambdaFunction;
import parkmeter.iam.Account;
import parkmeter.iam.Statement;

/** The table of access tokens, and the function by which operators issue them. */
public final class Tokens extends ComponentResource {

    private static final String HASH = "hash";
    private static final String CLEAR_TEXT = "token";

    private final TokenSettings settings;
    private final Output<String> tableName;
    private final Output<String> tableArn;
    private final Optional<LambdaFunction> issuer;

    /**
     * Who issues tokens, and for whom.
     *
     * @param operators whom the function is for, by API keys' ids or users' subjects, as a JSON list that is not empty
     * @param clients the clients' names; empty where the API has none
     */
    public record Issuing(Output<String> operators, List<String> clients) {

        public Issuing {
            clients = List.copyOf(clients);
        }
    }

    /**
     * Declares the table, or looks one up.
     *
     * @param settings where the tokens are
     * @param issuing who issues them; absent: nobody does here
     * @param names the stack's names
     * @param account where the stack stands
     * @param lookup how another stack's table is asked for
     * @param options the component's options, with the provider
     * @throws RunException in one sentence, where there is no such table, or it is of another kind
     */
    public Tokens(
            TokenSettings settings,
            Optional<Issuing> issuing,
            Names names,
            Account account,
            InvokeOptions lookup,
            ComponentResourceOptions options) {
        super("parkmeter:access:Tokens", "tokens", options);
        this.settings = settings;
        if (settings.table().isPresent()) {
            GetTableResult found = existing(settings.table().get(), settings.clearText() ? CLEAR_TEXT : HASH, lookup);
            this.tableName = Output.of(found.name());
            this.tableArn = Output.of(found.arn());
        } else {
            Table table = table(names);
            this.tableName = table.name();
            this.tableArn = table.arn();
        }
        this.issuer = issuing.map(known -> new LambdaFunction(
                issuer(known),
                names,
                account,
                ComponentResourceOptions.builder().parent(this).build()));
        registerOutputs(Map.of("tableName", tableName));
    }

    /** The function that issues, lists and revokes tokens; absent where nobody does here. */
    public Optional<LambdaFunction> issuer() {
        return issuer;
    }

    Output<String> tableName() {
        return tableName;
    }

    TokenSettings settings() {
        return settings;
    }

    /** Allows to look at a token, and to note that it was used where the table has room for that. */
    Statement readGrant() {
        return settings.clearText() ? grant("dynamodb:GetItem") : grant("dynamodb:GetItem", "dynamodb:UpdateItem");
    }

    private Statement grant(String... actions) {
        return Statement.allow("Tokens", List.of(actions), List.of(tableArn));
    }

    private Table table(Names names) {
        return new Table(
                "tokens-table",
                TableArgs.builder()
                        .name(names.of("tokens"))
                        .billingMode("PAY_PER_REQUEST")
                        .hashKey(HASH)
                        .attributes(TableAttributeArgs.builder()
                                .name(HASH)
                                .type("S")
                                .build())
                        .ttl(TableTtlArgs.builder()
                                .attributeName("expiresAt")
                                .enabled(true)
                                .build())
                        .build(),
                CustomResourceOptions.builder().parent(this).build());
    }

    private LambdaFunction.Spec issuer(Issuing issuing) {
        return new LambdaFunction.Spec(
                "tokens",
                LambdaFunction.Code.ACCESS,
                "parkmeter.lambda.access.TokensHandler::handleRequest",
                RestFront.TIMEOUT,
                Optional.empty(),
                Map.of(
                        "PARKMETER_TOKEN_TABLE", tableName,
                        "PARKMETER_CLIENTS", Output.of(JsonVariable.list(issuing.clients())),
                        "PARKMETER_OPERATORS", issuing.operators()),
                List.of(grant("dynamodb:PutItem", "dynamodb:Scan", "dynamodb:DeleteItem")));
    }

    private static GetTableResult existing(String name, String key, InvokeOptions lookup) {
        GetTableResult found = Lookup.answer(
                DynamodbFunctions.getTablePlain(
                        GetTablePlainArgs.builder().name(name).build(), lookup),
                "parkmeter:tokens.table: the table '" + name + "'",
                "aws dynamodb list-tables");
        if (!found.hashKey().equals(key)) {
            throw new RunException("parkmeter:tokens.table: the table '" + name + "' has the partition key '"
                    + found.hashKey() + "', and must have '" + key + "'"
                    + (key.equals(HASH) ? "; one that holds tokens in clear needs legacyClearText: true" : "") + ".");
        }
        return found;
    }
}
