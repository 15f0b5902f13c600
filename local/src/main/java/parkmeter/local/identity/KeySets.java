package parkmeter.local.identity;

import com.nimbusds.jose.jwk.JWKSet;
import java.util.Optional;

/** The public keys that issuers publish at {@code <issuer>/.well-known/jwks.json}. */
@FunctionalInterface
public interface KeySets {
    /**
     * An issuer's keys; empty for one that isn't known.
     *
     * @param issuer such as {@code https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_a1b2c3d4e}
     */
    Optional<JWKSet> of(String issuer);
}
