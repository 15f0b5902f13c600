package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two updates of one stack at once. */
@Story
final class LockStory {

    private final Stack stack;

    LockStory(Workbench workbench) throws IOException {
        this.stack = workbench.stack("locked", Change.config(workbench));
    }

    @AfterAll
    void take_it_down() {
        stack.close();
    }

    @Test
    @Order(1)
    void the_second_is_refused_by_the_lock_and_says_so_and_the_first_goes_on() throws Exception {
        Stack.Running first = stack.begin("up", "--yes", "--skip-preview");
        until_locked();

        Run second = stack.tryUp();

        assertThat(first.process().isAlive()).as("the first is still at it").isTrue();
        assertThat(second.exit()).isNotZero();
        assertThat(second.console())
                .contains("the stack is currently locked by 1 lock(s)")
                .contains("pid " + first.process().pid());
        assertThat(first.end().succeeded().moves()).contains("create small-endpoint");
        stack.preview("--refresh", "--expect-no-changes");
    }

    /** Until the first has taken the lock, which it does within seconds of its start. */
    private void until_locked() throws IOException, InterruptedException {
        Path locks = stack.folder().resolve("state/.pulumi/locks");
        for (int i = 0; i < 1200; i++) {
            if (Files.isDirectory(locks)) {
                try (Stream<Path> all = Files.walk(locks)) {
                    if (all.anyMatch(each -> each.toString().endsWith(".json"))) {
                        return;
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("no lock in " + locks);
    }
}
