"""The processes: the catalogue made one's own, what is no process, and two sides that judge apart."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId, Process
from assessment.mapping import process_catalogue
from assessment.service import Service
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, kept_busy, never_shown, told

CLASS_WORDS = {"nb": {"Kjerne", "Ledelse", "Støtte"}, "en": {"Core", "Management", "Support"}}
FIVE = ("handle_leads", "quoting", "coaching", "order_entry", "reporting")


@pytest.fixture
def mapped(solo: MakeSolo, service: Service) -> EngagementId:
    """An assessment with five processes of the catalogue."""
    engagement = solo("none")
    service.add_catalogue_processes(engagement, FIVE)
    return engagement


def by_code(service: Service, engagement: EngagementId) -> dict[str | None, Process]:
    return {p.code: p for p in service.processes(engagement).processes}


def judged(service: Service, engagement: EngagementId, **classes: tuple[str, str]) -> None:
    """Both sides' classes of processes by code."""
    for code, (consultant, client) in classes.items():
        process = by_code(service, engagement)[code]
        service.judge_process(engagement, process.id, "consultant", consultant)  # type: ignore[arg-type]
        service.judge_process(engagement, process.id, "client", client)  # type: ignore[arg-type]


def field(page: AppTest, label: str) -> AppTest:
    return next(
        box for kind in ("text_input", "selectbox", "text_area") for box in page.main.get(kind) if box.label == label
    )


def control(page: AppTest, label: str) -> AppTest:
    return next(box for box in page.main.segmented_control if box.label == label)


# ---------------------------------------------------------------- the list


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("processes", lang=lang)) == [button]


@pytest.mark.parametrize(
    ("lang", "button", "first"),
    [
        ("nb", "Hent katalogen med 28 prosesser", "Håndtering av henvendelser"),
        ("en", "Take over the catalogue of 28 processes", "Lead handling"),
    ],
)
def test_with_none_there_is_one_button_that_takes_over_the_catalogue(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, button: str, first: str
) -> None:
    engagement = solo("none")
    page = app("processes", engagement, lang=lang)
    assert buttons(page) == [button]

    page = press(page, button)

    assert len(service.processes(engagement).processes) == 28
    assert f'<th scope="row">{first}</th>' in words(page)
    assert never_shown(page, engagement) == []


