# What the examples' scripts share. URL is the stack's first route, KEY a client's key:
#   deployed          export URL=$(pulumi stack output invokeUrl) KEY=$(pulumi stack output apiKey --show-secrets)
#   on this machine   export URL=$(jq -r .invokeUrl target/local.json) KEY=$(jq -r '.clients[]' target/local.json)
: "${URL:?is not set: see examples/README.md}"
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# expect <status> curl …: makes the call and prints what came; ends the script where it is another status. What is busy, or begins, is
# asked again a few times.
expect() {
  wanted=$1
  shift 2
  status=$(curl --silent --show-error --retry 5 --output "$answer" --write-out '%{http_code}' "$@") || exit
  echo "$status $(cat "$answer")"
  [ "$status" = "$wanted" ] || { echo "Expected $wanted." >&2; exit 1; }
}

# holds <text>…: ends the script where the last answer lacks one of them.
holds() {
  for text in "$@"; do
    grep -qF -- "$text" "$answer" || { echo "The answer has no $text" >&2; exit 1; }
  done
}
