package parkmeter.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    private final Path parent;

    FoldersTest(@TempDir Path parent) {
        this.parent = parent;
    }

    @Test
    void what_a_killed_process_left_is_deleted_and_what_others_have_is_kept() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path left = Files.createDirectories(parent.resolve("parkmeter-lambda-" + dead.pid() + "-1/function-0/task"));
        Files.createFile(left.resolve("a.class"));
        Path strange = Files.createDirectory(parent.resolve("parkmeter-lambda-of-somebody"));
        Path first = Folders.ofThisProcess(parent);

        Path second = Folders.ofThisProcess(parent);

        assertThat(parent).isDirectoryNotContaining("glob:**-" + dead.pid() + "-*");
        assertThat(strange).exists();
        assertThat(first).exists().isNotEqualTo(second);
    }

    @Test
    void a_folder_goes_even_when_parts_of_it_go_meanwhile() throws IOException {
        for (int round = 0; round < 20; round++) {
            Path folder = Files.createDirectory(parent.resolve("round-" + round));
            for (int i = 0; i < 50; i++) {
                Files.createFile(
                        Files.createDirectory(folder.resolve("tmp-" + i)).resolve("file"));
            }
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 50; i++) {
                    Folders.delete(folder.resolve("tmp-" + i));
                }
            });
            Folders.delete(folder);
            other.join();
            assertThat(folder).doesNotExist();
        }
    }
}
