"""Times ingest and queries as whole processes, beside DuckDB and chDB where these are installed.

All must give the same answers: where they do not, that is told, and the exit status is 1.

usage: run.py INSIGHTS LOG [--growth LOG]

LOG is of write_log.py. Each figure is the best of three runs, of two for ingest. The peers run
inside this process, so that their start is not counted; ours is. They are given the columns of
events as tables of their own, read from a copy with one line per event: their readers know no
events of several lines. --growth: ingests and queries another, greater log of the same kind too.
"""

import argparse
import datetime
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time

# name: (ours, SQL for DuckDB, SQL for chDB); the columns in the same order
QUERIES = {
    "count of a word": (
        "filter @message like /ERROR/ | stats count(*) as n",
        "SELECT count(*) FROM events WHERE contains(message, 'ERROR')",
        "SELECT count() FROM events WHERE position(message, 'ERROR') > 0",
    ),
    "newest 20 with a word": (
        "fields @timestamp, @message | filter @message like /ERROR/"
        " | sort @timestamp desc | limit 20",
        "SELECT moment, message FROM events WHERE contains(message, 'ERROR')"
        " ORDER BY moment DESC LIMIT 20",
        "SELECT moment, message FROM events WHERE position(message, 'ERROR') > 0"
        " ORDER BY moment DESC LIMIT 20",
    ),
    "count of a pattern": (
        r"filter @message like /(?i)miss key=item:\d+7 / | stats count(*) as n",
        r"SELECT count(*) FROM events WHERE regexp_matches(message, '(?i)miss key=item:\d+7 ')",
        r"SELECT count() FROM events WHERE match(message, '(?i)miss key=item:\\d+7 ')",
    ),
    "slowest 10": (
        "fields @timestamp, @duration | sort @duration desc | limit 10",
        "SELECT moment, duration FROM events ORDER BY duration DESC NULLS LAST LIMIT 10",
        "SELECT moment, duration FROM events ORDER BY duration DESC NULLS LAST LIMIT 10",
    ),
    "count by minute": (
        "stats count(*) by bin(1m)",
        "SELECT time_bucket(INTERVAL 1 MINUTE, moment) AS t, count(*) FROM events GROUP BY t",
        "SELECT toStartOfMinute(moment) AS t, count() FROM events GROUP BY t",
    ),
    "durations by hour": (
        'filter @type = "REPORT" | stats avg(@duration), pct(@duration, 99) by bin(1h)',
        "SELECT time_bucket(INTERVAL 1 HOUR, moment) AS t, avg(duration),"
        " quantile_cont(duration, 0.99) FROM events WHERE duration IS NOT NULL GROUP BY t",
        "SELECT toStartOfHour(moment) AS t, avg(duration), quantileExactInclusive(0.99)(duration)"
        " FROM events WHERE duration IS NOT NULL GROUP BY t",
    ),
    "parse and group": (
        'parse @message "cache * key=item:* age=*s" as outcome, item, age'
        " | filter ispresent(outcome) | stats avg(age), count(*) by outcome",
        "SELECT p.o, avg(CAST(p.a AS DOUBLE)), count(*) FROM (SELECT regexp_extract(message,"
        " 'cache (.*?) key=item:(.*?) age=(.*?)s', ['o', 'i', 'a']) AS p FROM events"
        " WHERE message LIKE '%cache %key=item:%age=%') GROUP BY 1",
        "SELECT p[1] AS o, avg(toFloat64OrNull(p[3])), count() FROM (SELECT extractGroups("
        "message, 'cache (.*?) key=item:(.*?) age=(.*?)s') AS p FROM events"
        " WHERE message LIKE '%cache %key=item:%age=%') GROUP BY o",
    ),
    "JSON field by another": (
        'filter level = "ERROR" | stats count(*), avg(took_ms) by service',
        "SELECT json_extract_string(message, '$.service') AS s, count(*),"
        " avg(CAST(json_extract(message, '$.took_ms') AS DOUBLE)) FROM events"
        " WHERE message[1] = '{' AND json_extract_string(message, '$.level') = 'ERROR' GROUP BY s",
        "SELECT JSONExtractString(message, 'service') AS s, count(),"
        " avg(JSONExtractFloat(message, 'took_ms')) FROM events"
        " WHERE startsWith(message, '{') AND JSONExtractString(message, 'level') = 'ERROR'"
        " GROUP BY s",
    ),
    "distinct requests": (
        "stats count_distinct(@requestId)",
        "SELECT count(DISTINCT request) FROM events WHERE request <> ''",
        "SELECT uniqExact(request) FROM events WHERE request <> ''",
    ),
}
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Of several lines of one time any may be among the newest: their texts are not compared.
COMPARED_COLUMNS = {"newest 20 with a word": 1}
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
EVENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")


