#!/bin/sh
# A call with a key. Until the model has started, in AWS some 10 minutes after the deployment, curl asks again when it is told to.
set -eu
. "$(dirname "$0")/../expect.sh"

expect 200 curl --retry 100 --retry-max-time 1800 -X POST "$URL" \
  -H "Content-Type: application/json" \
  -H "x-api-key: $KEY" \
  -d '{"prompt": "What is an API gateway?", "parameters": {"max_new_tokens": 64}}'
holds '"generated_text":"' '"prompt":"What is an API gateway?"' '"max_new_tokens":64'

expect 403 curl -X POST "$URL" -H "Content-Type: application/json" -H "x-api-key: nobodys-key-nobodys-key" -d '{"prompt": "Hello"}'
holds '"code":"forbidden"'
