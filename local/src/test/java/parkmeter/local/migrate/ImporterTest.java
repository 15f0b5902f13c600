package parkmeter.local.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of each field of a configuration, and what is said of one that can't be taken over. */
class ImporterTest {

    private static final String MODEL =
            """
            {"name": "FlanT5", "model_id": "huggingface-text2text-flan-t5-xxl", "inference_instance_type": "ml.g5.12xlarge",
             "inference_type": "realtime", "schedule": {"initial_provision_minutes": 0},
             "integration": {"type": "api", "properties": {"api_resource_name": "flan"}}}""";

    private static Importer.Imported imported(String name) throws IOException, CannotImport {
        return Importer.read(Configurations.text(name), Configurations.VERSIONS);
    }

    private static String configuration(String models) {
        return "{\"project_prefix\": \"demo\", \"region_name\": \"us-east-1\", \"jumpstart_models\": [" + models + "]}";
    }

    private static String refusal(String json) {
        String text = Objects.requireNonNull(
                        catchThrowableOfType(CannotImport.class, () -> Importer.read(json, Configurations.VERSIONS)))
                .getMessage();
        return Objects.requireNonNull(text);
    }

    @Test
    void a_public_model_is_open_with_a_limit_and_its_meter_begins_as_it_did() throws Exception {
        Importer.Imported falcon = imported("falcon-public");

        assertThat(falcon.stack()).isEqualTo("demo");
        assertThat(falcon.notes()).isEmpty();
        assertThat(falcon.yaml())
                .isEqualTo(
                        """
                        # Taken over from SageMaker Endpoint Manager; docs/migrating.md says what became of each field.
                        config:
                          aws:region: us-east-1
                          parkmeter:models:
                            - name: Falcon40BPublic
                              source: {jumpStart: {id: huggingface-llm-falcon-40b-instruct-bf16, version: '2.3.22'}}
                              hosting: {type: realTime, instanceType: ml.g5.12xlarge, instances: 2}
                              # As there: it stops when its time is up, and not before. idleMinutes and wakeOnRequest would do more.
                              lifecycle:
                                type: metered
                                initialMinutes: 90
                                idleMinutes: 0
                                wakeOnRequest: false
                              routes:
                                - {path: /falcon, body: passthrough, public: true, throttle: {rate: 1, burst: 5}}
                        """);
    }

    @ParameterizedTest
    @CsvSource({"flan-lambda, ''", "flan-api, ', via: direct'"})
    void a_model_for_holders_of_tokens_keeps_their_table_and_its_integration(String name, String via) throws Exception {
        assertThat(imported(name).yaml())
                .endsWith(
                        """
                              access: token
                              routes:
                                - {path: /flan, body: passthrough%s}
                          # The table that is there, with tokens in clear: callers keep theirs. docs/migrating.md says how to leave it.
                          parkmeter:tokens: {table: AuthTable, legacyClearText: true}
                        """
                                .formatted(via));
    }

    @Test
    void an_asynchronous_model_gets_a_route_for_its_jobs() throws Exception {
        Importer.Imported flan = imported("flan-async");

        assertThat(flan.yaml())
                .contains(
                        """
                            - name: FlanT5Async
                              source: {jumpStart: {id: huggingface-text2text-flan-t5-xxl, version: '2.2.16'}}
                              # None runs while there is no job. There they always did, as with scaling: {min: 1, max: 1}.
                              hosting: {type: async, instanceType: ml.g5.8xlarge, instances: 1}
                              access: token
                              routes:
                                - {path: /flant5async, body: passthrough}
                        """);
        assertThat(flan.notes())
                .containsExactly("FlanT5Async: it had no route there; here it is called at /flant5async.");
    }

    @Test
    void every_other_field_has_its_place_too() throws Exception {
        Importer.Imported all = imported("everything");

        assertThat(all.yaml())
                .contains(
                        """
                                initialMinutes: 600
                                maxMinutes: 600
                        """,
                        """
                              access: token
                              routes:
                                - {path: /falcon, body: passthrough, public: true, throttle: {rate: 1, burst: 5}}
                                - {path: /falcon/jobs, body: passthrough, long: true}
                        """,
                        """
                                schedule:
                                  - {name: office-hours, days: [mon, tue], start: '09:00', stop: '17:00', timezone: Australia/Melbourne}
                                  - {name: fair, date: '2026-12-24', start: '08:30', stop: '20:00'}
                              access: token
                              routes:
                                - {path: /flan, body: passthrough, via: direct}
                                - {path: /flan/jobs, body: passthrough, long: true}
                        """);
        assertThat(all.notes())
                .containsExactly(
                        "Falcon40B: the code in functions/mine is not taken along; the route passes bodies through. A function that does"
                                + " more is deployed by itself, and named under parkmeter:routes.",
                        "Falcon40B: jobs are told to their callers alone, so /falcon/jobs is for holders of tokens.",
                        "Bare: it had no route there; here it is called at /bare.",
                        "FlanT5Async: an asynchronous model has no schedule, here as there.",
                        "FlanT5Async: it had no route there; here it is called at /flant5async.",
                        "FlanT5Async: jobs are told to their callers alone, so it is for holders of tokens.");
    }

