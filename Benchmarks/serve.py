"""Puts `insights serve` under load and prints what it did: each check says what it promises.

usage: serve.py PROGRAM LOG [CHECK…] [--minutes N]

Without names all checks run but `follow`, which takes ten minutes. LOG is one of `write_log.py`, two million
events for the figures of Documentation/Performance.md; a smaller one for a try. The exit status is 1 where a
promise is not kept. Only Python's own library is used.
"""

import concurrent.futures
import contextlib
import http.client
import itertools
import json
import multiprocessing
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOKEN = "token-of-the-benchmark"
GROUP = "/aws/lambda/load"
CHECKS = {}
# What a person asks: some short, some over all messages.
QUERIES = [
    "filter @message like /ERROR/ | stats count(*) as n",
    "fields @timestamp, @message | sort @timestamp desc | limit 20",
    "stats count(*) by bin(5m)",
    'filter level = "ERROR" | stats count(*) by service',
    "fields @timestamp, @duration | sort @duration desc, @timestamp | limit 10",
    'filter @type = "REPORT" | stats avg(@duration), max(@duration) by bin(1h)',
    "stats count(*) by @type",
    "fields @timestamp, @message | filter took_ms > 100 | limit 100",
]
# Work on all cores for a second or more.
HEAVY = 'stats count_distinct(concat(@message, "x")) as n'
SEARCH = r"filter @message like /(?i)(a|b|c)[a-z]*(x|y|z)\d*[^q]*q\d+$/ | stats count(*) as n"


def check(function):
    CHECKS[function.__name__] = function
    return function


class Refused(Exception):
    """An answer that is an error: its status and code."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body[:200]!r}")
        self.status = status
        with contextlib.suppress(ValueError):
            self.code = json.loads(body).get("__type", "")


class Client:
    """One kept-alive connection."""

    def __init__(self, port, timeout=600):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def send(self, path, headers, body):
        body = json.dumps(body)
        self.connection.request("POST", path, body, headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise Refused(response.status, answer)
        return answer

    def call(self, operation, **members):
        answer = self.send(
            "/", {"X-Amz-Target": f"Logs_20140328.{operation}", "Content-Type": "application/x-amz-json-1.1"},
            members)
        return json.loads(answer) if answer else {}

    def ask(self, query, **members):
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        return json.loads(self.send("/api/query", headers, {"query": query, **members}))

    def start(self, query):
        return self.call("StartQuery", logGroupName=GROUP, startTime=0, endTime=9999999999,
                         queryString=query)["queryId"]

    def close(self):
        self.connection.close()


class Server:
    """`insights serve`, on one port however often it is killed."""

    def __init__(self, program, store, *options, port=0):
        self.arguments = [program, "serve", "--db", store, *options]
        self.port = port
        self.begin()

    def begin(self):
        self.process = subprocess.Popen(
            [*self.arguments, "--listen", f"127.0.0.1:{self.port}"], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(os.environ, INSIGHTS_TOKEN=TOKEN))
        line = self.process.stdout.readline().strip()
        assert line, "the server did not begin"
        self.port = int(line.rsplit(":", 1)[1])

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait()

    def megabytes(self, field):
        fields = dict(re.findall(r"(\w+):\s+(\d+) kB", open(f"/proc/{self.process.pid}/status").read()))
        return int(fields[field]) / 1024

    def memory(self):
        """Megabytes that are its own; pages of files that others could use do not count."""
        return self.megabytes("RssAnon")

    def peak(self):
        return self.megabytes("VmHWM")

    def busy(self):
        """Seconds of all processors that its threads have had so far."""
        total = 0
        for thread in os.listdir(f"/proc/{self.process.pid}/task"):
            with contextlib.suppress(OSError):
                total += int(open(f"/proc/{self.process.pid}/task/{thread}/schedstat").read().split()[0])
        return total / 1e9

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


class World:
    def __init__(self, program, log, folder, minutes):
        self.program = os.path.abspath(program)
        self.log = os.path.abspath(log)
        self.folder = folder
        self.minutes = minutes
        self.failures = 0
        self.known = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], check=True, text=True, capture_output=True).stdout

    def store(self):
        """The store of the log, made once."""
        if not self.known:
            self.known = self.path("log.db")
            self.run("ingest", self.log, "--log-group", GROUP, "--db", self.known)
        return self.known

    def events(self, count):
        """The first events of the log: times that rise, and messages."""
        events, last = [], 0
        starts = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z (.*)", re.S)
        with open(self.log) as lines:
            for line in lines:
                found = starts.match(line)
                if not found:
                    events[-1]["message"] += "\n" + line.rstrip("\n")
                    continue
                if len(events) == count:
                    break
                days, hours, minutes, seconds, rest = map(int, found.groups()[2:7])
                at = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + rest
                last = max(last, 1_700_000_000_000 + at)
                events.append({"timestamp": last, "message": found[8].rstrip("\n")})
        return events

    def promise(self, text, is_kept):
        self.failures += 0 if is_kept else 1
        print(f"  {'ok  ' if is_kept else 'FAIL'}  {text}", flush=True)


def make_streams(port, count):
    client = Client(port)
    with contextlib.suppress(Refused):
        client.call("CreateLogGroup", logGroupName=GROUP)
    for number in range(count):
        with contextlib.suppress(Refused):
            client.call("CreateLogStream", logGroupName=GROUP, logStreamName=f"s{number}")
    client.close()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def best(times, body):
    """The least of some times that something takes, in seconds."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        body()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def median_ratio(one, other):
    """How many times as long one takes as the other, in turns, so that what else runs slows down both."""
    seconds = ([], [])
    for _ in range(101):
        for times, body in zip(seconds, (one, other)):
            begin = time.perf_counter()
            body()
            times.append(time.perf_counter() - begin)
    return percentile(seconds[0], 0.5) / percentile(seconds[1], 0.5)


