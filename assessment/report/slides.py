"""What slides are made of: titles, text that fits, native tables and charts, notes, alternative texts, the foot.

Colours are the theme's, so that whatever template the deck is written into decides how they look.
"""

import copy
import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Any, Final

from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.slide import Slide, SlideLayout
from pptx.util import Emu, Inches, Pt

from assessment.packs import Language
from assessment.report.slide_template import BODIES, TITLES, Box, Template
from assessment.texts import texts as texts_of

ACCENTS: Final = (
    *(MSO_THEME_COLOR.ACCENT_1, MSO_THEME_COLOR.ACCENT_2, MSO_THEME_COLOR.ACCENT_3),
    *(MSO_THEME_COLOR.ACCENT_4, MSO_THEME_COLOR.ACCENT_5, MSO_THEME_COLOR.ACCENT_6, MSO_THEME_COLOR.TEXT_1),
)
INK: Final = 6  # the place of what measures: targets
MARKERS: Final = {
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "circle": XL_MARKER_STYLE.CIRCLE,
    "square": XL_MARKER_STYLE.SQUARE,
    "triangle": XL_MARKER_STYLE.TRIANGLE,
    "dash": XL_MARKER_STYLE.DASH,
}
TICKS: Final = 6
TEXT_SIZES: Final = (18, 16, 14, 13, 12, 11)
TABLE_SIZES: Final = (16, 14, 13, 12, 11, 10)
TITLE_SIZES: Final = (40, 36, 32, 28, 26, 24, 22, 20, 18)
_LIGHT_TABLE: Final = "{3C2FFA5D-87B4-456A-9821-1D502468CF0F}"  # Light Style 1, Accent 1: rules, text in ink
_LANGUAGES: Final = {"nb": "nb-NO", "en": "en-GB"}
_CHAR: Final = 0.53  # width of a letter as a share of its size; a little more than that of most fonts
_LINE: Final = 1.2
_INSET: Final = Inches(0.1)
_CELL: Final = Inches(0.05)
NOTE: Final = Inches(0.3)  # a line of explanation
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Say:
    """A paragraph."""

    text: str
    bold: bool = False
    bullet: bool = False


@dataclass(frozen=True)
class Series:
    """A series of a chart: values by category, None is a gap. accent: of the theme, from 0. marker: a dot's shape.

    dashed: a line that steps back. hollow: a bar that is not filled, of what is not there yet.
    """

    name: str
    values: Sequence[float | None]
    accent: int
    marker: str | None = None
    dashed: bool = False
    hollow: bool = False


@dataclass(frozen=True)
class Foot:
    """What stands at the foot of every slide, beside its number."""

    text: str
    day: str


