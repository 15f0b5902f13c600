package parkmeter;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.test.Mocks;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parkmeter.config.StackFiles;

class NoAccountTest {

    private final ConcurrentLinkedQueue<String> declared = new ConcurrentLinkedQueue<>();

    @AfterEach
    void forget_the_mocks() {
        PulumiTest.cleanup();
    }

    @Test
    void without_credentials_awss_own_word_is_all_that_a_person_reads() {
        var config = StackFiles.sample("dev");

        TestResult result = PulumiTest.withMocks(new Unknown()).runTest(ctx -> App.stack(ctx, config));

        assertThat(declared).containsExactly("pulumi:providers:aws");
        assertThat(result.errors())
                .singleElement()
                .asString()
                .contains("No valid credential sources found", "`aws sts get-caller-identity`")
                .doesNotContain("\tat ");
    }

    /** An account of which nobody says whose it is. */
    private final class Unknown implements Mocks {
        @Override
        public CompletableFuture<ResourceResult> newResourceAsync(ResourceArgs args) {
            declared.add(args.type);
            return CompletableFuture.completedFuture(ResourceResult.of(Optional.of(args.name), Map.of()));
        }

        @Override
        public CompletableFuture<Map<String, Object>> callAsync(CallArgs args) {
            return CompletableFuture.failedFuture(new IllegalStateException("No valid credential sources found"));
        }
    }
}
