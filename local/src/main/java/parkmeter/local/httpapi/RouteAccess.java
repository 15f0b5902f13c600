package parkmeter.local.httpapi;

import java.time.Duration;
import java.util.List;

/** Who may call a route: its {@code authorizationType} with its authorizer. */
public sealed interface RouteAccess {
    /** Anyone: {@code NONE}. */
    record Open() implements RouteAccess {}

    /**
     * The bearer of a token: {@code JWT} (API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers").
     *
     * @param issuer who must have issued it
     * @param audiences whom it must be for, one of them
     * @param identitySource where it is, such as {@code $request.header.Authorization}
     * @param scopes one of them must be in it; empty: none is wanted
     */
    record Jwt(String issuer, List<String> audiences, String identitySource, List<String> scopes)
            implements RouteAccess {
        /** Copies the lists, so that it never changes. */
        public Jwt {
            audiences = List.copyOf(audiences);
            scopes = List.copyOf(scopes);
        }
    }

    /**
     * Whom a function lets in: {@code CUSTOM} with an authorizer of type {@code REQUEST} (API Gateway developer guide, "Control access to
     * HTTP APIs with AWS Lambda authorizers").
     *
     * @param authorizerUri the function's ARN, or its invoke ARN
     * @param identitySources what it is remembered by, such as {@code $request.header.Authorization}; without one of them there is 401
     * @param simpleResponses whether the function answers {@code isAuthorized} rather than an IAM policy
     * @param payloadFormat {@code 2.0}
     * @param resultTime how long its answer is remembered; zero: not at all
     */
    record Lambda(
            String authorizerUri,
            List<String> identitySources,
            boolean simpleResponses,
            String payloadFormat,
            Duration resultTime)
            implements RouteAccess {
        /** Copies the list, so that it never changes. */
        public Lambda {
            identitySources = List.copyOf(identitySources);
        }
    }
}
