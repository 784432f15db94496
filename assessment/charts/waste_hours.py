"""The hours that each kind of waste takes."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, around, draw, records, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, heads, rules


def waste_hours(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """Hours by kind of waste as bars, most first. The first stands out; with a tie at the top none does.

    df, a row per kind of waste, most hours first:
    title  its name, at most 46 characters
    hours  above 0
    said   the hours in words, at most 24 characters
    """
    found = records(df)
    first, second = [*(row["hours"] for row in found), 0.0][:2]
    rows = [_row(row, leads=i == 0 and first > second) for i, row in enumerate(found)]
    frame = Frame.stacked(
        look,
        head=4,
        body=24,
        notes=[0] * len(rows),
        domain=(0, first),
        left=column(look, rows),
        right=max(look.room(row["said"], 14) for row in rows) + look.size(16),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 9))
        row |= around(row, look.size(8))
    layers = [
        *rules(frame, frame.tops[1:]),
        *draw(frame, [_bar(row) for row in rows], {"type": "rect"}, "x0", "x1"),
        *heads(frame, rows),
        *_hours(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['said']}" for row in rows])


def _row(row: Row, leads: bool) -> Row:
    tone: Row = {"colour": "ink", "bold": 700, "bar": "accent"} if leads else {"colour": "ink", "bold": 400}
    asides: Row = {"aside": row["said"], "aside_brief": row["said"], "aside_colour": "ink"}
    return row | {"lines": [], "bar": "level4"} | tone | asides


def _bar(row: Row) -> Row:
    ends = {name: row[name] for name in ("aw", "bw", "an", "bn")}
    return {"x0": 0, "x1": row["hours"], "colour": row["bar"], **ends}


def _hours(frame: Frame, rows: Sequence[Row]) -> Layers:
    """At the end of the row, or beside the name when narrow."""
    said = [
        {"text": row["said"], "brief": row["said"], "colour": "ink", "bold": row["bold"]}
        | spot(row["yw"], frame.tops[i] + frame.look.size(13))
        for i, row in enumerate(rows)
    ]
    return words(frame, said, RIGHT, size=14, align="right", halo=True)
