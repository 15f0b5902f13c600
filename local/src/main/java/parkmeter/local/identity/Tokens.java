package parkmeter.local.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks JWTs as API Gateway does (API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers"): the issuer is one of
 * the wanted, a key of the issuer's has signed it with an RSA algorithm, and its time has begun and isn't over.
 */
public final class Tokens {
    private static final String BEARER = "Bearer ";

    private final KeySets keys;
    private final Clock clock;

    /**
     * With the issuers' keys.
     *
     * @param clock what {@code exp} and {@code nbf} are compared with
     */
    public Tokens(KeySets keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * A token's claims.
     *
     * @param sent the token, or {@code Bearer <token>}
     * @param issuers those that may have issued it
     * @throws BadToken for one that isn't accepted
     */
    public Token check(String sent, List<String> issuers) throws BadToken {
        String text = sent.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? sent.substring(BEARER.length()) : sent;
        try {
            SignedJWT token = SignedJWT.parse(text.strip());
            JWTClaimsSet claims = token.getJWTClaimsSet();
            if (claims.getIssuer() == null || !issuers.contains(claims.getIssuer())) {
                throw new BadToken("its issuer is not this API's");
            }
            if (!JWSAlgorithm.Family.RSA.contains(token.getHeader().getAlgorithm())
                    || !token.verify(
                            new RSASSAVerifier(key(token, claims.getIssuer()).toRSAKey()))) {
                throw new BadToken("its signature is wrong");
            }
            checkTimes(claims);
            Map<String, Object> all = new LinkedHashMap<>();
            claims.getClaims().forEach((name, value) -> {
                if (value != null) {
                    all.put(name, value);
                }
            });
            return new Token(all);
        } catch (ParseException | JOSEException | IllegalArgumentException broken) {
            throw new BadToken("it is no signed JWT");
        }
    }

    private JWK key(SignedJWT token, String issuer) throws BadToken {
        String id = token.getHeader().getKeyID();
        JWK key = keys.of(issuer).map(set -> set.getKeyByKeyId(id)).orElse(null);
        if (key == null) {
            throw new BadToken("its key is none of its issuer's");
        }
        return key;
    }

    private void checkTimes(JWTClaimsSet claims) throws BadToken {
        Instant now = clock.instant();
        if (claims.getExpirationTime() == null
                || !claims.getExpirationTime().toInstant().isAfter(now)) {
            throw new BadToken("the token has expired", true);
        }
        if (claims.getNotBeforeTime() != null
                && claims.getNotBeforeTime().toInstant().isAfter(now)) {
            throw new BadToken("the token is not valid yet");
        }
    }
}
