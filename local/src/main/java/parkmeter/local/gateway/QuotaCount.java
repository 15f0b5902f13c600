package parkmeter.local.gateway;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** How much of its quota one key has used in the period that runs. */
final class QuotaCount {
    private final Quota quota;
    private final Clock clock;
    private LocalDate period = LocalDate.MIN;
    private long used;

    QuotaCount(Quota quota, Clock clock) {
        this.quota = quota;
        this.clock = clock;
    }

    /** Counts a request; false: the quota is used up, and it wasn't counted. */
    synchronized boolean admits() {
        LocalDate now = quota.period().startOf(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        if (!now.equals(period)) {
            period = now;
            used = 0;
        }
        if (used >= quota.limit()) {
            return false;
        }
        used++;
        return true;
    }
}
