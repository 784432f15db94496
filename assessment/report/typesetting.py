"""Documents on paper: a template, what it is to say, and whose it is, as a tagged PDF."""

import json
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from assessment.branding import CONTRAST_MIN, contrast
from assessment.engagement import Branding
from assessment.packs import Language

if TYPE_CHECKING:
    import typst

FONTS: Final = Path(__file__).parent / "fonts"
TEMPLATES: Final = Path(__file__).parent / "templates"
FAMILY: Final = "Salgsflyt Sans"
OURS: Final = "Salgsflyt"
ACCENT: Final = "#0b5566"
INK: Final = "#14222b"
_PNG: Final = b"\x89PNG"


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    branding: Branding,
    language: Language,
    pictures: Mapping[str, bytes],
) -> bytes:
    """A tagged PDF (PDF/UA-1) with title, author, language and bookmarks.

    template: the name of a file in `templates`, which imports `house.typ`. data: what it reads as `given`; `title` and
    `footer`, a list of facts, are needed by all. What people wrote is data to the template, never markup.
    pictures: SVG, PNG or JPEG files by the name the data calls them by.
    Raises: typst.TypstError when the template does not fit the data.
    """
    with TemporaryDirectory() as folder:
        compiler = _compiler(Path(folder), template, data, branding, language, pictures)
        import typst

        try:
            return _bytes(compiler.compile(format="pdf", pdf_standards="ua-1"))
        except typst.TypstError:
            # the standard refuses a letter that no font of ours has, as an emoji in a name; tagged it is all the same
            return _bytes(compiler.compile(format="pdf"))


def _compiler(
    folder: Path,
    template: str,
    data: Mapping[str, Any],
    branding: Branding,
    language: Language,
    pictures: Mapping[str, bytes],
) -> "typst.Compiler":
    """A compiler that sees our templates and these pictures, and nothing else."""
    import typst

    for file in TEMPLATES.glob("*.typ"):
        shutil.copy(file, folder)
    for name, content in pictures.items():
        (folder / name).write_bytes(content)
    logo = None
    if branding.logo is not None:
        logo = "logo.png" if branding.logo.startswith(_PNG) else "logo.jpg"
        (folder / logo).write_bytes(branding.logo)
    colour = branding.colour or ACCENT
    house = {
        "language": language,
        "sender": branding.sender or OURS,
        "colour": colour,
        "text": colour if contrast(colour) >= CONTRAST_MIN else INK,
        "logo": logo,
    }
    return typst.Compiler(
        str(folder / f"{template}.typ"),
        root=str(folder),
        font_paths=_fonts(),
        sys_inputs={"given": json.dumps(data, allow_nan=False), "house": json.dumps(house)},
    )


@cache
def _fonts() -> "typst.Fonts":
    import typst

    # typst's own fonts stand in where somebody's name has letters that ours does not have
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _bytes(compiled: object) -> bytes:
    assert isinstance(compiled, bytes)
    return compiled
