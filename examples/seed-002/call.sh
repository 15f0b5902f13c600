#!/bin/sh
# The answer names a route and no body: here it is the prompt API's. Another method finds no route.
set -eu
. "$(dirname "$0")/../expect.sh"

expect 200 curl -X POST "$URL" -H "Content-Type: application/json" -d '{"prompt": "What is an API gateway?"}'
holds '"generated_text":"' '"prompt":"What is an API gateway?"'

expect 404 curl -X GET "$URL"
