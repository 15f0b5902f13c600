package parkmeter.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The zips that Lambda gets. Pulumi deploys a function when its bytes change, so they must not change by themselves. */
class FunctionZipIT {
    private static final Path TARGET = Path.of("target");
    private static final Path FUNCTION = TARGET.resolve("function.zip");
    private static final Path METER = TARGET.resolve("meter.zip");
    private static final Path ACCESS = TARGET.resolve("access.zip");
    private static final Path JOBS = TARGET.resolve("jobs.zip");

    private static final Set<String> LIBRARIES = Set.of(
            "annotations",
            "auth",
            "aws-core",
            "aws-crt",
            "aws-crt-client",
            "aws-json-protocol",
            "checksums",
            "checksums-spi",
            "crt-core",
            "dynamodb",
            "endpoints-spi",
            "http-auth",
            "http-auth-aws",
            "http-auth-spi",
            "http-client-spi",
            "identity-spi",
            "jackson-core",
            "jackson-jr-objects",
            "json-utils",
            "metrics-spi",
            "profiles",
            "protocol-core",
            "reactive-streams",
            "regions",
            "retries",
            "retries-spi",
            "sdk-core",
            "slf4j-api",
            "slf4j-nop",
            "third-party-jackson-core",
            "utils",
            "utils-lite");

    @Test
    void another_build_elsewhere_at_another_time_gives_the_same_bytes_but_for_the_zip_whose_source_changed(
            @TempDir Path elsewhere) throws IOException, InterruptedException {
        copy(Path.of("..", "gates"), elsewhere.resolve("gates"));
        copy(Path.of("..", ".mvn"), elsewhere.resolve(".mvn"));
        copy(Path.of("src", "main"), elsewhere.resolve("handler/src/main"));
        copy(Path.of("src", "assembly"), elsewhere.resolve("handler/src/assembly"));
        Files.copy(Path.of("pom.xml"), elsewhere.resolve("handler/pom.xml"));
        Path sources = elsewhere.resolve("handler/src/main/java/parkmeter/lambda");
        edit(sources.resolve("invoke/PromptApi.java"), source -> "// One more line above everything.\n" + source);

        build(elsewhere.resolve("handler"));

        assertThat(sameAs(elsewhere, FUNCTION)).as(DIFFERS).isEqualTo(-1);
        assertThat(sameAs(elsewhere, METER)).as(DIFFERS).isEqualTo(-1);
        assertThat(sameAs(elsewhere, ACCESS)).as(DIFFERS).isEqualTo(-1);

        edit(
                sources.resolve("invoke/PromptApi.java"),
                source -> source.replace("The model's answer can't be understood", "Its answer can't be understood"));

        build(elsewhere.resolve("handler"));

        assertThat(sameAs(elsewhere, FUNCTION)).isNotEqualTo(-1);
        assertThat(sameAs(elsewhere, METER)).as(DIFFERS).isEqualTo(-1);
        assertThat(sameAs(elsewhere, ACCESS)).as(DIFFERS).isEqualTo(-1);
    }

    private static final String DIFFERS = "the first byte that differs; after a change of JAVA_HOME: make clean";

    private static long sameAs(Path elsewhere, Path zip) throws IOException {
        return Files.mismatch(zip, elsewhere.resolve("handler").resolve(zip));
    }

    private static void edit(Path source, UnaryOperator<String> change) throws IOException {
        Files.writeString(source, change.apply(Files.readString(source)));
    }

    @Test
    void the_prompt_apis_is_small_and_holds_its_handler_and_libraries() throws IOException {
        assertThat(Files.size(FUNCTION)).isLessThan(12_000_000);
        assertThat(entries(FUNCTION))
                .doesNotHaveDuplicates()
                .contains(
                        "parkmeter/lambda/invoke/InvokeHandler.class",
                        "software/amazon/awssdk/services/sagemakerruntime/SageMakerRuntimeClient.class",
                        "linux/x86_64/glibc/libaws-crt-jni.so")
                .noneMatch(name -> name.matches("parkmeter/.*(Test|bench|Bench|Stub).*"));
    }

    @Test
    void the_meters_holds_its_handlers_and_nothing_of_the_prompt_apis() throws IOException {
        assertThat(Files.size(METER)).isLessThan(34_000_000);
        assertThat(entries(METER))
                .doesNotHaveDuplicates()
                .contains(
                        "parkmeter/lambda/meter/tick/TickHandler.class",
                        "parkmeter/lambda/meter/http/MeterApiHandler.class",
                        "parkmeter/lambda/meter/registration/RegistrationHandler.class",
                        "linux/x86_64/glibc/libaws-crt-jni.so")
                .noneMatch(
                        name -> name.matches("parkmeter/(lambda/(invoke|sagemaker)/.*|.*(Test|bench|Bench|Stub).*)"));
    }

