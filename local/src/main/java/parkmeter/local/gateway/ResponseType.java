package parkmeter.local.gateway;

/**
 * The gateway's own answers that can happen here (API Gateway developer guide, "Gateway response types"), with AWS's status, message and
 * {@code x-amzn-ErrorType}.
 */
enum ResponseType {
    ACCESS_DENIED(403, "User is not authorized to access this resource", "AccessDeniedException"),
    API_CONFIGURATION_ERROR(500, "Internal server error", "InternalServerErrorException"),
    AUTHORIZER_CONFIGURATION_ERROR(500, "", "AuthorizerConfigurationException"),
    AUTHORIZER_FAILURE(500, "", "AuthorizerFailureException"),
    BAD_REQUEST_BODY(400, "Invalid request body", "BadRequestException"),
    BAD_REQUEST_PARAMETERS(400, "Missing required request parameters", "BadRequestException"),
    DEFAULT_4XX(400, "Bad Request", "BadRequestException"),
    DEFAULT_5XX(500, "Internal server error", "InternalServerErrorException"),
    INTEGRATION_FAILURE(504, "Network error communicating with endpoint", "InternalServerErrorException"),
    INTEGRATION_TIMEOUT(504, "Endpoint request timed out", "InternalServerErrorException"),
    INVALID_API_KEY(403, "Forbidden", "ForbiddenException"),
    MISSING_AUTHENTICATION_TOKEN(403, "Missing Authentication Token", "MissingAuthenticationTokenException"),
    QUOTA_EXCEEDED(429, "Limit Exceeded", "LimitExceededException"),
    REQUEST_TOO_LARGE(413, "Request Too Long", "RequestTooLargeException"),
    THROTTLED(429, "Too Many Requests", "TooManyRequestsException"),
    UNAUTHORIZED(401, "Unauthorized", "UnauthorizedException"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type", "BadRequestException");

    private final int status;
    private final String message;
    private final String errorType;

    ResponseType(int status, String message, String errorType) {
        this.status = status;
        this.message = message;
        this.errorType = errorType;
    }

    /** AWS's status where nothing else is declared. */
    int status() {
        return status;
    }

    /** AWS's words; empty: it says none, and {@code $context.error.messageString} is {@code null}. */
    String message() {
        return message;
    }

    /** What AWS sends as {@code x-amzn-ErrorType}. */
    String errorType() {
        return errorType;
    }

    /** AWS's body where nothing else is declared. A denied request's has another member than the others'. */
    String body() {
        return this == ACCESS_DENIED
                ? "{\"Message\":$context.error.messageString}"
                : "{\"message\":$context.error.messageString}";
    }

    /** The type whose declaration holds where this one has none. */
    ResponseType fallback() {
        return status < 500 ? DEFAULT_4XX : DEFAULT_5XX;
    }
}
