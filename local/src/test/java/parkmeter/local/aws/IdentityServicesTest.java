package parkmeter.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static parkmeter.local.aws.Services.failure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import parkmeter.local.identity.BadToken;
import parkmeter.local.identity.Token;
import parkmeter.local.identity.Tokens;
import parkmeter.local.identity.UserPool;
import software.amazon.awssdk.services.apigateway.ApiGatewayAsyncClient;
import software.amazon.awssdk.services.apigateway.model.NotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderAsyncClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AttributeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthenticationResultType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ChallengeNameType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CognitoIdentityProviderException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InitiateAuthResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserStatusType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UsernameExistsException;

/** Cognito's user pools and API Gateway's keys, as the AWS SDK's own clients see them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityServicesTest {
    private final Services services = new Services(URI.create("http://127.0.0.1:1"), Duration.ZERO);
    private final CognitoIdentityProviderAsyncClient cognito =
            services.client(CognitoIdentityProviderAsyncClient.builder());
    private final ApiGatewayAsyncClient gateway = services.client(ApiGatewayAsyncClient.builder());

    @AfterAll
    void stop() {
        cognito.close();
        gateway.close();
        services.close();
    }

    @Test
    void a_user_with_a_password_of_his_own_gets_tokens_that_the_pools_keys_have_signed() throws Exception {
        create("anna");
        setPassword("anna", "It's 1 secret!", true);
        AuthenticationResultType signedIn = signIn("anna", "It's 1 secret!").authenticationResult();
        assertThat(signedIn.expiresIn()).isEqualTo(3600);
        assertThat(signedIn.tokenType()).isEqualTo("Bearer");
        Token id = token(signedIn.idToken());
        assertThat(id.claims())
                .containsEntry("token_use", "id")
                .containsEntry("cognito:username", "anna")
                .containsEntry("sub", UserPool.subject("anna"));
        assertThat(id.isFor(List.of(Services.CLIENT))).isTrue();
        Token access = token(signedIn.accessToken());
        assertThat(access.claims()).containsEntry("token_use", "access");
        assertThat(access.isFor(List.of(Services.CLIENT))).isTrue();
        assertThat(access.scopes()).containsExactly("aws.cognito.signin.user.admin");
    }

    @Test
    void a_user_whose_name_is_a_uuid_has_it_as_his_sub() throws Exception {
        String name = "a1b2c3d4-1234-4321-aaaa-0123456789ab";
        assertThat(create(name)).isEqualTo(name);
        setPassword(name, "secret", true);
        assertThat(token(signIn(name, "secret").authenticationResult().idToken())
                        .claims())
                .containsEntry("sub", name);
    }

    @Test
    void a_wrong_password_and_an_unknown_user_are_told_apart_by_nobody() {
        create("berta");
        setPassword("berta", "right", true);
        String wrong = failure(NotAuthorizedException.class, () -> signIn("berta", "wrong"))
                .awsErrorDetails()
                .errorMessage();
        assertThat(wrong).isEqualTo("Incorrect username or password.");
        assertThat(failure(NotAuthorizedException.class, () -> signIn("nobody", "wrong"))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo(wrong);
    }

    @Test
    void a_password_that_must_be_changed_first_gives_no_token() {
        create("carla");
        setPassword("carla", "temporary", false);
        InitiateAuthResponse answer = signIn("carla", "temporary");
        assertThat(answer.challengeName()).isEqualTo(ChallengeNameType.NEW_PASSWORD_REQUIRED);
        assertThat(answer.authenticationResult()).isNull();
        var user = cognito.adminGetUser(r -> r.userPoolId(Services.POOL).username("carla"))
                .join();
        assertThat(user.userStatus()).isEqualTo(UserStatusType.FORCE_CHANGE_PASSWORD);
    }

    @Test
    void what_cognito_refuses_is_refused_in_its_words() {
        create("dora");
        failure(UsernameExistsException.class, () -> create("dora"));
        failure(UserNotFoundException.class, () -> setPassword("nobody", "a", true));
        failure(ResourceNotFoundException.class, () -> cognito.adminGetUser(
                        r -> r.userPoolId("eu-west-2_other").username("dora"))
                .join());
        failure(ResourceNotFoundException.class, () -> signIn("other-client", "dora", "a"));
        failure(InvalidParameterException.class, () -> signIn("another", "dora", "a"));
        assertThat(failure(CognitoIdentityProviderException.class, () -> cognito.listUsers(
                                        r -> r.userPoolId(Services.POOL))
                                .join())
                        .awsErrorDetails()
                        .errorCode())
                .isEqualTo("UnknownOperationException");
    }

    @Test
    void a_keys_value_is_told_where_it_is_asked_for() {
        assertThat(gateway.getApiKey(r -> r.apiKey("a1b2c3d4e5").includeValue(true))
                        .join())
                .satisfies(key -> {
                    assertThat(key.value()).isEqualTo("the-value");
                    assertThat(key.name()).isEqualTo("first");
                    assertThat(key.enabled()).isTrue();
                });
        assertThat(gateway.getApiKey(r -> r.apiKey("a1b2c3d4e5")).join().value())
                .isNull();
        failure(NotFoundException.class, () -> gateway.getApiKey(
                        r -> r.apiKey("other").includeValue(true))
                .join());
    }

    private String create(String name) {
        return cognito
                .adminCreateUser(r -> r.userPoolId(Services.POOL).username(name))
                .join()
                .user()
                .attributes()
                .stream()
                .filter(attribute -> Objects.equals(attribute.name(), "sub"))
                .map(AttributeType::value)
                .findFirst()
                .orElseThrow();
    }

    private void setPassword(String name, String password, boolean permanent) {
        cognito.adminSetUserPassword(r -> r.userPoolId(Services.POOL)
                        .username(name)
                        .password(password)
                        .permanent(permanent))
                .join();
    }

    private InitiateAuthResponse signIn(String name, String password) {
        return signIn(Services.CLIENT, name, password);
    }

    private InitiateAuthResponse signIn(String client, String name, String password) {
        return cognito.initiateAuth(r -> r.clientId(client)
                        .authFlow(AuthFlowType.USER_PASSWORD_AUTH)
                        .authParameters(Map.of("USERNAME", name, "PASSWORD", password)))
                .join();
    }

    private Token token(String signed) throws BadToken {
        return new Tokens(UserPool.keys(List.of(services.pool)), services.clock)
                .check(signed, List.of(services.pool.issuer()));
    }
}
