package parkmeter.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import parkmeter.local.identity.UserPool;

/**
 * Cognito's user pools in memory: AdminCreateUser, AdminSetUserPassword, AdminGetUser, and InitiateAuth with the flow {@code
 * USER_PASSWORD_AUTH} (API reference of Amazon Cognito user pools). Passwords may be any text: the pool's policy isn't applied.
 */
public final class Cognito implements JsonService {
    private static final String SCOPE = "aws.cognito.signin.user.admin";
    private static final String FLOW = "USER_PASSWORD_AUTH";

    private final Map<String, Pool> pools;
    private final Map<String, Client> clients;
    private final Clock clock;

    /**
     * A pool that there is.
     *
     * @param id its id, {@code eu-west-2_a1b2c3d4e}
     * @param keys what its tokens are signed with
     */
    public record Pool(String id, UserPool keys) {}

    /**
     * An app client, without a secret.
     *
     * @param id what sign-ins name it by
     * @param poolId its pool's id
     * @param flows the sign-in flows that it declares
     */
    public record Client(String id, String poolId, List<String> flows) {
        /** Copies the list. */
        public Client {
            flows = List.copyOf(flows);
        }
    }

    /**
     * Somebody who can sign in.
     *
     * @param password what he signs in with
     * @param permanent whether he need not change it first
     */
    private record User(String name, String password, boolean permanent, Instant since, Instant changed) {
        /** Without the password. */
        @Override
        public String toString() {
            return "User[" + name + "]";
        }
    }

    private final Map<String, Map<String, User>> users;

    /**
     * Pools without users.
     *
     * @param clock what dates go by
     */
    public Cognito(Collection<Pool> pools, Collection<Client> clients, Clock clock) {
        this.pools = pools.stream().collect(Collectors.toUnmodifiableMap(Pool::id, Function.identity()));
        this.clients = clients.stream().collect(Collectors.toUnmodifiableMap(Client::id, Function.identity()));
        this.users = pools.stream().collect(Collectors.toUnmodifiableMap(Pool::id, pool -> new ConcurrentHashMap<>()));
        this.clock = clock;
    }

    /** Adds a user who can sign in at once. */
    public void add(String poolId, String name, String password) {
        Instant now = clock.instant();
        Objects.requireNonNull(users.get(poolId), poolId).put(name, new User(name, password, true, now, now));
    }

    @Override
    public String target() {
        return "AWSCognitoIdentityProviderService";
    }

    @Override
    public JsonNode answer(String operation, JsonNode request) {
        return switch (operation) {
            case "AdminCreateUser" -> create(request);
            case "AdminSetUserPassword" -> setPassword(request);
            case "AdminGetUser" -> described(user(request), "UserAttributes");
            case "InitiateAuth" -> signIn(request);
            default -> throw AwsApi.unknown("Cognito " + operation);
        };
    }

    private JsonNode create(JsonNode request) {
        String name = needed(request, "Username");
        Instant now = clock.instant();
        User user = new User(
                name, request.path("TemporaryPassword").asText(UUID.randomUUID().toString()), false, now, now);
        if (users(request).putIfAbsent(name, user) != null) {
            throw new Refused(400, "UsernameExistsException", "User account already exists");
        }
        return JsonNodeFactory.instance.objectNode().set("User", described(user, "Attributes"));
    }

    private JsonNode setPassword(JsonNode request) {
        User user = user(request);
        users(request)
                .put(
                        user.name(),
                        new User(
                                user.name(),
                                needed(request, "Password"),
                                request.path("Permanent").asBoolean(),
                                user.since(),
                                clock.instant()));
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode described(User user, String attributes) {
        ObjectNode described = JsonNodeFactory.instance
                .objectNode()
                .put("Username", user.name())
                .put("Enabled", true)
                .put("UserStatus", user.permanent() ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD")
                .put("UserCreateDate", user.since().toEpochMilli() / 1000.0)
                .put("UserLastModifiedDate", user.changed().toEpochMilli() / 1000.0);
        described.putArray(attributes).addObject().put("Name", "sub").put("Value", UserPool.subject(user.name()));
        return described;
    }

    private JsonNode signIn(JsonNode request) {
        String clientId = needed(request, "ClientId");
        Client client = clients.get(clientId);
        Pool pool = client == null ? null : pools.get(client.poolId());
        if (client == null || pool == null) {
            throw new Refused(400, "ResourceNotFoundException", "User pool client " + clientId + " does not exist.");
        }
        String flow = needed(request, "AuthFlow");
        if (!flow.equals(FLOW)) {
            throw AwsApi.unknown("Cognito InitiateAuth with the flow " + flow);
        }
        if (!client.flows().contains("ALLOW_" + FLOW) && !client.flows().contains(FLOW)) {
            throw new Refused(400, "InvalidParameterException", FLOW + " flow not enabled for this client");
        }
        String name = needed(request.path("AuthParameters"), "USERNAME");
        User user = Objects.requireNonNull(users.get(pool.id())).get(name);
        String password = needed(request.path("AuthParameters"), "PASSWORD");
        if (user == null || !MessageDigest.isEqual(user.password().getBytes(UTF_8), password.getBytes(UTF_8))) {
            throw new Refused(400, "NotAuthorizedException", "Incorrect username or password.");
        }
        return user.permanent() ? tokens(pool.keys(), name, clientId) : challenge(name);
    }

    private static ObjectNode tokens(UserPool keys, String user, String client) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("ChallengeParameters");
        answer.putObject("AuthenticationResult")
                .put("AccessToken", keys.accessToken(user, client, List.of(SCOPE)))
                .put("IdToken", keys.idToken(user, client))
                .put("ExpiresIn", UserPool.VALIDITY.toSeconds())
                .put("TokenType", "Bearer");
        return answer;
    }

    private static ObjectNode challenge(String user) {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("ChallengeName", "NEW_PASSWORD_REQUIRED")
                .put("Session", UUID.randomUUID().toString());
        answer.putObject("ChallengeParameters").put("USER_ID_FOR_SRP", user);
        return answer;
    }

    private User user(JsonNode request) {
        User user = users(request).get(needed(request, "Username"));
        if (user == null) {
            throw new Refused(400, "UserNotFoundException", "User does not exist.");
        }
        return user;
    }

    private Map<String, User> users(JsonNode request) {
        String pool = needed(request, "UserPoolId");
        Map<String, User> known = users.get(pool);
        if (known == null) {
            throw new Refused(400, "ResourceNotFoundException", "User pool " + pool + " does not exist.");
        }
        return known;
    }

    private static String needed(JsonNode request, String member) {
        String value = request.path(member).asText();
        if (value.isEmpty()) {
            throw new Refused(400, "InvalidParameterException", "Missing required parameter " + member);
        }
        return value;
    }
}
