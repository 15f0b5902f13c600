package parkmeter.local.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import parkmeter.local.aws.Containers.Container;

/** What answers for an endpoint: a container for each variant, with its share of the requests and its instances. */
record Fleet(List<Member> members) {

    /**
     * A variant that runs.
     *
     * @param desired how many instances there are to be
     */
    record Member(EndpointConfig.Variant variant, Container container, double weight, int instances, int desired) {

        static Member of(EndpointConfig.Variant variant, Container container) {
            return new Member(variant, container, variant.weight(), variant.instances(), variant.instances());
        }

        URI url() {
            return container.url();
        }

        private Member with(double share, int wanted) {
            return new Member(variant, container, share, instances, wanted);
        }

        private Member settled() {
            return new Member(variant, container, weight, desired, desired);
        }

        /** What DescribeEndpoint says of it. */
        private ObjectNode description(boolean atZero) {
            ObjectNode all = JsonNodeFactory.instance
                    .objectNode()
                    .put("VariantName", variant.name())
                    .put("CurrentWeight", weight)
                    .put("DesiredWeight", weight);
            if (!variant.serverless()) {
                all.put("CurrentInstanceCount", atZero ? 0 : instances)
                        .put("DesiredInstanceCount", atZero ? 0 : desired);
            }
            return all;
        }
    }

    /** Another share, or another number of instances, for a variant. */
    record Change(String variant, Optional<Double> weight, Optional<Integer> instances) {}

    Optional<Member> named(String variant) {
        return members.stream()
                .filter(member -> member.variant().name().equals(variant))
                .findFirst();
    }

    /**
     * The variant that gets a request.
     *
     * @param point 0 to 1, without 1: where on the line that the variants' weights make up
     */
    Member at(double point) {
        double left = point * members.stream().mapToDouble(Member::weight).sum();
        for (Member member : members) {
            left -= member.weight();
            if (left < 0) {
                return member;
            }
        }
        return members.get(members.size() - 1);
    }

    /** With what is wanted from now on; the instances are those that there are. */
    Fleet changing(List<Change> changes) {
        List<Member> changed = new ArrayList<>(members);
        for (Change change : changes) {
            changed.replaceAll(member -> member.variant().name().equals(change.variant())
                    ? member.with(
                            change.weight().orElse(member.weight()),
                            change.instances().orElse(member.desired()))
                    : member);
        }
        return new Fleet(changed);
    }

    /** With as many instances as were wanted. */
    Fleet settled() {
        return new Fleet(members.stream().map(Member::settled).toList());
    }

    /** Whether instances have to be started for it. */
    boolean grows() {
        return members.stream().anyMatch(member -> member.desired() > member.instances());
    }

    ArrayNode description(boolean atZero) {
        return JsonNodeFactory.instance
                .arrayNode()
                .addAll(members.stream()
                        .map(member -> member.description(atZero))
                        .toList());
    }

    void close() {
        members.forEach(member -> member.container().close());
    }
}