    @Test
    void a_table_that_is_not_named_is_the_managers_own() throws Exception {
        assertThat(Importer.read(configuration(MODEL), Configurations.VERSIONS).yaml())
                .contains("parkmeter:tokens: {table: AuthTable, legacyClearText: true}");
        assertThat(Importer.read(
                                configuration(MODEL)
                                        .replace("{\"project", "{\"ddb_auth_table_name\": \"mine\", \"project"),
                                Configurations.VERSIONS)
                        .yaml())
                .contains("parkmeter:tokens: {table: mine, legacyClearText: true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"FlanT5\"        | \"Flan_T5\"  | .name = \"Flan_T5\"           | must be 1 to 40 letters and digits, with hyphens between them | write \"name\": \"FlanT5\"",
                "\"name\"          | \"nama\"     | .nama = \"FlanT5\"            | is no field that is known here; the nearest is 'name' | take it out of the configuration",
                "\"name\"          | \"nama\"     | .name                         | is missing: it must be 1 to 40 letters and digits, with hyphens between them | write \"name\": \"FlanT5\"",
                "\"realtime\"      | \"batch\"    | .inference_type = \"batch\"   | must be realtime or async | write \"inference_type\": \"realtime\"",
                "\"ml.g5.12xlarge\"| \"g5\"       | .inference_instance_type = \"g5\" | must be an instance type | write \"inference_instance_type\": \"ml.g5.12xlarge\"",
                "minutes\": 0      | minutes\": -1| .schedule.initial_provision_minutes = -1 | must be a whole number from 0 to 44640 | write \"initial_provision_minutes\": 0",
                "\"initial_        | \"initals_   | .schedule.initals_provision_minutes = 0 | is no field that is known here; the nearest is 'initial_provision_minutes' | take it out of the configuration",
                "\"api\"           | \"http\"     | .integration.type = \"http\"  | must be lambda or api | write \"type\": \"lambda\"",
                "\"flan\"          | \"/flan\"    | .integration.properties.api_resource_name = \"/flan\" | must be a path without its first slash | write \"api_resource_name\": \"flan\"",
                "{\"name\"         | {\"public\": \"yes\", \"name\" | .public = \"yes\" | must be true or false | write \"public\": false",
                "{\"name\"         | {\"inference_instance_count\": 0, \"name\" | .inference_instance_count = 0 | must be a whole number from 1 to 100 | write \"inference_instance_count\": 1",
                "\"model_id\": \"hugging | \"model_id\": \"other | .model_id = \"otherface-text2text-flan-t5-xxl\" | needs a version beside it: image and weights change with each, and a configuration has none | make import CONFIG=… VERSIONS=otherface-text2text-flan-t5-xxl=<version>;",
            })
    void what_does_not_fit_is_refused_with_its_place_and_the_line_that_mends_it(
            String good, String bad, String where, String rule, String mend) {
        assertThat(MODEL).contains(good);

        assertThat(refusal(configuration(MODEL.replace(good, bad))))
                .contains("  jumpstart_models[0]" + where + "\n    " + rule + "\n    " + mend);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"start_time\": \"9:00\", \"stop_time\": \"17:00\", \"days\": [\"mon\"]} | .start_time = \"9:00\" | must be a time as hh:mm",
                "{\"start_time\": \"09:00\", \"stop_time\": \"17:00\", \"days\": [\"monday\"]} | .days | must be days as mon, tue, wed, thu, fri, sat, sun",
                "{\"start_time\": \"09:00\", \"stop_time\": \"17:00\"} | .days | must be there, or a date, and not both",
                "{\"start_time\": \"09:00\", \"stop_time\": \"17:00\", \"date\": \"2026-12-24\"} | .date = \"2026-12-24\" | must be a date as dd/mm/yyyy",
                "{\"start_time\": \"09:00\", \"stop_time\": \"17:00\", \"days\": [\"mon\"], \"zone\": \"UTC\"} | .zone = \"UTC\" | is no field that is known here; the nearest is",
            })
    void a_window_that_does_not_fit_is_refused(String window, String where, String rule) {
        assertThat(refusal(configuration(MODEL.replace("{\"initial_provision_minutes\": 0}", "[" + window + "]"))))
                .contains("  jumpstart_models[0].schedule[0]" + where + "\n    " + rule);
    }

    @Test
    void two_models_of_one_name_or_path_are_refused() {
        assertThat(refusal(configuration(MODEL + "," + MODEL.replace("FlanT5", "flant5"))))
                .startsWith("The configuration has 2 problems; nothing was printed.")
                .contains(
                        """
                          jumpstart_models[1].name = "flant5"
                            must be one of its own: another model has FlanT5
                        """,
                        """
                          jumpstart_models[1].integration.properties.api_resource_name = "flan"
                            must be one of its own: another model has /flan
                            write "api_resource_name": "flan-2", or take one of the models out
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"project_prefix\": | line 1\\n    is no JSON: ",
                "{\"a\": 1, \"a\": 2} | is no JSON: Duplicate field 'a'",
                "{} | jumpstart_models\\n    must be a list of objects",
                "{} | region_name\\n    is missing: it must be an AWS region",
                "{\"jumpstart_models\": [3]} | jumpstart_models\\n    must be a list of objects",
                "{\"project_prefix\": \"demo\", \"region_name\": \"us-east-1\", \"jumpstart_models\": []} | must have a model",
                "{\"region\": \"us-east-1\"} | region = \"us-east-1\"\\n    is no field that is known here; the nearest is 'region_name'",
            })
    void a_configuration_that_is_none_is_refused(String json, String what) {
        assertThat(refusal(json)).contains(what.replace("\\n", "\n"));
    }

    @Test
    void a_version_that_is_given_is_taken() throws Exception {
        assertThat(Importer.read(configuration(MODEL), Map.of("huggingface-text2text-flan-t5-xxl", "1.2.3"))
                        .yaml())
                .contains("version: '1.2.3'");
    }
}