# Clients are processes of their own: threads of one Python would wait for each other.


def ask_many(port, seed, count, results):
    dice = random.Random(seed)
    client = Client(port)
    polls, whole, failures = [], [], 0
    for _ in range(count):
        begin = time.perf_counter()
        id = client.start(dice.choice(QUERIES))
        while True:
            asked = time.perf_counter()
            reply = client.call("GetQueryResults", queryId=id)
            polls.append(time.perf_counter() - asked)
            if reply["status"] != "Running":
                break
            time.sleep(0.05)
        whole.append(time.perf_counter() - begin)
        failures += reply["status"] != "Complete" or not reply["results"]
    results.put((polls, whole, failures))


@check
def queries(world):
    """50 clients, 200 queries each, over all events: StartQuery, then GetQueryResults until it has ended."""
    with Server(world.program, world.store(), "--read-only") as server:
        results = multiprocessing.Queue()
        clients = [multiprocessing.Process(target=ask_many, args=(server.port, seed, 200, results))
                   for seed in range(50)]
        begin = time.perf_counter()
        for client in clients:
            client.start()
        answers = [results.get() for _ in clients]
        seconds = time.perf_counter() - begin
        polls = [one for answer in answers for one in answer[0]]
        whole = [one for answer in answers for one in answer[1]]
        print(f"  {len(whole)} queries, {len(whole) + len(polls)} requests in {seconds:.1f} s: "
              f"{len(whole) / seconds:.0f} queries/s, {(len(whole) + len(polls)) / seconds:.0f} requests/s")
        for name, times in (("GetQueryResults", polls), ("a query, start to rows", whole)):
            print(f"  {name}: p50 {percentile(times, .5) * 1000:.0f} ms, "
                  f"p99 {percentile(times, .99) * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms")
        print(f"  peak memory {server.peak():.0f} MB")
        # 200 ms is what the first poll may wait for the end of its query.
        world.promise("every query is complete and has rows", sum(answer[2] for answer in answers) == 0)


