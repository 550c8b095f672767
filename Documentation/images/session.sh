#!/bin/sh
# What the picture of the README shows: commands, each before what it prints on a terminal of 100 columns.
# The first argument is the program. `make picture` draws it.
set -eu
program=$(realpath "$1")
samples=$(realpath "$(dirname "$0")/../../SampleLogs")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
stty cols 100 -onlcr
mkdir bin && ln -s "$program" bin/insights
export PATH="$PWD/bin:$PATH" PAGER=cat TERM=xterm LC_ALL=C.UTF-8
insights ingest "$samples/payments" --log-group /aws/lambda/payments --quiet >/dev/null
while IFS= read -r line; do
  printf '$ %s\n' "$line"
  eval "$line" </dev/null || true
done <<'END'
insights triage
insights query 'filter @type = "REPORT" | stats count(*) as requests, pct(@duration, 99) as p99 by bin(30m)'
insights query 'fields @duration | filtr @duration > 1000'
END
