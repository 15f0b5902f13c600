#!/bin/sh
# The manager's calls, in its order: time on the meter, the models, a long answer. Time is an operator's, whose key stands where the
# manager had a token; the models' token is issued first and revoked last. USER_TOKEN, if it is set, is a signed-in user's.
set -eu
. "$(dirname "$0")/../expect.sh"
api=${URL%/falcon}
falcon=parkmeter-seed-001-Falcon40B
flan=parkmeter-seed-001-FlanT5
json="Content-Type: application/json"

# <name>: what a field of the last answer holds, a text.
field() {
  sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$answer"
}

echo "= A token"
expect 201 curl --location "$api/tokens" --header "Authorization: $KEY" --header "$json" --data '{"owner": "Ada", "days": 1}'
TOKEN=$(field token) id=$(field id)

echo "= Time left, of one and of all"
expect 200 curl --location "$api/endpoint-expiry?EndpointName=$falcon" --header "Authorization: $KEY"
holds "\"EndpointName\":\"$falcon\"" '"EndpointExpiry ":"' '"TimeLeft":"'
expect 200 curl --location "$api/endpoint-expiry" --header "Authorization: $KEY"
holds "\"EndpointName\":\"$falcon\"" "\"EndpointName\":\"$flan\""

echo "= More time"
expect 200 curl --location "$api/endpoint-expiry" \
  --header "Authorization: $KEY" \
  --header 'Content-Type: application/json' \
  --data '{
    "EndpointName": "'$falcon'",
    "minutes": 10
}'
holds "\"EndpointName\":\"$falcon\"" '"TimeLeft":"'
expect 200 curl --location "$api/endpoint-expiry" --header "Authorization: $KEY" --header "$json" \
  --data '{"EndpointName": "'$flan'", "minutes": 60}'

echo "= An endpoint of somebody else's, which is stopped again: it needs an EndpointConfiguration of that name"
expect 200 curl --location "$api/endpoint-expiry" \
  --header "Authorization: $KEY" \
  --header 'Content-Type: application/json' \
  --data '{
    "EndpointName": "test-inpainting-Endpoint",
    "EndpointConfigName": "jumpstart-example-model-inpainting-cfg",
    "minutes": 30
}'
holds '"EndpointName":"test-inpainting-Endpoint"' '"EndpointExpiry ":"' '"TimeLeft":'
expect 200 curl -X POST "$api/meters/test-inpainting-Endpoint/stop" --header "Authorization: $KEY"

echo "= Falcon"
expect 200 curl --retry 100 --retry-max-time 1800 --location "$api/falcon" \
  --header "Authorization: $TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{
    "inputs": "Write a program to compute factorial in python:",
    "parameters": {"max_new_tokens": 200}
}'
holds '"generated_text":"'

echo "= Flan, in the words of JumpStart's own container: TGI's, which serves it here, refuses them"
expect 422 curl --retry 100 --retry-max-time 1800 --location "$api/flan" \
  --header "Authorization: $TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{
    "text_inputs":"write a story about beautiful weather on a topical island.",
    "max_length": 50,
    "temperature": 0.0,
    "seed": 321
}'
holds '"code":"model_refused"'

echo "= Flan in TGI's words, through the function and without one"
for path in flan flan/direct; do
  expect 200 curl --retry 100 --retry-max-time 1800 --location "$api/$path" --header "Authorization: $TOKEN" --header "$json" --data '{
    "inputs": "write a story about beautiful weather on a topical island.",
    "parameters": {"max_new_tokens": 50, "seed": 321}
}'
  holds '"generated_text":"'
done

echo "= A long answer: it is begun, and asked for until it is there"
expect 200 curl --location "$api/startexecution" \
  --header "Authorization: $TOKEN" \
  --header 'Content-Type: application/json' \
  --data '{
    "endpointname": "'$falcon'",
    "body": {"inputs": "Write a program to compute factorial in python:", "parameters": {"max_new_tokens": 200}}
}'
holds '"executionArn":"arn:' '"startDate":'
execution=$(field executionArn)
until [ "$(field status)" = SUCCEEDED ]; do
  sleep 1
  expect 200 curl --location "$api/describeexecution" \
    --header "Authorization: $TOKEN" \
    --header 'Content-Type: application/json' \
    --data '{
    "executionArn": "'"$execution"'"
}'
  case $(field status) in RUNNING | SUCCEEDED) ;; *) exit 1 ;; esac
done
holds "\"executionArn\":\"$execution\"" '"output":"{\"Body\":\"' 'generated_text'

if [ -n "${USER_TOKEN:-}" ]; then
  echo "= Users who sign in, and nobody else"
  expect 401 curl --location "$api/falcon/users" --header "$json" --data '{"inputs": "Hello"}'
  expect 200 curl --location "$api/falcon/users" --header "Authorization: $USER_TOKEN" --header "$json" --data '{"inputs": "Hello"}'
  holds '"generated_text":"'
fi

echo "= The end: Flan stops, and without a token, or with one that never was, there is no answer"
expect 200 curl -X POST "$api/meters/$flan/stop" --header "Authorization: $KEY"
expect 200 curl -X DELETE "$api/tokens/$id" --header "Authorization: $KEY"
expect 401 curl --location "$api/falcon" --header "$json" --data '{"inputs": "Hello"}'
expect 403 curl --location "$api/falcon" --header "Authorization: nobodys-token" --header "$json" --data '{"inputs": "Hello"}'
