"""Walks through the console in a real browser, against the built program.

    python check.py PROGRAM [WORD…]      only the checks whose name has one of the words

`make console-check` installs what it needs. Every page has to do without errors in the browser's console
and without a request that leaves this machine.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "token-of-the-tests"
# How long a check waits for what it expects, in milliseconds: machines may be slow.
PATIENCE = 20_000
REQUEST = "dac088ea-3d23-4289-b30c-98df504e50d5"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Server:
    """`insights serve` over a store, until it is stopped."""

    def __init__(self, program, store, *options, port=0):
        environment = dict(os.environ, INSIGHTS_TOKEN=TOKEN)
        self.process = subprocess.Popen(
            [program, "serve", "--db", store, "--listen", f"127.0.0.1:{port}", *options], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        self.url = self.process.stdout.readline().strip()

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait()


class World:
    """The program, its stores, the browser, and what the pages did."""

    def __init__(self, program, browser, folder):
        self.program = os.path.abspath(program)
        self.browser = browser
        self.folder = Path(folder)
        self.complaints = []
        self.log_count = 0
        self.demo = self.make_demo()
        self.server = Server(self.program, self.demo)

    def run(self, *arguments, check=True, input=None):
        return subprocess.run([self.program, *arguments], text=True, input=input, check=check,
                              capture_output=True)

    def make_demo(self):
        store = str(self.folder / "demo.db")
        for line in (ROOT / "SampleLogs/README.md").read_text().splitlines():
            cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
            if line.startswith("| `") and len(cells) >= 2:
                self.run("ingest", str(ROOT / "SampleLogs" / cells[0]), "--log-group", cells[1], "--db", store)
        return store

    def store(self, name, text, group="/aws/lambda/test"):
        store = str(self.folder / f"{name}.db")
        self.add(store, text, group)
        return store

    def add(self, store, text, group="/aws/lambda/test"):
        """Ingests one more log."""
        self.log_count += 1
        log = self.folder / f"{self.log_count}.log"
        log.write_text(text)
        self.run("ingest", str(log), "--log-group", group, "--db", store)

    def context(self, **options):
        options = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce",
                   "permissions": ["clipboard-read", "clipboard-write"], **options}
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context

    def page(self, context=None, fragment="/triage", url=None, token=True, silent=False):
        page = (context or self.context()).new_page()
        url = url or self.server.url
        if not silent:
            page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith((url, "data:", "blob:"))
                or self.complaints.append(f"asked {request.url}"))
        page.goto(f"{url}/#token={TOKEN}&/{fragment.lstrip('/')}" if token else f"{url}/#{fragment}")
        return page


def place(page, /, **parameters):
    query = urllib.parse.urlencode(parameters, quote_via=urllib.parse.quote)
    return f"/{page}?{query}" if query else f"/{page}"


def go(page, fragment):
    page.evaluate("fragment => { location.hash = fragment }", fragment)


def rows(page):
    return page.get_by_role("treegrid", name="Rows")


def focus_rows(page):
    rows(page).focus()


VIEWS = {
    "triage": ("/triage", lambda page: page.locator(".finding").first.wait_for()),
    "request": (f"/request/{REQUEST}", lambda page: page.locator(".story-line").first.wait_for()),
    "query": (place("query", q="fields @timestamp, @message\n| sort @timestamp desc\n| limit 50"),
              lambda page: page.locator(".grid-row").first.wait_for()),
    "chart": (place("query", q="stats count(*) by bin(5m)", view="chart"),
              lambda page: page.locator(".charts svg").first.wait_for()),
    "patterns": (place("query", q="fields @message", view="patterns"),
                 lambda page: page.locator("table.patterns tr").nth(2).wait_for()),
    "explain": (place("query", q="stats count(*) by @type", view="explain"),
                lambda page: page.locator("pre.explain").wait_for()),
    "json": (place("query", q="stats count(*) by @type", view="json"),
             lambda page: page.locator("pre.explain").wait_for()),
    "run": ("/run/lambda/cost", lambda page: page.locator("form.parameters").wait_for()),
    "compare": (place("compare", start="2026-03-17T02:20:00Z", end="2026-03-17T02:50:00Z"),
                lambda page: page.locator("table.patterns").wait_for()),
    "tail": ("/tail", lambda page: page.locator(".tail-lines li").first.wait_for()),
    "metrics": ("/metrics", lambda page: page.locator(".small-multiples svg").first.wait_for()),
    "dashboard": ("/dashboard", lambda page: page.get_by_label("Body of a dashboard").wait_for()),
}


@check
def finding_to_story_by_keyboard(world):
    """502 → finding → one request → its lines → Markdown, without a mouse."""
    page = world.page()
    page.locator(".finding").first.wait_for()
    summaries = page.locator(".finding summary")
    count = summaries.count()
    assert count > 5
    for _ in range(count):
        page.keyboard.press("j")
        if "Lambda timeout" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Task timed out after 10.00 seconds").first).to_be_visible()
    page.keyboard.press("c")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('Lambda timeout'))")
    page.keyboard.press("r")
    page.locator(".story-line").first.wait_for()
    assert f"/request/{REQUEST}" in page.url
    assert page.locator(".attempts tr.attempt").count() == 3
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "Refunding order 48119, attempt 1" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("]")
    assert "START" in page.evaluate("document.activeElement.textContent")
    assert page.locator(".gap").count() >= 2
    page.keyboard.press("c")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('END RequestId'))")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.locator(".finding").first.wait_for()


@check
def query_by_keyboard(world):
    """A mistyped query → fix → run → row → filter by cell → zoom → Back → share link, opened afresh."""
    context = world.context()
    page = world.page(context, "/query")
    editor = page.get_by_role("textbox", name="Query")
    expect(editor).to_be_focused()
    page.keyboard.type("filtr @type = \"REPORT\"")
    expect(page.get_by_text("unknown command 'filtr'")).to_be_visible()
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_text("unknown command 'filtr'")).to_have_count(0)
    assert editor.text_content().startswith("filter @type")
    page.keyboard.press("Escape")
    editor.focus()
    page.keyboard.press("Control+Enter")
    page.locator(".grid-row").first.wait_for()
    page.locator(".histogram").wait_for()
    focus_rows(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".row-detail")).to_contain_text("@maxMemoryUsed")
    page.keyboard.press("l")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('#/event/'))")
    line = page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("Escape")
    expect(page.locator(".row-detail")).to_be_hidden()
    page.locator(".histogram-frame").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    for _ in range(20):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("start="))
    page.locator(".grid-row").first.wait_for()
    page.go_back()
    page.wait_for_url(lambda url: "start=" not in url)
    page.go_forward()
    page.wait_for_url(re.compile("start="))
    page.locator(".grid-row").first.wait_for()
    page.get_by_role("button", name="share").press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('q='))")
    link = page.evaluate("navigator.clipboard.readText()")
    assert TOKEN not in link and TOKEN not in page.url and TOKEN not in line
    for address, wanted in ((link, ".grid-row"), (line, ".story-line")):
        other = context.new_page()
        other.goto(address)
        other.locator(wanted).first.wait_for()
        other.close()
    alone = world.page(world.context(), silent=True, token=False)
    alone.goto(link)
    expect(alone.get_by_role("alert")).to_contain_text("token")
    expect(alone.get_by_role("alert")).to_contain_text("insights serve")


@check
def facets_columns_and_find(world):
    page = world.page(fragment=place("query", q="fields @timestamp, level, @message\n| limit 500"))
    page.locator(".grid-row").first.wait_for()
    page.locator(".facet-list summary", has_text=re.compile("^level")).click()
    page.locator(".facet-values .value", has_text="ERROR").click()
    page.wait_for_url(re.compile(re.escape(urllib.parse.quote('level = "ERROR"'))))
    expect(page.locator(".figures-line")).to_contain_text("scanned")
    shown = world.run("query", 'filter level = "ERROR" | stats count(*) as n', "--db", world.demo, "--format", "csv")
    count = shown.stdout.split()[-1]
    expect(page.locator(".figures-line")).to_contain_text(re.compile(rf"\b{count} rows?\b"))
    page.get_by_role("button", name="columns").click()
    page.get_by_role("button", name="@message to the left").press("Enter")
    page.keyboard.press("Escape")
    assert page.get_by_role("columnheader").all_text_contents()[1] == "@message"
    assert "cols=" in page.url
    page.reload()
    page.locator(".grid-row").first.wait_for()
    assert page.get_by_role("columnheader").all_text_contents()[1] == "@message"
    go(page, place("query", q="fields @timestamp, @message | sort @timestamp desc"))
    page.locator(".grid-row").first.wait_for()
    expect(page.locator(".figures-line")).to_contain_text("756")
    focus_rows(page)
    page.keyboard.press("f")
    page.keyboard.type("Refunding order")
    page.keyboard.press("Enter")
    expect(page.locator(".grid-row.now")).to_contain_text("Refunding order")


@check
def saved_query_and_export(world):
    """A saved query with a parameter, filled in by keyboard; then all rows as a file, equal to the command's."""
    page = world.page(fragment="/run/lambda/concurrency")
    page.locator("form.parameters input").wait_for()
    expect(page.locator("form.parameters input")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/query"))
    expect(page.locator(".figures-line")).to_contain_text("3 rows")
    query = "filter @type = \"REPORT\" | fields @timestamp, @duration"
    wanted = world.run("query", query, "--db", world.demo, "--format", "csv", "--limit", "all").stdout
    go(page, place("query", q=query))
    # The rows of the query before stay until those of this one come.
    expect(page.locator(".figures-line")).to_contain_text(f"{wanted.count(chr(10)) - 1} rows")
    page.locator(".menu summary").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("button", name="csv").press("Enter")
    assert Path(download.value.path()).read_text() == wanted
    page.locator(".as-command summary").first.press("Enter")
    # It is written when the box has opened, which is told later.
    expect(page.locator(".as-command pre").first).to_have_text(re.compile("^insights query .*--db demo\\.db"))


@check
def completion_and_history(world):
    page = world.page(fragment="/query")
    editor = page.get_by_role("textbox", name="Query")
    editor.wait_for()
    page.keyboard.type("stats count(*) by lev")
    page.get_by_role("option", name=re.compile("level")).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert editor.text_content() == "stats count(*) by level"
    page.keyboard.press("Control+Enter")
    expect(page.locator(".figures-line")).to_contain_text("rows")
    page.get_by_role("button", name="history").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("stats count(*) by level")
    page.keyboard.press("Escape")
    editor.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("filter level = \"WARN\"")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.get_by_role("textbox", name="Query")).to_have_text("filter level = \"WARN\"")


