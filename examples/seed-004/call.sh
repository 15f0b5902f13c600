#!/bin/sh
# Any method reaches the function, whose answer is its own; without a key none does.
set -eu
. "$(dirname "$0")/../expect.sh"

for method in POST PUT; do
  expect 200 curl -X $method "$URL" -H "Content-Type: application/json" -H "x-api-key: $KEY" -d '{"prompt": "Hello"}'
done
expect 200 curl "$URL" -H "x-api-key: $KEY"

expect 403 curl -X POST "$URL" -H "Content-Type: application/json" -d '{"prompt": "Hello"}'
holds '"code":"forbidden"'
