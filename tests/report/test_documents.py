"""The documents of an assessment, opened as a reader would: what they say, and what they never do."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from assessment.config import SCORING_VERSION
from assessment.engagement import Answer, Branding, Engagement, EngagementId, ItemId, Response, TrainingBrief, Wave
from assessment.packs import LANGUAGES, Language, builtin
from assessment.report import typesetting
from assessment.report.brief import brief
from assessment.report.document import Document
from assessment.report.dossier import Dossier, gather
from assessment.report.handout import handout
from assessment.report.one_pager import one_pager
from assessment.report.report import report
from assessment.service import Beginning, Service
from assessment.store import Store
from assessment.strategy.model import MODEL_VERSION
from assessment.texts import CATALOGUES, Texts
from tests.report.conftest import WRITTEN_ON
from tests.store.situations import MONDAY, WEDNESDAY

WRITE: Mapping[str, Callable[[Dossier], Document]] = {
    "report": report,
    "one_pager": one_pager,
    "brief": brief,
    "handout": handout,
}
PAGES = {"one_pager": 1, "brief": 1, "handout": 2}


class Opened:
    """A document as composed, as a PDF, and all that it says on one line."""

    def __init__(self, composed: Document) -> None:
        self.composed, self.pdf = composed, PdfReader(io.BytesIO(composed.pdf()))

    @cached_property
    def text(self) -> str:
        return one_line(" ".join(page.extract_text() for page in self.pdf.pages))


Written = dict[tuple[str, Language], Opened]


@pytest.fixture(scope="module")
def written(demo: dict[Language, Dossier]) -> Written:
    """Every document of the example in both languages, composed and typeset once."""
    return {(name, language): Opened(WRITE[name](demo[language])) for language in demo for name in WRITE}


def one_line(text: str) -> str:
    return " ".join(text.split())


def bookmarks(pdf: PdfReader) -> list[str]:
    def names(outline: list[Any]) -> Iterator[str]:
        for entry in outline:
            if isinstance(entry, list):
                yield from names(entry)
            else:
                yield entry.title

    return list(names(pdf.outline))


def alternatives(pdf: PdfReader) -> list[str]:
    """What a screen reader says of each picture, in order."""

    def figures(node: object) -> Iterator[str]:
        if isinstance(node, IndirectObject):
            node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from figures(child)
        if isinstance(node, DictionaryObject):
            if node.get("/S") == "/Figure":
                yield str(node.get("/Alt", ""))
            yield from figures(node.get("/K"))

    return list(figures(pdf.root_object["/StructTreeRoot"]["/K"]))


# ---------------------------------------------------------------- the example


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRITE)
def test_every_document_is_for_screen_readers_and_pinned(written: Written, name: str, language: Language) -> None:
    opened = written[name, language]
    composed, pdf = opened.composed, opened.pdf
    assert b"pdfuaid" in pdf.root_object["/Metadata"].get_data()
    assert pdf.root_object["/Lang"] == language
    assert alternatives(pdf) == [part["alt"] for part in composed.given["blocks"] if part["kind"] == "picture"]
    fonts = {str(f.get_object()["/BaseFont"]) for page in pdf.pages for f in page["/Resources"]["/Font"].values()}
    assert all("SalgsflytSans" in font for font in fonts), fonts
    texts = Texts(language)
    pinned = " · ".join(
        [
            texts("report.pack", pack="full", version=builtin("full").version),
            texts("report.method", version=MODEL_VERSION),
            texts("report.scoring", version=SCORING_VERSION),
            texts.day(WRITTEN_ON),
        ]
    )
    assert opened.text.count(one_line(pinned)) == len(pdf.pages)
    assert len(pdf.pages) == PAGES.get(name, len(pdf.pages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_has_a_bookmark_for_every_section(written: Written, language: Language) -> None:
    texts, opened = Texts(language), written["report", language]
    found = bookmarks(opened.pdf)
    sections = ["profile", "perspectives", "current_state", "diagnosis", "strategy", "payback", "plan", "change"]
    wanted = [texts(f"report.section.{name}") for name in [*sections, "method"]]
    assert [name for name in found if name in wanted] == wanted
    assert len(opened.composed.drawings) == 12


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "nb",
            ["Flyt og grensesnitt er viktigst å løfte", "Svar fra 20 personer, 97 % av", "241 000 kr (P10)"],
        ),
        (
            "en",
            ["Flow and interfaces: lift this first", "Answers from 20 people, 97% of", "NOK 241,000 (P10)"],
        ),
    ],
)
def test_the_report_tells_the_finding_with_what_it_rests_on(
    written: Written, language: Language, said: list[str]
) -> None:
    for words in said:
        assert words in written["report", language].text


def test_no_document_speaks_the_other_language(written: Written) -> None:
    """By words of the tool's own, since what people wrote stays as they wrote it."""
    for name in WRITE:
        assert not re.search(r"\b(the|answers|level)\b", written[name, "nb"].text)
        assert not re.search(r"\b(nivå|svar fra|dere)\b", written[name, "en"].text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handout_has_no_view_of_a_group_no_amount_and_nobodys_reason(
    written: Written, demo: dict[Language, Dossier], language: Language
) -> None:
    text, dossier = written["handout", language].text, demo[language]
    assert dossier.decisions[0].reason is not None
    assert dossier.decisions[0].reason not in text
    assert not re.search(r"\bkr\b|NOK|\bn \d", text)
    for name in ("sellers", "leadership"):
        assert Texts(language)(f"perspective.{name}") not in text
    for title in (c.title for c in builtin("full").prose[language].criteria.values()):
        assert title in text


# ---------------------------------------------------------------- other assessments


def many(store: Store, name: str, hidden: int) -> EngagementId:
    """Eight sellers who answer 3, two leaders who answer 4, and three in support: too few to be shown."""
    pack = builtin("full")
    engagement = Engagement.model_validate(
        {"id": name, "name": "Fjordvik", "language": "nb", "mode": "anonymous", "created_at": MONDAY}
    )
    wave = Wave.model_validate(
        {"id": f"{name}-1", "engagement_id": name, "label": "T0", "position": 1, "opened_at": MONDAY}
        | {"pack_id": pack.id, "pack_version": pack.version, "pack_hash": pack.hash}
        | {"scoring_version": SCORING_VERSION}
    )
    store.create_engagement(engagement, wave)
    people = [("S", 3)] * 8 + [("SL", 4)] * 2 + [("OP", hidden)] * 3
    store.add_responses(
        wave.id,
        [
            Response.model_validate(
                {"id": f"{name}-{n}", "wave_id": wave.id, "role": role}
                | {"answers": {i: {"value": level} for i in sorted(pack.shown_to(role))}}
            )
            for n, (role, level) in enumerate(people)
        ],
    )
    store.close_wave(wave.id, WEDNESDAY)
    return engagement.id


def test_what_a_hidden_group_answered_changes_no_word_and_is_said_to_be_hidden(service: Service, store: Store) -> None:
    texts = Texts("nb")
    low, high = (gather(service, many(store, f"hidden{level}", level), "nb", written_on=WRITTEN_ON) for level in (1, 5))
    for name, write in WRITE.items():
        one, other = write(low), write(high)
        assert one.given == other.given, name
        assert one.drawings == other.drawings, name
    said = texts.plural("maturity.left_out", 3, roles=texts("role.OP"), k=5)
    assert one_line(said) in Opened(one_pager(low)).text


def solo(service: Service, answers: int, organisation: str = "Fjordvik", pack: str = "full") -> EngagementId:
    begun = service.begin(Beginning(organisation=organisation, role="SL", training_planned="no", pack_id=pack), "nb")
    sheet = service.sheet(begun)
    assert sheet is not None
    service.answer(sheet.response_id, {ItemId(i.id): Answer(value=2) for i in sheet.items[:answers]})
    return begun


@pytest.mark.parametrize("answers", [0, 1, 33])
def test_one_persons_assessment_becomes_every_document_however_little_is_known(service: Service, answers: int) -> None:
    dossier, texts = gather(service, solo(service, answers), "en", written_on=WRITTEN_ON), Texts("en")
    told = {name: Opened(write(dossier)).text for name, write in WRITE.items()}
    assert texts("report.nothing.payback") in told["report"]
    assert texts("report.nothing.current_state") in told["report"]
    assert (texts("report.nothing.strategy") in told["report"]) == (answers < 33)
    assert (texts("report.handout.nothing") in told["handout"]) == (answers < 33)
    assert texts("report.section.perspectives") not in told["report"]
    assert texts("report.section.change") not in told["report"]


def test_a_pulse_has_a_dot_for_each_area_and_no_level(service: Service) -> None:
    found = report(gather(service, solo(service, 7, pack="pulse"), "nb", written_on=WRITTEN_ON))
    kinds = [part["kind"] for part in found.given["blocks"]]
    assert "ladder" not in kinds
    assert kinds.count("picture") == 1
    assert Texts("nb")("maturity.pulse_why") in Opened(found).text


def test_what_people_write_reaches_paper_as_they_wrote_it(service: Service) -> None:
    odd = "#let x = [1] $y$ <z> @w *A* _B_"
    begun = solo(service, 33, organisation=odd)
    service.change_training_brief(begun, {"steps": odd})
    dossier = gather(service, begun, "nb", written_on=WRITTEN_ON)
    assert dossier.brief == TrainingBrief(steps=odd)
    assert Opened(brief(dossier)).text.count(odd) == 2


def test_a_brief_with_much_written_below_it_stays_on_its_page(service: Service) -> None:
    begun = solo(service, 33)
    service.change_training_brief(begun, {"steps": "Øv på den første samtalen. " * 40})
    assert len(Opened(brief(gather(service, begun, "nb", written_on=WRITTEN_ON))).pdf.pages) == 1


def test_the_font_has_every_letter_of_the_texts_in_every_weight() -> None:
    """A letter from another font would stand out on paper. ◇ and ⌘ are said on screen alone."""
    files = [file for language in LANGUAGES for file in (CATALOGUES / language).glob("*.po")]
    used = {letter for file in files for letter in file.read_text("utf-8")}
    letters = "".join(sorted(used - set("◇⌘\n")))
    blocks = [{"kind": kind, "text": letters} for kind in ("text", "lead")]
    given = {"title": letters, "footer": [], "where": "", "blocks": blocks}
    typeset = typesetting.pdf("report", given, branding=Branding(), language="nb", pictures={})
    page = PdfReader(io.BytesIO(typeset)).pages[0]
    fonts = {font.get_object()["/BaseFont"].split("+")[1] for font in page["/Resources"]["/Font"].values()}
    assert fonts == {"SalgsflytSans-Regular", "SalgsflytSans-SemiBold", "SalgsflytSans-Bold"}
