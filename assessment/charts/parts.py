"""What several charts are made of: names, notes, level bands, and the sign for what is not shown."""

import textwrap
from collections.abc import Sequence
from math import floor, log10
from typing import Final

import altair as alt

from assessment.charts.frame import LEFT, RIGHT, Frame, Layers, Row, around, draw, span, spot, words
from assessment.charts.look import FONT, Look

LEVEL_DOMAIN: Final = (0.5, 5.5)  # bands of equal width, and room for a mark and its label at 1.0 and 5.0
FITS: Final = "datum.name + datum.all < width"
# where the hatch for a level we do not show lies: left of 1.0, so that it is not read as a value
NO_LEVEL: Final = {"x0": 0.6, "x1": 0.98}
NOTE_CHARS: Final = 50  # what a phone of 320 px holds at 12.5 px
SEPARATOR: Final = "\u00a0· "  # a line may end with the dot, never begin with it


def wrapped(*facts: str | None) -> list[str]:
    """The facts as lines of small print, those that are nothing left out."""
    return textwrap.wrap(SEPARATOR.join(f for f in facts if f), NOTE_CHARS)


def column(look: Look, rows: Sequence[Row]) -> float:
    """Width of the column of names: no wider than the longest needs, so that the scale gets the rest."""
    longest = [look.room(row["title"], 14.5) for row in rows]
    return max(longest + [look.room(line, 12.5) for row in rows for line in row["lines"]]) + look.size(16)


def heads(frame: Frame, rows: Sequence[Row]) -> Layers:
    """The rows' names and small print: in a column of their own, or above the row when narrow.

    rows: title, lines, colour, bold; optional note_colour and note_bold of the lines, and the columns of `asides`, for
    which a name then leaves room.
    """
    look, names, notes = frame.look, [], []
    for i, row in enumerate(rows):
        up = look.size(8.5) * len(row["lines"])
        names.append({k: row[k] for k in ("colour", "bold")} | {"text": row["title"]})
        names[-1] |= spot(frame.middle(i) - up, frame.tops[i] + look.size(13))
        if "aside" in row:
            names[-1] |= _rooms(row, look)
        for j, line in enumerate(row["lines"]):
            place = spot(frame.middle(i) - up + look.size(18 + 15 * j), frame.tops[i] + look.size(31 + 15 * j))
            tone = {"colour": row.get("note_colour", "muted"), "bold": row.get("note_bold", 400)}
            notes.append({"text": line, **tone, **place})
    taken = f"({FITS} ? datum.all : datum.least)" if "aside" in rows[0] else "0"
    limit = frame.either(frame.left - 10, f"width - {taken}")
    return [
        *words(frame, names, LEFT, size=14.5, halo=True, limit=limit),
        *words(frame, notes, LEFT, halo=True, limit=frame.either(frame.left - 10, "width")),
    ]


def asides(frame: Frame, rows: Sequence[Row], weight: int) -> Layers:
    """What stands to the right of the names when narrow, the longer words where they and the name have room.

    rows: title, aside, aside_brief, aside_colour.
    """
    look = frame.look
    said = [
        {"text": "", "brief": row["aside"], "short": row["aside_brief"], "colour": row["aside_colour"]}
        | _rooms(row, look)
        | spot(frame.middle(i), frame.tops[i] + look.size(13))
        for i, row in enumerate(rows)
    ]
    chosen = {"said": f"{frame.narrow} ? ({FITS} ? datum.brief : datum.short) : ''"}
    return words(frame, said, RIGHT, size=14, weight=weight, align="right", halo=True, calculate=chosen)


def beside(frame: Frame, rows: Sequence[Row]) -> Layers:
    """A large figure and what to make of it, to the right where there is a column for them.

    rows: figure ('' for none), said, aside_colour.
    """
    look, figures, said = frame.look, [], []
    for i, row in enumerate(rows):
        if row["figure"]:
            middle, tone = frame.middle(i), {"brief": "", "colour": row["aside_colour"]}
            figures.append({"text": row["figure"], **tone, **spot(middle - look.size(8), middle)})
            said.append({"text": row["said"], **tone, "colour": "muted", **spot(middle + look.size(13), middle)})
    return [
        *words(frame, figures, RIGHT, size=20, weight=700, align="right"),
        *words(frame, said, RIGHT, align="right"),
    ]


def _rooms(row: Row, look: Look) -> Row:
    aside, brief = look.room(row["aside"], 14) + 12, look.room(row["aside_brief"], 14) + 12
    return {"name": look.room(row["title"], 14), "all": aside, "least": brief}


