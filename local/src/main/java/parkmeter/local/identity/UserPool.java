package parkmeter.local.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Cognito user pool on this machine: a key pair of its own, and tokens with the claims that Cognito gives (Cognito developer guide,
 * "Using tokens with user pools"). The private key never leaves it.
 */
public final class UserPool {
    private static final int KEY_BITS = 2048;
    /** How long a token is good. */
    public static final Duration VALIDITY = Duration.ofHours(1);

    private static final Pattern ARN = Pattern.compile("arn:(aws[a-z-]*):cognito-idp:([a-z0-9-]+):[^:]*:userpool/(.+)");

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final String issuer;
    private final RSAKey key;
    private final Clock clock;

    private UserPool(String issuer, RSAKey key, Clock clock) {
        this.issuer = issuer;
        this.key = key;
        this.clock = clock;
    }

    /**
     * Makes its key pair, which takes some 100 milliseconds.
     *
     * @param arn the pool's
     * @param clock what its tokens' times go by
     * @throws IllegalArgumentException for an ARN that is no user pool's
     */
    public static UserPool create(String arn, Clock clock) {
        String issuer = issuer(arn).orElseThrow(() -> new IllegalArgumentException(arn + " is no user pool's ARN"));
        try {
            RSAKey key = new RSAKeyGenerator(KEY_BITS)
                    .keyID(UUID.randomUUID().toString())
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
            return new UserPool(issuer, key, clock);
        } catch (JOSEException noRsa) {
            throw new IllegalStateException("every JDK makes RSA keys", noRsa);
        }
    }

    /** The issuer that a pool's tokens name; empty for an ARN that is no user pool's. */
    public static Optional<String> issuer(String arn) {
        Matcher matcher = ARN.matcher(arn);
        return matcher.matches()
                ? Optional.of("https://cognito-idp." + matcher.group(2) + ".amazonaws.com"
                        + (matcher.group(1).equals("aws-cn") ? ".cn/" : "/") + matcher.group(3))
                : Optional.empty();
    }

    /** The keys of all these pools. */
    public static KeySets keys(Collection<UserPool> pools) {
        List<UserPool> known = List.copyOf(pools);
        return issuer -> known.stream()
                .filter(pool -> pool.issuer.equals(issuer))
                .map(UserPool::keySet)
                .findFirst();
    }

    /** What its tokens have as {@code iss}. */
    public String issuer() {
        return issuer;
    }

    /** What it publishes at {@code <issuer>/.well-known/jwks.json}. */
    public JWKSet keySet() {
        return new JWKSet(key.toPublicJWK());
    }

    /**
     * A user's {@code sub}: always the same for the same name. A name that is a UUID is its own, as Cognito has it where people sign in
     * with an address.
     */
    public static String subject(String user) {
        return UUID_FORM.matcher(user).matches()
                ? user
                : UUID.nameUUIDFromBytes(user.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /**
     * An identity token of a user, for an hour.
     *
     * @param user the user's name
     * @param client the app client's id
     */
    public String idToken(String user, String client) {
        return sign(claims(user, "id").audience(client).claim("cognito:username", user));
    }

    /**
     * An access token of a user, for an hour.
     *
     * @param user the user's name
     * @param client the app client's id
     * @param scopes what it may do
     */
    public String accessToken(String user, String client, List<String> scopes) {
        return sign(claims(user, "access")
                .claim("client_id", client)
                .claim("username", user)
                .claim("scope", String.join(" ", scopes)));
    }

    private JWTClaimsSet.Builder claims(String user, String use) {
        Instant now = clock.instant();
        return new JWTClaimsSet.Builder()
                .subject(subject(user))
                .issuer(issuer)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(VALIDITY)))
                .jwtID(UUID.randomUUID().toString())
                .claim("auth_time", now.getEpochSecond())
                .claim("token_use", use);
    }

    private String sign(JWTClaimsSet.Builder claims) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims.build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException noRsa) {
            throw new IllegalStateException("every JDK signs with RSA", noRsa);
        }
        return token.serialize();
    }
}
