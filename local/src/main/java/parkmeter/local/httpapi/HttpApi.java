package parkmeter.local.httpapi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import parkmeter.local.edge.Throttle;

/**
 * One stage of an HTTP API: all that is served.
 *
 * @param id the API's id, such as {@code a1b2c3d4e5}
 * @param stage the stage's name: the first part of each URL's path; {@code $default}: there is no such part
 * @param account AWS account number
 * @param region AWS region
 * @param stageVariables the stage's variables
 * @param cors answers and headers for browsers; empty: none
 * @param routes by which requests are told apart
 * @param throttle a bucket for each route ({@code defaultRouteSettings}); empty: none
 * @param routeThrottles in place of it, by route key ({@code routeSettings})
 * @param accessLog a line for each request ({@code accessLogSettings.format}); empty: none
 */
public record HttpApi(
        String id,
        String stage,
        String account,
        String region,
        Map<String, String> stageVariables,
        Optional<Cors> cors,
        List<HttpRoute> routes,
        Optional<Throttle> throttle,
        Map<String, Throttle> routeThrottles,
        Optional<String> accessLog) {

    /** The stage that has no part in the URL's path. */
    public static final String DEFAULT_STAGE = "$default";

    /** Copies lists and maps, so that a stage never changes. */
    public HttpApi {
        stageVariables = Map.copyOf(stageVariables);
        routes = List.copyOf(routes);
        routeThrottles = Map.copyOf(routeThrottles);
    }

    /** What policies name: {@code arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>}. */
    String routeArn(String method, String path) {
        String partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
        return "arn:%s:execute-api:%s:%s:%s/%s/%s%s".formatted(partition, region, account, id, stage, method, path);
    }
}
