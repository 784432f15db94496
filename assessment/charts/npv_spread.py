"""How the net present value spreads over the draws."""

from collections.abc import Callable, Sequence
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import Frame, Layers, Row, clipped, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import finish, ticks

LINE: Final = 18.0
PLOT: Final = 150.0
FOOT: Final = 26.0
TICKS: Final = 6
BEYOND: Final = 0.02  # of the scale, room for the strokes at its ends
HALO: Final = 4.0  # beyond a text at the edge of the plot


def npv_spread(
    df: pd.DataFrame, marks: pd.DataFrame, look: Look, unit: str, said: Callable[[float], str]
) -> alt.LayerChart:
    """The share of draws in each step of value as bars, those below zero paler, with lines at three percentiles.

    df, a row per step from low to high:
    low, high  amounts
    share      of all draws, 0 to 1

    marks, a row per percentile, rising:
    value  amount
    said   its name and value, at most 40 characters

    unit: of the axis, in words. said: an amount as a tick in that unit.
    """
    rows, lines = records(df), records(marks)
    top = look.size(LINE * len(lines) + 6)
    foot = top + look.size(PLOT)
    low, high = rows[0]["low"], rows[-1]["high"]
    room = (high - low) * BEYOND
    height = foot + look.size(FOOT)
    frame = Frame(look, [0.0], [height], [0], (low - room, high + room), left=0, right=0)
    most = max(row["share"] for row in rows)
    bars = []
    for row in rows:
        y = round(foot - row["share"] / most * (foot - top), 1)
        tone = {"colour": "level4", "rim": "bg"} if row["low"] >= 0 else {"colour": "level2", "rim": "level4"}
        bars.append({"x0": row["low"], "x1": row["high"], **tone, **span((y, foot), (y, foot))})
    layers = [
        *draw(frame, bars, {"type": "rect", "strokeWidth": 0.5}, "x0", "x1"),
        *_base(frame, rows, foot, top, said, unit),
        *_percentiles(frame, lines, foot),
    ]
    below = sum(row["share"] for row in rows if row["high"] <= 0)
    spoken = [line["said"] for line in lines] + [look.texts("chart.below_zero", share=look.texts.percent(below))]
    return finish(frame, layers, [unit, *spoken])


def _base(
    frame: Frame, rows: Sequence[Row], foot: float, top: float, said: Callable[[float], str], unit: str
) -> Layers:
    """The axis with its amounts, the unit at the last one, and zero where it is among them."""
    look, (low, high) = frame.look, frame.domain
    y, found = foot + look.size(14), ticks(*frame.domain, TICKS)
    labels = []
    for place, tick in enumerate(found):
        last = place == len(found) - 1
        text = f"{said(tick)} {unit}" if last else said(tick)
        half = look.room(text, 12) / 2
        brief = text if last or place % 2 == (len(found) - 1) % 2 else ""
        labels.append({"x": tick, "text": text, "brief": brief, "half": half, "colour": "muted", **spot(y, y)})
    middle = frame.px("datum.x")
    inside = f"{clipped(middle, 'datum.half', frame)} - {middle}"
    zero = [{"x": 0.0, **span((top, foot + 5), (top, foot + 5))}] if low < 0 < high else []
    return [
        *draw(
            frame,
            [{"x": low, "x1": high, **spot(foot, foot)}],
            {"type": "rule", "color": look.colour("edge")},
            "x",
            "x1",
        ),
        *draw(frame, zero, {"type": "rule", "color": look.colour("stop"), "strokeDash": [4, 3]}, "x"),
        *words(frame, labels, "x", size=12, align="center", dx=inside),
    ]


def _percentiles(frame: Frame, lines: Sequence[Row], foot: float) -> Layers:
    """Each line is named on a row of its own above the bars, so that no two names meet at any width."""
    look, rules, named = frame.look, [], []
    for place, line in enumerate(lines):
        y = look.size(9 + LINE * place)
        rules.append({"x": line["value"], **span((y + 8, foot), (y + 8, foot))})
        half = look.room(line["said"], 12.5) / 2 + HALO
        bold = 700 if place == len(lines) // 2 else 400
        named.append(
            {"x": line["value"], "text": line["said"], "half": half, "bold": bold, "colour": "ink", **spot(y, y)}
        )
    middle = frame.px("datum.x")
    inside = f"{clipped(middle, 'datum.half', frame)} - {middle}"
    return [
        *draw(frame, rules, {"type": "rule", "color": look.colour("ink"), "strokeWidth": look.size(1.5)}, "x"),
        *words(frame, named, "x", align="center", dx=inside, halo=True),
    ]
