"""An event log into the value stream: every problem told, each figure seen before it is taken, and undone."""

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId, Stage
from assessment.files.event_log import EXAMPLE
from assessment.service import Service
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told

TAKE = {"nb": "Ta over det som er krysset av", "en": "Take over what is ticked"}
HEAD = "sak;steg;inn;ut\n"


def upload(page: AppTest, content: str | bytes) -> AppTest:
    given = content if isinstance(content, bytes) else content.encode()
    return page.main.get("file_uploader")[0].set_value([("logg.csv", given, "text/csv")]).run()


def quotes(cases: int = 6, extra: str = "") -> str:
    """Cases that each stay four working days with the quote and are lost."""
    return HEAD + "".join(f"{n};Løsning og tilbud;2026-01-05;2026-01-09\n" for n in range(cases)) + extra


def stage(service: Service, engagement: EngagementId, id_: str = "demo-V4") -> Stage:
    found = service.stream(engagement).stage(id_)
    assert found is not None
    return found


def ticks(page: AppTest) -> dict[str, bool]:
    return {box.label: box.value for box in page.main.checkbox}


@pytest.fixture
def demo(service: Service) -> EngagementId:
    return service.open_demo()


# ---------------------------------------------------------------- the way here


@pytest.mark.parametrize(
    ("lang", "label"), [("nb", "Fyll inn fra en hendelseslogg"), ("en", "Fill in from an event log")]
)
def test_the_value_stream_leads_here_and_back(app: OpenApp, demo: EngagementId, lang: str, label: str) -> None:
    assert label in buttons(app("stream", demo, lang=lang))
    page = app("import_events", demo, lang=lang)
    assert {"nb": "Til verdistrømmen", "en": "To the value stream"}[lang] in buttons(page)
    assert never_shown(page) == []


def test_who_may_only_read_is_not_led_here(app: OpenApp, demo: EngagementId, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "reader@a.no"))
    assert "Fyll inn fra en hendelseslogg" not in buttons(app("stream", demo))


def test_without_an_assessment_the_page_says_how_to_get_one(app: OpenApp) -> None:
    assert buttons(app("import_events")) == ["Start en vurdering"]


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_problem_is_told_at_once_in_the_readers_language(
    app: OpenApp, demo: EngagementId, service: Service, lang: str
) -> None:
    before = service.stream(demo)
    page = upload(app("import_events", demo, lang=lang), HEAD + ";A;2026-01-05;\n1;A;snart;\n2;;2026-01-05;\n")
    text = unescape(everything(page))
    says = {
        "nb": (
            "Filen har 3 feil. Ingenting er lest inn.",
            "Rad 2: saken mangler",
            "Rad 3: «snart» er ikke et tidspunkt",
        ),
        "en": ("The file has 3 problems.", "Row 2: the case is missing", "Row 3: ‘snart’ is not a time"),
    }
    assert all(part in text for part in says[lang]), text
    assert TAKE[lang] not in buttons(page)
    assert service.stream(demo).told == before.told


def test_of_many_problems_the_first_are_told_and_the_rest_counted(app: OpenApp, demo: EngagementId) -> None:
    page = upload(app("import_events", demo), HEAD + ";A;2026-01-05;\n" * 50)
    assert "Filen har 50 feil" in words(page)
    assert "og 20 til" in words(page)


def test_columns_that_are_not_read_are_named_and_people_refused(app: OpenApp, demo: EngagementId) -> None:
    text = "sak;steg;inn;ut;Eier;Beløp\n" + "1;Kontrakt og ordre;2026-01-05;2026-01-06;Kari Nordmann;9\n" * 2
    said = words(upload(app("import_events", demo), text + "2;Leadmottak;2026-01-08;2026-01-05;x;9\n"))
    assert "Disse kolonnene er ikke lest: «Eier» og «Beløp»" in said
    assert "«Eier» ser ut til å skille personer" in said
    assert "1 rad sier det samme som en annen" in said
    assert "1 rad er holdt utenfor fordi saken gikk ut før den kom inn: rad 4" in said
    assert "Kari" not in said


