package parkmeter.local.jumpstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.DescribeHubContentResponse;
import software.amazon.awssdk.services.sagemaker.model.HubContentInfo;
import software.amazon.awssdk.services.sagemaker.model.HubContentType;
import software.amazon.awssdk.services.sagemaker.model.ListHubContentVersionsResponse;
import software.amazon.awssdk.services.sagemaker.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;

/** SageMaker's public hub, which has JumpStart's models. */
public final class PublicHub {

    /** The policy that it takes, for who lacks it. */
    static final String STATEMENT =
            """
            {
              "Sid": "JumpStartModels",
              "Effect": "Allow",
              "Action": ["sagemaker:DescribeHubContent", "sagemaker:ListHubContentVersions"],
              "Resource": [
                "arn:aws:sagemaker:*:aws:hub/SageMakerPublicHub",
                "arn:aws:sagemaker:*:aws:hub-content/SageMakerPublicHub/Model/*"
              ]
            }
            """;

    private static final String NAME = "SageMakerPublicHub";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What AWS says of credentials that it does not know, or not any more. */
    private static final Set<String> NOT_TAKEN = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
            "IncompleteSignature",
            "MissingAuthenticationToken");

    private final Function<String, SageMakerClient> clients;

    /**
     * @param clients makes a client for a region
     */
    PublicHub(Function<String, SageMakerClient> clients) {
        this.clients = clients;
    }

    /**
     * The hub as a stack sees it.
     *
     * @param profile the profile of the credentials file that the stack names; empty: credentials are looked for where the AWS
     *     tools look for them
     */
    public static PublicHub of(Optional<String> profile) {
        return new PublicHub(region -> SageMakerClient.builder()
                .region(Region.of(region))
                .credentialsProvider(credentials(profile))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(c -> c.apiCallTimeout(PATIENCE))
                .build());
    }

    private static AwsCredentialsProvider credentials(Optional<String> profile) {
        AwsCredentialsProvider provider = profile.isPresent()
                ? ProfileCredentialsProvider.create(profile.get())
                : DefaultCredentialsProvider.builder().build();
        return () -> {
            try {
                return provider.resolveCredentials();
            } catch (SdkClientException e) {
                throw new NoCredentials(e);
            }
        };
    }

    /** There are none; told apart by its type, since the SDK has one type for all that goes wrong before a call. */
    private static final class NoCredentials extends RuntimeException {

        private static final long serialVersionUID = 1;

        NoCredentials(Throwable cause) {
            super(cause);
        }
    }

    /**
     * What the hub says of a model.
     *
     * @param document its document, JSON
     * @param retired whether AWS does not recommend it any more
     */
    record Content(String document, boolean retired) {}

    /** One version of a model; nothing where there is none. */
    Optional<Content> find(String region, String id, String version) throws CannotLock {
        return ask(region, client -> {
            DescribeHubContentResponse answer = client.describeHubContent(r -> r.hubName(NAME)
                    .hubContentType(HubContentType.MODEL)
                    .hubContentName(id)
                    .hubContentVersion(version));
            return new Content(
                    answer.hubContentDocument(),
                    Set.of("Deprecated", "Restricted").contains(String.valueOf(answer.supportStatusAsString())));
        });
    }

    /** The versions of a model, in no order; none where there is no such model. */
    List<String> versions(String region, String id) throws CannotLock {
        return ask(region, client -> {
                    var versions = new ArrayList<String>();
                    Optional<String> next = Optional.empty();
                    do {
                        String token = next.orElse(null);
                        ListHubContentVersionsResponse page = client.listHubContentVersions(r -> r.hubName(NAME)
                                .hubContentType(HubContentType.MODEL)
                                .hubContentName(id)
                                .nextToken(token));
                        page.hubContentSummaries().stream()
                                .map(HubContentInfo::hubContentVersion)
                                .forEach(versions::add);
                        next = Optional.ofNullable(page.nextToken());
                    } while (next.isPresent());
                    return List.copyOf(versions);
                })
                .orElse(List.of());
    }

    private <T> Optional<T> ask(String region, Function<SageMakerClient, T> question) throws CannotLock {
        try (SageMakerClient client = clients.apply(region)) {
            return Optional.of(question.apply(client));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        } catch (NoCredentials e) {
            throw new CannotLock(
                    "There are no AWS credentials: the hub answers who has an account. Sign in with aws sso login, name"
                            + " a profile in AWS_PROFILE or aws:profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
        } catch (SageMakerException e) {
            throw refused(region, String.valueOf(e.awsErrorDetails().errorCode()));
        } catch (SdkClientException e) {
            throw new CannotLock("SageMaker in " + region + " can't be reached: " + innermost(e)
                    + ". Is there a network, a proxy (HTTPS_PROXY), and a region of that name in aws:region?");
        }
    }

    private static CannotLock refused(String region, String code) {
        if (code.startsWith("AccessDenied")) {
            return new CannotLock(
                    "The credentials may not ask the hub. Their policy needs this statement:\n\n" + STATEMENT);
        }
        if (NOT_TAKEN.contains(code)) {
            return new CannotLock("AWS does not take the credentials (" + code
                    + "): sign in again (aws sso login), or name another profile in AWS_PROFILE or aws:profile.");
        }
        return new CannotLock("SageMaker in " + region + " answered " + code + ": try again in a minute.");
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")");
    }
}
