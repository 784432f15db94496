"""Why two strategies have their fits, side by side."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import LEFT, Frame, Layers, Row, around, draw, records, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, hatch, heads, rules

SIDES: Final = {"one": "accent", "other": "level3"}
CHIP: Final = 0.06  # of the scale, the hatch where a signal is not known
LEAST: Final = 10.0  # points the scale holds at least, so that nearly nothing looks like it


def contribution_pair(df: pd.DataFrame, look: Look, names: tuple[str, str]) -> alt.LayerChart:
    """The points each signal gives either strategy, most points first, those not known last.

    names: of the strategies, the columns `one` and `other`; at most 46 characters.

    df, a row per signal of either:
    reason      what it says, at most 46 characters
    source      where it comes from or why it is not known
    one, other  points of 100; None when the strategy does not weigh it, or it is not known
    known       whether it is
    """
    rows = sorted((_row(row, look, names) for row in records(df)), key=lambda row: (not row["known"], -row["most"]))
    high = max([LEAST, *(row["most"] for row in rows)])
    frame = Frame.stacked(
        look,
        head=50,
        body=40,
        notes=[len(row["lines"]) for row in rows],
        domain=(0, high),
        left=column(look, rows),
        right=look.size(64),
        narrow_right=look.size(52),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 18))
    layers = [
        *rules(frame, frame.tops),
        *_names(frame, names),
        *_bars(frame, rows),
        *_unknown(frame, rows, high),
        *heads(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['said']}" for row in rows])


def _row(row: Row, look: Look, names: tuple[str, str]) -> Row:
    texts = look.texts
    weighed = [(name, row[side]) for name, side in zip(names, SIDES, strict=True) if row[side] is not None]
    points = [f"{name} {texts.number(value)}" for name, value in weighed]
    tone = {"colour": "ink", "bold": 600} if row["known"] else {"colour": "muted", "bold": 400}
    return {
        "title": row["reason"],
        "lines": [row["source"]],
        "known": bool(row["known"]),
        "one": row["one"],
        "other": row["other"],
        "most": max((value for _, value in weighed), default=0.0),
        "said": ", ".join(points) if row["known"] else texts("chart.unknown"),
        **tone,
    }


def _names(frame: Frame, names: tuple[str, str]) -> Layers:
    """Which colour is which strategy, above the first row."""
    places = [spot(y, y) for y in (frame.look.size(12), frame.look.size(32))]
    chips = [{"text": "■", "colour": c, **place} for c, place in zip(SIDES.values(), places, strict=True)]
    said = [{"text": name, "colour": "ink", **place} for name, place in zip(names, places, strict=True)]
    limit = f"width - {frame.look.size(20)}"
    return [*words(frame, chips, LEFT, size=15), *words(frame, said, LEFT, weight=600, dx=18, limit=limit)]


def _bars(frame: Frame, rows: Sequence[Row]) -> Layers:
    """A bar for each strategy that weighs the signal: in the middle when it is alone, else one above the other."""
    look, bars, figures = frame.look, [], []
    for row in rows:
        sides = [side for side in SIDES if row[side] is not None]
        for i, side in enumerate(sides):
            down = 0.0 if len(sides) == 1 else look.size(9 if i else -9)
            place = spot(row["yw"] + down, row["yn"] + down)
            bars.append({"x0": 0, "x1": row[side], "colour": SIDES[side], **around(place, look.size(7))})
            figures.append({"x": row[side], "text": look.texts.number(row[side]), "colour": "ink", **place})
    return [
        *draw(frame, bars, {"type": "rect"}, "x0", "x1"),
        *words(frame, figures, "x", size=13.5, weight=600, dx=7, halo=True),
    ]


def _unknown(frame: Frame, rows: Sequence[Row], high: float) -> Layers:
    look, end = frame.look, CHIP * high
    missing = [row for row in rows if not row["known"]]
    chips = [{"x0": 0, "x1": end, **around(row, look.size(9))} for row in missing]
    said = [
        {"x": end, "text": look.texts("chart.unknown"), "colour": "muted", "yw": row["yw"], "yn": row["yn"]}
        for row in missing
    ]
    return [*hatch(frame, chips), *words(frame, said, "x", size=13.5, dx=7)]
