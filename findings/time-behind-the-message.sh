#!/bin/sh
# awscli 1.46.3 (with moto 5.2.5 as the server), seen in November 2026.
#
# 1. `--query 'events[].{time: timestamp, message: message}' --output text` has the values by the order of their
#    names, not of the query: the message, a TAB, the time. As most messages end in a line end, the time stands
#    behind a TAB on the line below.
# 2. moto gives events ids that count from 0: `filter-log-events --output text` has a digit where AWS has 56.
#
# Fails where that is no longer so.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q awscli==1.46.3 'moto[logs,server]==5.2.5'

export AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=eu-west-1
"$folder/venv/bin/moto_server" -p 5078 > "$folder/moto.log" 2>&1 &
server=$!
aws="$folder/venv/bin/aws --endpoint-url http://127.0.0.1:5078 logs"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  $aws create-log-group --log-group-name g 2> /dev/null && break
  sleep 1
done
$aws create-log-stream --log-group-name g --log-stream-name s
now=$(($(date +%s) * 1000))
printf '[{"timestamp": %s, "message": "one\\n"}, {"timestamp": %s, "message": "two"}]' \
  "$now" "$((now + 1))" > "$folder/events.json"
$aws put-log-events --log-group-name g --log-stream-name s --log-events "file://$folder/events.json" > /dev/null

$aws filter-log-events --log-group-name g --query 'events[].{time: timestamp, message: message}' \
  --output text > "$folder/text"
cat -A "$folder/text"
printf 'one\n\t%s\ntwo\t%s\n' "$now" "$((now + 1))" | cmp - "$folder/text"

$aws filter-log-events --log-group-name g --output text > "$folder/ids"
cat -A "$folder/ids"
[ "$(head -1 "$folder/ids" | cut -f 2)" = 0 ]
