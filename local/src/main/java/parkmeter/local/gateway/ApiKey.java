package parkmeter.local.gateway;

/**
 * An API key of the account.
 *
 * @param id what API Gateway names it by; it is no secret
 * @param name its name in the account
 * @param value what clients send as {@code x-api-key}; a secret
 * @param enabled false: refused as an unknown one is
 */
public record ApiKey(String id, String name, String value, boolean enabled) {
    /** Without the value. */
    @Override
    public String toString() {
        return "ApiKey[id=%s, name=%s, enabled=%s]".formatted(id, name, enabled);
    }
}
