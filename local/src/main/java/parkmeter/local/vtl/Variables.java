package parkmeter.local.vtl;

import java.util.Map;

/**
 * What a template can refer to.
 *
 * @param body the payload: {@code $input.body}, {@code .json}, {@code .path}
 * @param parameters the request's: {@code $input.params}
 * @param context {@code $context}; maps in it may be changed by the template ({@code $context.responseOverride.status})
 * @param stageVariables {@code $stageVariables}
 */
public record Variables(
        Body body, Parameters parameters, Map<String, Object> context, Map<String, String> stageVariables) {

    /**
     * A request's parameters, one value for each name.
     *
     * @param path by name
     * @param query by name
     * @param header by name, in any case
     */
    public record Parameters(Map<String, String> path, Map<String, String> query, Map<String, String> header) {}
}
