"""What each benefit is worth a year, and what their sum is made of."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, around, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, hatch, heads, rules

CHIP: Final = 0.04  # of the scale, the hatch where a line is not assessed
SUM: Final = "sum"


def benefit_lines(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """The summed lines one after the other up to their sum, then those that are not in it, from zero again.

    df, a row per line in the order to be shown:
    title     its name, at most 46 characters
    note      owner, or why it is not in the sum
    standing  summed, sum, beside, unowned or not_assessed
    value     a full year's benefit; None when not assessed
    said      the value in ready words, at most 16 characters
    """
    rows = [_row(row) for row in records(df)]
    reached = 0.0
    for row in rows:
        if row["standing"] == "summed":
            row |= {"x0": reached, "x1": reached + row["value"]}
            reached = row["x1"]
        elif row["value"] is not None:
            row |= {"x0": 0.0, "x1": row["value"]}
    ends = [0.0, *(row[end] for row in rows if row["value"] is not None for end in ("x0", "x1"))]
    low, high = min(ends), max(ends)
    domain = (low, high if high > low else low + 1.0)
    frame = Frame.stacked(
        look,
        head=4,
        body=30,
        notes=[len(row["lines"]) for row in rows],
        domain=domain,
        left=column(look, rows),
        right=max(look.room(row["said"], 14) for row in rows) + look.size(16),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 12))
        row |= around(row, look.size(8))
    unknown = [
        {"x0": domain[0], "x1": domain[0] + CHIP * (domain[1] - domain[0])} | around(row, look.size(8))
        for row in rows
        if row["value"] is None
    ]
    layers = [
        *rules(frame, frame.tops[1:]),
        *_bars(frame, rows),
        *hatch(frame, unknown),
        *heads(frame, rows),
        *_figures(frame, rows),
    ]
    return finish(frame, layers, [", ".join([f"{row['title']}: {row['said']}", *row["lines"]]) for row in rows])


def _row(row: Row) -> Row:
    heavy, counted = row["standing"] == SUM, row["standing"] in ("summed", SUM)
    tone: Row = {"colour": "ink" if counted else "muted", "bold": 700 if heavy else 600 if counted else 400}
    asides: Row = {"aside": row["said"], "aside_brief": row["said"], "aside_colour": tone["colour"]}
    return row | {"lines": [row["note"]] if row["note"] else []} | tone | asides


def _bars(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Filled where summed, a dashed outline where not, and threads down from one summed line to the next."""
    look, filled, outlined, threads = frame.look, [], [], []
    for row in (row for row in rows if row["value"] is not None):
        bar = {end: row[end] for end in ("x0", "x1", "aw", "bw", "an", "bn")}
        if row["standing"] in ("summed", SUM):
            filled.append(bar | {"colour": "accent" if row["standing"] == SUM else "level4"})
        else:
            outlined.append(bar)
    summed = [row for row in rows if row["standing"] in ("summed", SUM)]
    for above, below in pairwise(summed):
        threads.append({"x": above["x1"], **span((above["bw"], below["aw"]), (above["bn"], below["an"]))})
    edge = {"color": look.colour("edge"), "strokeWidth": 1}
    return [
        *draw(frame, threads, {"type": "rule", **edge}, "x"),
        *draw(frame, outlined, {"type": "rect", "filled": False, "strokeDash": [3, 3], **edge}, "x0", "x1"),
        *draw(frame, filled, {"type": "rect"}, "x0", "x1"),
    ]


def _figures(frame: Frame, rows: Sequence[Row]) -> Layers:
    """At the end of the row, or beside the name when narrow."""
    said = [
        {"text": row["said"], "brief": row["said"], "colour": row["colour"], "bold": row["bold"]}
        | spot(row["yw"], frame.tops[i] + frame.look.size(13))
        for i, row in enumerate(rows)
    ]
    return words(frame, said, RIGHT, size=14, align="right", halo=True)
