#!/usr/bin/env python3
"""Draws what a terminal shows as SVG: script -qec COMMAND /dev/null | capture.py > picture.svg"""

import html
import re
import sys

WIDTH, HEIGHT, MARGIN = 8.4, 18, 14
COLORS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#76e3ea"}
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")


def spans(line):
    """Pieces of a line with the codes that hold for each."""
    codes, start = set(), 0
    for match in [*SEQUENCE.finditer(line), None]:
        text = line[start : match.start() if match else len(line)]
        if text:
            yield text, frozenset(codes)
        if not match:
            return
        start = match.end()
        for code in (match.group(1) or "0").split(";"):
            if code in ("0", ""):
                codes.clear()
            elif code in ("22", "39"):
                codes -= {"1", "2"} if code == "22" else set(COLORS)
            else:
                codes.add(code)


def style(codes):
    attributes = [f'fill="{COLORS[code]}"' for code in sorted(codes) if code in COLORS][:1]
    attributes += ['font-weight="bold"'] if "1" in codes else []
    attributes += ['opacity="0.6"'] if "2" in codes else []
    return " ".join(attributes)


lines = [line.rstrip() for line in sys.stdin.read().rstrip().split("\n")]
columns = max(len(SEQUENCE.sub("", line)) for line in lines)
width = round(columns * WIDTH + 2 * MARGIN)
height = len(lines) * HEIGHT + 2 * MARGIN
print(
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
    f'aria-label="A terminal with insights at work">\n'
    f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n'
    f'<g fill="#e6edf3" font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace"'
    f' font-size="14">'
)
for row, line in enumerate(lines):
    column = 0
    for text, codes in spans(line):
        x, y = MARGIN + column * WIDTH, MARGIN + row * HEIGHT + 13
        column += len(text)
        if text.strip():
            # Ordinary spaces would be drawn as one.
            content = html.escape(text).replace(" ", "\u00a0")
            print(
                f'<text x="{x:.1f}" y="{y}" textLength="{len(text) * WIDTH:.1f}" '
                f"{style(codes)}>{content}</text>"
            )
print("</g>\n</svg>")
