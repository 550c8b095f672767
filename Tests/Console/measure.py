"""Measures what the console promises of its speed, and takes pictures of it, over stores of many sizes.

    python measure.py PROGRAM LOG [FOLDER]      LOG is one of Benchmarks/write_log.py; pictures go to FOLDER

`make console-measure` runs it with the program that was built for use and two million events. Times are those of
the page, on this machine, with whatever else it does; a promise that is not kept is marked, and the exit
status is 1.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from check import Server, World, focus_rows, go, place
from playwright.sync_api import expect, sync_playwright

EVENTS = "fields @timestamp, @message\n| sort @timestamp desc"
missed = 0


def tell(what, milliseconds, limit, unit="ms"):
    global missed
    is_kept = milliseconds <= limit
    missed += not is_kept
    print(f"  {what:58} {milliseconds:8.1f} {unit}   of {limit}{'' if is_kept else '   MISSED'}", flush=True)


def incident(failures):
    """A log of an API that goes wrong in several ways: lines of Lambda, some 15 % of the requests failed."""
    dice, lines, clock = random.Random(3), [], 1_773_714_000_000

    def line(text):
        seconds, milliseconds = divmod(clock, 1000)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        lines.append(f"{stamp}.{milliseconds:03d}Z {text}")

    failed = 0
    while failed < failures:
        id = "%08x-%04x-4%03x-8%03x-%012x" % tuple(dice.getrandbits(bits) for bits in (32, 16, 12, 12, 48))
        line(f"START RequestId: {id} Version: $LATEST")
        kind = dice.choices(["fine", "timeout", "type", "value", "memory", "answer"], [85, 5, 4, 3, 1, 2])[0]
        duration = dice.gammavariate(2, 60)
        clock += int(duration)
        failed += kind not in ("fine", "answer")
        status = ""
        if kind == "timeout":
            clock, duration = clock + 10_000, 10_000
            line(f"{id} Task timed out after 10.00 seconds")
            status = "\tStatus: timeout"
        elif kind == "type":
            line(f'{id}\tERROR\tInvoke Error \t{{"errorType":"TypeError","errorMessage":"Cannot read properties of undefined '
                 f'(reading \'token\')","stack":["TypeError: Cannot read properties of undefined (reading \'token\')",'
                 f'"    at charge (file:///var/task/charge.mjs:41:28)"]}}')
        elif kind == "value":
            line(f"[ERROR] ValueError: no rate for currency {dice.choice(['XAU', 'XTS', 'ZWL'])}\n"
                 'Traceback (most recent call last):\n  File "/var/task/app.py", line 88, in handler\n    rate(order)')
        elif kind == "memory":
            line(f"RequestId: {id} Error: Runtime exited with error: signal: killed\nRuntime.ExitError")
        elif kind == "answer":
            line(f'{{"level":"ERROR","requestId":"{id}","message":"provider answered 502"}}')
        line(f"END RequestId: {id}")
        line(f"REPORT RequestId: {id}\tDuration: {duration:.2f} ms\tBilled Duration: {int(duration) + 1} ms\t"
             f"Memory Size: 256 MB\tMax Memory Used: {256 if kind == 'memory' else dice.randint(60, 170)} MB\t{status}")
        clock += int(dice.expovariate(1 / 400))
    return "\n".join(lines) + "\n"


def timed(page, script, *arguments):
    """Milliseconds that a script of the page says it took."""
    return page.evaluate(script, *arguments)


def until(page, action, selector):
    """Milliseconds from an action until an element is there and has been drawn."""
    return timed(page, """async ([action, selector]) => {
      const start = performance.now();
      (0, eval)(action);
      while (!document.querySelector(selector)) await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return performance.now() - start;
    }""", [action, selector])


def loading(world, server, page):
    page.goto(f"{server.url}/#token=token-of-the-tests")
    page.locator(".finding, .findings").first.wait_for()
    page.reload()
    page.locator(".finding, .findings").first.wait_for()
    paint = timed(page, "() => performance.getEntriesByType('paint').find(({name}) => name === 'first-contentful-paint').startTime")
    usable = timed(page, "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    tell("first paint", paint, 100)
    tell("usable", usable, 200)


def typing(page):
    go(page, "/query")
    editor = page.get_by_role("textbox", name="Query")
    editor.wait_for()
    editor.focus()
    page.evaluate("""() => {
      window.strokes = [];
      const box = document.querySelector('.editor-text');
      // The listener of the editor comes first: what it does is done when ours is called.
      box.addEventListener('beforeinput', () => { window.began = performance.now(); });
      box.addEventListener('input', () => window.strokes.push(performance.now() - window.began));
    }""")
    page.keyboard.type('filter @message like /ERROR/ | stats count(*) by bin(5m)')
    tell("a key is coloured (median of 56)", statistics.median(page.evaluate("window.strokes")), 8)
    page.keyboard.press("Control+A")
    delays = []
    for name in ("filtr", "statz", "felds"):
        page.keyboard.type(f"{name} x ")
        page.wait_for_timeout(200)
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        delays.append(timed(page, """async (name) => {
          const box = document.querySelector('.editor-text');
          box.focus();
          document.execCommand('insertText', false, name + ' x');
          const start = performance.now();
          while (!document.querySelector('.diagnostic.error')?.textContent.includes(name)) await new Promise((done) => setTimeout(done, 1));
          return performance.now() - start;
        }""", name))
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
    # 30 ms are the pause after which the compiler is asked.
    tell("a key → diagnostic, beyond the pause of 30 ms", min(delays) - 30, 30)


def rows(world, server, page):
    go(page, "/tail")
    page.wait_for_timeout(500)
    fragment = place("query", q=EVENTS)
    first = until(page, f"location.hash = {json.dumps(fragment)}", ".grid-row")
    begin = time.perf_counter()
    page.request.post(f"{server.url}/api/query", data={"query": EVENTS, "limit": 10000}, headers={
        "Authorization": "Bearer token-of-the-tests", "Content-Type": "application/json"})
    own = (time.perf_counter() - begin) * 1000
    tell(f"first row, beyond the query's own {own:.0f} ms", max(first - own, 0), 100)
    expect(page.locator(".figures-line")).to_contain_text("10,000 rows", timeout=30_000)
    page.locator(".histogram svg, .histogram canvas, .histogram-frame").first.wait_for()
    for name, query in (("histogram", "stats count(*) by bin(1h)"), ("facet", "stats count(*) by level")):
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            page.request.post(f"{server.url}/api/query", data={"query": query}, headers={
                "Authorization": "Bearer token-of-the-tests", "Content-Type": "application/json"})
            times.append((time.perf_counter() - begin) * 1000)
        tell(f"{name} of the whole range, asked and answered", min(times), 100)


def million(world, count=1_000_000):
    log = world.folder / "million.log"
    with open(log, "w") as file:
        for n in range(count):
            file.write(f"2026-01-{1 + n // 86400:02d}T{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}.000Z line {n}\n")
    store = str(world.folder / "million.db")
    world.run("ingest", str(log), "--log-group", "/aws/lambda/test", "--db", store)
    server = Server(world.program, store)
    page = world.page(fragment=place("query", q="fields @message\n| sort @timestamp asc, @ptr asc"), url=server.url)
    expect(page.locator(".figures-line")).to_contain_text("10,000 rows", timeout=30_000)
    begin = time.perf_counter()
    page.get_by_role("button", name="all rows").click()
    expect(page.locator(".figures-line")).to_contain_text(f"{count:,} rows", timeout=300_000)
    print(f"  {count:,} rows arrived in {time.perf_counter() - begin:.1f} s")
    scroller = page.locator(".grid-scroll, .grid").first
    jumps = timed(page, """async () => {
      const scroller = [...document.querySelectorAll('[role=treegrid], [role=treegrid] *, .rows *')]
        .find((one) => one.scrollHeight > one.clientHeight + 1000 && getComputedStyle(one).overflowY !== 'visible');
      const times = { drawn: [], filled: [] };
      for (let jump = 0; jump < 40; jump += 1) {
        const start = performance.now();
        scroller.scrollTop = Math.floor((scroller.scrollHeight - scroller.clientHeight) * ((jump * 7919) % 1000) / 1000);
        await new Promise(requestAnimationFrame);
        times.drawn.push(performance.now() - start);
        const isFilled = () => [...document.querySelectorAll('.grid-row:not([hidden])')].every((row) => /line \\d/.test(row.textContent));
        while (!isFilled() && performance.now() - start < 2000) await new Promise(requestAnimationFrame);
        times.filled.push(performance.now() - start);
      }
      return times;
    }""")
    tell("jump anywhere in 1,000,000 rows: drawn (median of 40)", statistics.median(jumps["drawn"]), 17)
    tell("the same: filled (median)", statistics.median(jumps["filled"]), 100)
    tell("the same: filled (longest)", max(jumps["filled"]), 250)
    frames = timed(page, """async () => {
      const scroller = [...document.querySelectorAll('[role=treegrid], [role=treegrid] *, .rows *')]
        .find((one) => one.scrollHeight > one.clientHeight + 1000 && getComputedStyle(one).overflowY !== 'visible');
      const long = [];
      const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
      observer.observe({ type: 'longtask' });
      const start = performance.now();
      let frames = 0;
      while (performance.now() - start < 3000) {
        scroller.scrollTop += 40;
        await new Promise(requestAnimationFrame);
        frames += 1;
      }
      observer.disconnect();
      return { rate: frames / 3, longest: Math.max(0, ...long) };
    }""")
    print(f"  scrolling: {frames['rate']:.0f} frames/s")
    tell("longest task while scrolling", frames["longest"], 50)
    client = page.context.new_cdp_session(page)
    client.send("HeapProfiler.collectGarbage")
    heap = client.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    tell("the tab's heap with 1,000,000 rows", heap, 120, "MB")
    assert page.locator(".grid-row").count() < 100
    focus_rows(page)
    page.keyboard.press("End")
    expect(page.locator(".grid-row.now")).to_contain_text(f"line {count - 1}")
    page.close()
    server.stop()


def long_message(world):
    body = json.dumps({"level": "ERROR", "items": [{"id": n, "name": f"item {n}", "tags": ["a", "b"]} for n in range(22_000)]})
    server = Server(world.program, world.store("long", f"2026-01-01T00:00:00.000Z {body}\n"))
    page = world.page(fragment=place("query", q="fields @timestamp, @message"), url=server.url)
    page.locator(".grid-row").first.wait_for()
    focus_rows(page)
    page.keyboard.press("j")
    spent = timed(page, """async () => {
      const start = performance.now();
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      while (!document.querySelector('.row-detail .fields')) await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return performance.now() - start;
    }""")
    tell(f"a JSON message of {len(body) / 1e6:.1f} MB opened", spent, 100)
    page.close()
    server.stop()


def triage(world, server, page):
    go(page, "/tail")
    page.wait_for_timeout(500)
    tell("triage page", until(page, "location.hash = '/triage'", ".finding, .findings .none"), 300)


def pictures(world, server, name, folder, views):
    if not folder:
        return
    for width, scheme in ((1280, "light"), (360, "light"), (1280, "dark"), (360, "dark")):
        page = world.page(world.context(viewport={"width": width, "height": 900}, color_scheme=scheme), url=server.url)
        for view, (fragment, selector) in views.items():
            go(page, fragment)
            page.locator(selector).first.wait_for(timeout=120_000)
            # What comes behind the rows, as the histogram.
            page.wait_for_timeout(2500)
            page.screenshot(path=f"{folder}/{name}-{view}-{width}-{scheme}.png")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                print(f"  {name} {view} scrolls sideways at {width}")
            if width == 1280 and scheme == "light":
                page.pdf(path=f"{folder}/{name}-{view}.pdf", format="A4")
        page.close()


VIEWS = {
    "triage": ("/triage", ".finding, .findings .none"),
    "query": (place("query", q=EVENTS), ".grid-row"),
    "chart": (place("query", q="stats count(*) by bin(1h), level", view="chart"), ".charts svg"),
    "table": (place("query", q="stats count(*) as n, avg(@duration), max(@duration) by @type"), ".grid-row"),
    "patterns": (place("query", q="fields @message", view="patterns"), "table.patterns tr"),
    "metrics": ("/metrics", ".small-multiples svg, .none"),
    "compare": ("/compare", "table.compare"),
    "tail": ("/tail", ".tail-lines li"),
}


def main():
    program, log = sys.argv[1:3]
    folder = sys.argv[3] if len(sys.argv) > 3 else None
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        world = World(program, browser, work)
        large = str(world.folder / "large.db")
        world.run("ingest", log, "--log-group", "/aws/lambda/load", "--db", large)
        failed = world.store("failed", incident(3000))
        for name, store in (("large", large), ("failed", failed)):
            server = Server(world.program, store)
            page = world.page(url=server.url)
            print(f"{name}: {Path(store).stat().st_size / 1e6:.0f} MB")
            loading(world, server, page)
            triage(world, server, page)
            typing(page)
            rows(world, server, page)
            page.close()
            pictures(world, server, name, folder, VIEWS)
            server.stop()
        print("long messages and many rows")
        long_message(world)
        million(world)
        idle = Server(world.program, world.demo)
        page = world.page(url=idle.url)
        page.locator(".finding").first.wait_for()
        page.close()
        time.sleep(2)
        status = open(f"/proc/{idle.process.pid}/status").read()
        used = [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("RssAnon")][0]
        tell("the server's own memory, idle", used, 40, "MB")
        idle.stop()
        for complaint in world.complaints:
            print(f"  complaint: {complaint}")
        world.server.stop()
        browser.close()
    return 1 if missed or world.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