@check
def compare_metrics_and_tail(world):
    page = world.page(fragment=VIEWS["compare"][0])
    VIEWS["compare"][1](page)
    expect(page.get_by_role("region", name="Findings")).to_contain_text("new")
    page.get_by_role("combobox", name="against").select_option("day")
    page.wait_for_url(re.compile("b=day"))
    expect(page.get_by_role("region", name="Findings")).to_contain_text("No event lies in the day before")
    page.get_by_role("combobox", name="against").select_option("range")
    page.get_by_label("start of the other range").fill("2026-03-17 01:50")
    page.get_by_label("end of the other range").fill("never")
    page.get_by_role("button", name="compare").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("'never' is no time")
    page.get_by_label("end of the other range").fill("2026-03-17 02:20")
    page.get_by_role("button", name="compare").press("Enter")
    page.wait_for_url(re.compile("b=2026-03-17T01"))
    expect(page.get_by_role("region", name="Findings")).to_contain_text("new")
    expect(page.get_by_role("region", name="Patterns")).to_contain_text("REPORT")
    page.locator(".as-command summary").first.press("Enter")
    expect(page.locator(".as-command pre").first).to_contain_text("--compare 2026-03-17T01:50:00Z/2026-03-17T02:20:00")
    # One query and range of the figures, as the shell runs it.
    line = next(line for line in page.locator(".as-command pre").first.text_content().splitlines() if "SOURCE invocations" in line)
    words = shlex.split(line)
    told = world.run(*words[1:words.index("--db")], "--db", world.demo, "--format", "csv").stdout.split()[-1].split(",")
    expect(page.get_by_role("region", name="Figures")).to_contain_text(f"invocations{told[0]}")
    go(page, place("metrics", period="1h", alarm="Errors Sum 60s > 0"))
    expect(page.locator(".alarms")).to_contain_text("fires")
    go(page, place("tail", q="@type = \"REPORT\""))
    lines = page.locator(".tail-lines li")
    lines.first.wait_for()
    assert all("REPORT" in text for text in lines.all_text_contents())


