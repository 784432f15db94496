"""The criteria by how differently they are seen."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from assessment.charts.frame import (
    Frame,
    Layers,
    Row,
    clipped,
    draw,
    records,
    span,
    spot,
    words,
)
from assessment.charts.look import SHAPES, Look
from assessment.charts.parts import (
    LEVEL_DOMAIN,
    asides,
    beside,
    column,
    finish,
    heads,
    level_bands,
    reasons,
    rules,
)
from assessment.config import GAP_CUTS

SLACK: Final = 1e-9
AREA: Final[Mapping[str, float]] = {"sellers": 170, "surroundings": 115, "leadership": 190}


def perception_gap(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """Leadership and one other perspective on every criterion, largest difference first, the third as a smaller mark.

    Both signs count alike. A difference of less than 0.75 is thin and grey. A perspective that may not be shown is not
    in the specification; a row without the difference has the reason.

    df, a row per criterion:
    title                              name of the criterion, at most 46 characters
    leadership, sellers, surroundings  1 to 5; None when hidden or without a score
    other                              the perspective leadership is set against: sellers or surroundings
    delta                              leadership minus other as it is printed; None when one of them is missing
    said                               how large that is, in ready words
    reason                             why there is no difference, in ready words
    """
    given = sorted(records(df), key=lambda row: (row["delta"] is None, -abs(row["delta"] or 0.0)))
    rows = [_row(row, look) for row in given]
    frame = Frame.stacked(
        look,
        head=72,
        body=36,
        notes=[len(row["lines"]) for row in rows],
        domain=LEVEL_DOMAIN,
        left=column(look, rows),
        right=look.size(176),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 17))
    known = [row for row in rows if row["delta"] is not None]
    unknown = [{"text": row["reason"], "yw": row["yw"], "yn": row["yn"]} for row in rows if row["delta"] is None]
    layers = [
        *level_bands(frame),
        *rules(frame, frame.tops),
        *_bridges(frame, known),
        *_marks(frame, known),
        *reasons(frame, unknown),
        *heads(frame, rows),
        *asides(frame, rows, weight=600),
        *beside(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['spoken']}" for row in rows])


def _row(row: Row, look: Look) -> Row:
    texts, delta = look.texts, row["delta"]
    kept: Row = {**row, "lines": [], "colour": "ink", "bold": 600, "figure": "", "strong": False}
    if delta is None:
        return kept | {"aside": "", "aside_brief": "", "aside_colour": "muted", "spoken": row["reason"]}
    strong, figure = abs(delta) >= GAP_CUTS[0] - SLACK, texts.number(delta, sign=bool(delta))
    whole = f"{figure} {row['said']}"
    return kept | {
        "figure": figure,
        "strong": strong,
        "aside": whole,
        "aside_brief": figure,
        "aside_colour": "ink" if strong else "muted",
        "spoken": ", ".join(
            [f"{texts(f'perspective.{who}')} {texts.number(row[who])}" for who in _seen(row)] + [whole]
        ),
    }


def _seen(row: Row) -> list[str]:
    return [who for who in AREA if row[who] is not None]


def _bridges(frame: Frame, rows: Sequence[Row]) -> Layers:
    """The line between the two that are compared."""
    look = frame.look
    lines = [
        {
            "x": row[row["other"]],
            "x1": row["leadership"],
            "colour": "muted" if row["strong"] else "edge",
            "thick": look.size(4 if row["strong"] else 1.5),
            "yw": row["yw"],
            "yn": row["yn"],
        }
        for row in rows
    ]
    return draw(frame, lines, {"type": "rule", "strokeWidth": {"expr": "datum.thick"}}, "x", "x1")


def _marks(frame: Frame, rows: Sequence[Row]) -> Layers:
    """A mark a perspective, and above the first row their names: the middle one higher, so that they never meet."""
    look = frame.look
    marks = [
        {
            "x": row[who],
            "colour": who,
            "shape": SHAPES[who],
            "area": _area(who, row, look),
            "yw": row["yw"],
            "yn": row["yn"],
        }
        for row in rows
        # drawn from the least important to the most, which lies on top
        for who in sorted(_seen(row), key=lambda who: (who in (row["other"], "leadership"), who == "leadership"))
    ]
    point = {"type": "point", "filled": True, "opacity": 1, "size": {"expr": "datum.area"}}
    rim = {"stroke": look.colour("bg"), "strokeWidth": 1.5}
    return [*_names(frame, rows[:1]), *draw(frame, marks, point | rim, "x")]


def _area(who: str, row: Row, look: Look) -> float:
    return look.size(AREA[who] if who in (row["other"], "leadership") else 95) * look.scale


def _names(frame: Frame, first: Sequence[Row]) -> Layers:
    look = frame.look
    layers: Layers = []
    for row in first:
        order = sorted(_seen(row), key=lambda who: row[who])
        for i, who in enumerate(order):
            name = look.texts(f"perspective.{who}")
            high = len(order) == 3 and i == 1
            y = frame.tops[0] - look.size(32 if high else 13)
            lead: Row = {"x": row[who], "colour": who}
            stem = lead | span(
                (y + look.size(8), row["yw"] - look.size(9)), (y + look.size(8), row["yn"] - look.size(9))
            )
            layers += draw(
                frame, [stem], {"type": "rule", "strokeWidth": 1, "opacity": {"expr": frame.either(0.7, 0)}}, "x"
            )
            layers += words(
                frame, [{"text": name, **lead, **spot(y, y)}], "x", **_side(frame, row[who], name, i, order)
            )
    return layers


def _side(frame: Frame, x: float, name: str, i: int, order: Sequence[str]) -> dict[str, Any]:
    """The lowest's name to the left of its mark, the highest's to the right, kept on the plot."""
    half, place = frame.look.room(name, 12.5) / 2, frame.px(f"{x}")
    away = 0.0 if 0 < i < len(order) - 1 else (half - 8) * (1 if i else -1)
    return {"weight": 700, "align": "center", "dx": f"{clipped(f'{place} + {away}', half, frame)} - {place}"}
