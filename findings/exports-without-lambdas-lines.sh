#!/bin/sh
# zappa 0.63.0, chalice 1.34.0 and awscli 1.46.3 (with moto 5.2.5 as the server), seen in November 2026.
#
# 1. `zappa tail` leaves START, END and REPORT out: what it prints tells of no invocation. In colours it
#    also joins the words of a line by single blanks, so that the TABs between level, time and id are gone.
# 2. `chalice logs` prints times in UTC without a zone, and leaves the fraction out where it is zero.
# 3. `--query 'events[].message' --output text` joins the messages by TABs: as most end in a line end,
#    each line but the first begins with a TAB; a message without one shares its last line with the next.
#
# Fails where that is no longer so.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q zappa==0.63.0 chalice==1.34.0 awscli==1.46.3 'moto[logs,server]==5.2.5'
python=$folder/venv/bin/python

cat > "$folder/tail.py" <<'END'
import contextlib, io
from zappa.cli import ZappaCLI

id = "5f1d7a10-3c52-4f0e-9b1a-0d5d2f6a7c10"
logs = [
    {"timestamp": 1772618400000, "message": f"START RequestId: {id} Version: $LATEST\n"},
    {"timestamp": 1772618400001, "message": f"[INFO]\t2026-03-04T10:00:00.001Z\t{id}\tload\n"},
    {"timestamp": 1772618400002, "message": f"REPORT RequestId: {id}\tDuration: 1.00 ms\n"},
]
cli = ZappaCLI()
cli.api_stage = "dev"
for colours in [False, True]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        cli.print_logs(logs, colorize=colours, force_colorize=colours)
    text = output.getvalue()
    print(repr(text))
    assert "RequestId" not in text
    assert ("\t" in text) == (not colours)
END
"$python" "$folder/tail.py"

cat > "$folder/logs.py" <<'END'
import io
from chalice.awsclient import TypedAWSClient
from chalice.logs import display_logs

class Retriever:
    def retrieve_logs(self, options):
        for milliseconds in [1772618400000, 1772618400001]:
            time = TypedAWSClient._convert_to_datetime(None, milliseconds)
            yield {"timestamp": time, "logShortId": "0c4e9a", "message": "cache warm\n"}

output = io.StringIO()
display_logs(Retriever(), output, None)
print(repr(output.getvalue()))
assert output.getvalue() == (
    "2026-03-04 10:00:00 0c4e9a cache warm\n2026-03-04 10:00:00.001000 0c4e9a cache warm\n")
END
"$python" "$folder/logs.py"

export AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=eu-west-1
"$folder/venv/bin/moto_server" -p 5077 > "$folder/moto.log" 2>&1 &
server=$!
aws="$folder/venv/bin/aws --endpoint-url http://127.0.0.1:5077 logs"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  $aws create-log-group --log-group-name g 2> /dev/null && break
  sleep 1
done
$aws create-log-stream --log-group-name g --log-stream-name s
now=$(($(date +%s) * 1000))
printf '[{"timestamp": %s, "message": "one\\n"}, {"timestamp": %s, "message": "two"}, {"timestamp": %s, "message": "three\\n"}]' \
  "$now" "$((now + 1))" "$((now + 2))" > "$folder/events.json"
$aws put-log-events --log-group-name g --log-stream-name s --log-events "file://$folder/events.json" > /dev/null
$aws filter-log-events --log-group-name g --query 'events[].message' --output text > "$folder/text"
cat -A "$folder/text"
printf 'one\n\ttwo\tthree\n\n' | cmp - "$folder/text"
