"""The facilitator's page: what should be ready, leading step by step, voting, and the end of it."""

import pytest
from streamlit.testing.v1 import AppTest

from assessment.engagement import EngagementId
from assessment.service import Service
from assessment.workshop.records import STANDARD_STEPS, StepKind
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import everything, never_shown
from tests.pages.rooming import at_step, pulse, room_of, vote


def area(page: AppTest, label: str) -> AppTest:
    return next(box for kind in ("text_area", "text_input") for box in page.main.get(kind) if box.label == label)


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("workshop", lang=lang)) == [button]


@pytest.mark.parametrize(
    ("lang", "open_", "missing"),
    [("nb", "Åpne rommet", "Ingen nøkkeltall har målinger"), ("en", "Open the room", "No key figures have")],
)
def test_before_it_says_what_is_ready_and_opens_anyway(
    app: OpenApp, group: MakeGroup, service: Service, lang: str, open_: str, missing: str
) -> None:
    engagement = group({"S": 6, "SL": 2})
    page = app("workshop", engagement, lang=lang)

    assert missing in words(page)
    assert buttons(page) == [open_]
    page = press(page, open_)
    assert room_of(service, engagement).step.kind == "frame"
    assert {"nb": "Neste", "en": "Next"}[lang] in buttons(page)


def test_the_example_has_what_a_workshop_needs(app: OpenApp, service: Service) -> None:
    said = words(app("workshop", service.open_demo()))

    assert "2 nøkkeltall har målinger" in said
    assert "Konsulenten har vurdert 20 av 20 prosesser" in said
    assert said.count("På plass:") == 3


def test_a_round_that_is_open_or_was_just_closed_is_not_ready(app: OpenApp, group: MakeGroup) -> None:
    said = words(app("workshop", group({"S": 6, "SL": 2}, closed=(False,))))

    assert "Svarrunden er fortsatt åpen" in said


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("kind", list(STANDARD_STEPS))
def test_every_step_has_its_tools_and_notes_in_both_languages(
    app: OpenApp, service: Service, kind: StepKind, lang: str
) -> None:
    engagement = service.open_demo()
    view = at_step(service, engagement, kind)

    page = app("workshop", engagement, lang=lang)

    assert never_shown(page, view.room.id, view.step.id) == []
    assert len(page.main.get("title")) == 1
    assert len(page.main.text_area) >= 2
    assert 'role="alert"' not in words(page)
    leads = [label for label in buttons(page) if label in ("Neste", "Forrige", "Next", "Previous")]
    assert leads[0] in ({"nb": "Neste", "en": "Next"}[lang] if kind != "brief" else leads)


@pytest.mark.parametrize(("lang", "label", "undo"), [("nb", "Parker en idé", "Angre"), ("en", "Park an idea", "Undo")])
def test_an_idea_is_parked_from_any_step_and_taken_back(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, label: str, undo: str
) -> None:
    engagement = solo("none")
    at_step(service, engagement, "pulse")
    page = app("workshop", engagement, lang=lang)

    page = next(f for f in page.main.text_input if f.label.startswith(label)).set_value("Felles kalender").run()

    assert [p.action.title for p in service.plan(engagement).parked] == ["Felles kalender"]
    assert next(f for f in page.main.text_input if f.label.startswith(label)).value == ""
    assert "Felles kalender" in words(page)
    press(page, undo)
    assert service.plan(engagement).parked == ()


@pytest.mark.parametrize("kind", list(STANDARD_STEPS))
def test_a_step_with_nothing_to_show_yet_says_so(
    app: OpenApp, solo: MakeSolo, service: Service, kind: StepKind
) -> None:
    engagement = solo("none")
    at_step(service, engagement, kind)

    for page in (app("workshop", engagement), app("screen", engagement)):
        assert never_shown(page, engagement) == []
        assert not page.main.get("vega_lite_chart")
        assert 'role="alert"' not in words(page)