@check
def printed(world):
    """Paper has findings, tables and charts, and nothing that is there to be clicked."""
    page = world.page()
    for view, kept, left_out in (
            ("triage", ".finding .advice", ".finding .actions, .toolbar button"),
            ("query", ".print-table, table", ".tabs, .result-tools, .side, .menu .popup"),
            ("chart", ".charts svg", ".tabs, .result-tools, .menu .popup, .choice")):
        page.emulate_media(media="screen")
        go(page, VIEWS[view][0])
        VIEWS[view][1](page)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        expect(page.locator(kept).locator("visible=true").first, view).to_be_visible()
        shown = page.locator(left_out).evaluate_all(
            "all => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80))")
        assert not shown, (view, shown)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.close()


@check
def tail_pauses(world):
    """Lines that come are shown; scrolling up keeps still what is read."""
    text = "".join(f"2026-01-01T00:00:{n % 60:02d}.{n:03d}Z line {n}\n" for n in range(300))
    store = world.store("tail", text)
    server = Server(world.program, store)
    page = world.page(fragment="/tail", url=server.url)
    page.locator(".tail-lines li").first.wait_for()
    page.locator(".tail-lines").evaluate("list => { list.scrollTop = 0 }")
    expect(page.get_by_text("paused")).to_be_visible()
    world.add(store, "2026-01-01T00:10:00.000Z the newest line\n")
    page.get_by_role("button", name=re.compile("1 new")).wait_for()
    assert page.locator(".tail-lines").evaluate("list => list.scrollTop") == 0
    page.get_by_role("button", name=re.compile("1 new")).press("Enter")
    expect(page.locator(".tail-lines li").last).to_contain_text("the newest line")
    page.close()
    server.stop()


@check
def hostile_store(world):
    """Whatever stands in a log is text and stays it."""
    fields = {f"field{n}": n for n in range(5000)}
    wide = {"level": "ERROR", "big": 9007199254740993, "exact": 1.50, "<b>": "</script><script>boom()</script>"}
    lines = [
        "<img src=x onerror=boom()> </script><script>boom()</script>",
        "right to left \u202egnp.exe\u202c and \u2066isolates\u2069",
        "a NUL \\u0000 and a bell \x07 here",
        "long " + "x" * 1_000_000,
        json.dumps(fields),
        '{"level":"ERROR","big":9007199254740993,"exact":1.50,"tag":"<svg onload=boom()>"}',
        "javascript:boom() http://example.com/",
    ]
    text = "".join(f"2026-01-01T00:00:0{n}.000Z {line}\n" if not line.startswith("{") else
                   line.replace("{", f'{{"timestamp":"2026-01-01T00:00:0{n}.000Z",', 1) + "\n"
                   for n, line in enumerate(lines))
    server = Server(world.program, world.store("hostile", text))
    page = world.page(fragment=place("query", q="fields @timestamp, @message, big, exact, tag\n| sort @timestamp asc"), url=server.url)
    page.evaluate("() => { window.boom = () => { throw new Error('markup of a log came alive') } }")
    page.locator(".grid-row").first.wait_for()
    body = page.locator("body").inner_text()
    assert "<img src=x onerror=boom()>" in body
    assert "\u202e" not in body and "⟨202E⟩" in body
    assert "9007199254740993" in body and "1.50" in body
    assert page.locator("main img, main script, main iframe").count() == 0
    focus_rows(page)
    for _ in range(page.locator(".grid-row:not([hidden])").count()):
        page.keyboard.press("Enter")
        page.locator(".row-detail .fields").wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("j")
    for view in ("triage", "query", "patterns", "json", "tail"):
        go(page, VIEWS[view][0])
        page.wait_for_timeout(400)
    assert page.locator("main img, main script, main iframe, main a[href^='javascript']").count() == 0
    page.close()
    server.stop()


@check
def server_killed(world):
    """What was written is kept, the error says so, and it goes on when the server is back."""
    server = Server(world.program, world.demo)
    page = world.page(fragment=place("query", q="fields @message"), url=server.url, silent=True)
    page.locator(".grid-row").first.wait_for()
    server.stop(signal.SIGKILL)
    editor = page.get_by_role("textbox", name="Query")
    editor.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("filter level = \"ERROR\"")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_contain_text("the server does not answer")
    assert editor.text_content() == "filter level = \"ERROR\""
    server = Server(world.program, world.demo, port=server.port)
    page.get_by_role("button", name="try again").first.click()
    page.locator(".grid-row").first.wait_for()
    page.close()
    server.stop()


@check
def stores_of_every_size(world):
    """An empty store says what to do; one event is shown."""
    empty = str(world.folder / "empty.db")
    for store, wanted in ((empty, "The store is empty"),
                          (world.store("one", "2026-01-01T00:00:00.000Z hello\n"), "No invocations")):
        server = Server(world.program, store)
        page = world.page(url=server.url)
        expect(page.locator(".findings")).to_contain_text(wanted)
        for view in ("query", "compare", "metrics", "tail"):
            go(page, VIEWS[view][0])
            page.wait_for_timeout(300)
        page.close()
        server.stop()


