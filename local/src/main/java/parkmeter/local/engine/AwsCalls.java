package parkmeter.local.engine;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The provider functions that a program may ask: answered from tables, never from AWS. */
final class AwsCalls {
    private interface Call {
        Map<String, String> answer(JsonNode arguments, Place place);
    }

    private static final Pattern CLEAR_TEXT = Pattern.compile("\"legacyClearText\"\\s*:\\s*true");
    private static final String GET_TABLE = "aws:dynamodb/getTable:getTable";

    private static final Map<String, Call> CALLS = Map.of(
            "aws:index/getCallerIdentity:getCallerIdentity",
            (arguments, at) -> Map.of(
                    "id", at.account(),
                    "accountId", at.account(),
                    "arn", at.globalArn("iam", "root"),
                    "userId", at.account()),
            "aws:index/getRegion:getRegion",
            (arguments, at) -> Map.of(
                    "id", at.region(),
                    "name", at.region(),
                    "description", at.region(),
                    "endpoint", "ec2." + at.region() + "." + at.dnsSuffix()),
            "aws:index/getPartition:getPartition",
            (arguments, at) -> Map.of(
                    "id", at.partition(),
                    "partition", at.partition(),
                    "dnsSuffix", at.dnsSuffix(),
                    "reverseDnsPrefix", reversed(at.dnsSuffix())),
            "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage",
            AwsCalls::prebuiltImage,
            "aws:lambda/getFunction:getFunction",
            AwsCalls::function,
            "aws:cognito/getUserPool:getUserPool",
            AwsCalls::userPool,
            "aws:secretsmanager/getSecretVersion:getSecretVersion",
            AwsCalls::secretVersion);

    /**
     * The accounts of AWS's Deep Learning Containers by region: image_uri_config/huggingface-llm.json of the SageMaker
     * Python SDK, August 2026.
     */
    private static final Map<String, String> REGISTRIES = Stream.concat(
                    Arrays.stream(
                                    ("us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1"
                                                    + " eu-west-2 eu-west-3 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1"
                                                    + " ap-southeast-2 sa-east-1")
                                            .split(" ", -1))
                            .map(region -> entry(region, "763104351884")),
                    Stream.of(
                            entry("af-south-1", "626614931356"),
                            entry("ap-east-1", "871362719292"),
                            entry("ap-east-2", "975050140332"),
                            entry("ap-northeast-3", "364406365360"),
                            entry("ap-south-2", "772153158452"),
                            entry("ap-southeast-3", "907027046896"),
                            entry("ap-southeast-4", "457447274322"),
                            entry("ap-southeast-5", "550225433462"),
                            entry("ap-southeast-6", "633930458069"),
                            entry("ap-southeast-7", "590183813437"),
                            entry("ca-west-1", "204538143572"),
                            entry("eu-central-2", "380420809688"),
                            entry("eu-south-1", "692866216735"),
                            entry("eu-south-2", "503227376785"),
                            entry("il-central-1", "780543022126"),
                            entry("me-central-1", "914824155844"),
                            entry("me-south-1", "217643126080"),
                            entry("mx-central-1", "637423239942"),
                            entry("cn-north-1", "727897471807"),
                            entry("cn-northwest-1", "727897471807"),
                            entry("us-gov-east-1", "446045086412"),
                            entry("us-gov-west-1", "442386744353"),
                            entry("us-iso-east-1", "886529160074"),
                            entry("us-isob-east-1", "094389454867"),
                            entry("us-isof-east-1", "303241398832"),
                            entry("us-isof-south-1", "454834333376")))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private AwsCalls() {}

