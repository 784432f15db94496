"""Why a strategy has its fit."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import Frame, Layers, Row, around, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import column, finish, hatch, heads, rules
from assessment.texts import half_up

CHIP: Final = 12.0  # length of the hatch where a signal is not known
TENTH: Final = Decimal("0.1")


def contributions(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """The points each signal gives, one after the other up to the fit, out of the most it could give.

    Known signals by points, then their sum, then those not known, which neither add nor count. The points printed add
    up to the fit printed, which is rounded first; without a known signal there is no sum.

    df, a row per signal of the strategy:
    reason  what it says, at most 46 characters
    source  where it comes from or why it is not known
    points  0 to `most`; None when not known
    most    0 to 100, points at full strength; None when not known
    """
    rows = records(df)
    known = sorted((row for row in rows if row["points"] is not None), key=lambda row: -row["points"])
    texts = look.texts
    shown = _adding_up([row["points"] for row in known])
    steps, total = [], 0.0
    for row, points in zip(known, shown, strict=True):
        said = texts("chart.points", points=texts.number(float(points)), most=texts.short(row["most"]))
        steps.append(_row(row, said) | {"x0": total, "x1": total + row["points"], "x2": total + row["most"]})
        total += row["points"]
    fit = texts.number(float(sum(shown)))
    whole = _row({"reason": texts("chart.fit"), "source": None}, fit) | {"x0": 0, "x1": total, "bold": 700}
    sums = [whole] if known else []
    unknown = [_row(row, texts("chart.unknown")) | {"colour": "muted"} for row in rows if row["points"] is None]
    everything = [*steps, *sums, *unknown]
    frame = Frame.stacked(
        look,
        head=0,
        body=36,
        notes=[len(row["lines"]) for row in everything],
        domain=(0, 100),
        left=column(look, everything),
        right=look.size(100),
        narrow_right=look.size(92),
    )
    for i, row in enumerate(everything):
        row |= spot(frame.middle(i), frame.body(i, 16))
    layers = [
        *rules(frame, frame.tops[1:]),
        *_steps(frame, [*steps, *sums]),
        *_unknown(frame, unknown),
        *heads(frame, everything),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['said']}" for row in everything])


def _adding_up(points: Sequence[float]) -> list[Decimal]:
    """The points to one decimal so that they add up to their sum to one decimal: the largest remainders go up."""
    exact = [Decimal(repr(round(p, 9))) for p in points]
    down = [p.quantize(TENTH, ROUND_FLOOR) for p in exact]
    missing = int((half_up(sum(points)) - sum(down)) / TENTH)
    for i in sorted(range(len(exact)), key=lambda i: down[i] - exact[i])[:missing]:
        down[i] += TENTH
    return down


def _row(row: Row, said: str) -> Row:
    lines = [row["source"]] if row["source"] else []
    return {"title": row["reason"], "lines": lines, "said": said, "colour": "ink", "bold": 600}


def _steps(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Bars that start where the one above ended, in a dashed outline of the most they could be; the sum below."""
    look, half = frame.look, frame.look.size(12)
    bars, most, links, figures = [], [], [], []
    for i, row in enumerate(rows):
        place = {"yw": row["yw"], "yn": row["yn"]}
        is_sum = "x2" not in row
        bars.append({"x0": row["x0"], "x1": row["x1"], "colour": "accent" if is_sum else "level4", **around(row, half)})
        style = {"bold": 700, "size": look.size(17)} if is_sum else {"bold": 600, "size": look.size(13.5)}
        figures.append({"x": row.get("x2", row["x1"]), "text": row["said"], "colour": "ink", **style, **place})
        if not is_sum:
            most.append({"x0": row["x0"], "x1": row["x2"], **around(row, half)})
            below = rows[i + 1]
            ends = span((row["yw"] + half, below["yw"] - half), (row["yn"] + half, below["yn"] - half))
            links.append({"x": row["x1"], **ends})
    edge = {"color": look.colour("edge"), "strokeWidth": 1}
    return [
        *draw(frame, links, {"type": "rule", **edge}, "x"),
        *draw(frame, most, {"type": "rect", "filled": False, "strokeDash": [3, 3], **edge}, "x0", "x1"),
        *draw(frame, bars, {"type": "rect"}, "x0", "x1"),
        *words(frame, figures, "x", size="datum.size", dx=7, halo=True),
    ]


def _unknown(frame: Frame, rows: Sequence[Row]) -> Layers:
    look = frame.look
    chips = [{"x0": 0, "x1": CHIP, **around(row, look.size(12))} for row in rows]
    said = [{"x": CHIP, "text": row["said"], "colour": "muted", "yw": row["yw"], "yn": row["yn"]} for row in rows]
    return [*hatch(frame, chips), *words(frame, said, "x", size=13.5, dx=7)]