@check
def many_rows(world):
    """The list shows any row of many, at once; measure.py does the same with a million."""
    text = "".join(f"2026-01-01T{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}.000Z line {n}\n" for n in range(60_000))
    server = Server(world.program, world.store("many", text))
    page = world.page(fragment=place("query", q="fields @message\n| sort @timestamp asc, @ptr asc"), url=server.url)
    expect(page.locator(".figures-line")).to_contain_text("10,000 rows")
    page.get_by_role("button", name="all rows").click()
    expect(page.locator(".figures-line")).to_contain_text("60,000 rows", timeout=60_000)
    focus_rows(page)
    page.keyboard.press("End")
    expect(page.locator(".grid-row.now")).to_contain_text("line 59999")
    page.keyboard.press("Home")
    expect(page.locator(".grid-row.now")).to_contain_text("line 0")
    assert page.locator(".grid-row").count() < 100
    page.close()
    server.stop()


@check
def dashboards(world):
    body = {"start": "2026-03-17T01:00:00Z", "end": "2026-03-17T04:00:00Z", "widgets": [
        {"type": "text", "x": 0, "y": 0, "width": 24, "height": 2, "properties": {"markdown": "# Shop"}},
        {"type": "log", "x": 0, "y": 2, "width": 12, "height": 6, "properties": {
            "title": "Types", "view": "table", "query": "SOURCE '/aws/lambda/payments' | stats count(*) by @type"}},
        {"type": "metric", "x": 12, "y": 2, "width": 12, "height": 6, "properties": {
            "title": "Errors", "stat": "Sum", "period": 300, "metrics": [
                ["AWS/Lambda", "Errors", "FunctionName", "payments"], ["...", "orders-api"]]}},
        {"type": "metric", "x": 0, "y": 8, "width": 12, "height": 6, "properties": {
            "title": "Tables", "metrics": [["AWS/DynamoDB", "ThrottledRequests"]]}}]}
    page = world.page(fragment="/dashboard")
    page.get_by_label("Body of a dashboard").fill(json.dumps({"DashboardBody": json.dumps(body)}))
    page.get_by_role("button", name="show").press("Enter")
    expect(page.get_by_role("region", name="Types", exact=True)).to_contain_text("REPORT")
    expect(page.get_by_role("region", name="Errors", exact=True).locator("svg")).to_be_visible()
    expect(page.get_by_role("region", name="Tables", exact=True)).to_contain_text("not answered")
    expect(page.get_by_text("Nothing lies in the range")).to_have_count(0)
    body.pop("start"), body.pop("end")
    page.get_by_text("paste its JSON").click()
    page.get_by_label("Body of a dashboard").fill(json.dumps(body))
    page.get_by_role("button", name="show").press("Enter")
    page.get_by_role("button", name="the 1d before it").press("Enter")
    expect(page.get_by_role("region", name="Types", exact=True)).to_contain_text("REPORT")
    expect(page.get_by_text("Shop")).to_be_visible()


@check
def two_tabs_and_no_network(world):
    """Tabs keep apart, and nothing is asked of another machine."""
    context = world.context(offline=False)
    first = world.page(context, place("query", q="stats count(*) by level"))
    second = world.page(context, place("query", q="stats count(*) by @type"), token=False)
    for page in (first, second):
        page.locator(".grid-row").first.wait_for()
    assert "level" in first.get_by_role("textbox", name="Query").text_content()
    first.reload()
    assert "level" in first.get_by_role("textbox", name="Query").text_content()


@check
def boxes_stay_in_sight(world):
    """What opens over the page lies on the page, wherever its word stands."""
    for width in (1280, 360):
        page = world.page(world.context(viewport={"width": width, "height": 900}))
        for view in ("triage", "query", "compare", "metrics", "dashboard"):
            go(page, VIEWS[view][0])
            VIEWS[view][1](page)
            for word in page.locator("details:has(> .popup) > summary").all():
                word.click()
                box = page.locator("details[open] > .popup")
                box.wait_for()
                page.wait_for_timeout(100)
                inside = box.evaluate("""box => [box, ...box.querySelectorAll('input, button, label, legend')]
                  .filter((one) => one.checkVisibility()).every((one) => {
                    const { left, right } = one.getBoundingClientRect();
                    return left >= 0 && right <= innerWidth && right - left >= 10;
                  })""")
                assert inside, (view, width, word.text_content())
                page.keyboard.press("Escape")
                expect(box).to_have_count(0)
        page.close()


@check
def columns_fill_the_table(world):
    """Every column of a small answer is in sight, also when the fields appear beside it."""
    page = world.page(fragment=place("query", q="stats count(*) as n, avg(@duration) as mean by @type"))
    page.locator(".facet-list summary").first.wait_for()
    grid = rows(page)
    expect(grid.get_by_role("columnheader")).to_have_count(3)
    page.wait_for_function("""() => {
      const grid = document.querySelector('.grid').getBoundingClientRect();
      return [...document.querySelectorAll('.head-cell')].every((cell) => cell.getBoundingClientRect().right <= grid.right + 1);
    }""")
    page.get_by_role("button", name="columns").click()
    page.get_by_role("button", name="wider").first.click()
    page.keyboard.press("Escape")
    width = page.locator(".head-cell").first.evaluate("cell => cell.offsetWidth")
    page.set_viewport_size({"width": 900, "height": 900})
    page.wait_for_timeout(300)
    assert page.locator(".head-cell").first.evaluate("cell => cell.offsetWidth") == width, "a width that was chosen stays"
    page.close()


@check
def store_that_grows(world):
    """What was written since the page was opened counts, without a reload."""
    store = world.store("grows", "2026-01-01T00:00:00.000Z first\n")
    server = Server(world.program, store)
    page = world.page(fragment=place("query", q="fields @message"), url=server.url)
    expect(page.locator(".legend").first).to_contain_text("events 1")
    world.add(store, "".join(f"2026-01-01T01:00:{n:02d}.000Z more {n}\n" for n in range(20)))
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".legend").first).to_contain_text("events 21")
    expect(page.locator(".store")).to_contain_text("21 events")
    page.close()
    server.stop()


