"""The report page: documents asked for, followed, looked at and taken away, and who they come from."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId
from assessment.report.documents import DOCUMENTS, DocumentId, Order, Progress, Step, Write
from assessment.report.jobs import Job
from assessment.service import Service
from assessment.texts import texts
from pages.ui import session
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told
from tests.pages.test_maturity import readable
from tests.report import files

ALL = tuple(DOCUMENTS)


@dataclass
class Writers:
    """Stand in for those who write documents: each gives a small file of its kind, when it is let on."""

    on: Event = field(default_factory=Event)
    fails: bool = False
    asked: list[Order] = field(default_factory=list)
    at: Step = field(default_factory=lambda: Step("preview", 7, 12))

    def begin(self, service: Service, order: Order) -> Write:
        self.asked.append(order)

        def write(progress: Progress) -> bytes:
            progress(self.at)
            assert self.on.wait(20)
            if self.fails:
                raise RuntimeError
            return CONTENT[DOCUMENTS[order.document].ending]

        return write


CONTENT = {
    "pdf": files.pdf("Funn <b>her</b>", "Plan"),
    "pptx": files.pptx(("Salget stopper ved overleveringen", "Spør <salgssjefen>\nog vent"), ("Plan", "")),
    "xlsx": files.xlsx(
        {"Nivå": [["Område", "Nivå"], ["Prosess", 2.5]], "Plan": [["Tiltak", "Eier"]] + [["Ring", "Salg"]] * 20}
    ),
    "json": b"{}",
}


@pytest.fixture(autouse=True)
def writers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Writers]:
    made = Writers()
    for id_, document in DOCUMENTS.items():
        monkeypatch.setitem(DOCUMENTS, id_, replace(document, begin=made.begin))  # type: ignore[arg-type]
    session.jobs.cache_clear()
    yield made
    made.on.set()
    session.jobs.cache_clear()


def label(lang: str, key: str, document: DocumentId) -> str:
    say = texts(lang)  # type: ignore[arg-type]
    return say(key, what=say(f"documents.the.{document}"))


def wait(writers: Writers, service: Service) -> Job:
    """Let the last document be made, and give what became of it."""
    writers.on.set()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        job = session.jobs().find(service, writers.asked[-1])
        if job is not None and not job.underway:
            return job
        time.sleep(0.01)
    raise AssertionError("never made")


def made(
    page: AppTest,
    writers: Writers,
    service: Service,
    document: DocumentId,
    lang: str = "nb",
    key: str = "documents.make",
) -> AppTest:
    """The page when a document has been asked for and made."""
    press(page, label(lang, key, document))
    wait(writers, service)
    return page.run()


def downloads(page: AppTest) -> list[str]:
    return [button.label for button in page.main.get("download_button")]


# ---------------------------------------------------------------- the list


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("report", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_document_is_offered_with_what_it_is_for(
    app: OpenApp, service: Service, lang: str, writers: Writers
) -> None:
    page = app("report", service.open_demo(), lang=lang)

    assert [b for b in buttons(page) if b in [label(lang, "documents.make", d) for d in ALL]] == [
        label(lang, "documents.make", document) for document in ALL
    ]
    for document in ALL:
        assert texts(lang)(f"documents.for.{document}") in readable(words(page))  # type: ignore[arg-type]
    assert downloads(page) == []
    assert writers.asked == []  # nothing is made that nobody wants
    assert never_shown(page) == []


def test_while_people_answer_there_is_nothing_to_take_away(app: OpenApp, group: MakeGroup) -> None:
    page = app("report", group({"S": 8}, closed=(False, True, True)))

    assert "Målingen er fortsatt åpen" in words(page)
    assert buttons(page) == [texts("nb")("answer.to_participants")]


def test_with_nothing_answered_it_says_that_the_documents_tell_little(app: OpenApp, solo: MakeSolo) -> None:
    assert texts("nb")("documents.short") in words(app("report", solo("none")))
    assert texts("nb")("documents.short") not in words(app("report", solo("half")))


# ---------------------------------------------------------------- made in the background


@pytest.mark.parametrize(
    ("lang", "step", "says"),
    [
        ("nb", Step("preview", 7, 12), "Tegner side 7 av 12"),
        ("en", Step("preview", 7, 12), "Drawing page 7 of 12"),
        ("nb", Step("set"), "Setter sider"),
    ],
)
def test_one_sees_how_far_it_is_and_then_takes_it_away(
    app: OpenApp, service: Service, writers: Writers, lang: str, step: Step, says: str
) -> None:
    writers.at = step
    demo = service.open_demo()
    page = press(app("report", demo, lang=lang), label(lang, "documents.make", "report"))
    deadline = time.monotonic() + 10
    while says not in words(page) and time.monotonic() < deadline:
        page.run()
    assert says in words(page)
    assert label(lang, "documents.make", "report") not in buttons(page)
    assert label(lang, "documents.make", "deck") in buttons(page)

    wait(writers, service)
    page = page.run()
    assert downloads(page) == [label(lang, "documents.download", "report")]
    assert {"nb": "1 kB, laget", "en": "1 kB, made"}[lang] in words(page)
    assert never_shown(page) == []


def test_what_waits_for_its_turn_says_so(app: OpenApp, service: Service, writers: Writers) -> None:
    page = press(app("report", service.open_demo()), "Lag rapporten")
    page = press(page, "Lag lysbildene")

    assert "Venter på tur" in words(page)
    assert downloads(page) == []


def test_a_reload_finds_what_was_made(app: OpenApp, service: Service, writers: Writers) -> None:
    demo = service.open_demo()
    made(app("report", demo), writers, service, "deck")

    assert downloads(app("report", demo)) == ["Last ned lysbildene"]
    assert downloads(app("report", demo, lang="en")) == []  # one in Norwegian is not one in English
    assert len(writers.asked) == 1


def test_a_document_has_its_own_language_whoever_reads_the_page(
    app: OpenApp, service: Service, writers: Writers
) -> None:
    page = app("report", service.open_demo(), lang="nb")
    next(c for c in page.main.segmented_control if c.label == "Språk i dokumentene").set_value("en").run()
    page = made(page, writers, service, "report")

    assert (writers.asked[0].language, page.query_params["in"]) == ("en", "en")
    assert downloads(page) == ["Last ned rapporten"]


def test_what_changed_since_is_said_and_made_anew(app: OpenApp, service: Service, writers: Writers) -> None:
    demo = service.open_demo()
    page = made(app("report", demo), writers, service, "report")
    assert "Tallene er endret siden" not in words(page)

    service.change_branding(demo, {"sender": "Fjord Rådgivning"})
    page.run()
    assert "Tallene er endret siden" in words(page)
    assert downloads(page) == ["Last ned rapporten"]  # still what it was
    page = made(page, writers, service, "report", key="documents.again")
    assert "Tallene er endret siden" not in words(page)


def test_a_failure_is_a_sentence_with_its_reference_and_one_tries_again(
    app: OpenApp, service: Service, writers: Writers
) -> None:
    writers.fails = True
    page = made(app("report", service.open_demo()), writers, service, "report")

    job = session.jobs().find(service, writers.asked[0])
    assert job is not None
    assert f"oppgi referanse {job.reference}" in told(page)
    writers.fails = False
    page = made(page, writers, service, "report", key="documents.again")
    assert 'role="alert"' not in words(page)
    assert downloads(page) == ["Last ned rapporten"]


# ---------------------------------------------------------------- looked at


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_pages_of_a_pdf_are_pictures_with_their_words(
    app: OpenApp, service: Service, writers: Writers, lang: str
) -> None:
    page = made(app("report", service.open_demo(), lang=lang), writers, service, "report", lang)
    page = press(page, label(lang, "documents.look_at", "report"))
    say = texts(lang)  # type: ignore[arg-type]

    assert page.query_params["p"] == "report"
    assert f'alt="{say("documents.page_alt", page="1", of="2")}" src="data:image/png;base64,iVBOR' in words(page)
    assert "Funn &lt;b&gt;her&lt;/b&gt;" in words(page)
    page = press(page, say("documents.page_after"))
    assert say("documents.page_of", page="2", of="2") in words(page)
    assert next(b for b in page.main.button if b.label == say("documents.page_after")).disabled
    assert ">Plan</p>" in words(page)
    assert never_shown(page) == []
    assert label(lang, "documents.make", "deck") in buttons(press(page, say("documents.back")))


def test_slides_are_their_titles_with_notes(app: OpenApp, service: Service, writers: Writers) -> None:
    page = press(made(app("report", service.open_demo()), writers, service, "deck"), "Se på lysbildene")

    assert "<b>Salget stopper ved overleveringen</b><br>Spør &lt;salgssjefen&gt;<br>og vent" in words(page)


def test_sheets_are_their_first_rows(app: OpenApp, service: Service, writers: Writers) -> None:
    page = press(made(app("report", service.open_demo()), writers, service, "workbook"), "Se på regnearket")
    assert '<th scope="row">Prosess</th><td>2,5</td>' in words(page)

    page.main.selectbox[0].set_value(2).run()
    assert "De første 11 av 20 rader." in words(page)


def test_a_hand_over_file_is_taken_away_only(app: OpenApp, service: Service, writers: Writers) -> None:
    page = made(app("report", service.open_demo()), writers, service, "handover")

    assert downloads(page) == ["Last ned overleveringsfilen"]
    assert label("nb", "documents.look_at", "handover") not in buttons(page)


def test_an_address_of_what_is_not_made_leads_to_the_list(app: OpenApp, service: Service) -> None:
    page = app("report", service.open_demo(), p="deck")

    assert label("nb", "documents.make", "deck") in buttons(page)


# ---------------------------------------------------------------- who may what


def test_a_reader_makes_documents_but_neither_hands_over_nor_changes_their_look(
    app: OpenApp, service: Service, writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = service.open_demo()
    made(app("report", demo), writers, service, "handover")
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "reader@example.no"))

    page = app("report", demo, p="look")
    assert label("nb", "documents.make", "report") in buttons(page)
    assert label("nb", "documents.make", "handover") not in buttons(page)
    assert downloads(page) == []
    assert not page.main.get("file_uploader")
    assert texts("nb")("look.change") not in buttons(page)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_result_leads_to_the_documents(app: OpenApp, service: Service, lang: str) -> None:
    page = press(app("maturity", service.open_demo(), lang=lang), texts(lang)("documents.open"))  # type: ignore[arg-type]

    assert page.main.title[0].value == texts(lang)("page.report")  # type: ignore[arg-type]


# ---------------------------------------------------------------- sender, colour, logo, template


def look(app: OpenApp, engagement: EngagementId, lang: str = "nb") -> AppTest:
    return press(app("report", engagement, lang=lang), texts(lang)("look.change"))  # type: ignore[arg-type]


def upload(page: AppTest, at: int, content: bytes, name: str = "logo.png") -> AppTest:
    return page.main.get("file_uploader")[at].set_value([(name, content, "image/png")]).run()


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_sender_is_saved_as_it_is_typed_and_told_on_the_page(
    app: OpenApp, service: Service, solo: MakeSolo, lang: str
) -> None:
    engagement, say = solo("half"), texts(lang)  # type: ignore[arg-type]
    page = look(app, engagement, lang)
    page.main.text_input[0].set_value("Fjord & <Rådgivning>").run()

    assert service.branding(engagement).sender == "Fjord & <Rådgivning>"
    assert 'role="status">✓' in words(page)
    assert never_shown(page) == []
    page = press(page, say("look.done"))
    assert say("look.from", sender="Fjord &amp; &lt;Rådgivning&gt;") in words(page)


def test_a_colour_too_light_to_read_is_darkened_and_said(app: OpenApp, service: Service, solo: MakeSolo) -> None:
    engagement = solo("half")
    page = look(app, engagement)
    page.main.color_picker[0].set_value("#8c1128").run()
    assert service.branding(engagement).colour == "#8c1128"
    assert texts("nb")("look.darkened") not in words(page)

    page.main.color_picker[0].set_value("#ffcc00").run()
    stored = service.branding(engagement).colour
    assert stored not in (None, "#ffcc00")
    assert texts("nb")("look.darkened") in words(page)
    assert page.main.color_picker[0].value == stored


def test_a_logo_is_shown_taken_away_and_put_back(app: OpenApp, service: Service, solo: MakeSolo) -> None:
    engagement = solo("half")
    page = upload(look(app, engagement), 0, files.picture())
    assert service.branding(engagement).logo == files.picture()
    assert '<img class="sf-logo" alt="Logoen dokumentene får" src="data:image/png;base64,' in words(page)

    page = press(page, "Ta bort logoen")
    assert service.branding(engagement).logo is None
    assert "Logoen er tatt bort." in words(page)
    page = press(page, "Angre")
    assert service.branding(engagement).logo == files.picture()
    assert "Dokumentene kommer fra Salgsflyt. De har egen logo." in words(press(page, "Ferdig"))


@pytest.mark.parametrize(("lang", "says"), [("nb", "verken PNG eller JPEG"), ("en", "neither PNG nor JPEG")])
def test_what_only_calls_itself_a_picture_is_refused_in_a_sentence(
    app: OpenApp, service: Service, solo: MakeSolo, lang: str, says: str
) -> None:
    engagement = solo("half")
    page = upload(look(app, engagement, lang), 0, b"<svg onload='alert(1)'/>")

    assert says in told(page)
    assert service.branding(engagement).logo is None
    page = upload(page, 0, files.picture("JPEG"))
    assert 'role="alert"' not in words(page)
    assert service.branding(engagement).logo == files.picture("JPEG")


@pytest.mark.parametrize(("lang", "removed"), [("nb", "Malen er tatt bort."), ("en", "The template is removed.")])
def test_a_template_is_kept_when_slides_can_be_written_into_it(
    app: OpenApp, service: Service, solo: MakeSolo, lang: str, removed: str
) -> None:
    engagement, say, template = solo("half"), texts(lang), files.pptx(("Vår mal", ""))  # type: ignore[arg-type]
    page = upload(look(app, engagement, lang), 1, b"PK not one", "mal.pptx")
    assert say("deck.refused.not_pptx") in readable(told(page))
    assert service.branding(engagement).template is None

    page = upload(page, 1, template, "mal.pptx")
    assert 'role="alert"' not in words(page)
    assert service.branding(engagement).template == template
    page = press(page, say("look.remove.template"))
    assert service.branding(engagement).template is None
    assert removed in words(page)
    press(page, say("common.undo"))
    assert service.branding(engagement).template == template


def test_a_look_that_cannot_be_saved_is_a_sentence(
    app: OpenApp, database: Path, service: Service, solo: MakeSolo, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("half")
    page = look(app, engagement)
    with kept_busy(database, monkeypatch):
        page = upload(page, 0, files.picture())

    assert "Ikke lagret" in told(page)
    assert service.branding(engagement).logo is None
    assert "data:image" not in everything(page)