def write_many(port, number, count, size, results):
    """Writes batches; one whose answer did not come is neither written again nor expected."""
    acknowledged, unknown = [], []
    client = Client(port, timeout=30)
    now = int(time.time() * 1000)
    for batch in range(count):
        events = [{"timestamp": now, "message": f"w{number} b{batch} e{event}"} for event in range(size)]
        while True:
            try:
                client.call("PutLogEvents", logGroupName=GROUP, logStreamName=f"s{number}", logEvents=events)
                acknowledged.append(batch)
            except ConnectionRefusedError:
                # Nothing was sent.
                client.close()
                time.sleep(0.05)
                continue
            except (OSError, http.client.HTTPException):
                client.close()
                unknown.append(batch)
            break
    results.put((number, acknowledged, unknown))


@check
def writers(world):
    """16 writers, 1,000 batches each, while the server is killed and begins again: nothing is lost or doubled."""
    size, count, dice = 10, 1000, random.Random(4)
    store = world.path("writers.db")
    server = Server(world.program, store)
    make_streams(server.port, 16)
    results = multiprocessing.Queue()
    clients = [multiprocessing.Process(target=write_many, args=(server.port, number, count, size, results))
               for number in range(16)]
    begin = time.perf_counter()
    for client in clients:
        client.start()
    kills = 0
    while any(client.is_alive() for client in clients) and results.qsize() < len(clients):
        time.sleep(dice.uniform(0.2, 2.0))
        server.kill()
        kills += 1
        time.sleep(dice.uniform(0, 0.3))
        server.begin()
    answers = [results.get() for _ in clients]
    seconds = time.perf_counter() - begin
    is_clean = server.stop() == 0
    counts = {}
    rows = world.run("query", "fields @message", "--limit", "all", "--format", "ndjson", "--db", store)
    for line in rows.splitlines():
        message = json.loads(line)["@message"]
        counts[message] = counts.get(message, 0) + 1
    lost = doubled = torn = 0
    for number, acknowledged, unknown in answers:
        for batches, is_sure in ((acknowledged, True), (unknown, False)):
            for batch in batches:
                found = [counts.pop(f"w{number} b{batch} e{event}", 0) for event in range(size)]
                doubled += sum(one > 1 for one in found)
                lost += sum(one == 0 for one in found) if is_sure else 0
                torn += len(set(found)) > 1
    told = sum(len(answer[1]) for answer in answers)
    print(f"  {told} batches acknowledged, {sum(len(answer[2]) for answer in answers)} without an answer, "
          f"{kills} kills, {seconds:.1f} s")
    world.promise(f"nothing lost ({lost}), doubled ({doubled}), half written ({torn}) or unknown ({len(counts)})",
                  lost == doubled == torn == len(counts) == 0)
    world.promise("the last server ended with 0", is_clean)


def put_range(port, stream, events, size, results):
    client = Client(port)
    times = []
    for start in range(0, len(events), size):
        begin = time.perf_counter()
        client.call("PutLogEvents", logGroupName=GROUP, logStreamName=stream, logEvents=events[start:start + size])
        times.append(time.perf_counter() - begin)
    results.put(times)


def parts(events, writers):
    """What each writer writes: a part of the events, with times from the same moment on, as all write at once."""
    size = -(-len(events) // writers)
    first = events[0]["timestamp"]
    found = []
    for start in range(0, len(events), size):
        earlier = events[start]["timestamp"] - first
        found.append([{**event, "timestamp": event["timestamp"] - earlier} for event in events[start:start + size]])
    return found


def put_all(port, parts, size):
    """Writes events by several clients, each a part of them into a stream of its own; gives the times of calls."""
    make_streams(port, len(parts))
    results = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=put_range, args=(port, f"s{number}", part, size, results))
        for number, part in enumerate(parts)]
    for client in clients:
        client.start()
    return [one for _ in clients for one in results.get()]


