"""Writes a synthetic log of Lambda functions, the same in every run, as a CloudWatch export has it.

usage: write_log.py EVENTS FILE
"""

import random
import sys

EPOCH_DAY = "2026-03-%02dT%02d:%02d:%02d.%03dZ"
SERVICES = ["orders", "stock", "billing", "search", "mail"]
VERBS = ["reserved", "released", "priced", "shipped", "rejected"]


def clock(milliseconds):
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return EPOCH_DAY % (1 + days % 28, hours, minutes, seconds, milliseconds)


def request_id(random_bits):
    digits = "%032x" % random_bits
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def json_line(at, request, dice):
    level = "ERROR" if dice.random() < 0.03 else "INFO"
    return (
        '{"time":"%s","level":"%s","service":"%s","requestId":"%s","msg":"%s %d items",'
        '"took_ms":%.2f,"cart":{"id":%d,"total":%.2f},"retry":%s}'
        % (
            at, level, dice.choice(SERVICES), request, dice.choice(VERBS), dice.randint(1, 40),
            dice.gammavariate(2, 20), dice.randint(10**5, 10**7), dice.uniform(1, 900),
            "true" if dice.random() < 0.1 else "false",
        )
    )


def text_line(at, request, dice):
    level = "WARN" if dice.random() < 0.05 else "INFO"
    return "%s\t%s\t%s\tcache %s key=item:%d age=%ds" % (
        at, request, level, dice.choice(["hit", "miss"]), dice.randint(1, 10**6),
        dice.randint(0, 3600),
    )


def failure(dice):
    line = dice.randint(10, 99)
    return (
        "[ERROR] %s: item %d\nTraceback (most recent call last):\n"
        '  File "/var/task/handler.py", line %d, in handler\n    reserve(item)'
        % (dice.choice(["KeyError", "TimeoutError", "ValueError"]), dice.randint(1, 500), line)
    )


def invocation(now, dice):
    """The events of one invocation: times and messages."""
    request = request_id(dice.getrandbits(128))
    events = [(now, "START RequestId: %s Version: 12" % request)]
    begin = now
    for _ in range(dice.randint(1, 7)):
        now += dice.randint(1, 40)
        at, kind = clock(now), dice.random()
        if kind < 0.5:
            events.append((now, json_line(at, request, dice)))
        elif kind < 0.985:
            events.append((now, text_line(at, request, dice)))
        else:
            events.append((now, failure(dice)))
    now += dice.randint(1, 20)
    taken = now - begin + dice.random()
    memory = dice.choice([128, 512, 1024])
    events.append((now, "END RequestId: %s" % request))
    report = (
        "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\t"
        "Max Memory Used: %d MB\t"
        % (request, taken, int(taken) + 1, memory, dice.randint(memory // 3, memory))
    )
    if dice.random() < 0.02:
        report += "Init Duration: %.2f ms\t" % dice.uniform(90, 700)
    events.append((now, report))
    return events, now


def main():
    wanted, path = int(sys.argv[1]), sys.argv[2]
    dice = random.Random(20260301)
    written, now = 0, 0
    with open(path, "w", buffering=1 << 20) as log:
        while written < wanted:
            events, now = invocation(now + dice.randint(1, 600), dice)
            log.writelines("%s %s\n" % (clock(at), message) for at, message in events)
            written += len(events)
    print("%d events in %s" % (written, path))


if __name__ == "__main__":
    main()
