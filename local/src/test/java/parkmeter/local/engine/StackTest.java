package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is expected here is what Pulumi's command 3.259.0 put into PULUMI_CONFIG for the same files. */
class StackTest {
    @TempDir
    private Path folder;

    @Test
    void a_stacks_file_may_lie_in_a_folder_of_the_projects_examples() throws Exception {
        Files.createDirectories(folder.resolve("examples/one"));
        Files.createDirectories(folder.resolve("examples/two"));
        write("examples/two/Pulumi.shown.yaml", "config:\n  meter:key: example\n");
        assertThat(Stack.read(folder, "shown").config()).containsEntry("meter:key", "example");
        assertThat(Stack.read(folder, "shown").folder()).isEqualTo(folder.toAbsolutePath());

        write("Pulumi.shown.yaml", "config:\n  meter:key: own\n");
        assertThat(Stack.read(folder, "shown").config()).containsEntry("meter:key", "own");
    }

    @BeforeEach
    void a_project() throws IOException {
        write("Pulumi.yaml", "name: meter\nruntime: java\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain text|plain text",
                "eu-west-2|eu-west-2",
                "true|true",
                "True|true",
                "'true'|true",
                "yes|yes",
                "on|on",
                "Yes|Yes",
                "12|12",
                "+12|12",
                "'012'|012",
                "0123|83",
                "0o17|15",
                "-0o7|-7",
                "08|8",
                "0x1F|31",
                "0x1p3|0x1p3",
                "0b101|5",
                "-0b11|-3",
                "1_000|1000",
                "1_0.5|10.5",
                "_12|_12",
                "1:30|1:30",
                "1.2.3|1.2.3",
                "1.0|1",
                "1.50|1.5",
                "5.|5",
                ".5|0.5",
                "-0.0|0",
                "+.5e1|5",
                "1e3|1000",
                "1e20|100000000000000000000",
                "1e21|1e+21",
                "1e-6|0.000001",
                "0.0000001|1e-7",
                "123456789.123|123456789.123",
                "12345678901234567890|12345678901234567890",
                "123456789012345678901234567890|1.2345678901234568e+29",
                "'~'|~",
                ".|.",
                "'2024-01-02'|2024-01-02",
                "[]|[]",
                "{}|{}",
                "[a, 1, true, 2.0, yes]|[\"a\",1,true,2,\"yes\"]",
                "[null, {a: null}]|[null,{\"a\":null}]",
                "{1: a, true: b}|{\"1\":\"a\",\"true\":\"b\"}",
                "{x: &q {z: 1}, y: {<<: *q, k: 2}}|{\"x\":{\"z\":1},\"y\":{\"k\":2,\"z\":1}}",
            })
    void a_value_becomes_the_text_that_pulumi_makes_of_it(String yaml, String expected) throws Exception {
        write("Pulumi.dev.yaml", "config:\n  meter:key: " + yaml + "\n");

        assertThat(Stack.read(folder, "dev").config()).containsEntry("meter:key", expected);
    }

    @Test
    void nothing_and_an_empty_text_are_the_empty_text() throws Exception {
        write("Pulumi.dev.yaml", "config:\n  meter:none:\n  meter:nil: null\n  meter:tilde: ~\n  meter:empty: ''\n");

        assertThat(Stack.read(folder, "dev").config().values()).hasSize(4).containsOnly("");
    }

    @Test
    void a_bare_key_is_the_projects_and_the_old_form_with_config_is_read() throws Exception {
        write("Pulumi.dev.yaml", "config:\n  bare: x\n  aws:config:region: eu-west-1\n");

        assertThat(Stack.read(folder, "dev").config())
                .containsEntry("meter:bare", "x")
                .containsEntry("aws:region", "eu-west-1")
                .hasSize(2);
    }

    @Test
    void what_the_project_sets_holds_where_the_stack_says_nothing() throws Exception {
        write(
                "Pulumi.yaml",
                """
                name: meter
                config:
                  size: {type: integer, default: 3}
                  colour: {default: red}
                  must: {type: string}
                  aws:region: {value: eu-west-1}
                """);
        write("Pulumi.dev.yaml", "config:\n  meter:colour: blue\n");

        assertThat(Stack.read(folder, "dev").config())
                .containsEntry("meter:size", "3")
                .containsEntry("meter:colour", "blue")
                .containsEntry("aws:region", "eu-west-1")
                .hasSize(3);
    }

    @Test
    void an_encrypted_value_is_replaced_and_its_key_is_a_secret_one() throws Exception {
        write(
                "Pulumi.dev.yaml",
                """
                config:
                  meter:token:
                    secure: v1:AGhS/t4Q2gNYAyv7:ANPeOAoU6KamaXLUcCxnrMrxSw3HgA==
                  meter:nested: {plain: 3, list: [{secure: v1:m3gu6V78}]}
                  meter:clear: {secure: x, other: y}
                encryptionsalt: v1:5/VjnIz5L/E=
                """);

        Stack stack = Stack.read(folder, "dev");

        assertThat(stack.secretKeys()).containsExactlyInAnyOrder("meter:token", "meter:nested");
        assertThat(stack.config())
                .containsEntry("meter:token", "encrypted-value")
                .containsEntry("meter:nested", "{\"list\":[\"encrypted-value\"],\"plain\":3}")
                .containsEntry("meter:clear", "{\"other\":\"y\",\"secure\":\"x\"}");
    }

    @Test
    void an_empty_stack_file_is_a_stack_without_settings() throws Exception {
        write("Pulumi.dev.yaml", "");

        assertThat(Stack.read(folder, "dev").config()).isEmpty();
    }

    @Test
    void a_missing_stack_file_lists_the_stacks_that_exist() throws Exception {
        write("Pulumi.dev.yaml", "");
        write("Pulumi.prod.yaml", "");

        assertThatThrownBy(() -> Stack.read(folder, "test"))
                .isInstanceOf(UnusableStack.class)
                .hasMessageContainingAll("There is no stack 'test'", "Pulumi.test.yaml", "dev, prod");
    }

    @Test
    void a_folder_without_a_project_says_so() throws Exception {
        Files.delete(folder.resolve("Pulumi.yaml"));

        assertThatThrownBy(() -> Stack.read(folder, "dev"))
                .isInstanceOf(UnusableStack.class)
                .hasMessageEndingWith("Pulumi.yaml doesn't exist.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "meter:a: [1;meter:b: 2|line 3: expected ',' or ']'",
                "meter:a: 1;meter:a: 2|line 3: 'meter:a' is there twice",
                "meter:a: .inf|line 2: '.inf' is no number",
                "meter:a: 2024-01-02|line 2: a date without quotes",
                "meter:a: &x [*x]|line 2: an anchor that holds itself",
                "meter:a: !ref x|line 2: the tag !ref isn't supported",
                "a:b:c: x|'a:b:c' is no key",
                "- x|'config' must be a mapping",
            })
    void a_malformed_file_gets_one_line_with_its_place(String config, String expected) throws Exception {
        write("Pulumi.dev.yaml", "config:\n  " + config.replace(";", "\n  ") + "\n");

        assertThatThrownBy(() -> Stack.read(folder, "dev"))
                .isInstanceOf(UnusableStack.class)
                .hasMessageContainingAll("Pulumi.dev.yaml", expected)
                .message()
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"- a\n", "text\n"})
    void a_file_that_is_no_mapping_is_refused(String content) throws Exception {
        write("Pulumi.dev.yaml", content);

        assertThatThrownBy(() -> Stack.read(folder, "dev")).hasMessageContaining("line 1: a YAML file of Pulumi");
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }
}