def write_ndjson(path, parts):
    """The same as a file of ingest, in the order of time."""
    events = [{"logGroup": GROUP, "logStream": f"s{number}", **event}
              for number, part in enumerate(parts) for event in part]
    with open(path, "w") as file:
        for event in sorted(events, key=lambda event: event["timestamp"]):
            file.write(json.dumps(event) + "\n")


@check
def single(world):
    """100,000 requests of one event each: the store is at most 1.3 times, queries 1.5 times those of one ingest."""
    events = world.events(100_000)
    clients = parts(events, 16)
    one, many = world.path("ingested.db"), world.path("single.db")
    write_ndjson(world.path("single.ndjson"), clients)
    world.run("ingest", world.path("single.ndjson"), "--db", one)
    with Server(world.program, many, "--accept-any-time") as server:
        begin = time.perf_counter()
        times = put_all(server.port, clients, 1)
        seconds = time.perf_counter() - begin
        print(f"  {len(events) / seconds:.0f} requests/s, p99 {percentile(times, .99) * 1000:.1f} ms, "
              f"memory {server.memory():.0f} MB, peak {server.peak():.0f} MB")
        compare_queries(world, server, one, "while the server runs, at once")
        time.sleep(4)
        compare_queries(world, server, one, "when nothing came for some seconds")
    ratio = os.path.getsize(many) / os.path.getsize(one)
    world.promise(f"the store is {ratio:.2f} times as large (at most 1.3)", ratio <= 1.3)
    with Server(world.program, many, "--read-only") as server:
        compare_queries(world, server, one, "after it has ended")


def compare_queries(world, server, other, when):
    with Server(world.program, other, "--read-only") as ingested:
        mine, its = Client(server.port), Client(ingested.port)
        ratios = []
        for query in QUERIES:
            counted = query if "limit" in query else query + " | limit 10000"
            order = "" if "sort" in query or "stats" in query else " | sort @timestamp, @message"
            answers = [client.ask(counted + order)["rows"] for client in (mine, its)]
            if "@message" not in query:
                assert sorted(map(str, answers[0])) == sorted(map(str, answers[1])), query
            ratios.append((median_ratio(lambda: mine.ask(query), lambda: its.ask(query)), query))
        worst = max(ratios)
        world.promise(f"queries take at most {worst[0]:.2f} times as long {when} (1.5): {worst[1][:40]}",
                      worst[0] <= 1.5)


@check
def put(world):
    """PutLogEvents beside `insights ingest`, of the same events."""
    events = world.events(400_000)
    clients = parts(events, 4)
    write_ndjson(world.path("put.ndjson"), clients)
    ingest = best(1, lambda: world.run("ingest", world.path("put.ndjson"), "--db", world.path("put-ingest.db")))
    print(f"  ingest: {len(events) / ingest:.0f} events/s")
    for size in (100, 1000, 5000):
        store = world.path(f"put-{size}.db")
        with Server(world.program, store, "--accept-any-time") as server:
            used = server.busy()
            begin = time.perf_counter()
            times = put_all(server.port, clients, size)
            seconds = time.perf_counter() - begin
            print(f"  {size} events a call, 4 clients: {len(events) / seconds:.0f} events/s "
                  f"({len(events) / (server.busy() - used):.0f} for each second of the server's processors), "
                  f"p99 {percentile(times, .99) * 1000:.0f} ms, peak {server.peak():.0f} MB")
            count = Client(server.port).ask("stats count(*) as n")["rows"][0][0]
            world.promise(f"all {len(events)} are there", count == len(events))


