"""The empty file that answers gathered elsewhere are written into, as CSV and as a workbook."""

import csv
import io

from assessment.packs import ROLES, Pack
from assessment.texts import Texts


def template_csv(pack: Pack, texts: Texts) -> bytes:
    """The header row alone, as the reader's spreadsheet opens it."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";" if texts.language == "nb" else ",", lineterminator="\r\n").writerow(_columns(pack))
    return file.getvalue().encode("utf-8-sig")


def template_xlsx(pack: Pack, texts: Texts) -> bytes:
    """A workbook: the header row to write under, and a second sheet with one row that explains each column."""
    import openpyxl  # 0.3 s, which a page need not wait for

    book = openpyxl.Workbook()
    answers = book.active
    answers.title = texts("import.sheet.answers")
    explained = book.create_sheet(texts("import.sheet.explained"))
    for sheet in (answers, explained):
        sheet.append(_columns(pack))
        sheet.freeze_panes = "A2"
    explained.append([_explained(column, pack, texts) for column in _columns(pack)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _columns(pack: Pack) -> list[str]:
    return ["role", "team", *(item.id for item in pack.items)]


def _explained(column: str, pack: Pack, texts: Texts) -> str:
    if column == "role":
        return texts("import.explain.role", roles=", ".join(f"{role} = {texts(f'role.{role}')}" for role in ROLES))
    if column == "team":
        return texts("import.explain.team")
    item = next(i for i in pack.items if i.id == column)
    roles = ", ".join(item.roles)
    stem = pack.prose[texts.language].items[column].stem
    key = "import.explain.item" if pack.allows_na else "import.explain.item_without_na"
    return texts(key, stem=stem, roles=roles)