    /**
     * Answers one call.
     *
     * @param config the stack's, which says what is in a table of somebody else's
     * @throws Refused when the token isn't one of these, naming it, or an image's registry isn't known
     */
    static Map<String, String> answer(String token, JsonNode arguments, Place place, Map<String, String> config) {
        if (token.equals(GET_TABLE)) {
            return table(arguments, place, config);
        }
        Call call = CALLS.get(token);
        if (call == null) {
            throw new Refused("The program calls " + token + ", which the local engine doesn't answer. It answers "
                    + Stream.concat(CALLS.keySet().stream(), Stream.of(GET_TABLE))
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        return call.answer(arguments, place);
    }

    private static Map<String, String> prebuiltImage(JsonNode arguments, Place provider) {
        String repository = arguments.path("repositoryName").asText();
        String tag = arguments.path("imageTag").asText("latest");
        Place at = Place.of(arguments.path("region").asText(provider.region()));
        String suffix = arguments.path("dnsSuffix").asText(at.dnsSuffix());
        if (!repository.startsWith("huggingface-") && !repository.startsWith("djl-")) {
            throw new Refused("getPrebuiltEcrImage: the local engine knows the registries of AWS's Hugging Face and DJL"
                    + " containers, not of '" + repository + "'.");
        }
        String registry = REGISTRIES.get(at.region());
        if (registry == null) {
            throw new Refused("getPrebuiltEcrImage: no registry of AWS's containers is known in the region '"
                    + at.region() + "'. Check aws:region; AWS lists them under 'Deep Learning Containers images'.");
        }
        return Map.of(
                "id", registry,
                "registryId", registry,
                "registryPath", "%s.dkr.ecr.%s.%s/%s:%s".formatted(registry, at.region(), suffix, repository, tag),
                "repositoryName", repository,
                "imageTag", tag,
                "region", at.region(),
                "dnsSuffix", suffix);
    }

    private static String reversed(String dnsSuffix) {
        String[] labels = dnsSuffix.split("\\.", -1);
        StringBuilder reversed = new StringBuilder();
        for (String label : labels) {
            reversed.insert(0, reversed.isEmpty() ? label : label + ".");
        }
        return reversed.toString();
    }

    /** A function that is taken to be there, whatever its name. */
    private static Map<String, String> function(JsonNode arguments, Place at) {
        String wanted = arguments.path("functionName").asText();
        String arn = wanted.startsWith("arn:") ? wanted : at.arn("lambda", "function:" + wanted);
        String qualified = arn + ":" + arguments.path("qualifier").asText("$LATEST");
        return Map.of(
                "id",
                wanted,
                "functionName",
                wanted,
                "arn",
                arn,
                "invokeArn",
                AwsOutputs.invokeArn(arn, at),
                "qualifiedArn",
                qualified,
                "qualifiedInvokeArn",
                AwsOutputs.invokeArn(qualified, at),
                "version",
                arguments.path("qualifier").asText("$LATEST"),
                "codeSha256",
                "[the hash of its code]",
                "lastModified",
                "2026-01-01T00:00:00.000+0000");
    }

    /** A user pool that is taken to be there, whatever its id. */
    private static Map<String, String> userPool(JsonNode arguments, Place at) {
        String id = arguments.path("userPoolId").asText();
        return Map.of(
                "id",
                id,
                "userPoolId",
                id,
                "name",
                "[the name of " + id + "]",
                "arn",
                at.arn("cognito-idp", "userpool/" + id));
    }

    /** A secret that is taken to be there, whatever its ARN; nobody here needs what it holds. */
    private static Map<String, String> secretVersion(JsonNode arguments, Place at) {
        String id = arguments.path("secretId").asText();
        return Map.of(
                "id",
                id + "|AWSCURRENT",
                "secretId",
                id,
                "arn",
                id,
                "versionId",
                "[the id of its current version]",
                "secretString",
                "[what it holds]");
    }

    /** A table of tokens that is taken to be there, whatever its name, and to be what the stack says that it is. */
    private static Map<String, String> table(JsonNode arguments, Place at, Map<String, String> config) {
        String name = arguments.path("name").asText();
        boolean clear =
                CLEAR_TEXT.matcher(config.getOrDefault("parkmeter:tokens", "")).find();
        return Map.of(
                "id",
                name,
                "name",
                name,
                "arn",
                at.arn("dynamodb", "table/" + name),
                "hashKey",
                clear ? "token" : "hash");
    }
}