@check
def limit(world):
    """100 queries are accepted, of both interfaces together, and the 101st is refused; each can be stopped."""
    with Server(world.program, world.store(), "--read-only") as server:
        client = Client(server.port)
        ids = [client.start(HEAVY) for _ in range(100)]
        codes = []
        for refused in (lambda: client.start(HEAVY), lambda: client.ask("limit 1")):
            try:
                refused()
                codes.append("accepted")
            except Refused as error:
                codes.append(getattr(error, "code", "") or error.status)
        world.promise(f"the 101st: {codes}", codes == ["LimitExceededException", 429])
        states = {client.call("GetQueryResults", queryId=id)["status"] for id in ids[2:]}
        world.promise(f"those that wait are {states}", states == {"Running"})
        begin = time.perf_counter()
        for id in reversed(ids):
            # The first may have come to their end.
            with contextlib.suppress(Refused):
                client.call("StopQuery", queryId=id)
        states = [client.call("GetQueryResults", queryId=id)["status"] for id in ids]
        world.promise(f"{states.count('Cancelled')} stopped in {(time.perf_counter() - begin) * 1000:.0f} ms, "
                      f"{states.count('Complete')} had ended",
                      set(states) <= {"Cancelled", "Complete"} and states.count("Cancelled") >= 90)
        time.sleep(0.2)
        world.promise("there is room again", len(client.ask("limit 1")["rows"]) == 1)


@check
def stop(world):
    """A query that is stopped frees its core within 50 ms, at 200 random moments."""
    dice = random.Random(2)
    heavy = QUERIES + [
        HEAVY, SEARCH, "stats count_distinct(@requestId)", "fields @message | sort @message desc | limit 10000",
        "pattern @message", 'parse @message "* * *" as a, b, c | stats count(*) by c | sort c | limit 10',
        "dedup @requestId | limit 10000", "stats count(*) by @message | limit 10"]
    with Server(world.program, world.store(), "--read-only") as server:
        client = Client(server.port)
        lengths = {query: min(best(2, lambda: client.ask(query)), 3) for query in heavy}
        delays, stopped = [], 0
        while stopped < 200:
            query = dice.choice(heavy)
            id = client.start(query)
            time.sleep(dice.uniform(0, lengths[query]))
            try:
                client.call("StopQuery", queryId=id)
            except Refused:
                # It had ended.
                continue
            begin = time.perf_counter()
            stopped += 1
            last, used = begin, server.busy()
            while time.perf_counter() - last < 0.15:
                time.sleep(0.004)
                now = server.busy()
                # What an idle server does takes microseconds.
                if now - used > 0.0005:
                    last = time.perf_counter()
                used = now
            delays.append((last - begin, query))
        times = [one for one, _ in delays]
        print(f"  p50 {percentile(times, .5) * 1000:.0f} ms, p99 {percentile(times, .99) * 1000:.0f} ms")
        longest = max(delays)
        world.promise(f"the longest {longest[0] * 1000:.0f} ms (50): {longest[1][:60]}", longest[0] <= 0.05)


