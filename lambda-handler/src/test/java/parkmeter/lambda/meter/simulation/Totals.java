package parkmeter.lambda.meter.simulation;

import java.util.Locale;

/**
 * What histories came to.
 *
 * @param histories how many
 * @param ticks how many ticks were run in them
 * @param paidMillis how long there were endpoints of the meter's, which is what AWS is paid for
 * @param oracleMillis how long there was a reason to run, less the waiting for calls that did not come: what is paid for by
 *     somebody who knows the future, and whose endpoints start and stop at once
 */
record Totals(long histories, long ticks, long paidMillis, long oracleMillis) {
    static final Totals NONE = new Totals(0, 0, 0, 0);

    static Totals of(World world, long ticks) {
        long paid = 0;
        long oracle = 0;
        for (SageMaker.Instance instance : world.sageMaker.all) {
            Account account = world.accounts.get(instance.name);
            if (account != null && !account.poisoned && instance.ours) {
                paid += instance.deletedAt - instance.createdAt;
            }
        }
        for (Account account : world.accounts.values()) {
            if (!account.poisoned) {
                oracle += account.ledger.reasonMillis - account.wasteMillis;
            }
        }
        return new Totals(1, ticks, paid, oracle);
    }

    Totals plus(Totals other) {
        return new Totals(
                histories + other.histories,
                ticks + other.ticks,
                paidMillis + other.paidMillis,
                oracleMillis + other.oracleMillis);
    }

    /** Minutes paid for each minute that the oracle pays for. */
    double ratio() {
        return (double) paidMillis / oracleMillis;
    }

    /** For people. */
    String sentence(double seconds) {
        return String.format(
                Locale.ROOT,
                "%,d weeks: %,d GPU minutes paid, %,d by an oracle that knows the future, ratio %.3f; %,d ticks in %.1f s",
                histories,
                paidMillis / SageMaker.MINUTE,
                oracleMillis / SageMaker.MINUTE,
                ratio(),
                ticks,
                seconds);
    }
}
