package parkmeter.local.gateway;

import java.util.List;
import java.util.Optional;
import parkmeter.local.edge.Throttle;

/**
 * What the holders of some keys may use of this API's stage.
 *
 * @param name the plan's name
 * @param throttle a bucket for each key; empty: none
 * @param quota a count for each key; empty: none
 * @param keyIds ids of its keys
 */
public record UsagePlan(String name, Optional<Throttle> throttle, Optional<Quota> quota, List<String> keyIds) {
    /** Copies the list, so that a plan never changes. */
    public UsagePlan {
        keyIds = List.copyOf(keyIds);
    }
}
