package parkmeter.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads which private network a stack is in, and which network each model's container sees. */
final class VpcReader {

    private static final int MOST_SUBNETS = 16;
    private static final int MOST_SECURITY_GROUPS = 5;

    private final Report report;

    VpcReader(Report report) {
        this.report = report;
    }

    /** Reads the stack's VPC, where it has one. */
    Optional<VpcSettings> read(Section top) {
        return top.findSection(VpcKeys.VPC).map(section -> {
            List<String> subnets = section.values(VpcKeys.SUBNETS, VpcKeys.SUBNET);
            // Two, for an instance to have another zone to start in (SageMaker developer guide, "Give SageMaker hosted
            // endpoints access to resources in your Amazon VPC").
            if (section.given(VpcKeys.SUBNETS)
                            .filter(list -> list.size() == subnets.size())
                            .isPresent()
                    && (subnets.size() < 2 || subnets.size() > MOST_SUBNETS || repeats(subnets))) {
                section.refuse(
                        VpcKeys.SUBNETS,
                        "must be 2 to " + MOST_SUBNETS + " different subnets",
                        report.set(section.pathOf(VpcKeys.SUBNETS), VpcKeys.SUBNETS));
            }
            List<String> groups = section.values(VpcKeys.SECURITY_GROUPS, VpcKeys.SECURITY_GROUP);
            if (groups.size() > MOST_SECURITY_GROUPS || repeats(groups)) {
                section.refuse(
                        VpcKeys.SECURITY_GROUPS,
                        "must be at most " + MOST_SECURITY_GROUPS + " different security groups",
                        report.remove(section.pathOf(VpcKeys.SECURITY_GROUPS)));
            }
            var vpc = new VpcSettings(
                    section.get(VpcKeys.ID),
                    subnets,
                    groups,
                    section.values(VpcKeys.ROUTE_TABLES, VpcKeys.ROUTE_TABLE),
                    section.get(VpcKeys.INTERNET),
                    section.find(VpcKeys.API_ENDPOINT));
            section.done();
            return vpc;
        });
    }

    /** Refuses ways that nobody goes. */
    void refuseUnused(Section top, VpcSettings vpc, boolean models, boolean api) {
        top.findSection(VpcKeys.VPC).ifPresent(section -> {
            if (vpc.apiEndpoint().isPresent() && !api && models) {
                section.unused(VpcKeys.API_ENDPOINT, "has nothing to say where api.private is not true");
            }
            if (!models && api) {
                List.of(VpcKeys.SECURITY_GROUPS, VpcKeys.ROUTE_TABLES, VpcKeys.INTERNET).stream()
                        .filter(section::has)
                        .forEach(key -> section.unused(key, "has nothing to say where no model's network is private"));
            }
        });
    }

    private static boolean repeats(List<String> ids) {
        Set<String> once = new HashSet<>(ids);
        return once.size() < ids.size();
    }

    /**
     * Reads which network a model's container sees; only what can work passes (SageMaker API reference, CreateModel:
     * EnableNetworkIsolation, VpcConfig).
     */
    Network network(Section model, Source source, Hosting hosting, Optional<VpcSettings> vpc) {
        boolean isolatedByItself = source.packageArn().isPresent()
                || (source instanceof Source.JumpStart jumpStart
                        && jumpStart.locked().networkIsolation());
        Optional<Network> given = model.find(Keys.NETWORK).map(word -> Network.valueOf(word.toUpperCase(Locale.ROOT)));
        if (given.isEmpty()) {
            return isolatedByItself ? Network.ISOLATED : Network.PUBLIC;
        }
        Network network = given.get();
        if (source instanceof Source.EndpointConfig) {
            model.unused(
                    Keys.NETWORK,
                    "has nothing to say beside source.endpointConfig: that EndpointConfiguration's models say it");
        } else if (hosting instanceof Hosting.Serverless && network != Network.PUBLIC) {
            refuse(model, "must be public: a serverless endpoint has no VPC and no isolation", "public");
        } else if (isolatedByItself && network != Network.ISOLATED) {
            refuse(model, "must be isolated: the model is made to run without a network", "isolated");
        } else if (network == Network.PRIVATE && vpc.isEmpty()) {
            model.refuse(
                    Keys.NETWORK,
                    "must be public or isolated without parkmeter:vpc, which says where private is",
                    report.set(VpcKeys.VPC.path(), VpcKeys.VPC));
        } else if (downloads(source) && network == Network.ISOLATED) {
            refuse(
                    model,
                    "must not be isolated: the container downloads the model from the hub; from S3 SageMaker would",
                    "public");
        } else if (downloads(source)
                && network == Network.PRIVATE
                && !vpc.orElseThrow().internet()) {
            refuse(
                    model,
                    "must not be private: the container downloads the model from the hub, and parkmeter:vpc.internet is not true;"
                            + " from S3 SageMaker would",
                    "public");
        }
        return network;
    }

    /** Whether the container itself gets the model, over the internet. */
    private static boolean downloads(Source source) {
        return source instanceof Source.Hub
                || (source instanceof Source.JumpStart jumpStart
                        && jumpStart.locked().runs() instanceof LockedModel.Container container
                        && container.artifact().isEmpty());
    }

    private void refuse(Section model, String rule, String instead) {
        model.refuse(Keys.NETWORK, rule, report.set(model.pathOf(Keys.NETWORK), instead));
    }
}
