"""The layers charts are made of: one single view, rows in pixels, and an expression for all that depends on width.

The server does not know how wide the page is, so each row has two places: `yw` where the names stand in a column of
their own, `yn` where they stand above (a spot), or from `aw` to `bw` and from `an` to `bn` (a span).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import altair as alt
import pandas as pd

from assessment.charts.look import NARROW_BELOW, Look

Row = dict[str, Any]
Layers = list[alt.Chart | alt.LayerChart]
Pixels = tuple[str, str]  # (wide, narrow) expressions of `width`

LEFT: Final[Pixels] = ("0", "0")
RIGHT: Final[Pixels] = ("width", "width")


def records(df: pd.DataFrame) -> list[Row]:
    """The rows of a frame with None for everything missing, whatever pandas made of it."""
    return [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in df.to_dict("records")]


def spot(wide: float, narrow: float) -> Row:
    """Where a mark or a text stands: pixels from the top."""
    return {"yw": wide, "yn": narrow}


def span(wide: tuple[float, float], narrow: tuple[float, float]) -> Row:
    """From where to where a mark reaches: pixels from the top."""
    return {"aw": wide[0], "bw": wide[1], "an": narrow[0], "bn": narrow[1]}


def around(row: Row, half: float) -> Row:
    """The span of this half height around a spot."""
    return span((row["yw"] - half, row["yw"] + half), (row["yn"] - half, row["yn"] + half))


@dataclass(frozen=True)
class Frame:
    """Where the rows lie and how the data scale lies between its margins, both in pixels.

    tops: of each row. notes: lines of small print a row has room for below its name.
    """

    look: Look
    tops: Sequence[float]
    heights: Sequence[float]
    notes: Sequence[int]
    domain: tuple[float, float]
    left: float
    right: float
    narrow_right: float = 0

    @classmethod
    def stacked(cls, look: Look, head: float, body: float, notes: Sequence[int], **scale: Any) -> "Frame":
        """Rows one below the other after `head`, each as high as its name, its notes and its `body` when narrow."""
        heights = [look.size(23 + 15 * lines + body) for lines in notes]
        tops = list(accumulate(heights, initial=look.size(head)))[:-1]
        return cls(look, tops, heights, notes, **scale)

    @property
    def height(self) -> float:
        return round(self.tops[-1] + self.heights[-1], 1)

    @property
    def narrow(self) -> str:
        return f"width < {self.look.size(NARROW_BELOW)}"

    def either(self, wide: object, narrow: object) -> str:
        """Expression: one or the other, by the width the chart got."""
        return f"({self.narrow} ? {narrow} : {wide})"

    @property
    def start(self) -> str:
        return self.either(self.left, 0)

    @property
    def end(self) -> str:
        return self.either(f"width - {self.right}", f"width - {self.narrow_right}")

    def px(self, field: str) -> str:
        """Expression: the pixel of a value on the data scale."""
        low, high = self.domain
        return f"({self.start} + ({field} - {low}) / {high - low} * ({self.end} - {self.start}))"

    def middle(self, i: int) -> float:
        """Middle of a row."""
        return self.tops[i] + self.heights[i] / 2

    def body(self, i: int, below: float) -> float:
        """This far below a row's name and notes when narrow."""
        return self.tops[i] + self.look.size(23 + 15 * self.notes[i] + below)


def x_at(frame: Frame, place: str | Pixels) -> Any:
    """A field on the data scale, or a pixel position."""
    if not isinstance(place, str):
        return alt.value({"expr": frame.either(*place)})
    ends = [{"expr": frame.start}, {"expr": frame.end}]
    return alt.X(place, type="quantitative", axis=None, scale=alt.Scale(domain=list(frame.domain), range=ends))