def best(action, times=3):
    figures = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        figures.append(time.perf_counter() - begin)
    return min(figures)


# A process counts what its parent had when it was made as its own peak: so the parent is small.
LAUNCHER = """
import os, subprocess, sys, time
begin = time.perf_counter()
child = subprocess.Popen(sys.argv[2:], stdout=open(sys.argv[1], "wb"), stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
print(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
sys.exit(status != 0)
"""


def process(arguments, output=os.devnull):
    """Runs a program: seconds on the clock, seconds of processor time, peak memory in MB."""
    launched = subprocess.run(
        [sys.executable, "-S", "-E", "-c", LAUNCHER, output, *arguments], stdout=subprocess.PIPE
    )
    if launched.returncode != 0:
        sys.exit("fails: " + " ".join(arguments))
    return tuple(float(figure) for figure in launched.stdout.split())


# MARK: Answers


def comparable(value):
    """A value as all three can be compared: times in seconds and numbers as floats, else text."""
    if value is None or value in ("", "\\N"):
        return None
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=datetime.timezone.utc).timestamp()
    if isinstance(value, str):
        if TIME.fullmatch(value):
            return comparable(datetime.datetime.fromisoformat(value))
        try:
            return float(value)
        except ValueError:
            return value.replace("\\x1f", "\n").replace("\x1f", "\n")
    return float(value)


def answer(name, rows):
    """The rows of a query as they are compared, in an order of their own."""
    columns = COMPARED_COLUMNS.get(name)
    rows = [[comparable(value) for value in list(row)[:columns]] for row in rows]
    return sorted(rows, key=lambda row: [(type(v).__name__, v) if v is not None else ("",) for v in row])


def is_same(ours, theirs):
    """Whether two answers differ by no more than rounding."""

    def is_same_value(a, b):
        if isinstance(a, float) and isinstance(b, float):
            return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-4)
        return a == b

    return len(ours) == len(theirs) and all(
        len(a) == len(b) and all(map(is_same_value, a, b)) for a, b in zip(ours, theirs)
    )


def differences(own, others):
    """Tells of each answer of a peer that is not ours; gives how many there are."""
    count = 0
    for peer, (_, _, _, answers) in others.items():
        for name, theirs in answers.items():
            ours = own[3][name]
            if is_same(ours, theirs):
                continue
            count += 1
            print("DIFFERENT: %s: insights has %d rows, %s %d" % (name, len(ours), peer, len(theirs)))
            pairs = [(a, b) for a, b in zip(ours, theirs) if not is_same([a], [b])]
            for a, b in pairs[:3]:
                print("    %s\n    %s" % (str(a)[:200], str(b)[:200]))
    return count


def remove(path):
    for name in (path, path + "-wal", path + "-shm"):
        if os.path.exists(name):
            os.remove(name)


