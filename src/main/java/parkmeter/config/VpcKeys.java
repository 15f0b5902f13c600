package parkmeter.config;

import static parkmeter.config.Key.optional;
import static parkmeter.config.Key.required;
import static parkmeter.config.Key.withDefault;
import static parkmeter.config.ValueType.anyList;
import static parkmeter.config.ValueType.flag;
import static parkmeter.config.ValueType.list;
import static parkmeter.config.ValueType.section;
import static parkmeter.config.ValueType.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The keys that say which private network a stack is in. */
final class VpcKeys {

    private static final String AT = "parkmeter:vpc";

    static final Key<JsonNode> VPC = optional(
            AT,
            section(),
            "{\"id\": \"vpc-0a1b2c3d\", \"subnets\": [\"subnet-0a1b2c3d\", \"subnet-4e5f6a7b\"]}",
            "The VPC for models whose `network` is `private`, and for a private API.");
    static final Key<String> ID =
            required(AT + ".id", text("a VPC's id", "vpc-[0-9a-f]{8,17}"), "\"vpc-0a1b2c3d\"", "The VPC's id.");
    static final Key<JsonNode> SUBNETS = required(
            AT + ".subnets",
            list(),
            "[\"subnet-0a1b2c3d\", \"subnet-4e5f6a7b\"]",
            "2 to 16 of its subnets, in different availability zones.");
    static final Key<String> SUBNET = optional(
            AT + ".subnets[]", text("a subnet's id", "subnet-[0-9a-f]{8,17}"), "\"subnet-0a1b2c3d\"", "A subnet's id.");
    static final Key<JsonNode> SECURITY_GROUPS = withDefault(
            AT + ".securityGroups",
            anyList(),
            "[]",
            "Up to 5 security groups for the models' containers; without any the stack has one that lets nothing in and HTTPS out.");
    static final Key<String> SECURITY_GROUP = optional(
            AT + ".securityGroups[]",
            text("a security group's id", "sg-[0-9a-f]{8,17}"),
            "\"sg-0a1b2c3d\"",
            "A security group's id.");
    static final Key<JsonNode> ROUTE_TABLES = withDefault(
            AT + ".routeTables",
            anyList(),
            "[]",
            "The route tables of the subnets, for which the stack makes a gateway endpoint to S3; without any the VPC has a way to S3 "
                    + "already.");
    static final Key<String> ROUTE_TABLE = optional(
            AT + ".routeTables[]",
            text("a route table's id", "rtb-[0-9a-f]{8,17}"),
            "\"rtb-0a1b2c3d\"",
            "A route table's id.");
    static final Key<Boolean> INTERNET = withDefault(
            AT + ".internet",
            flag(),
            "false",
            "Whether the subnets have a way to the internet, by a NAT gateway; only then can their containers download from the hub.");
    static final Key<String> API_ENDPOINT = optional(
            AT + ".apiEndpoint",
            text("a VPC endpoint's id", "vpce-[0-9a-f]{8,17}"),
            "\"vpce-0a1b2c3d\"",
            "The VPC's endpoint for `execute-api`, through which a private API is called; without it the stack makes one.");

    /** All keys, in the order of the documentation. */
    static List<Key<?>> all() {
        return List.of(
                VPC,
                ID,
                SUBNETS,
                SUBNET,
                SECURITY_GROUPS,
                SECURITY_GROUP,
                ROUTE_TABLES,
                ROUTE_TABLE,
                INTERNET,
                API_ENDPOINT);
    }

    private VpcKeys() {}
}
