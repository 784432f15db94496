"""The documents one can make of an assessment: what each is written by, called and shown as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Final, Literal

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
Phase = Literal["write", "set", "preview"]

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


def _from_dossier(module: str, make: Callable[[Any, Progress], bytes]) -> Callable[[Service, Order], Write]:
    """A document made of the dossier alone, by the function that has its module's name."""

    def begin(service: Service, order: Order) -> Write:
        today = utc_now().date()
        dossier = gather(service, order.engagement_id, order.language, written_on=today, wave_id=order.wave_id)
        return partial(_write, module, make, dossier)

    return begin


def _write(module: str, make: Callable[[Any, Progress], bytes], dossier: Dossier, progress: Progress) -> bytes:
    progress(Step("write"))
    # its libraries take up to a second, which only who makes one waits for
    written = getattr(import_module(f"assessment.report.{module}"), module)(dossier)
    return make(written, progress)


def _as_it_is(written: bytes, progress: Progress) -> bytes:
    return written


def _typeset(written: Any, progress: Progress) -> bytes:
    progress(Step("set"))
    content: bytes = written.pdf()
    return content


def _handed_over(service: Service, order: Order) -> Write:
    from assessment.report.handover import HandOvers  # checks every record anew: only who hands over waits for that

    content = service.beside(HandOvers).hand_over(order.engagement_id)
    return lambda _: content


DOCUMENTS: Final[Mapping[DocumentId, Document]] = {
    "report": Document("pdf", PDF, "pages", _from_dossier("report", _typeset)),
    "deck": Document("pptx", PPTX, "slides", _from_dossier("deck", _as_it_is)),
    "workbook": Document("xlsx", XLSX, "sheets", _from_dossier("workbook", _as_it_is)),
    "one_pager": Document("pdf", PDF, "pages", _from_dossier("one_pager", _typeset)),
    "brief": Document("pdf", PDF, "pages", _from_dossier("brief", _typeset)),
    "handout": Document("pdf", PDF, "pages", _from_dossier("handout", _typeset)),
    "handover": Document("json", "application/json", "none", _handed_over, need="run"),
}
