"""The value stream as a chain: waiting and work to scale, department by department, and where it is full."""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import LEFT, RIGHT, Frame, Layers, Row, around, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import asides, column, finish, hatch, heads, rules, wrapped

HEAD: Final = 28
TICKS: Final = 4
DAY_H: Final = 7.5
EDGE: Final = 0.006  # of the scale: room for the edge of a box that begins at once
CHIP: Final = 0.03  # of the scale: room for the hatch of a time nobody knows
# band of utilisation: sign, colour, weight; never colour alone
MARKS: Final = {
    "slack": ("●", "muted", 400),
    "ok": ("●", "muted", 400),
    "strained": ("◆", "attention", 600),
    "overload": ("▲", "stop", 700),
}


def stage_strip(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """The stages one below the other on one scale of hours: waiting pale, work solid, each begins where the last ended.

    Stages of one department lie in one lane; a hand-off to another department has an arrow, a sign and its words.
    Waiting for the customer is dashed, a time nobody knows hatched. The pool of a stage that has most to do is named.

    df, a row per stage or step, in order:
    title       its name
    department  None when unknown
    wait_h      hours waited before it; None when unknown
    customer    whether it is the customer one waits for
    work_h      hands-on hours on a case; None when unknown
    wait, work  both in ready words
    incoming    share that can be used as it comes from the stage before; None when unknown, and of the first
    crosses     whether it comes from another department
    pool        name of the busiest pool that works in it; None when no utilisation is known
    rho         its load over capacity
    band        slack, ok, strained or overload
    bottleneck  whether it is the bottleneck of the chain
    """
    given = records(df)
    rows = [_row(row, given[i - 1] if i else None, look) for i, row in enumerate(given)]
    whole = sum((row["wait_h"] or 0.0) + (row["work_h"] or 0.0) for row in rows)
    at, chip = 0.0, CHIP * (whole or 1.0)
    for row in rows:
        unknown = row["wait_h"] is None or row["work_h"] is None
        row |= {"x0": at, "x1": at + (row["wait_h"] or 0.0)}
        at = row["x2"] = row["x1"] + (row["work_h"] or 0.0)
        row["end"] = at + chip * unknown
    frame = Frame.stacked(
        look,
        head=HEAD,
        body=32,
        notes=[len(row["lines"]) for row in rows],
        domain=(-EDGE * (whole or 1.0), max([whole or 1.0] + [row["end"] for row in rows])),
        left=column(look, rows),
        right=max(look.room(row["aside"], 14) for row in rows) + look.size(20),
        narrow_right=4,
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 15))
    layers = [
        *_lanes(frame, rows),
        *_scale(frame, whole, all(row["end"] == row["x2"] for row in rows)),
        *_chain(frame, rows),
        *_incoming(frame, rows),
        *heads(frame, rows),
        *asides(frame, rows, weight=600),
        *_loads(frame, rows),
    ]
    return finish(frame, layers, [row["spoken"] for row in rows])


def _row(row: Row, before: Row | None, look: Look) -> Row:
    texts = look.texts
    times = [row["wait"], row["work"]]
    load, brief, tone = _load(row, look)
    came = ""
    if row["incoming"] is not None:
        came = texts("chart.usable", share=texts.percent(row["incoming"]))
    short = came
    if row["crosses"] and before is not None:
        short = f"⇄ {came}" if came else "⇄"
        came = f"⇄ {texts('chart.from', department=before['department'])}" + (f": {came}" if came else "")
    spoken = [row["department"], *times, came.replace("⇄ ", ""), load]
    return row | {
        "lines": wrapped(row["department"], *times),
        "colour": "ink",
        "bold": 600,
        "aside": load,
        "aside_brief": brief,
        "aside_colour": tone,
        "came": came,
        "came_brief": short,
        "spoken": f"{row['title']}: {', '.join(fact for fact in spoken if fact)}",
    }


def _load(row: Row, look: Look) -> tuple[str, str, str]:
    """The busiest pool of a stage in words, the same for a phone, and their colour."""
    if row["rho"] is None:
        return "", "", "muted"
    sign, tone, _ = MARKS[row["band"]]
    figure = look.texts.percent(row["rho"])
    named = f"{row['pool']} {figure}"
    return (
        f"{sign} {look.texts('chart.bottleneck', pool=named) if row['bottleneck'] else named}",
        f"{sign} {figure}",
        tone,
    )


def _lanes(frame: Frame, rows: Sequence[Row]) -> Layers:
    """A lane behind each run of stages of one department, every second one tinted, and a line where one is left."""
    lanes: list[Row] = []
    edges: list[float] = []
    lines: list[float] = []
    tinted = False
    for i, row in enumerate(rows):
        if i and row["department"] != rows[i - 1]["department"]:
            tinted = not tinted
        top = frame.tops[i]
        if tinted:
            lanes.append(span((top, top + frame.heights[i]), (top, top + frame.heights[i])))
        (edges if row["crosses"] else lines).append(top)
    edge = {"type": "rule", "color": frame.look.colour("edge")}
    return [
        *draw(frame, lanes, {"type": "rect", "color": frame.look.colour("surface")}, LEFT, RIGHT),
        *rules(frame, lines),
        *draw(frame, [spot(top, top) for top in edges], edge, LEFT, RIGHT),
    ]


