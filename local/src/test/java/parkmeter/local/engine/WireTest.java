package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTest {
    private static final String SIGNATURE = "'4dabf18193072939515e22adb298388d'";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "512|512",
                "0.5|0.5",
                "9007199254740992|9007199254740992",
                "'text'|'text'",
                "null|null",
                "[1, {'a': true}]|[1,{'a':true}]",
                "{SIG: '1b47061264138c4ac30d75fd1eb44270', 'value': {'b': 1}}|{'b':1}",
                "{SIG: 'd0e6a833031e9bbcd3f4e8bde6ca49a4', 'value': 2, 'secret': true}|2",
                "{SIG: 'd0e6a833031e9bbcd3f4e8bde6ca49a4'}|'04da6b54-80e4-46f7-96ec-b56ff0331ba9'",
                "{SIG: '5cf8f73096256a8f31e491e813e4eb8e', 'urn': 'urn:x', 'id': 'i'}|'urn:x'",
                "{SIG: 'c44067f5952c0a294b673a41bacd8c17', 'text': 'hello', 'hash': 'h'}|{'asset':{'text':'hello'}}",
                "{SIG: '0def7320c3a5731c473e5ecbe6d01bc7', 'path': './a/../f.zip'}|{'archive':{'path':'f.zip'}}",
                "{SIG: '0def7320c3a5731c473e5ecbe6d01bc7', 'path': '/project/target/f.zip'}|{'archive':{'path':'target/f.zip'}}",
                "{SIG: '0def7320c3a5731c473e5ecbe6d01bc7', 'path': '/else/f.zip'}|{'archive':{'path':'/else/f.zip'}}",
            })
    void a_value_on_the_wire_is_plain_json(String wire, String expected) throws Exception {
        assertThat(decode("{'key': " + wire + "}").value().get("key")).hasToString(expected.replace('\'', '"'));
    }

    @Test
    void secrets_are_found_where_they_are() throws Exception {
        assertThat(decode(
                                """
                                {'plain': 1,
                                 'a/b': [{'c~d': {SIG: '1b47061264138c4ac30d75fd1eb44270', 'value': 'x'}}, 2],
                                 'out': {SIG: 'd0e6a833031e9bbcd3f4e8bde6ca49a4', 'value': 'y', 'secret': true},
                                 'open': {SIG: 'd0e6a833031e9bbcd3f4e8bde6ca49a4', 'value': 'z'}}
                                """)
                        .secrets())
                .containsExactlyInAnyOrder("/a~1b/0/c~0d", "/out");
    }

    @Test
    void a_value_that_is_marked_as_secret_reads_back_as_one() {
        Struct marked = Struct.newBuilder()
                .putFields("key", Wire.secret(Wire.text("x")))
                .build();

        Wire.Decoded decoded = Wire.decode(marked, Path.of("/project"));

        assertThat(decoded.secrets()).containsExactly("/key");
        assertThat(decoded.value().path("key").asText()).isEqualTo("x");
    }

    private static Wire.Decoded decode(String json) throws Exception {
        Struct.Builder struct = Struct.newBuilder();
        JsonFormat.parser().merge(json.replace("SIG", SIGNATURE).replace('\'', '"'), struct);
        return Wire.decode(struct.build(), Path.of("/project"));
    }
}