@check
def mistyped_addresses(world):
    """An address that was cut or typed wrongly shows a view or says what is wrong."""
    for fragment in ("/request/100%", "/event/%zz", "/nothing", "/query?q=limit%201&cols=%zz", "/run/none"):
        page = world.page(fragment=fragment, silent=True)
        page.locator("main h1, main .error-panel").first.wait_for(state="attached")
        page.close()


@check
def times_are_read_as_the_command_reads_them(world):
    """Each text is a time for the page where it is one for the command, and the same."""
    folder = str(ROOT / "Sources/CConsoleAssets/console")
    server = Server(world.program, world.demo, "--console-folder", folder)
    page = world.page(url=server.url)
    texts = ["2026-03-17", "2026/03/17", "2026-03-17 02:30", "2026-03-17T02:30Z", "2026-03-17T02:30:10", "2026-03-17T02:30:60Z",
             "2026-03-17T02:30:10.5Z", "2026-03-17 02:30:10,123456", "2026-03-17T02:30:10+01:00", "2026-03-17T02:30:10-0130",
             "2026-03-17 02:30:10 UTC", "2026-03-17 02:30:10 +0200", "1773714600", "1773714600123", "-5", "0", "99999999999",
             "100000000000", "2024-02-29", "0099-01-01", "1e9", "2026-02-30", "2026-13-01", "2026-03-17T25:00:00Z",
             "2026-03-17T02:61:00Z", "abc", "abc 1", "17 Mar 2026", "2026-3-17", "2026-03/17", "now-1h", "2026-03-17T02:30:10+19:00",
             "999999999999999999", "12.5"]
    for text in texts:
        mine = page.evaluate("""async text => {
          const { readTime } = await import("/console/times.js");
          return [readTime(text), readTime(text, { isEnd: true })].map((time) => Number.isNaN(time) ? null : time);
        }""", text)
        told = world.run("explain", "fields @timestamp | limit 1", "--start", text, "--end", text, check=False)
        theirs = [None, None]
        if told.returncode == 0:
            numbers = re.search(r"from (-?\d+) until (-?\d+)", told.stdout)
            theirs = [int(numbers[1]), int(numbers[2]) - 1]
        assert mine == theirs, (text, mine, theirs, told.stderr)
    for text, is_time in (("now", True), ("NOW", True), ("-3h", True), ("+2d", True), ("-90min", True), ("-2mo", True), ("-1y", True),
                          ("-1.5h", False), ("-3x", False), ("-20000mo", False), ("3h", False), ("- 3h", False)):
        mine = page.evaluate("""async text => !Number.isNaN((await import("/console/times.js")).readTime(text))""", text)
        told = world.run("explain", "limit 1", "--start", text, check=False)
        assert mine == is_time == (told.returncode == 0), (text, mine, told.stderr)
    page.close()
    server.stop()


@check
def addresses_that_are_wrong_say_so(world):
    """Nothing of a link is dropped without a word: an address that cannot be followed says what is wrong."""
    for fragment, wanted in (
            (place("query", q="limit 1", start="2026-13-45T00:00:00Z"), "the start '2026-13-45T00:00:00Z' is no time"),
            (place("triage", start="now-1h"), "the start 'now-1h' is no time"),
            (place("metrics", end="abc"), "the end 'abc' is no time"),
            (place("triage", start="2026-03-17T03:00:00Z", end="2026-03-17T02:00:00Z"), "the range ends before it starts"),
            (place("compare", b="yesterday"), "'yesterday'"),
            (place("compare", b="2026-03-17T03:00:00Z/never"), "the end 'never' is no time"),
            ("/nonsense", "there is no page 'nonsense'")):
        page = world.page(fragment=fragment)
        expect(page.get_by_role("alert")).to_contain_text(wanted)
        page.keyboard.press("s")
        page.close()
    # The range is put right where it is said to be wrong.
    page = world.page(fragment=place("query", q="limit 1", start="abc"))
    page.locator("details.range summary").press("Enter")
    page.get_by_label("start", exact=True).fill("2026-03-17")
    page.get_by_role("button", name="apply").press("Enter")
    page.locator(".grid-row").first.wait_for()
    page.close()


def command_shown(page):
    page.locator(".as-command summary").first.press("Enter")
    expect(page.locator(".as-command pre").first).to_have_text(re.compile("^insights "))
    text = page.locator(".as-command pre").first.text_content()
    page.keyboard.press("Escape")
    return text


@check
def edited_queries_are_kept(world):
    """A zoom or a shift of the range leaves what is being written; the command is of what is shown; share has both."""
    page = world.page(fragment=place("query", q="fields @message", start="-400d"))
    page.locator(".grid-row").first.wait_for()
    editor = page.get_by_role("textbox", name="Query")
    editor.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n| filter level = \"ERROR\"")
    expect(page.get_by_text("edited since it ran")).to_be_visible()
    page.locator("details.range summary").press("Enter")
    page.get_by_label("end", exact=True).fill("2026-03-17 02:30")
    page.get_by_role("button", name="apply").press("Enter")
    page.wait_for_url(re.compile("end="))
    page.locator(".grid-row").first.wait_for()
    assert "ERROR" in editor.text_content()
    line = command_shown(page)
    assert "insights query 'fields @message' --start=" in line and line.count("ERROR") == 0, line
    assert "--end=2026-03-17T02:30:00Z" in line, line
    page.get_by_role("button", name="share").press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('ERROR'))")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "-400d" not in link and re.search("start=20\\d\\d-", link), link
    page.get_by_role("textbox", name="Query").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("ERROR"))
    expect(page.get_by_text("edited since it ran")).to_be_hidden()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Explain").click()
    page.get_by_role("button", name="sql", exact=True).click()
    expect(page.locator("pre.explain")).to_contain_text("SELECT")
    line = command_shown(page)
    assert line.startswith("insights explain 'fields @message") and "--stage sql" in line, line
    page.close()