    @Test
    void the_authorizers_is_small_and_holds_of_this_project_what_it_needs_only() throws IOException {
        assertThat(Files.size(ACCESS)).isLessThan(14_000_000);
        assertThat(entries(ACCESS))
                .doesNotHaveDuplicates()
                .contains(
                        "parkmeter/lambda/access/AuthorizerHandler.class",
                        "parkmeter/lambda/access/TokensHandler.class",
                        "linux/x86_64/glibc/libaws-crt-jni.so")
                .noneMatch(name -> name.matches("parkmeter/(lambda/(invoke|sagemaker|meter|jobs)/.*|.*(Test|Stub).*)"));
        assertThat(entries(FUNCTION)).noneMatch(name -> name.startsWith("parkmeter/lambda/access/"));
        assertThat(entries(METER)).noneMatch(name -> name.startsWith("parkmeter/lambda/access/"));
    }

    @Test
    void the_long_routes_hold_what_asks_a_model_and_nothing_of_the_meters_functions() throws IOException {
        assertThat(Files.size(JOBS)).isLessThan(18_000_000);
        assertThat(entries(JOBS))
                .doesNotHaveDuplicates()
                .contains(
                        "parkmeter/lambda/jobs/JobsHandler.class",
                        "parkmeter/lambda/jobs/WorkHandler.class",
                        "parkmeter/lambda/invoke/ModelRoutes.class",
                        "linux/x86_64/glibc/libaws-crt-jni.so")
                .noneMatch(name -> name.matches(
                        "parkmeter/(lambda/(access|meter/(aws|http|registration|tick))/.*|.*(Test|Stub).*)"));
        assertThat(entries(FUNCTION)).noneMatch(name -> name.startsWith("parkmeter/lambda/jobs/"));
        assertThat(entries(METER)).noneMatch(name -> name.startsWith("parkmeter/lambda/jobs/"));
    }

    @Test
    void the_prompt_apis_holds_of_the_meter_its_rules_and_table_only() throws IOException {
        assertThat(entries(FUNCTION))
                .contains("parkmeter/lambda/meter/Bell.class", "parkmeter/lambda/meter/table/DynamoTable.class")
                .noneMatch(name -> name.matches("parkmeter/lambda/meter/(aws|http|registration|tick)/.*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"function.zip", "meter.zip", "access.zip", "jobs.zip"})
    void each_holds_one_http_client_and_no_pulumi(String zip) throws IOException {
        assertThat(entries(TARGET.resolve(zip)))
                .anyMatch(name -> name.startsWith("software/amazon/awssdk/http/crt/"))
                .noneMatch(
                        name -> name.matches(
                                "(software/amazon/awssdk/http/(apache|apache5|nio|urlconnection)|io/netty|org/apache|com/pulumi)/.*"));
    }

    /** A library more is a longer cold start, and one more to be trusted: whoever adds one says so here. */
    @Test
    void the_prompt_apis_holds_these_libraries_and_no_other() throws IOException {
        assertThat(libraries(FUNCTION)).containsExactlyInAnyOrderElementsOf(with("sagemakerruntime"));
    }

    @Test
    void the_meters_holds_these_libraries_and_no_other() throws IOException {
        assertThat(libraries(METER))
                .containsExactlyInAnyOrderElementsOf(
                        with("sagemaker", "cloudwatch", "aws-query-protocol", "sns", "ssm"));
    }

    @Test
    void the_authorizers_holds_these_libraries_and_no_other() throws IOException {
        assertThat(libraries(ACCESS)).containsExactlyInAnyOrderElementsOf(with("apigateway"));
    }

    @Test
    void the_long_routes_hold_these_libraries_and_no_other() throws IOException {
        assertThat(libraries(JOBS))
                .containsExactlyInAnyOrderElementsOf(
                        with("sagemakerruntime", "sfn", "s3", "arns", "aws-query-protocol", "aws-xml-protocol"));
    }

    private static Set<String> with(String... more) {
        Set<String> all = new TreeSet<>(LIBRARIES);
        all.addAll(Set.of(more));
        return all;
    }

    private static Set<String> libraries(Path zip) throws IOException {
        Set<String> rest = new HashSet<>(classes(zip));
        Set<String> libraries = new TreeSet<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (path.endsWith(".jar") && rest.removeAll(Set.copyOf(classes(Path.of(path))))) {
                libraries.add(Path.of(path).getFileName().toString().replaceFirst("-\\d.*", ""));
            }
        }
        assertThat(rest).as("classes of no library").allMatch(name -> name.startsWith("parkmeter/"));
        return libraries;
    }

    private static List<String> classes(Path zip) throws IOException {
        return entries(zip).stream()
                .filter(name ->
                        name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("module-info.class"))
                .toList();
    }

    private static List<String> entries(Path path) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return Collections.list(zip.entries()).stream()
                    .map(ZipEntry::getName)
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void build(Path project) throws IOException, InterruptedException {
        Path log = project.resolve("build.log");
        ProcessBuilder maven = new ProcessBuilder(
                        Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                        "-B",
                        "-o",
                        "-q",
                        "-DskipTests",
                        "package")
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        maven.environment().put("TZ", "Asia/Kathmandu");
        assertThat(maven.start().waitFor()).as(Files.readString(log)).isZero();
    }
}
