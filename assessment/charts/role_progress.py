"""How many of each role have answered."""

from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import (
    Frame,
    Layers,
    Row,
    around,
    clipped,
    draw,
    records,
    spot,
    words,
)
from assessment.charts.look import Look
from assessment.charts.parts import (
    column,
    finish,
    heads,
    rules,
)

HEAD: Final = 26.0  # room above the rows for the name of the line at k


def role_progress(df: pd.DataFrame, look: Look, k: int) -> alt.LayerChart:
    """Complete and begun responses of each role in the room its links have, with a line at k. Counts only.

    df, a row per role:
    title     the role's name
    begun     how many have begun
    complete  how many of them have answered everything
    room      how many its links have room for; None for any number
    said      the counts in words, at most 24 characters
    status    what they mean for being shown, at most 30 characters
    guarded   whether the role is shown only with at least k
    """
    rows = [row | {"lines": [row["status"]], "colour": "ink", "bold": 600} for row in records(df)]
    most = max([k * 2.0] + [float(row["room"] or row["begun"]) for row in rows])
    frame = Frame.stacked(
        look,
        head=HEAD,
        body=28,
        notes=[1] * len(rows),
        domain=(0, most),
        left=column(look, rows),
        right=max(look.room(row["said"], 14) for row in rows) + look.size(16),
        narrow_right=4,
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 12))
        row |= {"aside": row["said"], "aside_brief": row["said"], "aside_colour": "ink"}
    layers = [
        *rules(frame, frame.tops[1:]),
        *_bars(frame, rows),
        *_line_at(frame, rows, k),
        *heads(frame, rows),
        *_counts(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['said']}, {row['status']}" for row in rows])


def _bars(frame: Frame, rows: list[Row]) -> Layers:
    half, edge = frame.look.size(8), {"color": frame.look.colour("edge"), "strokeWidth": 1}
    room = [{"x0": 0, "x1": row["room"], **around(row, half)} for row in rows if row["room"]]
    begun = [{"x0": 0, "x1": row["begun"], "colour": "level2", **around(row, half)} for row in rows if row["begun"]]
    done = [
        {"x0": 0, "x1": row["complete"], "colour": "level4", **around(row, half)} for row in rows if row["complete"]
    ]
    # the pale fill alone is under 3:1
    outline = [{key: value for key, value in bar.items() if key != "colour"} for bar in begun]
    return [
        *draw(frame, room, {"type": "rect", "filled": False, "strokeDash": [3, 3], **edge}, "x0", "x1"),
        *draw(frame, begun, {"type": "rect"}, "x0", "x1"),
        *draw(frame, outline, {"type": "rect", "filled": False, **edge}, "x0", "x1"),
        *draw(frame, done, {"type": "rect"}, "x0", "x1"),
    ]


def _line_at(frame: Frame, rows: list[Row], k: int) -> Layers:
    look = frame.look
    guarded = [{"x": k, **around(row, look.size(15))} for row in rows if row["guarded"]]
    place = spot(look.size(HEAD / 2), look.size(HEAD / 2))
    label = look.texts("chart.enough", k=k)
    name = [{"x": k, "text": label, "colour": "ink", **place}] if guarded else []
    at = frame.px(f"{k}")
    dx = f"{clipped(at, look.room(label, 12.5) / 2, frame)} - {at}"  # links with room for many put k at the edge
    return [
        *draw(frame, guarded, {"type": "rule", "color": look.colour("ink"), "strokeWidth": 2}, "x"),
        *words(frame, name, "x", weight=600, align="center", dx=dx, halo=True),
    ]


def _counts(frame: Frame, rows: list[Row]) -> Layers:
    """At the end of the row, or beside the name when narrow."""
    said = [
        {"text": row["said"], "brief": row["said"], "colour": "ink"}
        | spot(row["yw"], frame.tops[i] + frame.look.size(13))
        for i, row in enumerate(rows)
    ]
    return words(frame, said, ("width", "width"), size=14, weight=700, align="right", halo=True)
