"""The documents one can make of an assessment: what each is written by, called and shown as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Final, Literal

from assessment.actor import Need
from assessment.engagement import EngagementId, WaveId
from assessment.packs import Language
from assessment.report.dossier import Dossier, gather
from assessment.report.export import named_file
from assessment.report.preview import Kind
from assessment.service import Service
from assessment.texts import texts as texts_of
from assessment.use_cases import utc_now

DocumentId = Literal["report", "deck", "workbook", "one_pager", "brief", "handout", "handover"]
Phase = Literal["draw", "set", "write", "preview"]

PDF: Final = "application/pdf"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Order:
    """Which document is wanted: of what, at which measurement, in which language."""

    engagement_id: EngagementId
    wave_id: WaveId
    document: DocumentId
    language: Language


@dataclass(frozen=True)
class Step:
    """How far the making of a document has come. of: how many there are of what is being done; 0 is not known."""

    phase: Phase
    done: int = 0
    of: int = 0


Progress = Callable[[Step], None]
Write = Callable[[Progress], bytes]


@dataclass(frozen=True)
class Document:
    """How a document is made, and what it is as a file.

    begin: gathers everything with the rights of who asks and gives what is left to do, which reads nothing more.
    need: what one must be allowed to do with an assessment to have it.
    """

    ending: str
    media_type: str
    preview: Kind
    begin: Callable[[Service, Order], Write]
    need: Need = "read"


def file_name(organisation: str, order: Order) -> str:
    """A file name any system accepts: the product, the organisation, what it is in the document's language."""
    what = texts_of(order.language)(f"documents.file.{order.document}")
    return named_file(organisation, what, DOCUMENTS[order.document].ending)


def _written_by(module: str, function: str) -> Callable[[Service, Order], Write]:
    """A document written from the dossier alone. Its libraries are imported by who writes the first one."""

    def begin(service: Service, order: Order) -> Write:
        today = utc_now().date()
        dossier = gather(service, order.engagement_id, order.language, written_on=today, wave_id=order.wave_id)
        return partial(_write, module, function, dossier)

    return begin


def _write(module: str, function: str, dossier: Dossier, progress: Progress) -> bytes:
    progress(Step("write"))
    content: bytes = getattr(import_module(f"assessment.report.{module}"), function)(dossier)
    return content


def _handed_over(service: Service, order: Order) -> Write:
    content: bytes = import_module("assessment.report.handover").handover(service, order.engagement_id)
    return lambda _: content


DOCUMENTS: Final[Mapping[DocumentId, Document]] = {
    "report": Document("pdf", PDF, "pages", _written_by("report", "report")),
    "deck": Document("pptx", PPTX, "slides", _written_by("deck", "deck")),
    "workbook": Document("xlsx", XLSX, "sheets", _written_by("workbook", "workbook")),
    "one_pager": Document("pdf", PDF, "pages", _written_by("one_pager", "one_pager")),
    "brief": Document("pdf", PDF, "pages", _written_by("brief", "brief")),
    "handout": Document("pdf", PDF, "pages", _written_by("handout", "handout")),
    "handover": Document("json", "application/json", "none", _handed_over, need="run"),
}