def rules(frame: Frame, tops: Sequence[float]) -> Layers:
    """Hairlines between the rows."""
    rows = [spot(top, top) for top in tops]
    return draw(frame, rows, {"type": "rule", "color": frame.look.colour("line")}, LEFT, RIGHT)


def hatch(frame: Frame, rows: Sequence[Row]) -> Layers:
    """The one sign for hidden, excluded and not assessed: diagonal strokes in a dashed edge. rows: x0, x1, a span."""
    look, step, lean = frame.look, 7, 5  # pixels, the slant of the pages' own hatch
    edge = {"color": look.colour("edge"), "strokeWidth": 1}
    box = {"type": "rect", "filled": False, "strokeDash": [3, 3], **edge}
    layers = draw(frame, rows, box, "x0", "x1")
    # as many strokes as the box is wide in the browser
    inside = f"{frame.px('datum.x1')} - {frame.px('datum.x0')} - {lean}"
    offsets = {"xOffset": {"expr": f"datum.o + {lean}"}, "x2Offset": {"expr": "datum.o"}}
    for strokes in draw(frame, rows, {"type": "rule", **edge, **offsets}, "x0", "x0"):
        strokes.transform = [
            alt.CalculateTransform(calculate=f"sequence(1, max(2, {inside}), {step})", **{"as": "o"}),
            alt.FlattenTransform(flatten=["o"]),
            *strokes.transform,
        ]
        layers.append(strokes)
    return layers


def reasons(frame: Frame, rows: Sequence[Row]) -> Layers:
    """The hatch in place of a level and, beside it, why none is shown. rows: text, a spot, optional brief."""
    said = [{"brief": row["text"], "colour": "muted", "x": NO_LEVEL["x1"]} | row for row in rows]
    chips = [NO_LEVEL | around(row, frame.look.size(6.5)) for row in rows]
    return [*hatch(frame, chips), *words(frame, said, "x", weight=600, dx=8, halo=True)]


def level_bands(frame: Frame) -> Layers:
    """The five named levels above the rows, and faint lines between them. Never shown while somebody answers."""
    look, texts, top = frame.look, frame.look.texts, frame.look.size(24)
    whole = span((0, top), (0, top))
    chips = [{"lo": i - 0.5, "hi": i + 0.5, "colour": f"level{i}", **whole} for i in range(1, 6)]
    names = [texts(f"level.{i}") for i in range(1, 6)]
    brief = [*names[:4], texts("chart.level.5.brief")]
    said = [
        {
            "level": i,
            "text": f"{i} {names[i - 1]}",
            "medium": f"{i} {brief[i - 1]}",
            "short": brief[i - 1],
            "figure": str(i),
            "colour": f"on_level{i}",
            **spot(top / 2 + 0.5, top / 2 + 0.5),
        }
        for i in range(1, 6)
    ]
    chip = f"(({frame.end}) - ({frame.start})) / 5"
    roomy, medium, short = (look.size(px) for px in (144, 76, 56))
    steps = {
        "said": f"{chip} > {roomy} ? datum.text : {chip} > {medium} ? datum.medium : "
        f"{chip} > {short} ? datum.short : datum.figure"
    }
    lines = [{"lo": i + 0.5, **span((top, frame.height), (top, frame.height))} for i in range(1, 5)]
    return [
        *draw(frame, lines, {"type": "rule", "color": look.colour("line")}, "lo"),
        *draw(frame, chips, {"type": "rect"}, "lo", "hi"),
        *words(frame, said, "level", size=12, weight=600, align="center", calculate=steps),
    ]


def ticks(low: float, high: float, count: int) -> list[float]:
    """About so many round values between the two."""
    rough = (high - low) / count
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = floor(low / step) + (low % step > 0)
    return [round(n * step, 9) for n in range(first, floor(high / step) + 1)]


def finish(frame: Frame, layers: Layers, description: Sequence[str]) -> alt.LayerChart:
    """The chart. description: a sentence a row, the chart's accessible name; screen readers do not meet the marks."""
    look = frame.look
    background = "transparent" if look.theme == "auto" else look.colour("bg")
    # in one go: each method of a chart would copy every layer with its data once more, a third of the time to build it
    return alt.LayerChart(
        layer=layers,
        width=look.width or "container",
        height=frame.height,
        description=". ".join(description),
        config=alt.Config(background=background, font=FONT, view=alt.ViewConfig(stroke=None)),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=0,
    )