@check
def comments_are_no_query(world):
    """What the command refuses, the page refuses; a comment behind the last command changes nothing."""
    page = world.page(fragment=place("query", q="# only"), silent=True)
    expect(page.get_by_role("alert")).to_contain_text("does not compile")
    assert page.locator(".grid-row:not([hidden])").count() == 0
    go(page, place("query", q="display @message # what was said"))
    page.locator(".grid-row").first.wait_for()
    focus_rows(page)
    page.keyboard.press("Enter")
    expect(page.locator(".row-detail")).to_contain_text("lines around it")
    page.close()


@check
def histogram_counts_what_the_rows_are(world):
    """Events without a time, limits before a filter, names that are taken."""
    text = "".join(f"2026-01-01T00:00:{n:02d}.000Z line {n} time events\n" for n in range(30))
    store = world.store("counted", text)
    world.add(store, "".join(f"no time {n}\n" for n in range(4)), "/aws/lambda/loose")
    server = Server(world.program, store)
    page = world.page(url=server.url)
    for query, wanted in (
            ("fields @message", "events 34, 4 without a time"),
            ("parse @message \"* * *\" as a, events, time\n| filter ispresent(events)", "events 34"),
            ("sort @timestamp desc\n| limit 5\n| filter @message like /line/", "events 5"),
            ("filter @message like /line/\n| limit 5", "events 30"),
            ("dedup @log\n| limit 5", "events, repeated ones too 34")):
        go(page, place("query", q=query))
        expect(page.locator(".legend").first).to_contain_text(wanted)
    page.close()
    server.stop()


@check
def facets_follow_the_query(world):
    """Figures of open fields are those of the query that is shown; any name of a field can be opened."""
    lines = [{"timestamp": f"2026-01-01T00:00:{n:02d}.000Z", "kind": "even" if n % 2 == 0 else "odd", "events": n % 3, "back`tick": 1}
             for n in range(30)]
    server = Server(world.program, world.store("facets", "".join(json.dumps(line) + "\n" for line in lines)))
    page = world.page(fragment=place("query", q="fields @message, kind"), url=server.url)
    page.locator(".grid-row").first.wait_for()

    def opened(name):
        return page.locator(f"[data-field='{name}']")

    page.locator(".facet-list summary", has_text=re.compile("^kind")).click()
    expect(opened("kind")).to_contain_text("odd15")
    page.locator(".facet-list summary", has_text=re.compile("^events")).click()
    expect(opened("events").locator(".value")).to_have_count(3)
    page.locator(".facet-list summary", has_text=re.compile("^back")).click()
    expect(opened("back`tick")).to_contain_text("no query can name a field with a backtick")
    go(page, place("query", q="filter events = 0 and kind = \"odd\"\n| fields @message, kind"))
    expect(opened("kind")).to_contain_text("odd5")
    expect(opened("kind").locator(".value")).to_have_count(1)
    go(page, place("query", q="filter kind = \"none\""))
    expect(opened("kind")).to_contain_text("no event matches")
    page.close()
    server.stop()


