"""The same work as the Java function's, as one would write it in Python on boto3."""
import http.client
import json
import os
import time

import boto3
from botocore.config import Config

CLIENT = boto3.client("sagemaker-runtime", config=Config(retries={"total_max_attempts": 1}, read_timeout=28))
HEADERS = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}


def handler(event, context):
    start = time.time()
    body = json.loads(event["body"])
    if not isinstance(body.get("prompt"), str) or not body["prompt"]:
        return {"statusCode": 400, "headers": HEADERS, "body": json.dumps({"error": "Missing 'prompt' in request body"})}
    parameters = {"max_new_tokens": 512, "temperature": 0.7, "top_p": 0.9, "do_sample": True, **body.get("parameters", {})}
    chat = {
        "messages": [{"role": "user", "content": body["prompt"]}],
        "max_tokens": parameters["max_new_tokens"],
        "temperature": parameters["temperature"],
        "top_p": parameters["top_p"],
    }
    reply = CLIENT.invoke_endpoint(EndpointName=os.environ["PARKMETER_ENDPOINT"], ContentType="application/json", Body=json.dumps(chat))
    answer = json.loads(reply["Body"].read())
    print(json.dumps({"requestId": event["requestContext"]["requestId"], "latencyMs": round(1000 * (time.time() - start)), **answer["usage"]}))
    result = {"generated_text": answer["choices"][0]["message"]["content"], "prompt": body["prompt"], "parameters": parameters}
    return {"isBase64Encoded": False, "statusCode": 200, "headers": HEADERS, "body": json.dumps(result)}


def run():
    """Lambda's runtime loop, for a Python that has no awslambdaric."""
    runtime = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        runtime.request("GET", "/2018-06-01/runtime/invocation/next")
        call = runtime.getresponse()
        result = handler(json.loads(call.read()), None)
        path = f"/2018-06-01/runtime/invocation/{call.headers['Lambda-Runtime-Aws-Request-Id']}/response"
        runtime.request("POST", path, json.dumps(result))
        runtime.getresponse().read()


if __name__ == "__main__":
    run()
