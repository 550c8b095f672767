"""Times queries over a store on ClickHouse beside SQL that people who know it would write, over the same tables.

usage: clickhouse.py PROGRAM LOG [--folder FOLDER]

`make clients` first: ClickHouse's engine stands behind Tests/ClickHouse/server.py. LOG is one of `write_log.py`, two
million events for the figures of Documentation/ClickHouse.md; a query that finds nothing in it measures nothing. Queries go through `insights serve` (POST /api/query), SQL
straight to the engine, both over one kept-alive connection, by turns, best of five. What takes less than 20 ms counts as 20. The exit
status is 1 where rows differ in number or are missing, or a query takes more than 1.3 times as long. With --folder the data stay there,
and a later run does without the ingest.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

TOKEN = "token-of-the-benchmark"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLOOR = 0.020
LIMIT = 1.3
REGEX = r"(?i)timeout|refused|db-\d+\.internal:\d+ attempt [45]"
# What SQL takes for a time that is missing, and an hour and five minutes of milliseconds.
QUERIES = {
    "count errors": (
        "filter @message like /ERROR/ | stats count(*) as n",
        "SELECT count() FROM events WHERE message LIKE '%ERROR%'"),
    "newest 20 errors": (
        "fields @timestamp, @message | filter @message like /ERROR/ | sort @timestamp desc | limit 20",
        "SELECT timestamp_ms, message FROM events WHERE message LIKE '%ERROR%' ORDER BY timestamp_ms DESC LIMIT 20"),
    "regex count": (
        f"filter @message like /{REGEX}/ | stats count(*) as n",
        "SELECT count() FROM events WHERE match(message, '%s')" % REGEX.replace("\\", "\\\\")),
    "one request": (
        'filter @message like "NEEDLE" | stats count(*) as n',
        "SELECT count() FROM events WHERE message LIKE '%NEEDLE%'"),
    "slowest 10": (
        "fields @timestamp, @duration | sort @duration desc | limit 10",
        "SELECT timestamp_ms, duration FROM events ORDER BY duration DESC NULLS LAST LIMIT 10"),
    "count by 5 minutes": (
        "stats count(*) by bin(5m)",
        "SELECT intDiv(timestamp_ms, 300000) AS b, count() FROM events GROUP BY b"),
    "duration by hour": (
        'filter @type = "REPORT" | stats avg(@duration), pct(@duration, 95), max(@duration) by bin(1h)',
        "SELECT intDiv(timestamp_ms, 3600000) AS b, avg(duration), quantileExactInclusive(0.95)(duration), max(duration)"
        " FROM events WHERE type = 'REPORT' GROUP BY b"),
    "parse and group": (
        'parse @message "cache * key=item:* age=*s" as outcome, item, age'
        " | filter ispresent(outcome) | stats avg(age), count(*) by outcome",
        "SELECT x[1] AS o, avg(toFloat64OrNull(x[3])), count() FROM (SELECT extractGroups(message,"
        " 'cache (.*?) key=item:(.*?) age=(.*?)s') AS x FROM events"
        " WHERE message LIKE '%cache %key=item:%age=%s%') GROUP BY o"),
    "json filter and group": (
        'filter level = "ERROR" | stats count(*) by service',
        "SELECT fields['service'] AS s, count() FROM events WHERE fields['level'] = 'tERROR' GROUP BY s"),
    "json number and group": (
        "filter took_ms >= 100 | stats count(*), avg(took_ms), pct(took_ms, 99) by service",
        "SELECT fields['service'] AS s, count(), avg(toFloat64OrNull(substring(fields['took_ms'], 2)) AS d),"
        " quantileExactInclusive(0.99)(d) FROM events WHERE d >= 100 GROUP BY s"),
    "distinct requests": (
        "stats count_distinct(@requestId)",
        "SELECT uniqExact(request_id) FROM events WHERE request_id != ''"),
    "count by type": (
        "stats count(*) by @type",
        "SELECT type, count() FROM events GROUP BY type"),
}


def start(command, **options):
    """A process, and the first line that it prints."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    line = process.stdout.readline().strip()
    if not line:
        sys.exit(f"{command[0]} has not started")
    return process, line


