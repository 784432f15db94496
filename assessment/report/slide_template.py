"""The file a deck is written into: ours, or the organisation's own with its master, fonts, colours and logo."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, Final, Literal

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part, _Relationships
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import SlideLayout, SlideMaster
from pptx.util import Emu, Inches, Pt

from assessment.branding import CONTRAST_MIN, contrast
from assessment.engagement import TEMPLATE_BYTES_MAX

UNPACKED_MAX: Final = 100_000_000
ENTRIES_MAX: Final = 4_000
_MAIN_TYPE: Final = b"presentationml.presentation.main+xml"
_MACROS: Final = ("vbaproject", "activex", "vbadata")
# what a file would tell of whom it was: its first slide as a picture, titles, a printer, who has commented
_TELLS: Final = (
    "/metadata/thumbnail",
    "/printersettings",
    "/extended-properties",
    "/custom-properties",
    "/commentauthors",
    "/authors",
)

WIDTH, HEIGHT, MARGIN = Inches(13.333), Inches(7.5), Inches(0.6)
FONT: Final = "Calibri"  # a file can name no second choice, and Source Sans is on few machines
INK: Final = "14222B"
PETROL: Final = "0B5566"
# accents in order: our measure, leadership, sellers, surroundings, what steps back, pale
_COLOURS: Final = {
    "dk1": INK,
    "lt1": "FFFFFF",
    "dk2": PETROL,
    "lt2": "F3F6F7",
    "accent1": PETROL,
    "accent2": "6B2350",
    "accent3": "B8490F",
    "accent4": "2A6CB8",
    "accent5": "7A8790",
    "accent6": "A3CED8",
    "hlink": PETROL,
    "folHlink": "4C5B65",
}

Refusal = Literal["not_pptx", "too_large", "macros", "layouts"]


class TemplateRefused(ValueError):  # noqa: N818 - named by what happened
    """A template no deck is written into. key: of the sentence that says why and what to do."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.key = f"deck.refused.{why}"