@check
def columns_stay_on_a_filter(world):
    page = world.page(fragment=place("query", q="fields @timestamp, @message, level"))
    page.locator(".grid-row").first.wait_for()
    page.get_by_role("button", name="columns").click()
    page.get_by_role("button", name="level to the left").press("Enter")
    page.keyboard.press("Escape")
    assert page.get_by_role("columnheader").all_text_contents()[1] == "level"
    focus_rows(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    page.wait_for_url(re.compile("filter"))
    page.locator(".grid-row").first.wait_for()
    assert page.get_by_role("columnheader").all_text_contents()[1] == "level"
    page.close()


@check
def nothing_turns_the_words_around_it(world):
    """Characters that change the direction of text are shown as marks in every view."""
    lines = [json.dumps({"timestamp": f"2026-01-01T00:00:0{n}.000Z", "level": "ERROR", "message": f"pay \u202egnp {n}",
                         "na\u202eme": "x\u202ey"}, ensure_ascii=False) for n in range(9)]
    server = Server(world.program, world.store("turned", "\n".join(lines) + "\n"))
    page = world.page(url=server.url)
    query = "fields @timestamp, @message, `na\u202eme`"
    for view in ("rows", "patterns", "json", "explain", "chart"):
        go(page, place("query", q=query if view != "chart" else "stats count(*) by `na\u202eme`", view=view))
        expect(page.locator(".output")).to_contain_text(re.compile("202E|SELECT|fields"))
        page.wait_for_timeout(200)
        assert "\u202e" not in page.locator(".output").inner_text(), view
    assert "\u202e" not in page.locator(".side").inner_text()
    for fragment in ("/triage", "/tail", "/metrics", "/compare", "/run/a\u202eb"):
        go(page, fragment)
        page.wait_for_timeout(300)
        assert "\u202e" not in page.locator("body").inner_text() + page.title(), fragment
    page.close()
    server.stop()


@check
def metrics_have_one_colour_a_function(world):
    """A function has the same colour in each chart, a period without invocations interrupts its line."""
    def report(n, minute):
        request = f"{n:08d}-0000-4000-8000-000000000000"
        return (f"2026-01-01T00:{minute:02d}:00.000Z START RequestId: {request} Version: $LATEST\n"
                f"2026-01-01T00:{minute:02d}:01.000Z REPORT RequestId: {request}\tDuration: {1000 * (n % 7 + 1)}.00 ms\t"
                "Billed Duration: 1000 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\t\n")
    store = str(world.folder / "metrics.db")
    for place_, (name, minutes) in enumerate((("often", [0, 1, 2, 5, 6, 7, 8]), ("slow", [6, 20]), ("rare", [8]))):
        text = "".join(report(100 * place_ + n + (6 if name == "slow" else 0), minute) for n, minute in enumerate(minutes))
        world.add(store, text, f"/aws/lambda/{name}")
    server = Server(world.program, store)
    page = world.page(fragment=place("metrics", period="1m"), url=server.url)
    page.locator(".small-multiples svg").first.wait_for()
    colours = page.evaluate("""() => [...document.querySelectorAll(".times .legend span")].map((one) =>
      [one.textContent, one.querySelector("i").className])""")
    assert len(set(name for name, _ in colours)) == 3, colours
    assert len(set(map(tuple, colours))) == 3, colours
    paths = page.locator(".times").first.locator("path.series.s0")
    assert paths.first.get_attribute("d").count("M") == 2, paths.first.get_attribute("d")
    expect(page.locator(".times figcaption", has_text="DurationP99")).to_have_text("DurationP99, ms")
    page.close()
    server.stop()


@check
def figures_are_those_of_the_commands(world):
    """Cold starts and invocations of triage and comparison are those of `insights info`."""
    told = world.run("info", "--db", world.demo).stdout
    cold = re.search(r"cold starts +(\d+)", told)[1]
    page = world.page()
    expect(page.locator(".facts").first).to_contain_text(f"{cold} cold starts")
    go(page, "/compare")
    # A comparison is of events with a time.
    timed = world.run("query", "SOURCE invocations | filter ispresent(@timestamp) | stats sum(cold_start)", "--db", world.demo,
                      "--format", "csv").stdout.split()[-1]
    expect(page.get_by_role("region", name="Figures")).to_contain_text(f"cold starts{timed}")
    page.close()


@check
def logs_without_lambda(world):
    """Lines of errors without invocations are not 'nothing'; those that come later are told of."""
    text = "".join(f"2026-01-01T00:00:{n % 60:02d}.000Z [ERROR] boom {n}\n" for n in range(100))
    store = world.store("plain", text)
    server = Server(world.program, store)
    page = world.page(url=server.url)
    expect(page.locator(".findings")).to_contain_text("No invocations")
    expect(page.locator(".legend").first).to_contain_text("error, exception, timed out 100")
    world.add(store, "2026-01-01T01:00:00.000Z [ERROR] boom again\n")
    page.get_by_role("button", name="look again").click()
    expect(page.locator(".legend").first).to_contain_text("101")
    page.get_by_role("link", name="Lines with an error").click()
    expect(page.locator(".figures-line")).to_contain_text("101 rows")
    page.close()
    server.stop()


@check
def link_in_an_open_tab(world):
    """The link with the token is followed also where the page is open already, by an old token."""
    page = world.page(silent=True)
    page.locator(".finding").first.wait_for()
    page.evaluate("sessionStorage.setItem('insights.token', 'old')")
    for fragment in ("", "&/metrics"):
        page.evaluate("fragment => { location.hash = fragment }", f"#token={TOKEN}{fragment}")
        page.locator(".finding" if fragment == "" else ".small-multiples").first.wait_for()
        assert TOKEN not in page.url
    page.close()


@check
def back_to_the_finding(world):
    page = world.page()
    page.locator(".finding").nth(2).wait_for()
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.keyboard.press("o")
    page.wait_for_url(re.compile("/query"))
    page.go_back()
    expect(page.locator(".finding").nth(2).locator("details")).to_have_attribute("open", "")
    expect(page.locator(".finding").nth(2).locator("summary")).to_be_focused()
    page.close()


@check
def tail_after_a_restart(world):
    """What was shown does not come again, what came meanwhile does, and a tail that is broken off says so."""
    text = "".join(f"2026-01-01T00:00:{n % 60:02d}.{n:03d}Z line {n}\n" for n in range(50))
    store = world.store("restart", text)
    server = Server(world.program, store)
    page = world.page(fragment="/tail", url=server.url, silent=True)
    expect(page.locator(".tail-lines li")).to_have_count(50)
    expect(page.get_by_text("50 lines · following")).to_be_visible()
    server.stop(signal.SIGKILL)
    expect(page.get_by_text("not connected")).to_be_visible()
    world.add(store, "2026-01-01T00:10:00.000Z the newest line\n")
    server = Server(world.program, store, port=server.port)
    page.get_by_role("button", name=re.compile("try again|go on")).first.click()
    expect(page.locator(".tail-lines li")).to_have_count(51)
    expect(page.locator(".tail-lines li").last).to_contain_text("the newest line")
    expect(page.get_by_text("51 lines · following")).to_be_visible()
    page.close()
    server.stop()


@check
def small_windows(world):
    """At 320 × 256, as at 400 %, what has the focus is in sight, and every page can be chosen at 360."""
    page = world.page(world.context(viewport={"width": 320, "height": 256}), VIEWS["query"][0])
    page.locator(".grid-row").first.wait_for(state="attached")
    focus_rows(page)
    for _ in range(5):
        page.keyboard.press("j")
    assert page.locator(".grid-row.now").evaluate("""row => {
      const { top, bottom } = row.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    }""")
    page.set_viewport_size({"width": 360, "height": 700})
    for link in page.locator("nav a").all():
        assert link.evaluate("one => one.getBoundingClientRect().right <= innerWidth")
    page.close()


@check
def examples_of_patterns(world):
    """The condition of each pattern finds its lines; hardly any others."""
    server = Server(world.program, world.demo, "--console-folder", str(ROOT / "Sources/CConsoleAssets/console"))
    page = world.page(url=server.url)
    patterns = json.loads(world.run("query", "pattern @message", "--db", world.demo, "--format", "json").stdout)
    others = 0
    for one in patterns[::3]:
        condition = page.evaluate("""async pattern => (await import("/console/query.js")).patternCondition(pattern)""", one["@pattern"])
        told = world.run("query", f"filter {condition} | stats count(*) as n", "--db", world.demo, "--format", "csv").stdout.split()
        found = int(told[-1]) if len(told) > 1 else 0
        assert found >= one["@sampleCount"], (one["@pattern"], condition, found)
        others += found > one["@sampleCount"]
    assert others <= len(patterns) // 20, others
    page.close()
    server.stop()


@check
def what_cannot_be_answered_says_why(world):
    """Alarms and filters that are wrong, a search of the first rows only, empty ranges."""
    page = world.page(fragment=place("metrics", alarm="nonsense", period="1h"))
    expect(page.get_by_role("alert")).to_contain_text("an alarm reads")
    expect(page.locator(".alarms")).to_contain_text("no alarm")
    assert "--alarm" not in command_shown(page)
    page.close()
    page = world.page(fragment=place("tail", q="ERROR"))
    expect(page.locator(".warning-text")).to_contain_text("no event has a field 'ERROR'")
    page.close()
    page = world.page(fragment=place("tail", q="like like"), silent=True)
    expect(page.get_by_role("alert")).to_contain_text("does not compile: ")
    page.close()
    page = world.page(fragment=place("query", q="fields @message", start="2027-01-01"))
    expect(page.locator(".none")).to_contain_text("The newest event is of 2026-03-17")
    go(page, place("metrics", start="2027-01-01"))
    expect(page.locator(".none")).to_contain_text("The newest event is of 2026-03-17")
    page.close()


@check
def links_to_findings_last(world):
    """A link to a finding opens it, also where others have come before it."""
    store = str(world.folder / "lasting.db")
    world.run("ingest", str(ROOT / "SampleLogs/payments"), "--log-group", "/aws/lambda/payments", "--db", store)
    server = Server(world.program, store)
    page = world.page(url=server.url)
    page.locator(".finding summary").nth(1).click()
    page.wait_for_url(re.compile("finding="))
    cause, fragment = page.locator(".finding .cause").nth(1).text_content(), page.url.split("#")[1]
    for folder in ("orders-api", "catalog-search"):
        world.run("ingest", str(ROOT / "SampleLogs" / folder), "--log-group", f"/aws/lambda/{folder}", "--db", store)
    page.close()
    page = world.page(fragment=fragment, url=server.url)
    page.locator(".finding details[open]").wait_for()
    assert page.locator(".finding details[open] .cause").text_content().startswith(cause), cause
    page.close()
    server.stop()


@check
def query_is_kept_on_other_pages(world):
    page = world.page(fragment=place("query", q="stats count(*) by @type", view="rows"))
    page.locator(".grid-row").first.wait_for()
    page.get_by_role("link", name="Triage").click()
    page.locator(".finding").first.wait_for()
    page.get_by_role("link", name="Query").click()
    page.locator(".grid-row").first.wait_for()
    assert "by @type" in page.get_by_role("textbox", name="Query").text_content()
    page.close()


@check
def waits_of_a_request(world):
    """Between attempts it is the retry that waits; within one a gap is marked by its share of the attempt."""
    page = world.page(fragment=f"/request/{REQUEST}")
    page.locator(".story-line").first.wait_for()
    gaps = page.locator(".gap").all_text_contents()
    assert sum("until the next attempt" in text for text in gaps) == 2, gaps
    assert sum("here it waited" in text for text in gaps) >= 1, gaps
    page.close()


@check
def keys_are_listed(world):
    page = world.page()
    page.locator(".finding").first.wait_for()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next finding")
    page.get_by_role("checkbox", name=re.compile("single letters")).uncheck()
    page.keyboard.press("Escape")
    before = page.evaluate("document.activeElement.tagName")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == before
    page.evaluate("localStorage.removeItem('insights.letters')")


@check
def both_forms_of_the_modules(world):
    """Each view, its modules joined and one by one."""
    folder = str(ROOT / "Sources/CConsoleAssets/console")
    server = Server(world.program, world.demo, "--console-folder", folder)
    for url in (world.server.url, server.url):
        page = world.page(url=url)
        for name, (fragment, is_there) in VIEWS.items():
            go(page, fragment)
            is_there(page)
        page.close()
    server.stop()


@check
def accessible(world):
    """No violation of WCAG 2.2 AA that axe knows, in any view, light and dark, at 1280 and 320 pixels."""
    pictures = os.environ.get("CONSOLE_PICTURES")
    for scheme in ("light", "dark"):
        for width in (1280, 320):
            page = world.page(world.context(viewport={"width": width, "height": 900}, color_scheme=scheme))
            for name, (fragment, is_there) in VIEWS.items():
                go(page, fragment)
                is_there(page)
                if name == "query":
                    focus_rows(page)
                    page.keyboard.press("Enter")
                    page.locator(".row-detail .fields").wait_for()
                page.wait_for_timeout(300)
                if pictures:
                    page.screenshot(path=f"{pictures}/{name}-{scheme}-{width}.png")
                result = Axe().run(page, options=WCAG)
                found = [(one["id"], one["nodes"][0]["html"][:200]) for one in result.response["violations"]]
                assert not found, f"{name} {scheme} {width}: {found}"
                assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{name} {width} scrolls sideways"
            page.close()


@check
def budget(world):
    """The page takes at most 60 kB and five requests."""
    page = world.context().new_page()
    sizes = {}
    page.on("response", lambda response: sizes.update({response.url: response}))
    page.goto(world.server.url + "/")
    page.get_by_role("alert").wait_for()
    own = {url: response for url, response in sizes.items() if "/api/" not in url}
    total = sum(response.request.sizes()["responseBodySize"] for response in own.values())
    assert len(own) <= 5 and total <= 60_000, (len(own), total)
    print(f"      {total} bytes in {len(own)} requests", end="")


def main():
    expect.set_options(timeout=PATIENCE)
    program, words = sys.argv[1], sys.argv[2:]
    wanted = [one for one in CHECKS if not words or any(word in one.__name__ for word in words)]
    failures = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
        world = World(program, browser, folder)
        for one in wanted:
            world.complaints.clear()
            start = time.monotonic()
            try:
                one(world)
                assert not world.complaints, world.complaints
                print(f"ok    {one.__name__} {time.monotonic() - start:.1f} s")
            except Exception as error:
                failures += 1
                print(f"FAIL  {one.__name__}: {error} {world.complaints}")
                for page in (page for context in browser.contexts for page in context.pages):
                    print(page.url, page.locator("body").inner_text()[:2000], sep="\n")
            for context in browser.contexts:
                context.close()
        world.server.stop()
        browser.close()
    print(f"{len(wanted) - failures} of {len(wanted)} checks passed")
    return 1 if failures or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