class Page:
    """One slide being written. area: where its content goes, above the line that says what it rests on."""

    def __init__(self, slide: Slide, area: Box, language: Language) -> None:
        self.slide, self.area, self._language = slide, area, language

    def text(self, box: Box, said: Sequence[Say]) -> None:
        """Paragraphs in a box, as large as they fit."""
        size, fitting = fitted(said, box)
        frame = self.slide.shapes.add_textbox(*_emu(box)).text_frame
        frame.word_wrap = True
        _fill(frame, fitting, size)

    def table(
        self,
        box: Box,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        alt: str,
        shares: Sequence[float],
        strong: Sequence[int] = (),
    ) -> None:
        """A native table; rows that do not fit are counted in the last one. shares: of the width. strong: bold rows."""
        size, fitting = self._fitting(box, head, rows, shares)
        heights = [_row_height(row, size, box.width, shares) for row in (head, *fitting)]
        frame = self.slide.shapes.add_table(len(fitting) + 1, len(head), *_emu(replace(box, height=sum(heights))))
        table = frame.table
        frame._element.find(f".//{qn('a:tableStyleId')}").text = _LIGHT_TABLE
        table.horz_banding = False
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Emu(int(box.width * share / sum(shares)))
        for at, (row, cells) in enumerate(zip(table.rows, (head, *fitting), strict=True)):
            row.height = Emu(heights[at])
            for cell, words in zip(row.cells, cells, strict=True):
                cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = _CELL
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                _fill(cell.text_frame, [Say(words, bold=at == 0 or at - 1 in strong)], size)
        _describe(frame, alt)

    def bars(
        self,
        box: Box,
        categories: Sequence[str],
        series: Sequence[Series],
        *,
        alt: str,
        form: str = "0.0",
        ends: tuple[float | None, float | None] = (0, None),
        stacked: bool = False,
        strong: int | None = None,
    ) -> None:
        """Horizontal bars with their figures, the first category at the top. strong: others step back."""
        kind = XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED
        chart = self._chart(box, kind, categories, series, alt)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 60, 100 if stacked else -10
        for drawn, told in zip(plot.series, series, strict=True):
            _paint(drawn.format, told)
            drawn.invert_if_negative = False
            if not stacked:
                drawn.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
            drawn.data_labels.show_value = True
            drawn.data_labels.number_format, drawn.data_labels.number_format_is_linked = form, False
            drawn.data_labels.font.size = Pt(12)
            drawn.data_labels.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
            if stacked and not told.hollow:
                _ground(drawn.data_labels)
        for at in range(len(categories)) if strong is not None else ():
            if at != strong:
                _paint(plot.series[0].points[at].format, replace(series[0], accent=4))
        chart.category_axis.reverse_order = True
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = ends

    def dots(self, box: Box, categories: Sequence[str], series: Sequence[Series], *, alt: str) -> None:
        """A dot for each series over each category, on the scale of levels."""
        chart = self._chart(box, XL_CHART_TYPE.LINE_MARKERS, categories, series, alt)
        for drawn, told in zip(chart.plots[0].series, series, strict=True):
            drawn.format.line.fill.background()
            drawn.smooth = False
            drawn.marker.style, drawn.marker.size = (
                MARKERS[told.marker or "circle"],
                14 if told.marker == "dash" else 11,
            )
            drawn.marker.format.fill.solid()
            drawn.marker.format.fill.fore_color.theme_color = ACCENTS[told.accent]
            drawn.marker.format.line.fill.solid()
            drawn.marker.format.line.fill.fore_color.theme_color = ACCENTS[told.accent]
        axis = chart.value_axis
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 1, 5, 1
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0", False
        _pale(axis)

    def lines(
        self,
        box: Box,
        categories: Sequence[str],
        series: Sequence[Series],
        *,
        alt: str,
        form: str,
        unit: str,
        below: str,
    ) -> None:
        """Lines over time; the first is the one to look at. unit, below: what the two axes tell."""
        chart = self._chart(box, XL_CHART_TYPE.LINE, categories, series, alt)
        for drawn, told in zip(chart.plots[0].series, series, strict=True):
            drawn.smooth = False
            drawn.format.line.width = Pt(1.5 if told.dashed else 3)
            drawn.format.line.fill.solid()
            drawn.format.line.fill.fore_color.theme_color = ACCENTS[told.accent]
            if told.dashed:
                drawn.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
        axis = chart.value_axis
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
        for named, words in ((axis, unit), (chart.category_axis, below)):
            if words:
                named.axis_title.text_frame.text = clean(words)
                named.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(12)
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        end = chart.category_axis._element.find(qn("c:noMultiLvlLbl"))
        for name in ("c:tickLblSkip", "c:tickMarkSkip"):
            end.addprevious(etree.Element(qn(name), val=str(max(1, len(categories) // TICKS))))
        _pale(axis)

    def notes(self, said: Sequence[str]) -> None:
        """What whoever presents it should know."""
        frame = self.slide.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = clean("\n".join(line for line in said if line))

    def _chart(
        self, box: Box, kind: XL_CHART_TYPE, categories: Sequence[str], series: Sequence[Series], alt: str
    ) -> Chart:
        data = CategoryChartData()
        data.categories = [clean(name) for name in categories]
        for told in series:
            data.add_series(clean(told.name), told.values)
        frame = self.slide.shapes.add_chart(kind, *_emu(box), data)
        _describe(frame, alt)
        chart: Chart = frame.chart
        chart.has_title = False
        chart.font.size = Pt(12)
        chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
        chart.has_legend = len(series) > 1
        if chart.legend is not None:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.category_axis.has_major_gridlines = False
        chart.category_axis.format.line.fill.background()
        return chart

    def _fitting(
        self, box: Box, head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]
    ) -> tuple[int, Sequence[Sequence[str]]]:
        """The largest size at which all rows fit; else the smallest, with as many rows as fit."""
        whole = [size for size in TABLE_SIZES if all(_whole(row, size, box.width, shares) for row in (head, *rows))]
        for size in (*whole, *TABLE_SIZES):
            if sum(_row_height(row, size, box.width, shares) for row in (head, *rows)) <= box.height:
                return size, rows
        kept, size = [*rows], TABLE_SIZES[-1]
        while len(kept) > 1:
            kept.pop()
            rest = texts_of(self._language).plural("deck.more_rows", len(rows) - len(kept))
            shown = [*kept, [rest, *("" for _ in head[1:])]]
            if sum(_row_height(row, size, box.width, shares) for row in (head, *shown)) <= box.height:
                return size, shown
        return size, [[textwrap.shorten(cell, 80, placeholder=" …") for cell in row] for row in kept]


class Slides:
    """A deck being written into a template."""

    def __init__(self, template: Template, language: Language, foot: Foot) -> None:
        self._template, self._language, self._foot = template, language, foot

    def opening(self, title: str, lines: Sequence[str], logo: bytes | None, logo_alt: str) -> Page:
        """The first slide; the logo stands at the top right unless the template has its own."""
        page = self._begin(self._template.opening, title)
        subtitle = next(p for p in page.slide.placeholders if p.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE)
        said = [Say(line) for line in lines]
        size, fitting = fitted(said, Box(subtitle.left, subtitle.top, subtitle.width, subtitle.height))
        _fill(subtitle.text_frame, fitting, size)
        if logo is not None and not self._template.own:
            picture = page.slide.shapes.add_picture(io.BytesIO(logo), 0, 0)
            scale = min(Inches(2.6) / picture.width, Inches(1.0) / picture.height)
            picture.width, picture.height = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
            area = self._template.area
            picture.left, picture.top = Emu(area.left + area.width - picture.width), Emu(Inches(0.55))
            _describe(picture, logo_alt)
        return page

    def page(self, title: str, basis: str) -> Page:
        """A slide with a title, an empty area, and the line that says what it rests on."""
        page = self._begin(self._template.title_only, title)
        said, size = [Say(basis)], 11
        page.area, line = page.area.rows(text_height(said, size, page.area.width), gap=Inches(0.08))
        box = page.slide.shapes.add_textbox(*_emu(line))
        box.text_frame.word_wrap = True
        _fill(box.text_frame, said, size)
        return page

    def text(self, title: str, said: Sequence[str]) -> Page:
        """A slide with a list in the master's own bullets."""
        page = self._begin(self._template.content, title)
        body = next(p for p in page.slide.placeholders if p.placeholder_format.type in BODIES)
        size, fitting = fitted([Say(line) for line in said], page.area)
        _fill(body.text_frame, fitting, size)
        return page

    def save(self, title: str, author: str, on: date) -> bytes:
        """The file, which says what it is, who it comes from and its day. Every run is marked with its language."""
        file = self._template.file
        about = file.core_properties
        about.title, about.author, about.last_modified_by = clean(title), clean(author), clean(author)
        about.subject = about.keywords = about.comments = about.category = ""
        about.language, about.revision = _LANGUAGES[self._language], 1
        about.created = about.modified = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - the format has UTC alone
        for slide in file.slides:
            roots = [slide._element, *(shape.chart._chartSpace for shape in slide.shapes if shape.has_chart)]
            if slide.has_notes_slide:
                roots.append(slide.notes_slide._element)
            for root in roots:
                _mark(root, _LANGUAGES[self._language])
        stored = io.BytesIO()
        file.save(stored)
        return stored.getvalue()

    def _begin(self, layout: SlideLayout, title: str) -> Page:
        slide = self._template.file.slides.add_slide(layout)
        heading = slide.shapes.title
        assert heading is not None
        place = Box(heading.left, heading.top, heading.width, heading.height)
        inherited = _inherited_size(layout)
        sizes = [size for size in TITLE_SIZES if size <= inherited]
        size, fitting = fitted([Say(title.removesuffix("."))], place, sizes=sizes)
        _fill(heading.text_frame, fitting, None if size == inherited else size)
        self._put_foot(slide, layout)
        return Page(slide, self._template.area, self._language)

    def _put_foot(self, slide: Slide, layout: SlideLayout) -> None:
        """The foot in the places the layout has for it; all of it in a line of our own where it has none."""
        said = {
            PP_PLACEHOLDER.FOOTER: self._foot.text,
            PP_PLACEHOLDER.DATE: self._foot.day,
            PP_PLACEHOLDER.SLIDE_NUMBER: "",
        }
        for placeholder in layout.placeholders:
            kind = placeholder.placeholder_format.type
            if kind not in said:
                continue
            words = said.pop(kind)
            element = copy.deepcopy(placeholder._element)
            element.spPr.clear()  # stands where the layout has it
            element.xpath(".//p:cNvPr")[0].set("id", str(slide.shapes._next_shape_id))
            slide.shapes._spTree.append(element)
            shape = slide.shapes[-1]
            room = Box(placeholder.left, placeholder.top, placeholder.width, placeholder.height)
            size, fitting = fitted([Say(words)], room, sizes=(10, 9, 8, 7))
            _fill(shape.text_frame, fitting, size)
            if kind == PP_PLACEHOLDER.SLIDE_NUMBER:
                _number(shape.text_frame.paragraphs[0]._p)
        if PP_PLACEHOLDER.FOOTER in said:
            rest = [self._foot.text, *([self._foot.day] if PP_PLACEHOLDER.DATE in said else [])]
            area, height = self._template.area, self._template.file.slide_height or 0
            line = Box(area.left, height - Inches(0.3), area.width, Inches(0.28))
            box = slide.shapes.add_textbox(*_emu(line))
            size, fitting = fitted([Say(" · ".join(rest))], line, sizes=(9, 8, 7))
            _fill(box.text_frame, fitting, size)
            if PP_PLACEHOLDER.SLIDE_NUMBER in said:
                _number(box.text_frame.paragraphs[0]._p, before=" · ")


# ---------------------------------------------------------------- text that fits


def fitted(said: Sequence[Say], box: Box, sizes: Sequence[int] = TEXT_SIZES) -> tuple[int, Sequence[Say]]:
    """The largest of the sizes, in points, at which paragraphs fit a box; what fits at none of them is shortened."""
    for size in sizes:
        if text_height(said, size, box.width) <= box.height:
            return size, said
    size, short, most = sizes[-1], said, max((len(s.text) for s in said), default=0)
    while most > 20:
        most = int(most * 0.85)
        short = [Say(textwrap.shorten(s.text, most, placeholder=" …"), s.bold, s.bullet) for s in said]
        if text_height(short, size, box.width) <= box.height:
            return size, short
    return size, short


def text_height(said: Sequence[Say], size: int, width: int) -> int:
    """How high paragraphs become at a size in a width, in EMU: an estimate on the safe side."""
    inner = width - 2 * _INSET
    lines = sum(_lines(s.text, size, inner - (Inches(0.25) if s.bullet else 0)) for s in said)
    return int(Pt(lines * size * _LINE + (len(said) - 1) * size * 0.4) + 2 * Inches(0.05))


def clean(words: str) -> str:
    """Words without what XML cannot hold."""
    return _UNPRINTABLE.sub("", words)


def _lines(words: str, size: int, width: int) -> int:
    across = max(1, int(Emu(width).pt / (size * _CHAR)))
    return sum(max(1, len(textwrap.wrap(line, across))) for line in words.split("\n"))


def _whole(cells: Sequence[str], size: int, width: int, shares: Sequence[float]) -> bool:
    """Whether no word of a row is wider than its column."""
    widths = [int(width * share / sum(shares)) - 2 * _CELL for share in shares]
    longest = [max((len(word) for word in cell.split()), default=0) for cell in cells]
    return all(Pt(n * size * _CHAR) <= inner for n, inner in zip(longest, widths, strict=True))


def _row_height(cells: Sequence[str], size: int, width: int, shares: Sequence[float]) -> int:
    widths = [int(width * share / sum(shares)) - 2 * _CELL for share in shares]
    most = max(_lines(cell, size, inner) for cell, inner in zip(cells, widths, strict=True))
    height: int = ceil(Pt(most * size * _LINE) + 2 * _CELL)
    return height


def _fill(frame: Any, said: Sequence[Say], size: int | None) -> None:
    for at, told in enumerate(said):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.text = clean(told.text).replace("\n", "\v")
        if size is not None and at + 1 < len(said):
            paragraph.space_after = Pt(size * 0.4)
        for run in paragraph.runs:
            run.font.size = None if size is None else Pt(size)
            run.font.bold = True if told.bold else None
        if told.bullet:
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", str(Inches(0.25)))
            properties.set("indent", str(-Inches(0.25)))
            etree.SubElement(properties, qn("a:buChar"), char="•")


# ---------------------------------------------------------------- small things


def _emu(box: Box) -> tuple[Emu, Emu, Emu, Emu]:
    return Emu(box.left), Emu(box.top), Emu(box.width), Emu(box.height)


def _describe(shape: Any, alt: str) -> None:
    shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(alt))


def _paint(form: Any, told: Series) -> None:
    """A bar's colour; a hollow one has its outline alone."""
    if told.hollow:
        form.fill.background()
        form.line.width, form.line.dash_style = Pt(1.25), MSO_LINE_DASH_STYLE.DASH
        form.line.fill.solid()
        form.line.fill.fore_color.theme_color = ACCENTS[told.accent]
    else:
        form.fill.solid()
        form.fill.fore_color.theme_color = ACCENTS[told.accent]


def _ground(labels: Any) -> None:
    """Figures on the slide's own ground: nobody knows how dark a template's bars are."""
    ground = etree.Element(qn("c:spPr"))
    fill = etree.SubElement(ground, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:schemeClr"), val="bg1")
    labels._element.find(qn("c:numFmt")).addnext(ground)


def _pale(axis: Any) -> None:
    """Gridlines and axis that step back."""
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.fill.solid()
    axis.major_gridlines.format.line.fill.fore_color.theme_color = MSO_THEME_COLOR.TEXT_1
    axis.major_gridlines.format.line.fill.fore_color.brightness = 0.8
    axis.format.line.fill.background()


def _number(paragraph: Any, before: str = "") -> None:
    """The slide's number as a field, which follows when slides are moved."""
    if before:
        run = etree.SubElement(paragraph, qn("a:r"))
        etree.SubElement(run, qn("a:t")).text = before
    field = etree.SubElement(paragraph, qn("a:fld"), id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum")
    if before:
        etree.SubElement(field, qn("a:rPr"), sz="900")
    etree.SubElement(field, qn("a:t")).text = "‹#›"
    for end in paragraph.findall(qn("a:endParaRPr")):
        paragraph.append(end)


def _inherited_size(layout: SlideLayout) -> int:
    """The size of a layout's title in points, from the layout, its master's title or its master's styles."""
    master = layout.slide_master
    titles = [
        p._element for holder in (layout, master) for p in holder.placeholders if p.placeholder_format.type in TITLES
    ]
    titles += master._element.iter(qn("p:titleStyle"))
    for title in titles:
        found = title.find(f".//{qn('a:lvl1pPr')}/{qn('a:defRPr')}")
        if found is not None and found.get("sz"):
            return int(found.get("sz")) // 100
    return TITLE_SIZES[0]


def _mark(root: Any, language: str) -> None:
    for run in root.iter(qn("a:r"), qn("a:fld")):
        properties = run.find(qn("a:rPr"))
        if properties is None:
            properties = etree.Element(qn("a:rPr"))
            run.insert(0, properties)
        properties.set("lang", language)
    for properties in root.iter(qn("a:defRPr"), qn("a:endParaRPr")):
        properties.set("lang", language)
