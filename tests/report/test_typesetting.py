"""What every document on paper has: tags, language, title, author, fonts, and what people wrote as they wrote it."""

import io
import struct
import zlib
from typing import Any

import pytest
from pypdf import PdfReader

from assessment.engagement import Branding
from assessment.report import typesetting

ODD = "Nordlys #let x = [1] $y$ <z> @w *A* _B_ \\ // /* `c` = -"


def given(**changed: Any) -> dict[str, Any]:
    blocks = [{"kind": "heading", "level": 2, "listed": True, "text": ODD}, {"kind": "text", "text": "Æ, ø og å"}]
    return {"title": "Rapport", "footer": [ODD], "where": ODD, "blocks": blocks} | changed


def typeset(branding: Branding | None = None, **changed: Any) -> PdfReader:
    return PdfReader(
        io.BytesIO(
            typesetting.pdf("report", given(**changed), branding=branding or Branding(), language="nb", pictures={})
        )
    )


def png() -> bytes:
    """A red dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header, dot = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0), zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


def test_what_people_wrote_is_shown_as_they_wrote_it() -> None:
    words = typeset().pages[0].extract_text()
    assert words.count(ODD) == 3
    assert "Æ, ø og å" in words


def test_a_document_is_tagged_and_says_its_language_title_and_sender() -> None:
    found = typeset(Branding(sender="Råd & Dåd AS"))
    assert found.root_object["/MarkInfo"]["/Marked"]
    assert found.root_object["/Lang"] == "nb"
    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.author) == ("Rapport", "Råd & Dåd AS")
    assert b"pdfuaid" in found.root_object["/Metadata"].get_data()
    words = found.pages[0].extract_text()
    assert "Råd & Dåd AS · Nordlys" in words
    assert "1 / 1" in words


def test_the_fonts_are_our_own_and_inside() -> None:
    fonts = [font.get_object() for font in typeset().pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "SalgsflytSans" in font["/BaseFont"]
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_letters_no_font_has_stop_no_document() -> None:
    assert "Rapport" in typeset(where="Нордлюс 漢字 😀").pages[0].extract_text()


def test_a_logo_stands_at_the_top_with_the_sender_for_those_who_cannot_see_it() -> None:
    branding = Branding(sender="Råd & Dåd AS", logo=png(), colour="#ffee00")
    page = typeset(branding).pages[0]
    assert "Rapport" in page.extract_text()
    assert (len(page.images), len(typeset().pages[0].images)) == (1, 0)


@pytest.mark.parametrize(("colour", "of_words"), [("#ffee00", False), ("#8c1128", True)])
def test_a_colour_too_pale_to_read_is_no_text(colour: str, of_words: bool) -> None:
    drawn = typeset(Branding(colour=colour)).pages[0].get_contents()
    assert drawn is not None
    fills = [operands for operands, operator in drawn.operations if operator == b"scn"]
    own = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    assert any([float(part) for part in fill] == pytest.approx(own, abs=1e-3) for fill in fills) == of_words


def test_a_page_break_begins_a_page() -> None:
    blocks = [{"kind": "text", "text": "Først"}, {"kind": "page"}, {"kind": "text", "text": "Så"}]
    assert len(typeset(blocks=blocks).pages) == 2
