"""Small files of the kinds documents are, with words one can find again."""

import io

import openpyxl
from PIL import Image
from pptx import Presentation


def pdf(*words: str) -> bytes:
    """A page for each word."""
    pages = [f"{4 + 2 * n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents {5 + 2 * n} 0 R"
             "/Resources<</Font<</F 3 0 R>>>>>>endobj" for n in range(len(words))]  # fmt: skip
    drawn = [f"BT /F 24 Tf 10 50 Td ({word}) Tj ET" for word in words]
    streams = [f"{5 + 2 * n} 0 obj<</Length {len(d)}>>stream\n{d}\nendstream endobj" for n, d in enumerate(drawn)]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(words)))
    parts = [
        "%PDF-1.4",
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {len(words)}>>endobj",
        "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj",
        *(part for pair in zip(pages, streams, strict=True) for part in pair),
        "trailer<</Root 1 0 R>>",
    ]
    return "\n".join(parts).encode()


def pptx(*slides: tuple[str, str]) -> bytes:
    """A slide for each title and notes."""
    deck, file = Presentation(), io.BytesIO()
    for title, notes in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = title
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    deck.save(file)
    return file.getvalue()


def xlsx(sheets: dict[str, list[list[object]]], formats: dict[str, str] | None = None) -> bytes:
    """Sheets by name with their rows; formats: of columns by letter."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for letter, number_format in (formats or {}).items():
            for cell in sheet[letter]:
                cell.number_format = number_format
    book.save(file)
    return file.getvalue()


def picture(kind: str = "PNG", width: int = 40, height: int = 20) -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#0b5566").save(file, kind)
    return file.getvalue()
