#!/usr/bin/env bash
# Puts a revision of a Hugging Face model into a bucket, under a prefix that is that revision's alone, and prints the source of a stack
# file for it:
#   HUB=owner/name     the model
#   S3=s3://bucket/…   where to; the model's prefix is …/owner/name/<commit>/
#   REVISION           a branch, tag or commit; without it main
#   FILE               a GGUF file: it alone, as the archive that a serverless endpoint takes; without it the safetensors weights
set -euo pipefail

wrong() {
  printf '%s\n' "$@" >&2
  exit 1
}

: "${HUB:=}" "${S3:=}" "${REVISION:=main}" "${FILE:=}"
[[ $HUB =~ ^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$ ]] ||
  wrong "HUB=$HUB: must be a model of the Hugging Face hub, like HUB=TinyLlama/TinyLlama-1.1B-Chat-v1.0."
[[ $S3 =~ ^s3://[a-z0-9][a-z0-9.-]+[a-z0-9](/[A-Za-z0-9._-]+)*/?$ ]] ||
  wrong "S3=$S3: must be a bucket of the stack's region, with a prefix or without, like S3=s3://example-models/models."
[[ $REVISION =~ ^[A-Za-z0-9][A-Za-z0-9._/-]*$ ]] || wrong "REVISION=$REVISION: must be a branch, a tag or a commit, or left out."
[[ -z $FILE || $FILE =~ ^[A-Za-z0-9][A-Za-z0-9._/-]*\.gguf$ ]] ||
  wrong "FILE=$FILE: must be a GGUF file of the model's repository, or left out."
command -v hf >/dev/null || wrong "There is no 'hf' here, which fetches from the hub: pip install -U huggingface_hub."
command -v aws >/dev/null || wrong "There is no 'aws' here, which writes to S3: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html."

fetch() {
  hf download "$HUB" "$@" --quiet || wrong "The hub gave nothing. Is the model's name right, its licence accepted there, and hf auth login done?"
}

# One pattern at a time: older versions of hf take several behind one --include, newer ones one.
if [[ -n $FILE ]]; then
  path=$(fetch "$FILE" --revision "$REVISION")
else
  path=$(fetch --revision "$REVISION" --include '*.safetensors')
fi
[[ $path =~ ^(.*/snapshots/([0-9a-f]{40}))(/.*)?$ ]] || wrong "hf says where it put the files in a way that is not known here: $path"
folder=${BASH_REMATCH[1]} commit=${BASH_REMATCH[2]}
prefix=${S3%/}/$HUB/$commit/

if [[ -n $FILE ]]; then
  megabytes=$(du -mL "$folder/$FILE" | cut -f1)
  # Weights don't get smaller: the archive is only a form.
  tar -chf - -C "$(dirname "$folder/$FILE")" "$(basename "$FILE")" | gzip -1 |
    aws s3 cp - "${prefix}model.tar.gz" --expected-size "$((megabytes * 1048576))" >&2
  echo "source: {s3: ${prefix}model.tar.gz, sizeMegabytes: $megabytes}"
else
  compgen -G "$folder/*.safetensors" >/dev/null || wrong "$HUB has no safetensors weights at $REVISION. FILE=name.gguf takes a GGUF file."
  for pattern in '*.json' '*.txt' '*.model' '*.jinja' '*.tiktoken' '*.py'; do
    fetch --revision "$commit" --include "$pattern" >/dev/null
  done
  megabytes=$(du -mL "$folder" | tail -1 | cut -f1)
  aws s3 sync "$folder" "$prefix" --no-progress >&2
  echo "source: {s3: $prefix, sizeMegabytes: $megabytes}"
fi
echo "The bucket belongs to the stack's region; docs/operations.md says who may read it." >&2
