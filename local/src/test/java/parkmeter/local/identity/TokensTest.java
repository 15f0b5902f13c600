package parkmeter.local.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import parkmeter.local.edge.SetClock;

class TokensTest {
    private static final String ISSUER = "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_Pool";
    private static final Instant NOW = Instant.parse("2026-03-04T22:00:00Z");
    private static final RSAKey KEY = key("one");
    private static final RSAKey OTHER_KEY = key("two");

    private final Tokens tokens = new Tokens(
            issuer -> issuer.equals(ISSUER) ? Optional.of(new JWKSet(KEY.toPublicJWK())) : Optional.empty(),
            new SetClock(NOW.toString()));

    @Test
    void a_good_token_gives_its_claims() throws BadToken {
        Token token = tokens.check(
                signed(good().claim("scope", "a b").claim("cognito:groups", List.of("x", "y")), KEY), List.of(ISSUER));
        assertThat(token.claims()).containsEntry("cognito:groups", "[x y]").containsEntry("exp", "1772661660");
        assertThat(token.claimsWithDates())
                .containsEntry("cognito:groups", "x,y")
                .containsEntry("exp", "Wed Mar 04 22:01:00 UTC 2026");
        assertThat(token.scopes()).containsExactly("a", "b");
    }

    @Test
    void scopes_can_stand_under_either_name_and_an_audience_can_be_the_client() throws BadToken {
        Token scp = tokens.check(signed(good().claim("scp", List.of("a")).audience("app"), KEY), List.of(ISSUER));
        assertThat(scp.hasOneOf(List.of("b", "a"))).isTrue();
        assertThat(scp.isFor(List.of("app"))).isTrue();
        Token client = tokens.check(signed(good().claim("client_id", "app"), KEY), List.of(ISSUER));
        assertThat(client.isFor(List.of("app"))).isTrue();
        assertThat(client.isFor(List.of("other"))).isFalse();
    }

    @Test
    void a_token_is_refused_for_its_issuer_its_key_its_signature_and_its_times() throws JOSEException {
        refused(signed(good().issuer("https://example.com"), KEY), "its issuer is not this API's");
        refused(signed(good(), OTHER_KEY), "its key is none of its issuer's");
        refused(signed(good(), new RSAKey.Builder(OTHER_KEY).keyID("one").build()), "its signature is wrong");
        refused(signed(good().expirationTime(Date.from(NOW)), KEY), "the token has expired");
        refused(signed(new JWTClaimsSet.Builder().issuer(ISSUER), KEY), "the token has expired");
        refused(signed(good().notBeforeTime(Date.from(NOW.plusSeconds(1))), KEY), "the token is not valid yet");
    }

    /** A token that names no algorithm, or signs with the public key as a shared secret, is the oldest trick. */
    @Test
    void only_rsa_signatures_count() throws JOSEException {
        refused(new PlainJWT(good().build()).serialize(), "it is no signed JWT");
        SignedJWT shared = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), good().build());
        shared.sign(new MACSigner(KEY.toPublicJWK().toJSONString()));
        refused(shared.serialize(), "its signature is wrong");
    }

    private void refused(String token, String why) {
        assertThatThrownBy(() -> tokens.check(token, List.of(ISSUER)))
                .isInstanceOf(BadToken.class)
                .hasMessage(why);
    }

    private static JWTClaimsSet.Builder good() {
        return new JWTClaimsSet.Builder().issuer(ISSUER).expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static String signed(JWTClaimsSet.Builder claims, RSAKey key) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims.build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
