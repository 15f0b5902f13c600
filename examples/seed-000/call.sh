#!/bin/sh
# The post's own call; without a key it is refused.
set -eu
. "$(dirname "$0")/../expect.sh"

expect 200 curl -X POST "$URL" \
  -H "Content-Type: application/json" \
  -H "x-api-key: $KEY" \
  -d '{
    "prompt": "In one sentence, explain what an API Gateway + Lambda front end adds in front of a SageMaker real-time endpoint.",
    "parameters": {
      "max_new_tokens": 128,
      "temperature": 0.4
    }
  }'
holds '"generated_text":"' \
  '"prompt":"In one sentence, explain what an API Gateway + Lambda front end adds in front of a SageMaker real-time endpoint."' \
  '"max_new_tokens":128' '"temperature":0.4' '"do_sample":true'

expect 403 curl -X POST "$URL" -H "Content-Type: application/json" -d '{"prompt": "Hello"}'
holds '"code":"forbidden"'
