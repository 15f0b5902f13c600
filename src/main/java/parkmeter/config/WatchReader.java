package parkmeter.config;

import java.util.List;
import java.util.Optional;

/** Reads what is watched, and checks that the rest of the stack goes with it. */
final class WatchReader {

    /**
     * Reads it.
     *
     * @param section what the stack file says
     * @param region where the stack stands
     * @param api how the stack is reached
     */
    WatchSettings read(Section section, String region, Api api) {
        boolean alarms = section.get(Keys.ALARMS);
        List<String> email = section.values(Keys.WATCH_EMAIL, Keys.WATCH_ADDRESS).stream()
                .distinct()
                .toList();
        Optional<String> topic = section.find(Keys.TOPIC);
        var settings = new WatchSettings(
                alarms,
                topic.<WatchSettings.Audience>map(WatchSettings.Audience.Existing::new)
                        .orElseGet(() -> new WatchSettings.Audience.Own(email)),
                section.get(Keys.DASHBOARD),
                section.get(Keys.ACCESS_LOG),
                section.findSection(Keys.BUDGET).map(WatchReader::budget));
        checkAudience(section, settings, region);
        if (api instanceof Api.Http && section.has(Keys.ACCESS_LOG)) {
            section.unused(
                    Keys.ACCESS_LOG, "has nothing to say where api.type is http: an HTTP API always has an access log");
        }
        settings.budget().ifPresent(budget -> checkBudget(section, region));
        section.done();
        return settings;
    }

    private static WatchSettings.Budget budget(Section section) {
        var budget = new WatchSettings.Budget(section.get(Keys.MONTHLY_DOLLARS), section.get(Keys.FORECAST));
        section.done();
        return budget;
    }

    private void checkAudience(Section section, WatchSettings settings, String region) {
        boolean alone = section.given(Keys.TOPIC).isPresent();
        if (alone && section.has(Keys.WATCH_EMAIL)) {
            section.unused(Keys.WATCH_EMAIL, "must not stand beside topic, whose own subscribers are told");
        }
        section.inRegion(
                Keys.TOPIC,
                region,
                "must be a topic in " + region + ", the stack's region: CloudWatch's alarms reach no other");
        if (!settings.tells()) {
            for (Key<?> key : List.of(Keys.WATCH_EMAIL, Keys.TOPIC)) {
                if (section.has(key)) {
                    section.unused(key, "has nothing to say: alarms is false, and there is no budget");
                }
            }
        }
    }

    /** AWS GovCloud (US) user guide, "AWS Billing": its accounts are paid for by accounts outside, and have no budgets. */
    private void checkBudget(Section section, String region) {
        if (region.startsWith("us-gov-")) {
            section.unused(
                    Keys.BUDGET,
                    "must not be set in " + region
                            + ": budgets are kept in the account outside GovCloud that pays for it");
        }
    }
}
