"""Which assumption moves the net present value most."""

from collections.abc import Callable, Sequence
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, around, clipped, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, heads, rules, ticks

HEAD: Final = 48.0
TICKS: Final = 5
BEYOND: Final = 0.02  # of the scale, room for the strokes at its ends
HALO: Final = 4.0  # beyond a text at the edge of the plot


def tornado(
    df: pd.DataFrame, base: float, named: str, look: Look, unit: str, said: Callable[[float], str]
) -> alt.LayerChart:
    """A bar an assumption from the value at its cautious figure to that at its favourable one, all others likely.

    df, a row per assumption, most swing first:
    title      its name, at most 46 characters
    range      the two figures in words, at most 46 characters
    low, high  the net present value at either
    swing      the distance in words, at most 16 characters

    base: the value with everything likely. named: what is said of it, at most 40 characters. unit: of the axis, in
    words. said: an amount as a tick in that unit.
    """
    rows = [_row(row) for row in records(df)]
    low = min(base, *(min(row["low"], row["high"]) for row in rows))
    high = max(base, *(max(row["low"], row["high"]) for row in rows))
    room = (high - low) * BEYOND
    frame = Frame.stacked(
        look,
        head=HEAD,
        body=30,
        notes=[1] * len(rows),
        domain=(low - room, high + room),
        left=column(look, rows),
        right=max(look.room(row["swing"], 14) for row in rows) + look.size(16),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 12))
        row |= around(row, look.size(8))
    layers = [
        *rules(frame, frame.tops[1:]),
        *_bars(frame, rows, base),
        *_axis(frame, base, named, said, unit),
        *heads(frame, rows),
        *_swings(frame, rows),
    ]
    spoken = [f"{row['title']}, {row['range']}: {said(row['low'])} – {said(row['high'])} {unit}" for row in rows]
    return finish(frame, layers, [named, *spoken])


def _row(row: Row) -> Row:
    asides: Row = {"aside": row["swing"], "aside_brief": row["swing"], "aside_colour": "ink"}
    return row | {"lines": [row["range"]], "colour": "ink", "bold": 600} | asides


def _bars(frame: Frame, rows: Sequence[Row], base: float) -> Layers:
    """Pale towards the cautious figure, deep towards the favourable one."""
    pale = [{"x0": row["low"], "x1": base, "colour": "level2", "rim": "level4", **_height(row)} for row in rows]
    deep = [{"x0": base, "x1": row["high"], "colour": "level4", "rim": "level4", **_height(row)} for row in rows]
    return draw(frame, [*pale, *deep], {"type": "rect", "strokeWidth": 1}, "x0", "x1")


def _height(row: Row) -> Row:
    return {name: row[name] for name in ("aw", "bw", "an", "bn")}


def _axis(frame: Frame, base: float, named: str, said: Callable[[float], str], unit: str) -> Layers:
    """Above the rows the likely value and the amounts, with a line at the first and at zero where it is among them."""
    look, (low, high) = frame.look, frame.domain
    top, y = look.size(HEAD - 10), look.size(28)
    name = {"x": base, "text": named, "colour": "ink", "half": look.room(named, 12.5) / 2 + HALO}
    name |= spot(look.size(8), look.size(8))
    found, labels = ticks(low, high, TICKS), []
    for tick in found:
        text = f"{said(tick)} {unit}" if tick == found[-1] else said(tick)
        labels.append({"x": tick, "text": text, "half": look.room(text, 12) / 2, "colour": "muted", **spot(y, y)})
    middle = frame.px("datum.x")
    inside = f"{clipped(middle, 'datum.half', frame)} - {middle}"
    whole = span((top, frame.height), (top, frame.height))
    zero = [{"x": 0.0, **whole}] if low < 0 < high else []
    return [
        *draw(frame, zero, {"type": "rule", "color": look.colour("stop"), "strokeDash": [4, 3]}, "x"),
        *draw(frame, [{"x": base, **whole}], {"type": "rule", "color": look.colour("ink"), "strokeWidth": 2}, "x"),
        *words(frame, [name], "x", weight=600, align="center", dx=inside, halo=True),
        *words(frame, labels, "x", size=12, align="center", dx=inside),
    ]


def _swings(frame: Frame, rows: Sequence[Row]) -> Layers:
    """At the end of the row, or beside the name when narrow."""
    said = [
        {"text": row["swing"], "brief": row["swing"], "colour": "ink", "bold": 400}
        | spot(row["yw"], frame.tops[i] + frame.look.size(13))
        for i, row in enumerate(rows)
    ]
    return words(frame, said, RIGHT, size=14, align="right", halo=True)
