"""A plan in time: each action on a scale of days, or by month where there are many."""

from collections.abc import Sequence
from datetime import date
from itertools import count, takewhile
from typing import Any, Final

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, around, clipped, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, heads, rules
from assessment.plan.days import months_later

HEAD: Final = 44.0  # room above the rows for the months and the name of the line at today
DAYS_MIN: Final = 28  # a shorter plan would have a scale of single days
TICKS: Final = 4
COLOUR: Final = {"done": "muted", "open": "accent", "overdue": "stop"}
MARK: Final[dict[str, dict[str, Any]]] = {
    "done": {"filled": False, "strokeWidth": 2},
    "open": {"filled": True},
    "overdue": {"filled": True, "shape": "diamond"},
}


def plan_timeline(df: pd.DataFrame, look: Look, today: date) -> alt.LayerChart:
    """Each action at its deadline or the day it was done, with a line at today; overdue diamonds, hollow done ones.

    df, a row per action, earliest first:
    title  its name, at most 46 characters
    on     the date of the deadline, or that it was done
    state  done, open or overdue
    said   date and state in words, at most 40 characters
    """
    rows = [row | {"x": row["on"].toordinal()} | _tone(row["state"]) for row in records(df)]
    days = [today.toordinal(), *(row["x"] for row in rows)]
    low, high = min(days), max(days)
    pad = max(high - low, DAYS_MIN) / 25
    frame = Frame.stacked(
        look,
        head=HEAD,
        body=24,
        notes=[0] * len(rows),
        domain=(low - pad, max(high, low + DAYS_MIN) + pad),
        left=column(look, [row | {"lines": []} for row in rows]),
        right=max(look.room(row["said"], 14) for row in rows) + look.size(16),
        narrow_right=4,
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 9)) | {"lines": []}
        row |= {"aside": row["said"], "aside_brief": row["said"], "aside_colour": row["tone"]}
    layers = [
        *rules(frame, frame.tops[1:]),
        *_months(frame),
        *_today(frame, today),
        *_deadlines(frame, rows),
        *heads(frame, rows),
        *_said(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['said']}" for row in rows])


def plan_months(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """How many actions each month has: done, then open, then overdue ones.

    df, a row per month, earliest first:
    title                its name
    done, open, overdue  how many
    said                 the counts in words, at most 40 characters
    """
    rows = [row | _tone("overdue" if row["overdue"] else "open") | {"lines": []} for row in records(df)]
    most = max(sum(row[state] for state in COLOUR) for row in rows)
    frame = Frame.stacked(
        look,
        head=4,
        body=24,
        notes=[0] * len(rows),
        domain=(0, most),
        left=column(look, rows),
        right=max(look.room(row["said"], 14) for row in rows) + look.size(16),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 9))
        row |= {"aside": row["said"], "aside_brief": row["said"], "aside_colour": row["tone"]}
    bars = [bar for row in rows for bar in _bars(frame, row)]
    layers = [
        *rules(frame, frame.tops[1:]),
        *draw(frame, bars, {"type": "rect"}, "x0", "x1"),
        *heads(frame, rows),
        *_said(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['said']}" for row in rows])


def _tone(state: str) -> Row:
    late = state == "overdue"
    return {"colour": "ink", "bold": 700 if late else 400, "tone": "stop" if late else "ink"}


def _bars(frame: Frame, row: Row) -> list[Row]:
    bars, begun = [], 0
    for state in COLOUR:
        if row[state]:
            ends = {"x0": begun, "x1": begun + row[state], "colour": "level3" if state == "done" else COLOUR[state]}
            bars.append(ends | around(row, frame.look.size(8)))
            begun += row[state]
    return bars


def _months(frame: Frame) -> Layers:
    """The first days of months, at most TICKS of them, every other one named when narrow."""
    look, (low, high) = frame.look, frame.domain
    first = months_later(date.fromordinal(int(low)).replace(day=1), 1)
    inside = [*takewhile(lambda day: day.toordinal() <= high, (months_later(first, n) for n in count()))]
    shown = inside[:: -(-len(inside) // TICKS)] if inside else []
    place, line = spot(look.size(10), look.size(10)), span((look.size(20), frame.height), (look.size(20), frame.height))
    marks = [{"x": day.toordinal(), **line} for day in shown]
    said: list[Row] = []
    for n, day in enumerate(shown):
        label, at = look.texts.month(day), frame.px(f"{day.toordinal()}")
        half = look.room(label, 12.5) / 2 + look.size(4)  # a capital is wider than the mean
        said.append({"x": day.toordinal(), "text": label, "brief": "" if n % 2 else label, "colour": "muted"})
        said[-1] |= place | {"dx": f"{clipped(at, half, frame)} - {at}"}
    named = [layer for row in said for layer in words(frame, [row], "x", align="center", dx=row.pop("dx"))]
    return [*draw(frame, marks, {"type": "rule", "color": look.colour("line")}, "x"), *named]


def _today(frame: Frame, today: date) -> Layers:
    look, x = frame.look, today.toordinal()
    top, label = look.size(HEAD - 6), look.texts("chart.today")
    at = frame.px(f"{x}")
    dx = f"{clipped(at, look.room(label, 12.5) / 2, frame)} - {at}"
    name = [{"x": x, "text": label, "colour": "ink", **spot(look.size(HEAD - 15), look.size(HEAD - 15))}]
    line = [{"x": x, **span((top, frame.height), (top, frame.height))}]
    return [
        *draw(frame, line, {"type": "rule", "color": look.colour("ink"), "strokeWidth": 2}, "x"),
        *words(frame, name, "x", weight=600, align="center", dx=dx, halo=True),
    ]


def _deadlines(frame: Frame, rows: Sequence[Row]) -> Layers:
    layers: Layers = []
    for state, mark in MARK.items():
        points = [
            {"x": row["x"], "colour": COLOUR[state], "yw": row["yw"], "yn": row["yn"]}
            for row in rows
            if row["state"] == state
        ]
        size = frame.look.size(12) ** 2
        layers += draw(frame, points, {"type": "point", "size": size, "opacity": 1, **mark}, "x")
    return layers


def _said(frame: Frame, rows: Sequence[Row]) -> Layers:
    """At the end of the row, or beside the name when narrow."""
    said = [
        {"text": row["said"], "brief": row["said"], "colour": row["tone"]}
        | spot(row["yw"], frame.tops[i] + frame.look.size(13))
        for i, row in enumerate(rows)
    ]
    return words(frame, said, RIGHT, size=14, align="right", halo=True)