@dataclass(frozen=True)
class Box:
    """Where something stands on a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int

    def columns(self, share: float, gap: int = Inches(0.35)) -> tuple["Box", "Box"]:
        """The part of this share of the width at the left, and the rest."""
        first = int((self.width - gap) * share)
        rest = self.left + first + gap
        return Box(self.left, self.top, first, self.height), Box(rest, self.top, self.width - first - gap, self.height)

    def rows(self, last: int, gap: int = Inches(0.1)) -> tuple["Box", "Box"]:
        """All but the lowest part, and the lowest part with this height."""
        first = self.height - last - gap
        return (
            Box(self.left, self.top, self.width, first),
            Box(self.left, self.top + first + gap, self.width, last),
        )


@dataclass(frozen=True)
class Template:
    """An empty presentation with the layouts a deck needs. area: where the master has its content."""

    file: Deck
    opening: SlideLayout
    content: SlideLayout
    title_only: SlideLayout
    area: Box
    own: bool


def ours(colour: str | None) -> Template:
    """Our own template, 16:9. colour: "#rrggbb" in place of petrol."""
    file = Presentation()
    file.slide_width, file.slide_height = WIDTH, HEIGHT
    file.part._element.sldSz.attrib.pop("type", None)  # what we begin with says it is 4:3
    master = file.slide_master
    accent = (colour or f"#{PETROL}")[1:].upper()
    _recolour(master, accent)
    _type(master)
    opening, content, title_only = _layouts(file)
    for layout in [*file.slide_layouts]:
        if layout not in (opening, content, title_only):
            file.slide_layouts.remove(layout)
    _place(master, opening)
    _forget(file.part.package._rels)
    _forget(file.part._rels)
    return _template(file, own=False)


def theirs(given: bytes) -> Template:
    """Their template without its slides. Raises: TemplateRefused."""
    check(given)
    try:
        file = Presentation(io.BytesIO(given))
        _empty(file)
        return _template(file, own=True)
    except TemplateRefused:
        raise
    except Exception as broken:  # whatever a damaged file makes the library raise
        raise TemplateRefused("not_pptx") from broken


def check(given: bytes) -> None:
    """That a file is a presentation that can be unpacked without harm. Raises: TemplateRefused."""
    if len(given) > TEMPLATE_BYTES_MAX:
        raise TemplateRefused("too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(given)) as packed:
            entries = packed.infolist()
            # what is said of the size is a bound: reading stops there
            if len(entries) > ENTRIES_MAX or sum(e.file_size for e in entries) > UNPACKED_MAX:
                raise TemplateRefused("too_large")
            types = packed.read("[Content_Types].xml")
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, OSError, zlib.error) as broken:
        raise TemplateRefused("not_pptx") from broken
    if b"macroEnabled" in types or any(part in e.filename.lower() for e in entries for part in _MACROS):
        raise TemplateRefused("macros")
    if _MAIN_TYPE not in types:
        raise TemplateRefused("not_pptx")


# ---------------------------------------------------------------- layouts


def _template(file: Deck, *, own: bool) -> Template:
    opening, content, title_only = _layouts(file)
    body = next(p for p in content.placeholders if p.placeholder_format.type in BODIES)
    area = Box(body.left, body.top, body.width, body.height)
    return Template(file, opening, content, title_only, area, own)


BODIES: Final = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
TITLES: Final = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_ASIDE: Final = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


def _layouts(file: Deck) -> tuple[SlideLayout, SlideLayout, SlideLayout]:
    """The layouts for an opening slide, for text and for everything else, by what they hold: names are translated."""
    known = [layout for master in file.slide_masters for layout in master.slide_layouts]
    opening = next((x for x in known if _holds(x) == {"title", "subtitle"}), None)
    content = next((x for x in known if _holds(x) == {"title", "body"} and _type_of(x) != "secHead"), None)
    title_only = next((x for x in known if _holds(x) == {"title"}), None)
    if opening is None or content is None or title_only is None:
        raise TemplateRefused("layouts")
    return opening, content, title_only


def _type_of(layout: SlideLayout) -> str | None:
    found: str | None = layout._element.get("type")
    return found


def _holds(layout: SlideLayout) -> set[str]:
    """What a layout has room for; a second body makes it another layout."""
    kinds = [p.placeholder_format.type for p in layout.placeholders if p.placeholder_format.type not in _ASIDE]
    named = ["title" if k in TITLES else "subtitle" if k == PP_PLACEHOLDER.SUBTITLE else "body" for k in kinds]
    others = [k for k in kinds if k not in (*TITLES, *BODIES, PP_PLACEHOLDER.SUBTITLE)]
    return {*named, *(["other"] if others or named.count("body") > 1 else [])}


# ---------------------------------------------------------------- theirs, emptied


def _empty(file: Deck) -> None:
    """Take out the slides with all that only they use, and what the file tells of them."""
    part: Any = file.part
    ids = file.slides._sldIdLst
    for slide_id in [*ids]:
        part.drop_rel(slide_id.rId)
        ids.remove(slide_id)
    for extra in ("p:custShowLst", "p:extLst"):  # shows and sections name slides
        for element in part._element.findall(qn(extra)):
            part._element.remove(element)
    for master in file.slide_masters:
        for holder in (master.part, *(layout.part for layout in master.slide_layouts)):
            _unlink(holder)
    _forget(part.package._rels)
    _forget(part._rels)


def _unlink(holder: Part) -> None:
    """Cut the links from a master or layout to slides: they would keep these in the file."""
    rels: Any = holder.rels
    element: Any = holder._element
    for r_id in [r_id for r_id, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.SLIDE]:
        # compared and not searched for: the id is the file's, and may hold what an expression would take for its own
        for link in [link for link in element.iter() if link.get(qn("r:id")) == r_id]:
            link.getparent().remove(link)
        rels.pop(r_id)


def _forget(rels: _Relationships) -> None:
    for r_id in [r_id for r_id, rel in rels.items() if rel.reltype.lower().endswith(_TELLS)]:
        rels.pop(r_id)


# ---------------------------------------------------------------- ours, made


def _recolour(master: SlideMaster, accent: str) -> None:
    part: Any = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    heading = accent if contrast(f"#{accent}") >= CONTRAST_MIN else INK
    scheme = theme.find(f".//{qn('a:clrScheme')}")
    scheme.set("name", "Salgsflyt")
    for name, value in (_COLOURS | {"accent1": accent, "dk2": heading}).items():
        slot = scheme.find(qn(f"a:{name}"))
        for child in [*slot]:
            slot.remove(child)
        etree.SubElement(slot, qn("a:srgbClr"), val=value)
    for latin in theme.iterfind(f".//{qn('a:fontScheme')}/*/{qn('a:latin')}"):
        latin.set("typeface", FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _type(master: SlideMaster) -> None:
    """Sizes and colours of the master's text: headings in the accent, left; text in ink."""
    styles: Any = master._element.find(qn("p:txStyles"))
    title = styles.find(f"{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    title.set("algn", "l")
    _look(title, size=2800, colour="tx2", bold=True)
    for level, size in enumerate((1800, 1600, 1400, 1400, 1400), start=1):
        _look(styles.find(f"{qn('p:bodyStyle')}/{qn(f'a:lvl{level}pPr')}"), size=size, colour="tx1", bold=False)


def _look(level: Any, *, size: int, colour: str, bold: bool) -> None:
    run = level.find(qn("a:defRPr"))
    run.set("sz", str(size))
    run.set("b", "1" if bold else "0")
    run.find(f"{qn('a:solidFill')}/{qn('a:schemeClr')}").set("val", colour)


def _place(master: SlideMaster, opening: SlideLayout) -> None:
    """Where title, content and foot stand, and the rule above them."""
    inner, foot = WIDTH - 2 * MARGIN, HEIGHT - Inches(0.55)
    places = {
        PP_PLACEHOLDER.TITLE: Box(MARGIN, Inches(0.5), inner, Inches(1.05)),
        PP_PLACEHOLDER.BODY: Box(MARGIN, Inches(1.7), inner, Inches(5.1)),
        PP_PLACEHOLDER.FOOTER: Box(MARGIN, foot, Inches(9.2), Inches(0.35)),
        PP_PLACEHOLDER.DATE: Box(Inches(9.9), foot, Inches(2.0), Inches(0.35)),
        PP_PLACEHOLDER.SLIDE_NUMBER: Box(Inches(12.0), foot, Inches(0.73), Inches(0.35)),
    }
    for layout in (master, *master.slide_layouts):
        for placeholder in layout.placeholders:
            kind = placeholder.placeholder_format.type
            place = places.get(PP_PLACEHOLDER.BODY if kind == PP_PLACEHOLDER.OBJECT else kind)
            if place is not None:
                _put(placeholder, place)
            if kind == PP_PLACEHOLDER.TITLE:
                placeholder._element.txBody.bodyPr.set("anchor", "t")
    for placeholder in master.placeholders:
        if placeholder.placeholder_format.type in _ASIDE:
            left = placeholder.placeholder_format.type == PP_PLACEHOLDER.FOOTER
            for level in placeholder._element.iter(qn("a:lvl1pPr")):
                level.set("algn", "l" if left else "r")
                level.find(qn("a:defRPr")).set("sz", "1000")
    _put(opening.placeholders[0], Box(MARGIN, Inches(2.1), inner, Inches(1.9)))
    _put(opening.placeholders[1], Box(MARGIN, Inches(4.2), inner, Inches(1.5)))
    for level in opening.placeholders[1]._element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
    title = opening.placeholders[0]._element.txBody
    title.bodyPr.set("anchor", "b")
    title.find(qn("a:lstStyle")).append(
        parse_xml(
            '<a:lvl1pPr xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" algn="l">'
            f'<a:defRPr sz="{Pt(40).centipoints}" b="1"/></a:lvl1pPr>'
        )
    )
    master.shapes._spTree.insert(2, _rule(Box(MARGIN, Inches(0.28), Inches(0.9), Inches(0.07))))


def _put(placeholder: Any, place: Box) -> None:
    placeholder.left, placeholder.top = Emu(place.left), Emu(place.top)
    placeholder.width, placeholder.height = Emu(place.width), Emu(place.height)


def _rule(place: Box) -> Any:
    return parse_xml(
        '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<p:nvSpPr><p:cNvPr id="99" name="Rule"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
        f'<a:xfrm><a:off x="{place.left}" y="{place.top}"/><a:ext cx="{place.width}" cy="{place.height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