def test_a_process_of_the_catalogue_is_added_by_choosing_it(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("none")
    page = app("processes", engagement)

    field(page, "Fra katalogen").set_value("quoting").run()

    assert list(by_code(service, engagement)) == ["quoting"]
    assert "Tilbudsarbeid" in words(page)
    box = field(page, "Fra katalogen")
    assert box.value is None
    assert "Tilbudsarbeid" not in box.options


def test_one_of_ones_own_opens_for_description_and_a_second_of_the_name_is_refused(
    app: OpenApp, mapped: EngagementId, service: Service
) -> None:
    page = app("processes", mapped)

    field(page, "En av deres egne").set_value(" Befaring ").run()

    (own,) = [p for p in service.processes(mapped).processes if p.code is None]
    assert page.query_params["p"] == own.id
    assert field(page, "Hva heter prosessen?").value == "Befaring"
    page = press(page, "Til alle prosessene")
    field(page, "En av deres egne").set_value("TILBUDSARBEID").run()
    assert "Navnet er i bruk fra før" in told(page)
    assert len(service.processes(mapped).processes) == 6


def test_opening_one_is_an_address_of_its_own(app: OpenApp, mapped: EngagementId, service: Service) -> None:
    quoting = by_code(service, mapped)["quoting"]
    page = app("processes", mapped)

    field(page, "Beskriv eller rett en prosess").set_value(quoting.id).run()

    assert page.query_params["p"] == quoting.id
    assert page.main.header[0].value == "Tilbudsarbeid"
    page = press(page, "Neste: Veiledning av selgere")
    assert page.main.header[0].value == "Veiledning av selgere"


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_half_described_says_what_is_missing(app: OpenApp, mapped: EngagementId, service: Service, lang: str) -> None:
    service.describe_process(
        mapped, by_code(service, mapped)["quoting"].id, {"frequency": "daily", "hours_month": 12.5}
    )

    page = app("processes", mapped, lang=lang)

    assert {"nb": "5 prosesser, 1 helt beskrevet", "en": "5 processes, 1 fully described"}[lang] in words(page)
    assert words(page).count({"nb": "<td>hvor ofte</td>", "en": "<td>how often</td>"}[lang]) == 4
    assert {"nb": "5 prosesser tar 12,5 timer i måneden", "en": "5 processes take 12.5 hours a month"}[lang] in words(
        page
    )


# ---------------------------------------------------------------- one of them


def test_what_is_typed_is_on_disk_and_stands_in_the_other_language(
    app: OpenApp, mapped: EngagementId, service: Service
) -> None:
    quoting = by_code(service, mapped)["quoting"]
    page = app("processes", mapped, p=quoting.id)
    suggestion = process_catalogue.words("nb")["quoting"].starts_with
    assert field(page, "Hva setter den i gang?").value == suggestion

    field(page, "Hva setter den i gang?").set_value("Kunden ber om pris").run()
    assert 'role="status">✓' in words(page)
    field(page, "Timer i måneden, alle til sammen").set_value("1 250,5").run()
    field(page, "Hvor ofte gjøres den?").set_value("per_case").run()
    control(page, "Hvor mye går galt i den?").set_value(3).run()
    control(page, "Ligger den innenfor mandatet?").set_value(False).run()

    kept = by_code(service, mapped)["quoting"]
    assert (kept.starts_with, kept.hours_month, kept.frequency) == ("Kunden ber om pris", 1250.5, "per_case")
    assert (kept.pain, kept.in_mandate) == (3, False)
    page.sidebar.segmented_control[0].set_value("en").run()
    assert field(page, "What starts it?").value == "Kunden ber om pris"
    assert field(page, "Hours a month, everybody together").value == "1250.5"
    assert field(page, "How often is it done?").value == "per_case"
    assert control(page, "Is it within the mandate?").value is False


def test_a_figure_that_is_none_is_refused_in_words(app: OpenApp, mapped: EngagementId, service: Service) -> None:
    quoting = by_code(service, mapped)["quoting"]
    page = app("processes", mapped, p=quoting.id)

    field(page, "Timer i måneden, alle til sammen").set_value("mange").run()

    assert "Skriv et tall" in told(page)
    assert by_code(service, mapped)["quoting"] == quoting


@pytest.mark.parametrize(
    ("lang", "called", "says"),
    [
        ("nb", "selger", "«selger» ligner en stilling"),
        ("nb", "CRM-prosjektet", "«CRM-prosjektet» ligner et prosjekt"),
        ("nb", "SuperOffice", "«SuperOffice» ligner et system"),
        ("en", "Account manager", "‘Account manager’ looks like a position"),
    ],
)
def test_what_reads_like_something_else_is_kept_with_a_word_of_why(
    app: OpenApp, mapped: EngagementId, service: Service, lang: str, called: str, says: str
) -> None:
    own = service.add_own_process(mapped, called, "nb")

    page = app("processes", mapped, lang=lang, p=own)

    assert says in words(page)
    assert {"nb": "Stemmer navnet, kan det stå", "en": "If the name is right, keep it"}[lang] in words(page)
    label = {"nb": "Hva heter prosessen?", "en": "What is the process called?"}[lang]
    field(page, label).set_value("Befaring hos kunden").run()
    assert says not in words(page)


def test_what_is_done_once_is_a_project(app: OpenApp, mapped: EngagementId, service: Service) -> None:
    page = app("processes", mapped, p=by_code(service, mapped)["quoting"].id)
    assert "Det som gjøres én gang" not in words(page)

    field(page, "Hvor ofte gjøres den?").set_value("once").run()

    assert "Det som gjøres én gang, er et prosjekt" in words(page)


def test_an_owner_is_a_function(app: OpenApp, mapped: EngagementId, service: Service) -> None:
    page = app("processes", mapped, p=by_code(service, mapped)["quoting"].id)

    field(page, "Hvilken funksjon eier den?").set_value("Kari Nordmann").run()
    assert "Dette ligner navnet på en person" in words(page)
    field(page, "Hvilken funksjon eier den?").set_value("Salgsstøtte").run()
    assert "Dette ligner navnet på en person" not in words(page)


def test_what_is_removed_can_be_brought_back(app: OpenApp, mapped: EngagementId, service: Service) -> None:
    before = by_code(service, mapped)
    page = app("processes", mapped, p=before["quoting"].id)

    page = press(page, "Ta bort prosessen")
    assert "Tilbudsarbeid er tatt bort" in words(page)
    assert "quoting" not in by_code(service, mapped)
    page = press(page, "Angre")

    assert by_code(service, mapped) == before
    assert "er tatt bort" not in words(page)


def test_what_is_not_written_is_said(
    app: OpenApp, mapped: EngagementId, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = by_code(service, mapped)
    page = app("processes", mapped, p=before["quoting"].id)

    with kept_busy(database, monkeypatch):
        service._store.close()
        field(page, "Hva kommer inn?").set_value("Noe annet").run()
        assert "Ikke lagret." in told(page)

    assert by_code(service, mapped) == before


# ---------------------------------------------------------------- two sides, blind to each other


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("step", ["", "consultant", "client", "classes", "one"])
def test_nothing_of_the_other_side_reaches_the_page_before_they_are_compared(
    app: OpenApp, mapped: EngagementId, service: Service, lang: str, step: str
) -> None:
    processes = by_code(service, mapped)
    for process in processes.values():
        service.judge_process(mapped, process.id, "consultant", "management")

    page = app("processes", mapped, lang=lang, p=processes["quoting"].id if step == "one" else step)

    values = [box.value for box in page.main.segmented_control if set(box.options) == CLASS_WORDS[lang]]
    if step in ("consultant", "client"):
        assert values == ["management" if step == "consultant" else None] * 5
    else:
        assert values == []
        # the question that heads the section holds the words of all three
        heading = {"nb": "Kjerne, ledelse eller støtte?", "en": "Core, management or support?"}[lang]
        shown = everything(page).replace(heading, "")
        assert not any(word in shown for word in CLASS_WORDS[lang])


def test_a_side_judges_and_takes_back(app: OpenApp, mapped: EngagementId, service: Service) -> None:
    page = press(app("processes", mapped), "Svar som klient")
    assert page.query_params["p"] == "client"
    assert "Klientens svar: 0 av 5" in words(page)

    control(page, "Tilbudsarbeid").set_value("core").run()
    control(page, "Rapportering").set_value("support").run()
    control(page, "Rapportering").set_value(None).run()

    processes = by_code(service, mapped)
    given = {id_: c for id_, c in service.judgements(mapped, "client").items() if c}
    assert given == {processes["quoting"].id: "core"}
    assert "Klientens svar: 1 av 5" in words(page)
    page = press(page, "Ferdig for nå")
    assert "Klienten har vurdert 1 av 5" in words(page)
    assert "Konsulenten har vurdert 0 av 5" in words(page)
    assert not any("ammenlign" in label for label in buttons(page))


def test_both_done_compare_and_the_disagreements_are_the_result(
    app: OpenApp, mapped: EngagementId, service: Service
) -> None:
    for code, hours in zip(FIVE, (50, 100, 30, 20, None), strict=True):
        service.describe_process(mapped, by_code(service, mapped)[code].id, {"hours_month": hours})
    same = ("core", "core")
    judged(service, mapped, handle_leads=same, quoting=("core", "support"), order_entry=("support", "core"))
    judged(service, mapped, coaching=("management", "support"), reporting=("support", "support"))

    page = press(app("processes", mapped), "Sammenlign svarene")

    assert page.query_params["p"] == "classes"
    assert "Dere er uenige om 3 av 5 prosesser. De tar 150 av 200 timer i måneden" in words(page)
    assert "75\u00a0% av timene slik konsulenten ser det, og 35\u00a0% slik klienten ser det" in words(page)
    assert [h.value for h in page.main.header] == ["Tilbudsarbeid", "Veiledning av selgere", "Ordreregistrering"]
    assert "Konsulenten: kjerne, klienten: støtte. 100 timer i måneden" in words(page)
    assert "Dere ga samme svar på 40\u00a0% av prosessene" in words(page)
    assert "1 prosess mangler timer" in words(page)
    assert never_shown(page, mapped) == []
    assert "vurder" not in str(buttons(page))


def test_who_ends_it_early_is_asked_first_and_sees_what_both_have_judged(
    app: OpenApp, mapped: EngagementId, service: Service
) -> None:
    judged(service, mapped, quoting=("core", "support"))
    service.judge_process(mapped, by_code(service, mapped)["reporting"].id, "client", "management")
    page = app("processes", mapped)

    page = press(page, "Sammenlign nå den ene begge har vurdert")
    page = press(page, "Avbryt")
    assert service.processes(mapped).shown == 0
    page = press(page, "Sammenlign nå den ene begge har vurdert")
    page = press(page, "Sammenlign svarene")

    assert service.processes(mapped).shown == 1
    assert "Dere er uenige om 1 av 1 prosesser" in words(page)
    assert "Rapportering" not in words(page)
    page = press(page, "Til alle prosessene")
    assert "Klienten har vurdert 1 av 4" in words(page)
    assert "Tilbudsarbeid" not in [box.label for box in press(page, "Svar som klient").main.segmented_control]


@pytest.mark.parametrize(
    ("lang", "what", "why"), [("nb", "Hva ble dere enige om?", "Hvorfor?"), ("en", "What did you agree on?", "Why?")]
)
def test_a_class_agreed_on_is_saved_with_its_reason(
    app: OpenApp, mapped: EngagementId, service: Service, lang: str, what: str, why: str
) -> None:
    judged(service, mapped, quoting=("core", "support"))
    service.compare_classes(mapped)
    page = app("processes", mapped, lang=lang, p="classes")

    control(page, what).set_value("core").run()
    field(page, why).set_value("Kunden merker det").run()

    quoting = by_code(service, mapped)["quoting"]
    assert (quoting.class_agreed, quoting.class_reason) == ("core", "Kunden merker det")
    assert 'role="status">✓' in words(page)
    assert control(app("processes", mapped, lang=lang, p="classes"), what).value == "core"


def test_agreeing_on_everything_says_so(app: OpenApp, mapped: EngagementId, service: Service) -> None:
    judged(service, mapped, quoting=("core", "core"), reporting=("core", "core"))
    service.compare_classes(mapped)

    page = app("processes", mapped, p="classes")

    assert "Dere er enige om alle de 2 prosessene dere har sammenlignet" in words(page)
    assert page.main.header.len == 0
    assert "lar seg ikke regne ut" in words(page)


def test_comparing_in_another_window_is_said_to_who_still_judges(
    app: OpenApp, mapped: EngagementId, service: Service
) -> None:
    judged(service, mapped, quoting=("core", "support"))
    page = app("processes", mapped, p="client")
    service.compare_classes(mapped)

    control(page, "Tilbudsarbeid").set_value("core").run()

    assert by_code(service, mapped)["quoting"].class_client == "support"
    assert "Tilbudsarbeid" not in [box.label for box in page.main.segmented_control]
    assert "endret i et annet vindu" in told(page)
    assert 'role="alert"' not in words(page.run())


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("step", ["", "classes", "client", "demo-quoting"])
def test_who_may_only_read_sees_and_changes_nothing(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch, lang: str, step: str
) -> None:
    demo = service.open_demo()
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("processes", demo, lang=lang, p=step)

    assert {"nb": "Kundesenter (innkommende)", "en": "Inbound call centre"}[lang] in words(page)
    asked = [box for kind in ("text_input", "selectbox", "text_area", "multiselect") for box in page.main.get(kind)]
    assert [*asked, *page.main.segmented_control] == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_shows_what_rests_on_the_words(app: OpenApp, service: Service, lang: str) -> None:
    page = app("processes", service.open_demo(), lang=lang, p="classes")

    lead = {
        "nb": "Dere er uenige om 5 av 20 prosesser. De tar 500 av 2\u00a0000 timer i måneden",
        "en": "You disagree on 5 of 20 processes. They take 500 of 2,000 hours a month",
    }[lang]
    assert lead in words(page)
    assert {"nb": "52,5\u00a0%", "en": "52.5%"}[lang] in words(page)
    assert {"nb": "0,62", "en": "0.62"}[lang] in words(page)
    assert never_shown(page) == []