def size(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(
        os.path.getsize(os.path.join(folder, name))
        for folder, _, names in os.walk(path)
        for name in names
    )


def ours(program, log, folder):
    """Our figures: those of ingest, the bytes of the store, and those and the rows of each query."""
    output = os.path.join(folder, "rows.json")
    store = os.path.join(folder, "store.db")
    runs = []
    for _ in range(2):
        remove(store)
        runs.append(process([program, "ingest", log, "--db", store]))
    queries = {}
    answers = {}
    for name, texts in QUERIES.items():
        command = [program, "query", texts[0], "--db", store, "--format", "json"]
        queries[name] = min(process(command, output) for _ in range(3))
        with open(output) as rows:
            answers[name] = answer(name, [row.values() for row in json.load(rows)])
    bytes_on_disk = size(store)
    remove(store)
    return min(runs), bytes_on_disk, queries, answers


def one_line_events(log, path):
    with open(log) as source, open(path, "w") as target:
        event = ""
        for line in source:
            if EVENT.match(line):
                target.write(event + "\n" if event else "")
                event = line.rstrip("\n")
            else:
                event += "\x1f" + line.rstrip("\n")
        target.write(event + "\n")


def duckdb_figures(lines, folder):
    import duckdb

    path = os.path.join(folder, "events.duckdb")
    connection = duckdb.connect(path)
    connection.execute("SET threads = %d" % os.cpu_count())

    def ingest():
        connection.execute("DROP TABLE IF EXISTS events")
        connection.execute(
            rf"""CREATE TABLE events AS SELECT CAST(line[1:23] AS TIMESTAMP) AS moment,
            line[26:] AS message, regexp_extract(line, '{UUID}') AS request,
            CASE WHEN line[26:31] = 'REPORT' THEN TRY_CAST(
              regexp_extract(line, '\tDuration: ([0-9.]+) ms', 1) AS DOUBLE) END AS duration
            FROM read_csv('{lines}', columns = {{'line': 'VARCHAR'}}, delim = '\x01', quote = '',
              escape = '', header = false, strict_mode = false, max_line_size = 2000000)"""
        )
        connection.execute("CHECKPOINT")

    seconds = best(ingest, 2)
    queries = {
        name: best(lambda: connection.execute(texts[1]).fetchall())
        for name, texts in QUERIES.items()
    }
    answers = {
        name: answer(name, connection.execute(texts[1]).fetchall())
        for name, texts in QUERIES.items()
    }
    connection.close()
    # Without the room that the first table has left.
    compact = duckdb.connect(path + ".compact")
    compact.execute("ATTACH '%s' AS whole (READ_ONLY)" % path)
    compact.execute("CREATE TABLE events AS FROM whole.events")
    compact.close()
    return seconds, size(path + ".compact"), queries, answers


def chdb_figures(lines, folder):
    from chdb import session

    path = os.path.join(folder, "chdb")
    connection = session.Session(path)
    connection.query(
        "CREATE TABLE events (moment DateTime64(3), request String, duration Nullable(Float64),"
        " message String) ENGINE = MergeTree ORDER BY moment"
    )

    def ingest():
        connection.query("TRUNCATE TABLE events")
        connection.query(
            rf"""INSERT INTO events SELECT parseDateTime64BestEffort(substring(line, 1, 23), 3),
            extract(line, '({UUID.replace("(", "(?:")})'), toFloat64OrNull(if(
              substring(line, 26, 6) = 'REPORT',
              extract(line, '\tDuration: ([0-9.]+) ms'), '')), substring(line, 26)
            FROM file('{lines}', LineAsString)"""
        )

    seconds = best(ingest, 2)
    queries = {
        name: best(lambda: str(connection.query(texts[2], "TSV")))
        for name, texts in QUERIES.items()
    }
    answers = {}
    for name, texts in QUERIES.items():
        lines = str(connection.query(texts[2], "TSV")).splitlines()
        answers[name] = answer(name, [line.split("\t") for line in lines])
    connection.close()
    return seconds, size(path), queries, answers


def peers(log, folder):
    """The figures of the peers that are installed, by name."""
    lines = os.path.join(folder, "lines.txt")
    one_line_events(log, lines)
    figures = {}
    for name, measure in (("DuckDB", duckdb_figures), ("chDB", chdb_figures)):
        try:
            figures[name] = measure(lines, folder)
        except ImportError:
            print("%s is not installed (pip install %s)" % (name, name.lower()))
    return figures


def table(log, own, others):
    (seconds, processor, memory), store, queries, _ = own
    raw = os.path.getsize(log)
    head = "".join("%12s" % name for name in others)
    print("%-24s%12s%s" % ("", "insights", head))
    rest = "".join("%12.2f" % o[0] for o in others.values())
    print("%-24s%12.2f%s" % ("ingest, s", seconds, rest))
    print("%-24s%12.2f" % ("  processor time, s", processor))
    print("%-24s%12.0f" % ("  peak memory, MB", memory))
    print(
        "%-24s%12.3f%s"
        % ("on disk / raw", store / raw, "".join("%12.3f" % (o[1] / raw) for o in others.values()))
    )
    for name, (seconds, _, _) in queries.items():
        rest = "".join("%12.3f" % o[2][name] for o in others.values())
        print("%-24s%12.3f%s" % (name + ", s", seconds, rest))
    print("%-24s%12.0f" % ("peak memory, MB", max(q[2] for q in queries.values())))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("log")
    parser.add_argument("--growth")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    with tempfile.TemporaryDirectory(prefix="insights-bench-") as folder:
        print("%.0f MB of log" % (os.path.getsize(arguments.log) / 1e6))
        own = ours(program, arguments.log, folder)
        others = peers(arguments.log, folder)
        table(arguments.log, own, others)
        different = differences(own, others)
        if others and not different:
            print("all answers are the same")
        if arguments.growth:
            print("\n%.0f MB of log" % (os.path.getsize(arguments.growth) / 1e6))
            table(arguments.growth, ours(program, arguments.growth, folder), {})
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
