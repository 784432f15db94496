"""The criteria's way from one measurement to another."""

from collections.abc import Sequence
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

BOLD: Final = ("clear", "indicated")


def wave_change(df: pd.DataFrame, look: Look) -> alt.LayerChart:
    """The criteria by what changed, each from the first measurement's circle to an arrow at the last, with its noise.

    The band around the first score is how far chance alone may carry it: an arrow that ends inside is thin and grey.
    Only what is larger than the noise is in petrol. Those without a comparison come last, with the reason.

    df, a row per criterion:
    title    name of the criterion, at most 46 characters
    first    1 to 5; None when there is nothing to compare
    last     1 to 5
    delta    last minus first as it is printed
    noise    half the width of the band in levels; None when nothing can be said of it
    verdict  clear, within, indicated or descriptive
    said     the verdict in ready words, at most 25 characters
    reason   why there is no comparison, in ready words
    before   name of the first measurement, the same in every row
    after    name of the last
    """
    given = sorted(records(df), key=lambda row: (row["first"] is None, -(row["delta"] or 0.0)))
    rows = [_row(row, look) for row in given]
    frame = Frame.stacked(
        look,
        head=50,
        body=36,
        notes=[0] * len(rows),
        domain=LEVEL_DOMAIN,
        left=column(look, rows),
        right=look.size(172),
    )
    for i, row in enumerate(rows):
        row |= spot(frame.middle(i), frame.body(i, 17))
    known = [row for row in rows if row["first"] is not None]
    unknown = [{"text": row["reason"], "yw": row["yw"], "yn": row["yn"]} for row in rows if row["first"] is None]
    layers = [
        *level_bands(frame),
        *rules(frame, frame.tops),
        *_ways(frame, known),
        *_names(frame, known),
        *reasons(frame, unknown),
        *heads(frame, rows),
        *asides(frame, rows, weight=600),
        *beside(frame, rows),
    ]
    return finish(frame, layers, [f"{row['title']}: {row['spoken']}" for row in rows])


def _row(row: Row, look: Look) -> Row:
    kept: Row = {**row, "lines": [], "colour": "ink", "bold": 600}
    if row["first"] is None:
        short = look.texts("common.not_assessed")
        return kept | {
            "aside": "",
            "aside_brief": "",
            "aside_colour": "muted",
            "figure": "",
            "spoken": row["reason"] or short,
        }
    figure, strong = look.texts.number(row["delta"], sign=bool(row["delta"])), row["verdict"] in BOLD
    whole = f"{figure} {row['said']}"
    ends = f"{look.texts.number(row['first'])} – {look.texts.number(row['last'])}"
    tones: Row = {"aside_colour": "ink" if strong else "muted", "tone": "accent" if strong else "edge"}
    return kept | tones | {"aside": whole, "aside_brief": figure, "figure": figure, "spoken": f"{ends}, {whole}"}


def _ways(frame: Frame, rows: Sequence[Row]) -> Layers:
    """The band, the way and its two ends."""
    look = frame.look
    bands, ways, starts, ends = [], [], [], []
    for row in rows:
        place, strong = {"yw": row["yw"], "yn": row["yn"]}, row["tone"] == "accent"
        if row["noise"]:
            low, high = max(1.0, row["first"] - row["noise"]), min(5.0, row["first"] + row["noise"])
            bands.append({"x": low, "x1": high, **around(row, look.size(9))})
        ways.append(
            {
                "x": row["first"],
                "x1": row["last"],
                "colour": row["tone"],
                "thick": look.size(3.5 if strong else 2),
                **place,
            }
        )
        starts.append({"x": row["first"], "rim": row["tone"], "colour": "bg", **place})
        if row["delta"]:  # what prints as no change has no direction
            shape = "triangle-right" if row["delta"] > 0 else "triangle-left"
            ends.append({"x": row["last"], "colour": row["tone"], "shape": shape, **place})
    point = {"type": "point", "filled": True, "opacity": 1}
    return [
        *draw(frame, bands, {"type": "rect", "color": look.colour("edge"), "opacity": 0.22}, "x", "x1"),
        *draw(frame, ways, {"type": "rule", "strokeWidth": {"expr": "datum.thick"}}, "x", "x1"),
        *draw(frame, starts, point | {"shape": "circle", "size": look.size(85) * look.scale, "strokeWidth": 2}, "x"),
        *draw(frame, ends, point | {"size": look.size(160) * look.scale}, "x"),
    ]


def _names(frame: Frame, rows: Sequence[Row]) -> Layers:
    """The names of the two measurements above the first row, moved apart where they would meet."""
    if not rows:
        return []
    look, row = frame.look, rows[0]
    y = frame.tops[0] - look.size(12)
    named = sorted(((row["first"], row["before"]), (row["last"], row["after"])))
    layers: Layers = []
    places, widths = [frame.px(f"{x}") for x, _ in named], [look.room(name, 12.5) for _, name in named]
    first, second = widths
    between = f"clamp(({places[0]} + {places[1]}) / 2, {frame.start} + {first + 4}, {frame.end} - {second + 4})"
    centres = [
        f"min({clipped(places[0], first / 2, frame)}, {between} - {first / 2 + 4})",
        f"max({clipped(places[1], second / 2, frame)}, {between} + {second / 2 + 4})",
    ]
    for (x, name), place, centre in zip(named, places, centres, strict=True):
        said = [{"x": x, "text": name, "colour": "muted", **spot(y, y)}]
        layers += words(frame, said, "x", weight=600, align="center", dx=f"{centre} - {place}")
    return layers