def _scale(frame: Frame, total: float, known: bool) -> Layers:
    """Hours from the first wait, with the working days they make when all of them are known."""
    if not total:
        return []
    look, texts, middle = frame.look, frame.look.texts, frame.look.size(HEAD / 2)
    step = _step(total / TICKS)
    ticks = [step * i for i in range(int(total / step) + 1)]
    days = texts("chart.days", days=texts.number(total / DAY_H, 0)) if known else ""
    # the last tick gives way to the working days
    end = look.room(days, 12.5) + look.room("000 t", 12.5)
    marks = [{"x": x, **span((look.size(HEAD - 5), frame.height), (look.size(HEAD - 5),) * 2)} for x in ticks]
    named = [
        {"x": x, "text": texts("chart.hours", hours=texts.short(x)), "colour": "muted", **spot(middle, middle)}
        for x in ticks
    ]
    fits = {"said": f"{frame.px('datum.x')} < {frame.end} - {end} ? datum.text : ''"}
    whole = [{"text": days, "colour": "muted", **spot(middle, middle)}]
    return [
        *draw(frame, marks, {"type": "rule", "color": look.colour("line")}, "x"),
        *words(frame, named, "x", calculate=fits),
        *words(frame, whole, (frame.end, frame.end), weight=600, align="right"),
    ]


def _step(least: float) -> float:
    """The smallest 1, 2 or 5 times a power of ten that is not below."""
    power = 10.0 ** floor(log10(least))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least - 1e-9)


def _chain(frame: Frame, rows: Sequence[Row]) -> Layers:
    """The waits and the boxes, the way from one to the next, and a hatch for what nobody knows."""
    look, size = frame.look, frame.look.size
    waits: list[Row] = []
    customers: list[Row] = []
    boxes: list[Row] = []
    unknown: list[Row] = []
    for row in rows:
        if row["wait_h"]:
            (customers if row["customer"] else waits).append(
                {"x0": row["x0"], "x1": row["x1"], "colour": "level1", "rim": "edge", **around(row, size(5))}
            )
        if row["work_h"]:
            boxes.append({"x1": row["x1"], "x2": row["x2"], **around(row, size(11))})
        if row["end"] > row["x2"]:
            unknown.append({"x0": row["x2"], "x1": row["end"], **around(row, size(8))})
    ways, tips = [], []
    for one, other in pairwise(rows):
        tone = "ink" if other["crosses"] else "edge"
        thick = size(2 if other["crosses"] else 1)
        way = span((one["yw"] + size(11), other["yw"] - size(5)), (one["yn"], other["yn"]))
        ways.append({"x": one["x2"], "colour": tone, "thick": thick, **way})
        if other["crosses"]:
            tips.append({"x": one["x2"], **spot(other["yw"] - size(9), other["yn"])})
    box = {"type": "rect", "color": look.colour("accent"), "stroke": look.colour("accent"), "strokeWidth": 2}
    dashed = {"type": "rect", "filled": False, "color": look.colour("edge"), "strokeDash": [4, 3], "strokeWidth": 1.5}
    arrow = {"type": "point", "shape": "triangle-down", "filled": True, "opacity": 1, "color": look.colour("ink")}
    arrow["size"] = {"expr": frame.either(size(60), 0)}
    return [
        # on a phone the names lie between the bars, and the ways would cross them
        *draw(frame, ways, {"type": "rule", "strokeWidth": {"expr": frame.either("datum.thick", 0)}}, "x"),
        *draw(frame, tips, arrow, "x"),
        *draw(frame, waits, {"type": "rect", "strokeWidth": 1}, "x0", "x1"),
        *draw(frame, customers, dashed, "x0", "x1"),
        *draw(frame, boxes, box, "x1", "x2"),
        *hatch(frame, unknown),
    ]


def _incoming(frame: Frame, rows: Sequence[Row]) -> Layers:
    """What comes from the stage before: right of the bars where there is room, left of them further down the chain."""
    look = frame.look
    said = [
        {
            "x": row["x0"],
            "x2": row["end"],
            "text": row["came"],
            "brief": row["came_brief"],
            "colour": "ink" if row["crosses"] else "muted",
            "bold": 600 if row["crosses"] else 400,
            "wide": look.room(row["came"], 12.5) + look.size(16),
            "slim": look.room(row["came_brief"], 12.5) + look.size(16),
            "yw": row["yw"],
            "yn": row["yn"],
        }
        for row in rows
        if row["came"]
    ]
    x, x2 = frame.px("datum.x"), frame.px("datum.x2")
    long = f"(!({frame.narrow}) && ({x2} + datum.wide < {frame.end} || {x} - datum.wide > {frame.start}))"
    room = f"({long} ? datum.wide : datum.slim)"
    right, left = f"{x2} + {room} < {frame.end}", f"{x} - {room} > {frame.start}"
    # where neither side has room it lies on the waiting, at its left end
    dx = f"({right} ? {x2} - {x} + 8 : {left} ? -8 : 8)"
    align = f"({right} ? 'left' : {left} ? 'right' : 'left')"
    brief = {"said": f"{long} ? datum.text : datum.brief"}
    return words(frame, said, "x", align=align, dx=dx, halo=True, calculate=brief)


def _loads(frame: Frame, rows: Sequence[Row]) -> Layers:
    """The busiest pool of each stage, to the right where there is a column for it."""
    loads = [
        {
            "text": row["aside"],
            "brief": "",
            "colour": row["aside_colour"],
            "bold": MARKS[row["band"]][2],
            **spot(frame.middle(i), frame.middle(i)),
        }
        for i, row in enumerate(rows)
        if row["aside"]
    ]
    return words(frame, loads, RIGHT, size=14, align="right", halo=True)