def silent_connection(port, path, headers, body, sent=None):
    """A client that sends a request, or the begin of one, and never reads."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.settimeout(5)
    with contextlib.suppress(TimeoutError):
        connection.sendall((head + "\r\n").encode() + body[:sent])
    return connection


@check
def slow(world):
    """Clients that do not read, or stop in the middle of sending, hold no memory."""
    api = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    aws = {"Content-Type": "application/x-amz-json-1.1"}
    lines = {**api, "Accept": "application/x-ndjson"}
    # More than is on its way to a client, and little to hold for the query itself.
    rows = json.dumps({"query": "fields @timestamp, @message | limit 50000", "limit": "all"}).encode()
    document = json.dumps({"query": "fields @timestamp, @message", "limit": 10000}).encode()
    export = json.dumps({"query": "fields @timestamp, @message", "format": "ndjson"}).encode()
    with Server(world.program, world.store()) as server:
        client = Client(server.port)
        client.ask("fields @timestamp, @message | limit 10000")
        id = client.start("fields @timestamp, @message")
        while client.call("GetQueryResults", queryId=id)["status"] == "Running":
            time.sleep(0.05)
        page = json.dumps({"queryId": id}).encode()
        results = {**aws, "X-Amz-Target": "Logs_20140328.GetQueryResults"}
        putting = {**aws, "X-Amz-Target": "Logs_20140328.PutLogEvents"}
        cases = {
            "rows as JSON lines": (20, "/api/query", lines, rows, None),
            "documents of 10,000 rows": (20, "/api/query", api, document, None),
            "exports": (20, "/api/export", api, export, None),
            "pages of GetQueryResults": (60, "/", results, page, None),
            "bodies of 60 MB that stop before their end": (40, "/", putting, b"x" * 60_000_000, 59_000_000),
        }
        for name, (count, path, headers, body, sent) in cases.items():
            before = server.memory()
            with concurrent.futures.ThreadPoolExecutor(count) as pool:
                held = list(pool.map(
                    lambda _: silent_connection(server.port, path, headers, body, sent), range(count)))
            highest = before
            answered = []

            def other():
                begin = time.perf_counter()
                Client(server.port, 60).call("DescribeLogGroups")
                answered.append(time.perf_counter() - begin)

            beside = threading.Thread(target=other)
            beside.start()
            for _ in range(20):
                highest = max(highest, server.memory())
                time.sleep(0.25)
            for connection in held:
                connection.close()
            beside.join()
            time.sleep(1)
            print(f"  {count} {name}: {before:.0f} → {highest:.0f} → {server.memory():.0f} MB, "
                  f"another client waited {answered[0] * 1000:.0f} ms")
            world.promise("less than 256 MB more", highest - before < 256)


@check
def follow(world):
    """Memory stays flat while files are followed, by default for ten minutes."""
    log = world.path("followed.log")
    open(log, "w").close()
    is_over = threading.Event()
    written = [0]

    def append():
        with open(world.log) as lines, open(log, "a", buffering=1 << 16) as file:
            while not is_over.is_set():
                part = list(itertools.islice(lines, 300))
                assert part, "the log is too short for as many minutes"
                file.writelines(part)
                file.flush()
                written[0] += len(part)
                is_over.wait(0.1)

    with Server(world.program, world.path("followed.db"), "--follow", log) as server:
        writer = threading.Thread(target=append)
        writer.start()
        client = Client(server.port)
        begin, minutes = time.monotonic(), []
        while len(minutes) < world.minutes:
            peak = 0
            while time.monotonic() - begin < 60 * (len(minutes) + 1):
                client.ask("stats count(*) by level")
                peak = max(peak, server.memory())
                time.sleep(1)
            minutes.append(peak)
            print(f"  minute {len(minutes)}: {written[0]} lines, {peak:.0f} MB", flush=True)
        is_over.set()
        writer.join()
        early = max(minutes[:max(len(minutes) // 5, 1)])
        world.promise(f"{early:.0f} MB in the first fifth, {minutes[-1]:.0f} MB in the last minute",
                      minutes[-1] <= early * 1.25 + 8)


def main():
    arguments = sys.argv[1:]
    minutes = 10
    if "--minutes" in arguments:
        place = arguments.index("--minutes")
        minutes = int(arguments[place + 1])
        del arguments[place:place + 2]
    if len(arguments) < 2 or any(name not in CHECKS for name in arguments[2:]):
        sys.exit(f"usage: serve.py PROGRAM LOG [{' '.join(CHECKS)}] [--minutes N]")
    names = arguments[2:] or [name for name in CHECKS if name != "follow"]
    with tempfile.TemporaryDirectory(prefix="insights-serve-") as folder:
        world = World(arguments[0], arguments[1], folder, minutes)
        for name in names:
            print(f"{name}: {CHECKS[name].__doc__}", flush=True)
            CHECKS[name](world)
    return 1 if world.failures else 0


if __name__ == "__main__":
    sys.exit(main())