def timed(calls, times=5):
    """The seconds that each call took at best; they are called by turns, so that other work on the machine slows all down."""
    best = [float("inf")] * len(calls)
    for _ in range(times):
        for index, call in enumerate(calls):
            begin = time.perf_counter()
            call()
            best[index] = min(best[index], time.perf_counter() - begin)
    return best


class Server:
    """ClickHouse's engine over one kept-alive connection."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def answer(self, sql, database="logs", form="RowBinaryWithNamesAndTypes"):
        """The bytes of an answer, by default in the form that insights asks for."""
        parameters = urllib.parse.urlencode({"database": database, "default_format": form})
        try:
            answer = self.sent(parameters, sql)
        except (http.client.RemoteDisconnected, ConnectionError):
            # A server closes a connection on which nothing was asked for a minute, while slow queries ran.
            self.connection.close()
            answer = self.sent(parameters, sql)
        body = answer.read()
        if answer.status != 200:
            sys.exit(body.decode())
        return body

    def sent(self, parameters, sql):
        self.connection.request("POST", f"/?{parameters}", sql.encode())
        return self.connection.getresponse()

    def rows(self, sql, database="logs"):
        return [json.loads(line) for line in self.answer(sql, database, "JSONCompactEachRow").splitlines()]


class Insights:
    """`insights serve` over one kept-alive connection."""

    def __init__(self, url):
        self.connection = http.client.HTTPConnection(url.split("//")[1])

    def rows(self, query):
        self.connection.request(
            "POST", "/api/query", json.dumps({"query": query}),
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
        answer = self.connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200:
            sys.exit(body)
        return json.loads(body)["rows"]


def needle(log):
    """A request id of the log."""
    with open(log) as lines:
        for line in lines:
            if found := re.search(r"START RequestId: (\S+)", line):
                return found[1]
    sys.exit("the log has no request")


def main():
    program, log = map(os.path.abspath, sys.argv[1:3])
    kept = sys.argv[sys.argv.index("--folder") + 1] if "--folder" in sys.argv else None
    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.abspath(kept or temporary)
        python = os.path.join(ROOT, ".build/clickhouse/bin/python")
        lifeline, end = os.pipe()
        engine, port = start(
            [python, os.path.join(ROOT, "Tests/ClickHouse/server.py"), os.path.join(folder, "data")], stdin=lifeline)
        server = Server(int(port))
        address = f"clickhouse://127.0.0.1:{port}/logs"
        served = None
        try:
            if not server.rows("SELECT 1 FROM system.databases WHERE name = 'logs'", "default"):
                server.rows("CREATE DATABASE logs", "default")
                begin = time.perf_counter()
                subprocess.run([program, "ingest", log, "--db", address, "--quiet"], check=True)
                seconds = time.perf_counter() - begin
                print(f"ingest {seconds:.1f} s, {os.path.getsize(log) / seconds / 1e6:.1f} MB/s")
            (count, size), = server.rows(
                "SELECT sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'logs' AND table = 'events'")
            print(f"{int(count):,} events, {int(size) / int(count):.1f} bytes each")
            served, url = start(
                [program, "serve", "--listen", "127.0.0.1:0", "--db", address],
                env={**os.environ, "INSIGHTS_TOKEN": TOKEN})
            insights = Insights(url)
            sys.exit(compare(insights, server, needle(log)))
        finally:
            if served:
                served.terminate()
                served.wait()
            os.close(end)
            engine.wait()


def compare(insights, server, request):
    """Prints a line for each query; 1 where one is too slow or has other rows."""
    status = 0
    print(f"{'':24} {'query':>9} {'SQL':>9} {'ratio':>6}")
    for name, (query, sql) in QUERIES.items():
        query, sql = query.replace("NEEDLE", request), sql.replace("NEEDLE", request)
        rows, expected = insights.rows(query), server.rows(sql)
        spent, direct = timed([lambda: insights.rows(query), lambda: server.answer(sql)])
        ratio = max(spent, FLOOR) / max(direct, FLOOR)
        note = ""
        if len(rows) != len(expected):
            note = f"  {len(rows)} rows, not {len(expected)}"
        elif not rows:
            note = "  no rows"
        if note or ratio > LIMIT:
            status = 1
        print(f"{name:24} {spent * 1000:6.1f} ms {direct * 1000:6.1f} ms {ratio:6.2f}{note}", flush=True)
    return status


if __name__ == "__main__":
    main()
