package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * The lines of .github/workflows/deploy.yml, run as GitHub runs them, on a copy of the repository: the state in a bucket, its
 * secrets under a KMS key, and no secret in the environment. In place of GitHub's own command stands one that keeps its arguments.
 */
@Story
final class PipelineStory {

    private static final String STACK = "pipeline";
    private static final String REGION = "eu-west-2";
    private static final String BUCKET = "parkmeter-state-" + AwsCall.ACCOUNT;
    private static final long MINUTES = 10;
    private static final Pattern KEY_ID = Pattern.compile("\"KeyId\": *\"([^\"]+)\"");

    private final Workbench workbench;
    private final Path project;
    private final Map<String, String> environment;

    /** What a job printed, and what IAM would have asked it for. */
    private record Ran(String output, Set<Permission> asked) {}

    PipelineStory(Workbench workbench) throws IOException {
        this.workbench = workbench;
        this.project = workbench.clone(STACK);
        Files.writeString(project.resolve("Pulumi." + STACK + ".yaml"), workbench.file("Pulumi.dev.yaml"));
        Path gh = Files.createDirectories(project.resolve("target/bin")).resolve("gh");
        Files.writeString(gh, "#!/bin/sh\necho \"$@\" >>gh.log\n");
        Files.setPosixFilePermissions(gh, PosixFilePermissions.fromString("rwxr-xr-x"));
        this.environment = new TreeMap<>(workbench.environment());
        environment.putAll(Map.of(
                "AWS_REGION",
                REGION,
                "STACK",
                STACK,
                "PR",
                "7",
                "GITHUB_REPOSITORY",
                "owner/parkmeter",
                "PATH",
                gh.getParent() + ":" + environment.get("PATH")));
        environment.remove("PULUMI_CONFIG_PASSPHRASE");
    }

    @AfterAll
    void end() throws IOException, InterruptedException {
        run(
                workbench.endpoint(),
                "pulumi cancel --yes --stack $STACK || true; pulumi destroy --yes --skip-preview --stack $STACK || true; pulumi stack rm --yes --stack $STACK || true");
    }

    @Test
    @Order(1)
    void a_bucket_and_a_key_are_what_the_state_needs() throws IOException, InterruptedException {
        call(
                "s3",
                "PUT",
                "/" + BUCKET,
                "",
                "<CreateBucketConfiguration><LocationConstraint>" + REGION
                        + "</LocationConstraint></CreateBucketConfiguration>");
        Matcher key = KEY_ID.matcher(call("kms", "POST", "/", "TrentService.CreateKey", "{}"));
        assertThat(key.find()).isTrue();
        call(
                "kms",
                "POST",
                "/",
                "TrentService.CreateAlias",
                "{\"AliasName\": \"alias/parkmeter-state\", \"TargetKeyId\": \"" + key.group(1) + "\"}");
        // A person does this once, with more rights than the pipeline has.
        run(
                workbench.endpoint(),
                "pulumi stack init $STACK --secrets-provider 'awskms://alias/parkmeter-state?region=" + REGION + "'");
    }

    @Test
    @Order(2)
    void a_pull_request_shows_what_it_would_change_and_may_do_no_more() throws IOException, InterruptedException {
        Ran preview = job("preview");
        assertThat(preview.output()).contains("+ 66 to create");
        assertThat(project.resolve("comment.md"))
                .content()
                .startsWith("`pulumi preview --stack pipeline`\n```\n")
                .contains("+ 66 to create")
                .endsWith("```\n");
        assertThat(project.resolve("gh.log"))
                .hasContent(
                        "pr comment 7 --repo owner/parkmeter --edit-last --create-if-none --body-file comment.md\n");
        Policy policy = Policy.of(workbench.file("docs/deploying-role.md"), "preview");
        assertThat(policy.missing(preview.asked())).isEmpty();
        assertThat(policy.idle(preview.asked())).isEmpty();
    }

    @Test
    @Order(3)
    void a_push_to_main_deploys() throws IOException, InterruptedException {
        assertThat(job("deploy").output()).contains("+ 66 created");
        assertThat(standing()).contains("function parkmeter-pipeline-tinyllama-invoke");
    }

    @Test
    @Order(4)
    void a_person_with_the_same_bucket_and_key_takes_it_down() throws IOException, InterruptedException {
        run(
                workbench.calls().address(),
                "pulumi destroy --yes --skip-preview --stack $STACK --non-interactive --color never");
        assertThat(standing()).isEmpty();
    }

    private List<String> standing() {
        return Account.in(workbench.endpoint(), REGION).of(STACK);
    }

    /** Runs the {@code run:} steps of a job, each in a shell of its own. */
    private Ran job(String name) throws IOException, InterruptedException {
        Map<String, Map<String, Map<String, List<Map<String, Object>>>>> workflow =
                new Yaml().load(workbench.file(".github/workflows/deploy.yml"));
        List<Map<String, Object>> steps = workflow.getOrDefault("jobs", Map.of())
                .getOrDefault(name, Map.of())
                .getOrDefault("steps", List.of());
        return run(
                workbench.calls().address(),
                steps.stream()
                        .filter(step -> step.containsKey("run"))
                        .map(step -> "(\n" + step.get("run") + "\n)")
                        .collect(Collectors.joining("\n")));
    }

    /** Runs lines as GitHub does where a workflow asks for bash (Workflow syntax, {@code defaults.run.shell}). */
    private Ran run(URI endpoint, String lines) throws IOException, InterruptedException {
        try (AwsCalls calls = AwsCalls.to(endpoint)) {
            Path output = Files.createTempFile(project.resolve("target"), "job", ".txt");
            ProcessBuilder builder = new ProcessBuilder("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", lines)
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put("AWS_ENDPOINT_URL", calls.address().toString());
            builder.environment()
                    .put(
                            "PULUMI_BACKEND_URL",
                            "s3://" + BUCKET + "?region=" + REGION + "&s3ForcePathStyle=true&endpoint="
                                    + calls.address());
            Process process = builder.start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String printed = Files.readString(output);
            assertThat(process.waitFor()).as("%s%n%s", lines, printed).isZero();
            return new Ran(printed, calls.permissions());
        }
    }

    /** Calls an AWS API that no client library is here for; an emulator checks no signature. */
    private String call(String service, String method, String path, String target, String body)
            throws IOException, InterruptedException {
        URI address = workbench.endpoint().resolve(path);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address)
                                .method(method, BodyPublishers.ofString(body))
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=test/20260101/" + REGION + "/" + service
                                                + "/aws4_request, SignedHeaders=host, Signature=0")
                                .header("X-Amz-Target", target)
                                .header("Content-Type", "application/x-amz-json-1.1")
                                .build(),
                        BodyHandlers.ofString());
        // Bucket and alias stay where an emulator goes on after the stories.
        assertThat(answer.statusCode() == 200 || answer.body().contains("Already"))
                .as("%s: %s", service, answer.body())
                .isTrue();
        return answer.body();
    }
}
