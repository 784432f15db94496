"""The criteria by weighted gap to their targets."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from assessment.charts.frame import RIGHT, Frame, Layers, Row, around, clipped, draw, records, spot, words
from assessment.charts.look import Look
from assessment.charts.parts import LEVEL_DOMAIN, asides, column, finish, heads, level_bands, reasons, rules
from assessment.texts import half_up

TIE: Final = 1e-9


def gaps(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """The criteria by weight × gap, each gap a dimension line from today's score to the target.

    Order: by the exact priority, then those on target, those of no weight, those not assessed. The first is in ink and
    the rest step back; with a tie at the top none stands out. What is printed adds up as printed: 4,0 − 1,8 = 2,2 and
    2,2 × weight 2 = 4,4, though the exact gap may be 2.25.

    df, a row per criterion:
    title   name of the criterion, at most 46 characters
    score   1 to 5; None when not assessed
    target  1 to 5
    weight  0 to 3; 0 is not relevant
    reason  optional: why there is no score, in ready words
    """
    ranked = sorted((_measured(row) for row in records(df)), key=lambda row: row["order"])
    first, second = [*(row["priority"] for row in ranked), 0.0][:2]
    rows = [_row(row, look, leads=i == 0 and first - second > TIE) for i, row in enumerate(ranked)]
    frame = Frame.stacked(
        look,
        head=34,
        body=38,
        notes=[0] * len(rows),
        domain=LEVEL_DOMAIN,
        left=column(look, rows),
        right=look.size(110),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 21))
    unknown = [{"text": row["said"], "yw": row["yw"], "yn": row["yn"]} for row in rows if row["score"] is None]
    layers = [
        *level_bands(frame),
        *rules(frame, frame.tops),
        *_dimensions(frame, [row for row in rows if row["score"] is not None]),
        *reasons(frame, unknown),
        *heads(frame, rows),
        *asides(frame, rows, weight=600),
        *_priorities(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['said']}" for row in rows])


def _measured(row: Row) -> Row:
    """The row with its gap as printed, its exact priority and its place in the order."""
    score, target, weight = row["score"], row["target"], row["weight"]
    if score is None:
        return row | {"gap": 0.0, "priority": 0.0, "order": (3, 0.0)}
    gap = max(float(half_up(target) - half_up(score)), 0.0)
    priority = weight * (target - score) if gap else 0.0
    return row | {"gap": gap, "priority": priority, "order": (2 if not weight else 0 if gap else 1, -priority)}


def _row(row: Row, look: Look, leads: bool) -> Row:
    """A criterion's colours, and its result in words: for the column, for a phone, for the description."""
    texts, gap, weight = look.texts, row["gap"], row["weight"]
    kept = {key: row[key] for key in ("title", "score", "target", "gap")} | {"lines": [], "bold": 600, "figure": ""}
    grey = {"colour": "muted", "tone": "edge", "dot": "edge", "aside_colour": "muted", "thick": look.size(2)}
    if row["score"] is None:
        short = texts("common.not_assessed")
        said = row.get("reason") or texts("chart.too_few")
        return kept | grey | {"aside": short, "aside_brief": "", "said": said}  # the hatch has the words beside it
    if not weight or not gap:
        said = texts("chart.reached" if weight else "chart.irrelevant")
        reached: Row = {"colour": "ink", "dot": "level4"} if weight else {}
        return kept | grey | reached | {"aside": said, "aside_brief": said, "said": said}
    figure = texts.number(gap * weight)
    how = texts("chart.priority", gap=texts.number(gap), weight=texts.short(weight))
    tones: Row = {"colour": "ink", "dot": "level4"}
    if leads:
        tones |= {"bold": 700, "tone": "ink", "dot": "accent", "aside_colour": "ink", "thick": look.size(4)}
    whole = {"aside": f"{how} = {figure}", "aside_brief": figure, "said": f"{how} = {figure}"}
    return kept | grey | tones | whole | {"figure": figure, "how": how}


def _dimensions(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Today's dot, the tick at the target, the line between them, and the figure at each."""
    look, texts = frame.look, frame.look.texts
    lines, ticks, dots, figures, spans = [], [], [], [], []
    for row in rows:
        place, score, target = {"yw": row["yw"], "yn": row["yn"]}, row["score"], row["target"]
        # on or above its target the dot stands right of the tick, so the two figures change sides
        side = 1 if score >= target else -1
        now = {"x": score, "text": texts.number(score), "colour": row["colour"], "bold": 600, "side": side}
        then = {"x": target, "text": texts.number(target), "colour": "muted", "bold": 400, "side": -side}
        figures += [now | place, then | place]
        dots.append({"x": score, "colour": row["dot"], **place})
        ticks.append({"x": target, "colour": row["colour"], **around(row, look.size(9 if row["figure"] else 12))})
        if row["figure"]:
            lines.append({"x": score, "x1": target, "colour": row["tone"], "thick": row["thick"], **place})
            text, up = texts("chart.gap", gap=texts.number(row["gap"])), look.size(13)
            above = spot(row["yw"] - up, row["yn"] - up)
            tone = {"colour": row["aside_colour"], "bold": row["bold"], "half": look.room(text, 12.5) / 2}
            spans.append({"x": (score + target) / 2, "text": text, **tone, **above})
    round_ = {"type": "point", "filled": True, "opacity": 1, "shape": "circle", "size": look.size(180) * look.scale}
    middle = frame.px("datum.x")
    inside = f"{clipped(middle, 'datum.half', frame)} - {middle}"
    align, aside = "datum.side > 0 ? 'left' : 'right'", f"{look.size(10)} * datum.side"
    return [
        *draw(frame, lines, {"type": "rule", "strokeWidth": {"expr": "datum.thick"}}, "x", "x1"),
        *words(frame, figures, "x", size=13, align=align, dx=aside, halo=True),
        *draw(frame, dots, round_ | {"stroke": look.colour("bg"), "strokeWidth": 1.5}, "x"),
        *draw(frame, ticks, {"type": "rule", "strokeWidth": look.size(2.5)}, "x"),
        *words(frame, spans, "x", align="center", dx=inside, halo=True),
    ]


def _priorities(frame: Frame, rows: Sequence[Row]) -> Layers:
    """Priority and how it comes about, to the right where there is a column for them."""
    look, figures, hows = frame.look, [], []
    for i, row in enumerate(rows):
        middle, tone = frame.middle(i), {"brief": "", "colour": row["aside_colour"]}
        if row["figure"]:
            figures.append({"text": row["figure"], **tone, **spot(middle - look.size(8), middle)})
            hows.append({"text": row["how"], **tone, "colour": "muted", **spot(middle + look.size(13), middle)})
        else:
            hows.append({"text": row["aside"], **tone, **spot(middle, middle)})
    return [
        *words(frame, figures, RIGHT, size=22, weight=700, align="right"),
        *words(frame, hows, RIGHT, align="right"),
    ]
