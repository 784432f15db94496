"""How much of their time the pools are asked for, and where that is too much."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, around, draw, records, span, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import asides, column, finish, hatch, heads, rules
from assessment.charts.stage_strip import MARKS
from assessment.config import RHO_CUTS

HEAD: Final = 26
LEAST: Final = 1.2  # the scale ends here, or beyond the fullest


def pool_load(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """The pools by load over capacity, fullest first, against the marks where it becomes tight and too much.

    Solid is the work, pale is what rework adds. With another figure to compare with, a ring and a line show it.

    df, a row per pool:
    title   its name
    rho     load over capacity with rework; None when unknown
    plain   the same without rework
    band    slack, ok, strained or overload
    hours   hours a month asked and had, in ready words
    reason  what is missing when rho is None, in ready words
    before  optional: the figure to compare with
    """
    given = sorted(records(df), key=lambda row: (row["rho"] is None, -(row["rho"] or 0.0)))
    rows = [_row(row, look) for row in given]
    most = max([LEAST] + [1.05 * value for row in rows for value in (row["rho"], row.get("before")) if value])
    frame = Frame.stacked(
        look,
        head=HEAD,
        body=26,
        notes=[1] * len(rows),
        domain=(0, most),
        left=column(look, rows),
        right=max(look.room(row["aside"], 14) for row in rows) + look.size(20),
        narrow_right=4,
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 11))
    layers = [
        *rules(frame, frame.tops),
        *_bars(frame, rows),
        *_cuts(frame),
        *_before(frame, rows),
        *heads(frame, rows),
        *asides(frame, rows, weight=600),
        *_figures(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['spoken']}" for row in rows])


def _row(row: Row, look: Look) -> Row:
    texts = look.texts
    if row["rho"] is None:
        short = texts("common.not_assessed")
        kept: Row = {"aside": short, "aside_brief": short, "aside_colour": "muted", "weight": 400}
        return row | kept | {"lines": [row["reason"]], "colour": "muted", "bold": 600, "spoken": row["reason"]}
    sign, tone, weight = MARKS[row["band"]]
    figure, before = texts.percent(row["rho"]), row.get("before")
    moved = before is not None and texts.percent(before) != figure
    if before is not None and moved:
        figure = texts("chart.load_from", before=texts.percent(before), now=figure)
    band = row["band"]
    whole = f"{sign} {figure} · {texts(f'chart.load.{band}')}"
    tones: Row = {"aside_colour": tone, "weight": weight, "colour": "ink", "bold": 600}
    return (
        row
        | tones
        | {"moved": moved, "lines": [row["hours"]], "aside": whole, "aside_brief": f"{sign} {figure}", "spoken": whole}
    )


def _bars(frame: Frame, rows: Sequence[Row]) -> Layers:
    half, edge = frame.look.size(8), frame.look.colour("edge")
    known = [row for row in rows if row["rho"] is not None]
    plain = [{"x0": 0, "x1": row["plain"], **around(row, half)} for row in known if row["plain"]]
    more = [
        {"x0": row["plain"], "x1": row["rho"], "colour": "level1", "rim": "edge", **around(row, half)}
        for row in known
        if row["rho"] > row["plain"]
    ]
    unknown = [{"x0": 0, "x1": 0.06, **around(row, half)} for row in rows if row["rho"] is None]
    work = {"type": "rect", "color": frame.look.colour("level4"), "stroke": edge, "strokeWidth": 1}
    return [
        *draw(frame, plain, work, "x0", "x1"),
        *draw(frame, more, {"type": "rect", "strokeWidth": 1}, "x0", "x1"),
        *hatch(frame, unknown),
    ]


def _cuts(frame: Frame) -> Layers:
    """A line at each mark; the last, where there is no more time, is thick."""
    look, top, foot = frame.look, frame.look.size(HEAD - 4), frame.height
    lines = [
        {
            "x": cut,
            "colour": "ink" if cut == RHO_CUTS[-1] else "edge",
            "thick": look.size(2 if cut == RHO_CUTS[-1] else 1),
        }
        | span((top, foot), (top, foot))
        for cut in RHO_CUTS
    ]
    place = spot(look.size(HEAD / 2 - 3), look.size(HEAD / 2 - 3))
    named = [{"x": cut, "text": look.texts.percent(cut), "colour": "muted", **place} for cut in RHO_CUTS]
    return [
        *draw(frame, lines, {"type": "rule", "strokeWidth": {"expr": "datum.thick"}, "strokeDash": [4, 3]}, "x"),
        *words(frame, named, "x", align="center", halo=True),
    ]


def _before(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Where a pool stood: a ring, and a line from it to where it stands now."""
    look = frame.look
    moved = [row for row in rows if row["rho"] is not None and row["moved"]]
    place = [{"x": row["before"], "x1": row["rho"], "yw": row["yw"], "yn": row["yn"]} for row in moved]
    ring = {"type": "point", "shape": "circle", "filled": True, "opacity": 1, "size": look.size(90) * look.scale}
    ring |= {"color": look.colour("bg"), "stroke": look.colour("ink"), "strokeWidth": 2}
    return [
        *draw(frame, place, {"type": "rule", "color": look.colour("ink"), "strokeWidth": look.size(2)}, "x", "x1"),
        *draw(frame, place, ring, "x"),
    ]


def _figures(frame: Frame, rows: Sequence[Row]) -> Layers:
    figures = [
        {
            "text": row["aside"],
            "brief": "",
            "colour": row["aside_colour"],
            "bold": row["weight"],
            **spot(frame.middle(i), frame.middle(i)),
        }
        for i, row in enumerate(rows)
    ]
    return words(frame, figures, RIGHT, size=14, align="right", halo=True)
