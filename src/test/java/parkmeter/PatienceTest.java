package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.aws.sns.Topic;
import com.pulumi.test.Mocks;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.internal.PulumiTestInternal;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatienceTest {

    /** Under mocks the SDK's rounds are noted there. */
    private final Logger sdk = Logger.getLogger(PulumiTestInternal.class.getName());

    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger shown = new AtomicInteger();

    @AfterEach
    void leaves_the_log_as_it_was() {
        PulumiTest.cleanup();
        sdk.setFilter(null);
        sdk.setLevel(null);
    }

    @Test
    void rests_between_the_rounds_in_which_the_sdk_asks_whether_a_resource_stands() {
        PulumiTest.withMocks(new OneSecond())
                .runTest(ctx -> {
                    new Patience(sdk).begin();
                    count();
                    new Topic("slow");
                })
                .throwOnError();

        // None at all would be an SDK that no longer says so; without the rests there are tens of thousands.
        assertThat(rounds.get()).isBetween(10, 400);
        assertThat(shown).as("lines for a person").hasValue(0);
    }

    @Test
    void shows_the_sdks_log_to_who_asks_for_it() {
        sdk.setLevel(Level.INFO);

        new Patience(sdk).begin();
        count();
        sdk.info("one for a person");
        sdk.fine("one for nobody");

        assertThat(shown).hasValue(1);
    }

    @Test
    void knows_the_class_in_which_the_sdk_waits() throws ClassNotFoundException {
        assertThat(Class.forName(Patience.SDK + "$DefaultRunner").getDeclaredMethods())
                .extracting(Method::getName)
                .contains("loopUntilDone");
    }

    private void count() {
        Filter patience = Objects.requireNonNull(sdk.getFilter());
        sdk.setFilter(line -> {
            boolean show = patience.isLoggable(line);
            if (show) {
                shown.incrementAndGet();
            }
            if (line.getMessage().startsWith("Remaining tasks")) {
                rounds.incrementAndGet();
            }
            return show;
        });
    }

    /** Takes a second for each resource. */
    private static final class OneSecond implements Mocks {
        @Override
        public CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs args) {
            return CompletableFuture.supplyAsync(
                    () -> ResourceResult.of(Optional.of(args.name), Map.of()),
                    CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
        }
    }
}
