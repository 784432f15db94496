"""Charts as pictures in a document: the same definitions as on the pages, in the documents' own font."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import altair as alt

from assessment import charts
from assessment.report.typesetting import FAMILY, FONTS
from assessment.wording import reader

WIDTH: Final = 900  # pixels: names in a column of their own, and text of 7 to 8 points on paper


@dataclass(frozen=True)
class ChartPicture:
    """A chart as an SVG file, and in words for who cannot see it."""

    svg: bytes
    alt: str


def look(width: int = WIDTH) -> charts.Look:
    """How a chart is drawn on paper, in the language of the document being written."""
    return charts.Look(reader.texts(), "light", width)


def drawn(chart: alt.LayerChart) -> ChartPicture:
    """The chart as a picture. Nothing is fetched from anywhere."""
    spec = charts.spec(chart)
    spec["config"]["font"] = FAMILY
    svg: str = _renderer().vegalite_to_svg(spec, allowed_base_urls=[])
    return ChartPicture(svg.encode(), str(spec["description"]))


@cache
def _renderer() -> Any:
    import vl_convert  # a JavaScript engine, 0.6 s the first time, which only documents need

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