def test_the_meeting_is_led_forward_back_and_to_any_step(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    service.open_room(engagement)
    page = press(app("workshop", engagement), "Neste")
    assert room_of(service, engagement).step.kind == "pulse"
    page = press(page, "Forrige")
    assert room_of(service, engagement).step.kind == "frame"
    page = press(page, "7 Strategien, 10 min")
    assert room_of(service, engagement).step.kind == "strategy"
    page = press(page, "Dekk til skjermen")
    assert room_of(service, engagement).room.hidden
    press(page, "Vis skjermen")
    assert not room_of(service, engagement).room.hidden


def test_what_is_typed_is_kept_over_a_restart(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    at_step(service, engagement, "walk")
    page = app("workshop", engagement)
    area(page, "Dine notater (vises ikke på skjermen)").set_value("Spør Kari <i>").run()
    area(page, "Flaskehalsen og den svakeste overleveringen, med deres ord").set_value("Teknisk").run()

    page = app("workshop", engagement)
    assert area(page, "Dine notater (vises ikke på skjermen)").value == "Spør Kari <i>"
    assert "**5 En ekte sak, fra start til slutt, 20 min** (nå)" in buttons(page)
    assert room_of(service, engagement).step.outcome == "Teknisk"
    assert "Spør Kari" not in everything(app("screen", engagement))


@pytest.mark.parametrize(
    ("lang", "reveal", "too_few"),
    [("nb", "Vis resultatet", "Færre enn 5 svarte"), ("en", "Reveal", "Fewer than 5 answered")],
)
def test_a_pulse_is_begun_revealed_and_asked_again(
    app: OpenApp, group: MakeGroup, service: Service, lang: str, reveal: str, too_few: str
) -> None:
    engagement = group({"S": 6, "SL": 2})
    at_step(service, engagement, "pulse")
    page = press(app("workshop", engagement, lang=lang), {"nb": "Start pulsen", "en": "Start the pulse"}[lang])
    assert buttons(page)[0] == reveal
    vote(service, engagement, *({"PU1": "2"} for _ in range(3)))
    assert {"nb": "3 av 3 har svart", "en": "3 of 3 have answered"}[lang] in words(page.run())
    page = press(page, reveal)
    assert too_few in words(page)

    page = press(page, {"nb": "Still de samme spørsmålene på nytt", "en": "Ask the same once more"}[lang])
    vote(service, engagement, *({"PU1": level} for level in "22333"))
    page = press(page, reveal)

    assert {"nb": "2,6", "en": "2.6"}[lang] in words(page)
    assert len(room_of(service, engagement).rounds) == 2


def test_a_second_round_stands_beside_the_first(app: OpenApp, group: MakeGroup, service: Service) -> None:
    engagement = group({"S": 6, "SL": 2})
    pulse(service, engagement, 2, 2, 3, 3, 4, 4)
    service.reveal(engagement)
    service.revote(engagement)
    vote(service, engagement, *({"PU1": level} for level in "44455"))
    service.reveal(engagement)

    assert "før 3,0, nå 4,4" in words(app("workshop", engagement))


def test_two_or_three_areas_are_chosen_and_voted_on_again(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    at_step(service, engagement, "result")
    page = app("workshop", engagement)
    assert "Mest uenighet:" in words(page)
    pills = next(p for p in page.main.get("button_group") if p.label == "Velg to eller tre områder")
    pills.set_value(["C1", "C4"]).run()
    assert len((room_of(service, engagement).step.outcome or "").splitlines()) == 2
    page = press(app("workshop", engagement), "Stem på nytt om spørsmålene over")
    ballot = room_of(service, engagement).ballot
    assert ballot is not None
    assert {q.id.partition(".")[0] for q in ballot.questions} == {"C1", "C4"}
    vote(service, engagement, *({q.id: "3" for q in ballot.questions[:1]} | {} for _ in range(4)))
    vote(service, engagement, {ballot.questions[0].id: "4"})

    page = press(app("workshop", engagement), "Vis resultatet")

    assert ", nå 3,2" in words(page)


def test_processes_are_marked_and_taken_over(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all")
    process = service.add_own_process(engagement, "Tilbud", "nb")
    service.judge_process(engagement, process, "consultant", "core")
    service.open_room(engagement)
    service.set_consensus(engagement, False)
    at_step(service, engagement, "classify")
    page = press(app("workshop", engagement), "Start avstemningen")
    vote(service, engagement, *({process: "support"} for _ in range(5)))
    page = press(page, "Vis resultatet")
    assert "de fleste: støtte" in words(page)

    page = press(page, "Ta over som klientens syn")

    (apart,) = service.processes(engagement).disagreements
    assert (apart.consultant, apart.client) == ("core", "support")
    assert "Tilbud" in words(page)
    assert [choice.label for choice in page.main.segmented_control] == ["Hva ble dere enige om?"]


def test_a_small_group_agrees_on_one_answer_together(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all")
    at_step(service, engagement, "pulse")
    page = app("workshop", engagement)
    next(t for t in page.main.toggle).set_value(True).run()
    page = press(app("workshop", engagement), "Start pulsen")
    page.main.segmented_control[0].set_value("4").run()

    page = press(app("workshop", engagement), "Vis resultatet")

    ballot = room_of(service, engagement).ballot
    assert ballot is not None
    assert ballot.outcome is not None
    assert list((ballot.outcome.agreed or {}).values()) == ["4"]
    assert ": 4</li>" in words(page)


def test_the_agenda_is_changed(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    service.open_room(engagement)
    page = app("workshop", engagement)
    area(page, "Minutter").set_value("9").run()
    area(page, "Legg til et eget steg").set_value("Pause *nå*").run()
    page = app("workshop", engagement)
    steps = room_of(service, engagement).steps
    assert (steps[0].minutes, steps[1].kind, steps[1].title) == (9, "own", "Pause *nå*")
    assert "2 Pause \\*nå\\*, 5 min" in buttons(page)
    area(page, "Minutter").set_value("0").run()
    assert room_of(service, engagement).steps[0].minutes == 9

    page = press(app("workshop", engagement), "Senere")
    assert [s.kind for s in room_of(service, engagement).steps[:2]] == ["own", "frame"]
    press(page, "Hopp over")
    assert room_of(service, engagement).step.kind == "pulse"


def test_an_own_step_is_removed_and_put_back(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    service.open_room(engagement)
    page = app("workshop", engagement)
    area(page, "Legg til et eget steg").set_value("Pause").run()
    page = press(page, "Ta bort")
    assert len(room_of(service, engagement).steps) == 9
    press(page, "Angre")
    assert room_of(service, engagement).steps[1].title == "Pause"


def test_a_quick_win_is_added_and_its_fields_are_open(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    at_step(service, engagement, "quick_wins")

    page = press(app("workshop", engagement), "Ny rask gevinst")

    assert service.plan(engagement).find(page.query_params["p"])
    assert area(page, "Hva skal gjøres?")
    assert "Ferdig" in buttons(page)


def test_the_net_is_shown_with_a_code_of_its_own(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    service.open_room(engagement)
    service.set_wifi(engagement, "Møte;rom", "hemmelig & <b>")

    for page in ("workshop", "screen"):
        said = words(app(page, engagement))
        assert "Møte;rom" in said
        assert "hemmelig &amp; &lt;b&gt;" in said
        assert said.count("data:image/svg+xml") == 2


def test_who_goes_out_of_the_room_has_a_way_back(app: OpenApp, service: Service) -> None:
    engagement = service.open_demo()
    at_step(service, engagement, "strategy")
    page = press(app("workshop", engagement), "Velg strategi")

    assert buttons(page)[0] == "Tilbake til arbeidsmøtet"
    assert "Tilbake til arbeidsmøtet" not in buttons(app("decision", engagement))


@pytest.mark.parametrize(
    ("lang", "end", "open_"), [("nb", "Avslutt møtet", "Åpne rommet"), ("en", "End the meeting", "Open the room")]
)
def test_the_meeting_is_ended_when_one_is_sure(app: OpenApp, service: Service, lang: str, end: str, open_: str) -> None:
    engagement = service.open_demo()
    service.open_room(engagement)
    page = press(app("workshop", engagement, lang=lang), end)
    assert service.room(engagement) is not None

    page = press(page, end)

    assert service.room(engagement) is None
    assert open_ in buttons(page)


def test_what_is_gone_is_said(app: OpenApp, service: Service) -> None:
    engagement: EngagementId = service.open_demo()
    at_step(service, engagement, "pulse")
    page = app("workshop", engagement)
    service.close_room(engagement)

    page = press(page, "Neste")

    assert "finnes ikke lenger" in words(page)
