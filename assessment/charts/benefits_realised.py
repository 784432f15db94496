"""What each benefit was expected to give a year, and what it gives."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, around, draw, records, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, heads, rules


def benefits_realised(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """The expected amount as an outline, and in it what is realised, or paler what is only claimed.

    df, a row per benefit in the order to be shown, the sum last:
    title     its name, at most 46 characters
    note      how far it has come
    expected  a full year's benefit; None when not assessed
    reached   what is claimed or realised of it; None when nothing is
    counted   whether that counts as realised
    whole     whether it is the sum
    said      realised of expected in ready words, at most 34 characters
    """
    rows = [_row(row) for row in records(df)]
    ends = [0.0, *(row[end] for row in rows for end in ("expected", "reached") if row[end] is not None)]
    low, high = min(ends), max(ends)
    frame = Frame.stacked(
        look,
        head=4,
        body=48,
        notes=[len(row["lines"]) for row in rows],
        domain=(low, high if high > low else low + 1.0),
        left=column(look, rows),
        right=max(look.room(row["said"], 14) for row in rows) + look.size(16),
        narrow_right=4,  # the stroke of the longest outline
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 12))
    layers = [
        *rules(frame, frame.tops[1:]),
        *_bars(frame, rows),
        *heads(frame, rows),
        *_figures(frame, rows),
    ]
    return finish(frame, layers, [", ".join([f"{row['title']}: {row['said']}", *row["lines"]]) for row in rows])


def _row(row: Row) -> Row:
    lines = [row["note"]] if row["note"] else []
    return row | {"lines": lines, "colour": "ink", "bold": 700 if row["whole"] else 600}


def _bars(frame: Frame, rows: Sequence[Row]) -> Layers:
    look = frame.look
    outlines = [
        {"x0": 0.0, "x1": row["expected"]} | around(row, look.size(10)) for row in rows if row["expected"] is not None
    ]
    fills = [
        {"x0": 0.0, "x1": row["reached"], "colour": "accent" if row["counted"] else "level2", "rim": "edge"}
        | around(row, look.size(6))
        for row in rows
        if row["reached"]
    ]
    edge = {"stroke": look.colour("edge"), "strokeWidth": 1, "filled": False}
    return [
        *draw(frame, outlines, {"type": "rect", **edge}, "x0", "x1"),
        *draw(frame, fills, {"type": "rect", "strokeWidth": 0.8}, "x0", "x1"),
    ]


def _figures(frame: Frame, rows: Sequence[Row]) -> Layers:
    """At the end of the row, or below the bar when narrow."""
    said = [
        {"text": row["said"], "brief": "", "colour": "ink", "bold": row["bold"]} | spot(row["yw"], row["yw"])
        for row in rows
    ]
    below = [
        {"text": "", "brief": row["said"], "colour": "ink", "bold": row["bold"]}
        | spot(row["yn"], row["yn"] + frame.look.size(21))
        for row in rows
    ]
    return [
        *words(frame, said, RIGHT, size=14, align="right"),
        *words(frame, below, ("0", "0"), size=13),
    ]