# ---------------------------------------------------------------- from and to


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_figures_are_seen_confirmed_and_undone(app: OpenApp, demo: EngagementId, service: Service, lang: str) -> None:
    before = service.stream(demo).told
    page = upload(app("import_events", demo, lang=lang), EXAMPLE.read_bytes())
    assert never_shown(page) == []
    assert service.stream(demo).told == before  # nothing before it is confirmed
    assert len(ticks(page)) > 25

    page = press(page, TAKE[lang])
    assert service.stream(demo).told != before
    assert stage(service, demo).reentry_share not in (None, 0.18)
    assert never_shown(page) == []
    (undo,) = [b for b in buttons(page) if b.startswith({"nb": "Angre", "en": "Undo"}[lang])]

    page = press(page, undo)
    assert service.stream(demo).told == before
    assert not [b for b in buttons(page) if b.startswith(("Angre", "Undo"))]


def test_what_is_told_stands_beside_and_only_what_is_ticked_is_taken(
    app: OpenApp, demo: EngagementId, service: Service
) -> None:
    page = upload(app("import_events", demo), quotes())
    assert ticks(page)["Venter før etappen (timer): 45\u00a0t → 25\u00a0t"]  # 30 less the 5 by hand
    assert ticks(page)["Går videre (%): 89\u00a0% → 0\u00a0%"]
    next(box for box in page.main.checkbox if box.label.startswith("Saker")).uncheck()
    volume = stage(service, demo).volume_month

    press(page, TAKE["nb"])

    after = stage(service, demo)
    assert (after.wait_h, after.conversion_share, after.volume_month) == (25, 0, volume)
    assert after.complete_accurate_share == 0.75


def test_few_cases_are_not_ticked(app: OpenApp, demo: EngagementId, service: Service) -> None:
    before = service.stream(demo).told
    page = upload(app("import_events", demo), quotes(5))
    assert set(ticks(page).values()) == {False}
    assert all(label.endswith("(få saker)") for label in ticks(page))
    page = press(page, TAKE["nb"])
    assert "Kryss av for minst ett tall først" in told(page)
    assert service.stream(demo).told == before


def test_median_and_mean_differ_and_each_says_why(app: OpenApp, demo: EngagementId) -> None:
    page = upload(app("import_events", demo), quotes(6, "99;Løsning og tilbud;2026-01-05;2026-02-20\n"))
    assert "Medianen er det en vanlig sak opplever" in words(page)
    median = next(label for label in ticks(page) if label.startswith("Venter"))
    (how,) = [s for s in page.main.segmented_control if s.label == "Ventetiden er"]
    page = how.set_value("mean").run()
    assert "passer til antallet saker i arbeid" in words(page)
    assert next(label for label in ticks(page) if label.startswith("Venter")) != median


def test_a_stage_by_another_name_is_chosen(app: OpenApp, demo: EngagementId, service: Service) -> None:
    page = upload(app("import_events", demo), quotes().replace("Løsning og tilbud", "Proposal <sent>"))
    assert "1 etappe i loggen er ikke funnet igjen" in words(page)
    assert "Ingen av etappene i loggen er valgt" in words(page)
    assert TAKE["nb"] not in buttons(page)
    (chosen,) = page.main.selectbox
    assert chosen.label == "«Proposal <sent>»"
    press(chosen.set_value("demo-V4").run(), TAKE["nb"])
    assert stage(service, demo).wait_h == 25


def test_an_assessment_without_stages_gets_them_from_the_log(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = upload(app("import_events", engagement), EXAMPLE.read_bytes())
    assert never_shown(page) == []
    page = press(page, "Lag 8 etapper")
    chain = service.stream(engagement).chain
    assert [s.name for s in chain][:2] == ["Leadmottak", "Kvalifisering"]
    assert {s.wait_h for s in chain} == {None}
    assert "Arbeid på en sak er ikke oppgitt" in words(page)
    press(page, TAKE["nb"])
    assert None not in {s.wait_h for s in service.stream(engagement).chain}


def test_the_same_file_says_nothing_new_once_it_is_taken(app: OpenApp, demo: EngagementId) -> None:
    page = press(upload(app("import_events", demo), quotes()), TAKE["nb"])
    assert "Tallene er de samme som i verdistrømmen" in words(page)
    assert re.search(r"✓ \d tall er tatt over", words(page))


def test_what_cannot_be_written_is_told_and_nothing_is_half_done(
    app: OpenApp, demo: EngagementId, service: Service, database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = service.stream(demo).told
    page = upload(app("import_events", demo), quotes())
    with kept_busy(database, monkeypatch):  # type: ignore[arg-type]
        page = press(page, TAKE["nb"])
    assert "Ikke lagret" in told(page)
    assert service.stream(demo).told == before
