package parkmeter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** A function that was there before the stack, and stays behind it. */
@Story
final class Seed004Story extends Example {

    /** The function's name, and its role's. */
    private static final String FUNCTION = "LanguageModelLambda";

    /** A custom runtime of one file (Lambda developer guide, "Building a custom runtime"), which answers whatever it is asked. */
    private static final String BOOTSTRAP =
            """
            #!/bin/sh
            api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
            while curl -s -D /tmp/$$ -o /dev/null "$api/next"; do
                id=$(sed -n 's/^lambda-runtime-aws-request-id: *//Ip' /tmp/$$ | tr -d '\\r')
                rm /tmp/$$
                curl -s -o /dev/null -d '{"statusCode": 200, "body": "Here."}' "$api/$id/response"
            done
            """;

    Seed004Story(Workbench workbench) throws IOException {
        super(workbench, "seed-004");
    }

    @BeforeAll
    void somebody_else_has_a_function() throws IOException {
        Account account = stack.account();
        String role = account.roles()
                .createRole(
                        request -> request.roleName(FUNCTION)
                                .assumeRolePolicyDocument(
                                        """
                                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                 "Principal": {"Service": "lambda.amazonaws.com"}}]}
                                """))
                .role()
                .arn();
        SdkBytes code = zip("bootstrap", BOOTSTRAP);
        account.functions().createFunction(request -> request.functionName(FUNCTION)
                .role(role)
                .runtime("provided.al2023")
                .handler("bootstrap")
                .code(zipped -> zipped.zipFile(code)));
    }

    @AfterAll
    void it_goes_too() {
        try {
            stack.account().functions().deleteFunction(request -> request.functionName(FUNCTION));
            stack.account().roles().deleteRole(request -> request.roleName(FUNCTION));
            stack.account().logs().deleteLogGroup(request -> request.logGroupName("/aws/lambda/" + FUNCTION));
        } catch (ResourceNotFoundException
                | NoSuchEntityException
                | software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException neverMade) {
            // The story did not come that far.
        }
    }

    /** The API is deployed again where the function has other code: a hash of what the account says of it. */
    @Override
    boolean unplanned(String difference) {
        return difference.startsWith("api-deployment inputs.triggers.ANY /model: ");
    }

    @Test
    @Order(4)
    void the_api_may_call_the_function_on_its_one_path() {
        stands();
        assertThat(policy()).contains("/*/model");
    }

    @Test
    @Order(91)
    void the_function_stands_behind_the_stack_as_it_stood_before_it() {
        assertThat(stack.account().functions().getFunction(request -> request.functionName(FUNCTION)))
                .isNotNull();
        assertThat(policy()).doesNotContain("model");
    }

    /** Who may call the function. */
    private String policy() {
        try {
            return stack.account()
                    .functions()
                    .getPolicy(request -> request.functionName(FUNCTION))
                    .policy();
        } catch (ResourceNotFoundException nobody) {
            return "";
        }
    }

    private static SdkBytes zip(String name, String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return SdkBytes.fromByteArray(bytes.toByteArray());
    }
}
