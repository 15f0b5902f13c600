package parkmeter.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.cloudwatch.LogGroupArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import java.util.List;
import parkmeter.config.Names;

/**
 * A line for each request, in a log group of its own. It tells when, what, and what came of it: nothing of a body, a header or a
 * key.
 */
final class AccessLog {

    private static final int LOG_RETENTION_DAYS = 14;

    private AccessLog() {}

    /** Declares the log group of a stack's API; gives its ARN. */
    static Output<String> group(Names names, Resource parent) {
        return new LogGroup(
                        "api-access-log",
                        LogGroupArgs.builder()
                                // API Gateway adds each log group of another prefix to a policy that has room for few
                                // of
                                // them.
                                .name("/aws/vendedlogs/apis/" + names.stackWide())
                                .retentionInDays(LOG_RETENTION_DAYS)
                                .build(),
                        CustomResourceOptions.builder().parent(parent).build())
                .arn();
    }

    /** A line of an HTTP API. Its routes are public or its callers' tokens tell nothing here: only addresses tell them apart. */
    static String httpLine() {
        return line("requestId", "requestTime", "routeKey", "status", "responseLength", "responseLatency")
                .put("integrationLatency", "$context.integrationLatency")
                .put("integrationStatus", "$context.integrationStatus")
                .put("sourceIp", "$context.identity.sourceIp")
                .put("error", "$context.error.message")
                .toString();
    }

    /**
     * A line of a REST API. A client is told apart by the id of its key, which opens nothing; no address is kept. What is not there
     * is {@code -}, so each value is a text (API Gateway developer guide, "Variables for access logging for API Gateway").
     */
    static String restLine() {
        return line(
                        "requestId",
                        "requestTime",
                        "httpMethod",
                        "resourcePath",
                        "status",
                        "responseLength",
                        "responseLatency")
                .put("integrationLatency", "$context.integration.latency")
                .put("integrationStatus", "$context.integration.integrationStatus")
                .put("client", "$context.identity.apiKeyId")
                .put("error", "$context.error.responseType")
                .toString();
    }

    private static ObjectNode line(String... names) {
        ObjectNode line = OpenApiDocument.object();
        List.of(names).forEach(name -> line.put(name, "$context." + name));
        return line;
    }
}
