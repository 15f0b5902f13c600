package parkmeter.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code make stage}, with stand-ins for the two tools that it calls: a hub of one model, and a bucket that is a folder. */
class StageTest {

    private static final String COMMIT = "fe8a4ea1ffedaf415f4da2f062534de366a451e6";

    /** Fetches as hf does: into a cache, by links, and says where. */
    private static final String HF =
            """
            #!/usr/bin/env bash
            printf '%s\\n' "$*" >> "$TOOLS/hf.log"
            [[ $1 == download && $2 == owner/model ]] || exit 1
            shift 2
            snapshot=$TOOLS/cache/snapshots/fe8a4ea1ffedaf415f4da2f062534de366a451e6
            mkdir -p "$snapshot"
            while [[ $# -gt 0 ]]; do
              case $1 in
                --revision) [[ $2 == main || $2 == v1 || $2 == fe8a* ]] || exit 1; shift ;;
                --include) pattern=$2; shift ;;
                --quiet) ;;
                *) file=$1 ;;
              esac
              shift
            done
            for each in "$TOOLS"/hub/${file:-$pattern}; do
              [[ -e $each ]] && ln -sf "$each" "$snapshot/"
            done
            echo "$snapshot${file:+/$file}"
            """;

    private static final String AWS =
            """
            #!/usr/bin/env bash
            printf '%s\\n' "$*" >> "$TOOLS/aws.log"
            case $2 in
              sync) to=$TOOLS/bucket/${4#s3://}; mkdir -p "$to"; cp -rL "$3"/. "$to" ;;
              cp) to=$TOOLS/bucket/${4#s3://}; mkdir -p "$(dirname "$to")"; cat > "$to" ;;
            esac
            """;

    private final Path folder;

    StageTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        tool("hf", HF);
        tool("aws", AWS);
        Path hub = Files.createDirectories(folder.resolve("hub"));
        for (String file : List.of(
                "config.json",
                "model.safetensors",
                "pytorch_model.bin",
                "tokenizer.model",
                "README.md",
                "small.gguf")) {
            Files.writeString(hub.resolve(file), file);
        }
    }

    private void tool(String name, String script) throws Exception {
        Path file = Files.writeString(folder.resolve(name), script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private record Ended(int code, String out, String err) {}

    private Ended stage(Map<String, String> variables) throws Exception {
        var builder = new ProcessBuilder(
                        TestStacks.PROJECT.resolve("local/stage.sh").toString())
                .directory(TestStacks.PROJECT.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().keySet().removeAll(List.of("HUB", "S3", "REVISION", "FILE"));
        builder.environment().put("TOOLS", folder.toString());
        builder.environment().put("PATH", folder + ":/usr/bin:/bin");
        builder.environment().putAll(variables);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    private List<String> bucket() throws Exception {
        Path bucket = folder.resolve("bucket");
        try (var files = Files.walk(bucket)) {
            return new ArrayList<>(files.filter(Files::isRegularFile)
                    .map(file -> bucket.relativize(file).toString())
                    .sorted()
                    .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"s3://example/models, main", "s3://example/models/, v1"})
    void weights_and_what_is_read_with_them_lie_under_the_commit_alone(String s3, String revision) throws Exception {
        Ended ended = stage(Map.of("HUB", "owner/model", "S3", s3, "REVISION", revision));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .isEqualTo("source: {s3: s3://example/models/owner/model/" + COMMIT + "/, sizeMegabytes: 1}\n");
        assertThat(bucket())
                .containsExactly(
                        "example/models/owner/model/" + COMMIT + "/config.json",
                        "example/models/owner/model/" + COMMIT + "/model.safetensors",
                        "example/models/owner/model/" + COMMIT + "/tokenizer.model");
        assertThat(Files.readAllLines(folder.resolve("hf.log")).subList(1, 3))
                .as("a branch that moves meanwhile changes nothing")
                .allMatch(line -> line.contains("--revision " + COMMIT));
    }

    @Test
    void a_gguf_file_becomes_an_archive() throws Exception {
        Ended ended = stage(Map.of("HUB", "owner/model", "S3", "s3://example", "FILE", "small.gguf"));

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .isEqualTo("source: {s3: s3://example/owner/model/" + COMMIT + "/model.tar.gz, sizeMegabytes: 1}\n");
        Process tar = new ProcessBuilder(
                        "tar", "-xzOf", "bucket/example/owner/model/" + COMMIT + "/model.tar.gz", "small.gguf")
                .directory(folder.toFile())
                .start();
        assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .as("the file, not the cache's link to it")
                .isEqualTo("small.gguf");
    }

    @Test
    void a_model_without_safetensors_is_refused_before_anything_is_written() throws Exception {
        Files.delete(folder.resolve("hub/model.safetensors"));

        Ended ended = stage(Map.of("HUB", "owner/model", "S3", "s3://example"));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("owner/model has no safetensors weights at main. FILE=name.gguf");
        assertThat(folder.resolve("aws.log")).doesNotExist();
    }

    @Test
    void a_model_that_the_hub_does_not_give_is_told() throws Exception {
        Ended ended = stage(Map.of("HUB", "owner/other", "S3", "s3://example"));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("The hub gave nothing.");
        assertThat(ended.out()).isEmpty();
        assertThat(folder.resolve("aws.log")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"hf, pip install -U huggingface_hub", "aws, https://docs.aws.amazon.com/cli/"})
    void a_tool_that_is_missing_is_told_with_how_to_get_it(String tool, String how) throws Exception {
        Files.delete(folder.resolve(tool));
        // Elsewhere on this machine there may be one.
        Path few = Files.createDirectories(folder.resolve("few"));
        tool("few/bash", "#!/bin/bash\nexec /bin/bash \"$@\"\n");

        Ended ended = stage(Map.of("HUB", "owner/model", "S3", "s3://example", "PATH", folder + ":" + few));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).startsWith("There is no '" + tool + "' here").contains(how);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model       | s3://example  |          |       | HUB=model: must be a model of the Hugging Face hub",
                "a/b; id     | s3://example  |          |       | HUB=a/b; id: must be",
                "owner/model | example       |          |       | S3=example: must be a bucket",
                "owner/model | s3://example  | $(id)    |       | REVISION=$(id): must be a branch",
                "owner/model | s3://example  |          | a.bin | FILE=a.bin: must be a GGUF file",
            })
    void an_order_that_does_not_fit_is_one_line(String hub, String s3, String revision, String file, String line)
            throws Exception {
        Ended ended = stage(Map.of(
                "HUB", hub, "S3", s3, "REVISION", revision == null ? "" : revision, "FILE", file == null ? "" : file));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).startsWith(line).hasLineCount(1);
        assertThat(folder.resolve("hf.log")).doesNotExist();
    }
}
