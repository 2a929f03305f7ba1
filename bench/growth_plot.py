#!/usr/bin/env python3
"""The lines of bench_growth as a figure: growth_plot.py LINES.jsonl FIGURE.svg

Three panels side by side, both axes logarithmic: time of an example-step on one thread over members, width and batch,
the time that the arithmetic alone would take at the machine's FMA peak beneath it, and a member's memory.
"""
import json
import math
import sys

PANEL, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 330, 300, 62, 16, 40, 46
INK, FAINT, TIME, BOUND, BYTES = "#222", "#ccc", "#0072b2", "#888", "#d55e00"
TITLES = {
    "members": "members of [64-32-10], batch 32",
    "width": "width W of [784-W-10], batch 64",
    "batch": "batch of [784-64-10]",
}


def decades(values):
    return 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))


def number(value):
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"


class Panel:
    """One set of axes, its left edge at x0."""

    def __init__(self, x0, xs, ys):
        self.x0, self.out = x0, []
        self.x, self.y = (min(xs), max(xs)), decades(ys)

    def at(self, x, y):
        across = math.log(x / self.x[0]) / math.log(self.x[1] / self.x[0])
        up = math.log(y / self.y[0]) / math.log(self.y[1] / self.y[0])
        return (self.x0 + LEFT + across * (PANEL - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM))

    def text(self, x, y, words, anchor="middle", colour=INK):
        self.out.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>')

    def axes(self, title, xs):
        y = self.y[0]
        while y <= self.y[1] * 1.001:
            (x1, yy), (x2, _) = self.at(self.x[0], y), self.at(self.x[1], y)
            self.out.append(f'<path d="M{x1:.1f} {yy:.1f}H{x2:.1f}" stroke="{FAINT}"/>')
            self.text(x1 - 6, yy + 4, number(y), "end")
            y *= 10
        for i, x in enumerate(xs):
            if i % 2 == 0 or len(xs) < 8:
                self.text(self.at(x, self.y[0])[0], HEIGHT - BOTTOM + 16, str(x))
        self.text(self.x0 + (PANEL + LEFT - RIGHT) / 2, 18, title)

    def line(self, points, colour, dashed=False):
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (self.at(*p) for p in points))
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self.out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        if not dashed:
            self.out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
                         for x, y in (self.at(*p) for p in points)]


def main(lines, figure):
    with open(lines, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    out = []
    for i, (sweep, title) in enumerate(TITLES.items()):
        points = [r for r in rows if r["sweep"] == sweep]
        xs = [r["value"] for r in points]
        time = [(r["value"], r["ns_per_example_step"]) for r in points]
        bound = [(r["value"], r["ns_per_example_step"] * r["of_peak"]) for r in points]
        memory = [(r["value"], r["member_bytes"]) for r in points]
        panel = Panel(i * PANEL, xs, [y for _, y in time + bound + memory])
        panel.axes(title, xs)
        panel.line(bound, BOUND, dashed=True)
        panel.line(time, TIME)
        panel.line(memory, BYTES)
        out += panel.out
    words = (("ns for an example-step, on one thread", TIME), ("the same at the FMA peak", BOUND),
             ("bytes a member takes", BYTES))
    for i, (word, colour) in enumerate(words):
        out.append(f'<text x="{LEFT + i * 330}" y="{HEIGHT - 6}" fill="{colour}">{word}</text>')
    with open(figure, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {3 * PANEL} {HEIGHT}" '
                   'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="#fff"/>\n')
        file.write("\n".join(out) + "\n</svg>\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