def draw(
    frame: Frame,
    rows: Sequence[Row],
    mark: Mapping[str, Any],
    x: str | Pixels,
    x2: str | Pixels | None = None,
    calculate: Mapping[str, str] | None = None,
) -> Layers:
    """One layer of marks, none without rows: an empty layer would still be compiled.

    Columns used where rows have them: a spot or a span; colour, rim (names), shape.
    """
    if not rows:
        return []
    look, first = frame.look, rows[0]
    painted = [{k: look.colour(v) if k in ("colour", "rim") else v for k, v in row.items()} for row in rows]
    steps, encoding = dict(calculate or {}), {"x": x_at(frame, x)}
    pixels = alt.Scale(domain=[0, frame.height], range=[0, frame.height], nice=False, zero=False)
    if "yw" in first:
        steps["y"] = f"{frame.narrow} ? datum.yn : datum.yw"
        encoding["y"] = alt.Y("y", type="quantitative", axis=None, scale=pixels)
    elif "aw" in first:
        steps |= {end: f"{frame.narrow} ? datum.{end}n : datum.{end}w" for end in ("a", "b")}
        encoding["y"], encoding["y2"] = alt.Y("a", type="quantitative", axis=None, scale=pixels), alt.Y2("b")
    if x2 is not None:
        encoding["x2"] = alt.X2(x2) if isinstance(x2, str) else alt.value({"expr": frame.either(*x2)})
    if "colour" in first:
        channel, encode = ("fill", alt.Fill) if "rim" in first else ("color", alt.Color)
        encoding[channel] = encode("colour", type="nominal", scale=None)
    if "rim" in first:
        encoding["stroke"] = alt.Stroke("rim", type="nominal", scale=None)
    if "shape" in first:
        encoding["shape"] = alt.Shape("shape", type="nominal", scale=None)
    if mark["type"] == "text":
        encoding["text"] = alt.Text("said" if "said" in steps else "text", type="nominal")
    layer = alt.Chart(
        alt.InlineData(values=tuple(painted)),  # Altair copies lists, many times over
        mark=alt.MarkDef(aria=False, **mark),
        encoding=alt.FacetedEncoding(**encoding),
        transform=[alt.CalculateTransform(calculate=how, **{"as": name}) for name, how in steps.items()],
    )
    return [layer]


def words(
    frame: Frame,
    rows: Sequence[Row],
    x: str | Pixels,
    *,
    size: float | str = 12.5,
    weight: int = 400,
    align: str = "left",
    dx: float | str = 0,
    halo: bool = False,
    limit: str | None = None,
    calculate: Mapping[str, str] | None = None,
) -> Layers:
    """Text at spots; with a halo in the background colour where it may lie on marks.

    rows: text, colour, a spot; optional brief (the text when narrow), bold (a weight of its own). A text that is not
    to be shown at a width is '': a transparent one would still take room and shrink the plot. size, align and dx may
    be expressions. limit: an expression of the pixels there are; a longer text gets an ellipsis.
    """
    rows = [row for row in rows if row["text"] or row.get("brief")]
    if not rows:
        return []
    look, steps = frame.look, dict(calculate or {})
    if "brief" in rows[0]:
        steps.setdefault("said", f"{frame.narrow} ? datum.brief : datum.text")
    style = {
        "type": "text",
        "fontSize": {"expr": size} if isinstance(size, str) else look.size(size),
        "fontWeight": {"expr": "datum.bold"} if "bold" in rows[0] else weight,
        "align": align if align in ("left", "center", "right") else {"expr": align},
        "dx": {"expr": dx} if isinstance(dx, str) else look.size(dx),
        "baseline": "middle",
    }
    if limit:
        style["limit"] = {"expr": limit}
    layers = draw(frame, rows, style, x, calculate=steps)
    if not halo:
        return layers
    paper = [{k: v for k, v in row.items() if k != "colour"} for row in rows]
    ring = {"color": look.colour("bg"), "stroke": look.colour("bg"), "strokeWidth": 6, "strokeJoin": "round"}
    return draw(frame, paper, style | ring, x, calculate=steps) + layers


def clipped(centre: str, half: float | str, frame: Frame) -> str:
    """Expression: `centre` moved so that a text of this half width stays on the plot."""
    return f"clamp({centre}, {frame.start} + {half}, {frame.end} - {half})"
