package parkmeter.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsOutputsTest {
    @ParameterizedTest
    @CsvSource({
        "eu-west-2,       aws,        amazonaws.com",
        "ap-southeast-7,  aws,        amazonaws.com",
        "cn-northwest-1,  aws-cn,     amazonaws.com.cn",
        "us-gov-east-1,   aws-us-gov, amazonaws.com",
        "us-iso-east-1,   aws-iso,    c2s.ic.gov",
        "us-isob-east-1,  aws-iso-b,  sc2s.sgov.gov",
        "eu-isoe-west-1,  aws-iso-e,  cloud.adc-e.uk",
        "us-isof-south-1, aws-iso-f,  csp.hci.ic.gov",
        "eusc-de-east-1,  aws-eusc,   amazonaws.eu",
    })
    void a_region_belongs_to_its_partition(String region, String partition, String dnsSuffix) {
        assertThat(Place.of(region)).isEqualTo(new Place(partition, dnsSuffix, region, "123456789012"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "aws:iam/role:Role|{'name':'R','path':'/p/'}|arn|arn:aws-cn:iam::123456789012:role/p/R",
                "aws:iam/role:Role|{'name':'R'}|arn|arn:aws-cn:iam::123456789012:role/R",
                "aws:iam/rolePolicy:RolePolicy|{'name':'logs','role':'R'}|id|R:logs",
                "aws:cloudwatch/logGroup:LogGroup|{'name':'/a/B'}|arn|arn:aws-cn:logs:cn-north-1:123456789012:log-group:/a/B",
                "aws:sagemaker/model:Model|{'name':'M-a'}|arn|arn:aws-cn:sagemaker:cn-north-1:123456789012:model/m-a",
                "aws:sagemaker/model:Model|{'name':'M-a'}|name|M-a",
                "aws:sagemaker/endpointConfiguration:EndpointConfiguration|{'name':'C'}|arn|arn:aws-cn:sagemaker:cn-north-1:123456789012:endpoint-config/c",
                "aws:sagemaker/endpoint:Endpoint|{'name':'E'}|arn|arn:aws-cn:sagemaker:cn-north-1:123456789012:endpoint/e",
                "aws:lambda/function:Function|{'name':'F'}|arn|arn:aws-cn:lambda:cn-north-1:123456789012:function:F",
                "aws:lambda/function:Function|{'name':'F'}|qualifiedArn|arn:aws-cn:lambda:cn-north-1:123456789012:function:F:$LATEST",
                "aws:lambda/function:Function|{'name':'F','publish':true}|version|1",
                "aws:lambda/function:Function|{'name':'F'}|invokeArn|arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/arn:aws-cn:lambda:cn-north-1:123456789012:function:F/invocations",
                "aws:lambda/permission:Permission|{'statementId':'api'}|id|api",
                "aws:apigateway/stage:Stage|{'restApi':'abc','stageName':'prod'}|id|ags-abc-prod",
                "aws:apigateway/stage:Stage|{'restApi':'abc','stageName':'prod'}|arn|arn:aws-cn:apigateway:cn-north-1::/restapis/abc/stages/prod",
                "aws:apigateway/stage:Stage|{'restApi':'abc','stageName':'prod'}|executionArn|arn:aws-cn:execute-api:cn-north-1:123456789012:abc/prod",
                "aws:apigateway/stage:Stage|{'restApi':'abc','stageName':'prod'}|invokeUrl|https://abc.execute-api.cn-north-1.amazonaws.com.cn/prod",
                "aws:apigateway/methodSettings:MethodSettings|{'restApi':'abc','stageName':'prod','methodPath':'*/*'}|id|abc-prod-*/*",
                "aws:apigateway/usagePlanKey:UsagePlanKey|{'keyId':'k1'}|id|k1",
                "aws:apigateway/apiKey:ApiKey|{'name':'first'}|value|value of first",
                "aws:dynamodb/table:Table|{'name':'T'}|arn|arn:aws-cn:dynamodb:cn-north-1:123456789012:table/T",
                "aws:dynamodb/table:Table|{'name':'T'}|id|T",
                "aws:cloudwatch/eventRule:EventRule|{'name':'R'}|arn|arn:aws-cn:events:cn-north-1:123456789012:rule/R",
                "aws:cloudwatch/eventTarget:EventTarget|{'rule':'R','targetId':'t','arn':'a'}|id|R-t",
                "aws:cloudwatch/metricAlarm:MetricAlarm|{'name':'A'}|arn|arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:A",
                "aws:sns/topic:Topic|{'name':'T'}|id|arn:aws-cn:sns:cn-north-1:123456789012:T",
                "aws:sns/topicPolicy:TopicPolicy|{'arn':'a'}|id|a",
                "aws:sqs/queue:Queue|{'name':'Q'}|url|https://sqs.cn-north-1.amazonaws.com.cn/123456789012/Q",
                "aws:sqs/queue:Queue|{'name':'Q'}|arn|arn:aws-cn:sqs:cn-north-1:123456789012:Q",
                "aws:sqs/queuePolicy:QueuePolicy|{'queueUrl':'u'}|id|u",
                "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig|{'functionName':'F'}|id|F",
                "aws:lambda/invocation:Invocation|{'functionName':'F'}|result|{}",
                "aws:s3/bucketV2:BucketV2|{'bucket':'b'}|id|b",
                "aws:s3/bucketV2:BucketV2|{}|bucket|logical",
                "aws:s3/bucketV2:BucketV2|{'bucket':'b'}|arn|arn:aws-cn:s3:::b",
                "aws:sfn/stateMachine:StateMachine|{'name':'S'}|id|arn:aws-cn:states:cn-north-1:123456789012:stateMachine:S",
                "aws:sfn/stateMachine:StateMachine|{'name':'S'}|arn|arn:aws-cn:states:cn-north-1:123456789012:stateMachine:S",
                "other:index:Thing|{}|id|logical",
            })
    void an_output_is_what_aws_would_answer(String type, String inputs, String output, String expected)
            throws Exception {
        assertThat(outputs(type, inputs.replace('\'', '"'))).containsEntry(output, expected);
    }

    @Test
    void two_invocations_and_two_subscriptions_have_ids_of_their_own() throws Exception {
        assertThat(outputs("aws:lambda/invocation:Invocation", "{'functionName':'F'}".replace('\'', '"'))
                        .get("id"))
                .matches("F_\\$LATEST_[a-z0-9]{32}");
        assertThat(outputs("aws:sns/topicSubscription:TopicSubscription", "{'topic':'t'}".replace('\'', '"'))
                        .get("arn"))
                .matches("t:[0-9a-f-]{36}");
    }

    @Test
    void a_rest_api_has_ids_of_aws_length_that_its_arns_carry() throws Exception {
        Map<String, String> outputs = outputs("aws:apigateway/restApi:RestApi", "{}");

        String id = outputs.get("id");
        assertThat(id).matches("[a-z0-9]{10}");
        assertThat(outputs)
                .containsEntry("arn", "arn:aws-cn:apigateway:cn-north-1::/restapis/" + id)
                .containsEntry("executionArn", "arn:aws-cn:execute-api:cn-north-1:123456789012:" + id);
        assertThat(outputs.get("rootResourceId")).matches("[a-z0-9]{10}").isNotEqualTo(id);
    }

    @Test
    void a_user_pool_has_an_id_of_its_region_and_its_client_one_of_aws_length() throws Exception {
        Map<String, String> pool = outputs("aws:cognito/userPool:UserPool", "{}");

        String id = pool.get("id");
        assertThat(id).matches("cn-north-1_[a-z0-9]{9}");
        assertThat(pool)
                .containsEntry("arn", "arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/" + id)
                .containsEntry("endpoint", "cognito-idp.cn-north-1.amazonaws.com.cn/" + id);
        assertThat(outputs("aws:cognito/userPoolClient:UserPoolClient", "{}").get("id"))
                .matches("[a-z0-9]{26}");
        assertThat(outputs("aws:apigatewayv2/authorizer:Authorizer", "{}").get("id"))
                .matches("[a-z0-9]{6}");
    }

    private static Map<String, String> outputs(String type, String inputs) throws Exception {
        return AwsOutputs.of(
                new AwsOutputs.Declared(
                        "urn:pulumi:dev::test::" + type + "::logical",
                        type,
                        "logical",
                        new JsonMapper().readTree(inputs),
                        "value of "::concat),
                Place.of("cn-north-1"));
    }
}
