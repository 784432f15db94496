"""The diagnosis page: findings with evidence, decided on in words, signed, and the way to the figures and back."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.engagement import EngagementId
from assessment.service import Service
from assessment.texts import texts
from pages.ui import session
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, never_shown
from tests.pages.test_maturity import readable

WEAK = {"C5_4": 1, "C5_5": 1}
NB = texts("nb")


def drawn(service: Service, engagement: EngagementId) -> EngagementId:
    """The same with the worked value stream."""
    service.begin_stream(engagement, "nb", worked=True)
    return engagement


def typed(page: AppTest, label: str, value: str) -> AppTest:
    boxes = [*page.main.get("text_input"), *page.main.get("text_area")]
    return next(box for box in boxes if box.label == label).input(value).run()


def accept_all(service: Service, engagement: EngagementId) -> None:
    found = service.diagnosis(engagement)
    assert found is not None
    for judged in found.findings:
        service.decide_on_finding(engagement, found.wave_id, judged.rule, "accepted")


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("diagnosis", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("pack", ["full", "pulse"])
def test_with_nothing_to_diagnose_on_it_leads_to_the_questions(
    app: OpenApp, solo: MakeSolo, lang: str, pack: str
) -> None:
    engagement = solo("none") if pack == "full" else solo("all", pack="pulse", value=3)
    page = app("diagnosis", engagement, lang=lang)

    assert buttons(page) == [texts(lang)("strategy.to_answer")]
    assert never_shown(page) == []


def test_while_people_answer_nothing_is_shown(app: OpenApp, group: MakeGroup) -> None:
    page = app("diagnosis", group({"S": 6}, closed=(False,)))

    assert NB("maturity.open") in readable(words(page))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_when_all_is_well_it_says_so_and_what_was_looked_for(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page, say = app("diagnosis", solo("all", value=5), lang=lang), texts(lang)

    text = readable(words(page))
    assert say("strategy.diagnosis_none") in text
    assert say("diagnosis.quiet") in text
    assert say("diagnosis.sign_heading") not in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_shows_every_finding_with_what_it_rests_on(app: OpenApp, service: Service, lang: str) -> None:
    demo, say = service.open_demo(), texts(lang)
    page = app("diagnosis", demo, lang=lang)
    found = service.diagnosis(demo)
    assert found is not None

    text = readable(words(page))
    for judged in found.findings:
        assert say(f"diagnosis.{judged.rule}") in text
    assert say.plural("diagnosis.open", len(found.findings)) in text
    assert say.percent(1.0184) in text
    assert say("evidence.rating_unknown") in text
    assert never_shown(page, "demo-presales") == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_each_finding_of_the_example_says_for_and_against_and_how_to_find_out(
    app: OpenApp, service: Service, lang: str
) -> None:
    demo, say = service.open_demo(), texts(lang)
    found = service.diagnosis(demo)
    assert found is not None
    for judged in found.findings:
        page = app("diagnosis", demo, lang=lang, p=judged.rule)
        text = readable(words(page))
        assert say("diagnosis.for") in text
        assert say(f"diagnosis.{judged.rule}.confirms") in text
        assert say(f"diagnosis.{judged.rule}.refutes") in text
        assert never_shown(page) == []


def test_evidence_leads_to_the_figure_and_the_figure_back_to_the_finding(app: OpenApp, service: Service) -> None:
    demo = service.open_demo()
    finding = app("diagnosis", demo, p="D08")

    stream = press(finding, NB("diagnosis.to_source", page=NB("page.stream")))
    assert [t.value for t in stream.main.title] == [NB("page.stream")]

    handoffs = press(app("handoffs", demo), NB("diagnosis.D05"))
    assert [h.value for h in handoffs.main.header] == [NB("diagnosis.D05")]


def test_evidence_of_answers_leads_to_the_questions_of_its_criterion(app: OpenApp, solo: MakeSolo) -> None:
    engagement = solo("all", value=4, **WEAK)
    page = press(app("diagnosis", engagement, p="D05"), NB("diagnosis.to_source", page=NB("page.items")))

    assert page.query_params["p"] in ("C5", ["C5"])
    assert NB("diagnosis.D05") in buttons(page)


@pytest.mark.parametrize("page", ["processes", "waste", "kpis", "stream", "mandate"])
def test_pages_without_evidence_of_a_finding_say_nothing_of_it(app: OpenApp, solo: MakeSolo, page: str) -> None:
    assert NB("diagnosis.used_in") not in readable(words(app(page, solo("all", value=5))))


def test_a_finding_is_reworded_noted_and_accepted(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", value=4, **WEAK)
    page = typed(app("diagnosis", engagement, p="D05"), NB("diagnosis.wording"), "Leveranse får for lite")
    page = typed(page, NB("diagnosis.note"), "Tre av fem ordre i går")
    page = press(page, NB("diagnosis.accept"))

    found = service.diagnosis(engagement)
    assert found is not None
    judged = found.find("D05")
    assert judged is not None
    assert (judged.said.wording, judged.said.note) == ("Leveranse får for lite", "Tre av fem ordre i går")
    assert judged.said.decided == "accepted"
    assert "Leveranse får for lite" in readable(words(app("strategy", engagement)))


def test_the_rules_own_wording_typed_again_is_no_wording_of_ones_own(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("all", value=4, **WEAK)
    page = typed(app("diagnosis", engagement, p="D05"), NB("diagnosis.wording"), "Noe annet")
    typed(page, NB("diagnosis.wording"), NB("diagnosis.D05"))

    assert texts("en")("diagnosis.D05") in readable(words(app("diagnosis", engagement, lang="en")))


def test_who_rejects_writes_why_first(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", value=4, **WEAK)
    page = press(app("diagnosis", engagement, p="D05"), NB("diagnosis.reject"))
    assert NB("diagnosis.no_reason") in readable(words(page))

    page = press(typed(page, NB("diagnosis.reason"), "Avtalen kom i går"), NB("diagnosis.reject"))
    assert NB("diagnosis.no_reason") not in readable(words(page))
    assert "Avtalen kom i går" in readable(words(page))

    page = typed(page, NB("diagnosis.reason"), "")
    assert NB("diagnosis.no_reason") in readable(words(page))
    found = service.diagnosis(engagement)
    assert found is not None
    judged = found.find("D05")
    assert judged is not None
    assert (judged.said.decided, judged.said.reason) == ("rejected", "Avtalen kom i går")


def test_a_changed_figure_marks_the_finding_and_says_from_what_to_what(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = drawn(service, solo("all", value=4, **WEAK))
    accept_all(service, engagement)
    service.change_stage(engagement, service.stream(engagement).chain[0].id, {"complete_accurate_share": 0.5})

    assert NB("diagnosis.outdated") in readable(words(app("diagnosis", engagement)))
    page = app("diagnosis", engagement, p="D05")
    was, now = (NB("evidence.dExt", value=NB.percent(v), limit=NB.percent(0.8)) for v in (0.775, 0.725))
    assert was in readable(words(page))
    assert now in readable(words(page))
    page = press(page, NB("diagnosis.accept_anew"))
    assert NB("diagnosis.outdated_why") not in readable(words(page))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_whole_is_signed_marked_when_it_changes_and_withdrawn_with_undo(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str
) -> None:
    engagement, say = drawn(service, solo("all", value=4, **WEAK)), texts(lang)
    assert say("diagnosis.sign") not in buttons(app("diagnosis", engagement, lang=lang))
    accept_all(service, engagement)

    page = press(app("diagnosis", engagement, lang=lang), say("diagnosis.sign"))
    assert say("diagnosis.sign_nobody") in readable(words(page))
    next(box for box in page.main.text_input if box.label == say("diagnosis.sign_by")).input("Salgsdirektør")
    page = press(page, say("diagnosis.sign"))
    found = service.diagnosis(engagement)
    assert found is not None
    assert found.signed is not None
    assert say("diagnosis.signed", name="Salgsdirektør", date=say.day(found.signed.signed_at)) in readable(words(page))

    service.say_of_finding(engagement, found.wave_id, "D05", {"wording": "Andre ord"})
    page = app("diagnosis", engagement, lang=lang)
    assert say("diagnosis.changed_since") in readable(words(page))

    page = press(page, say("diagnosis.withdraw"))
    page = press(page, say("common.undo"))
    found = service.diagnosis(engagement)
    assert found is not None
    assert found.signed is not None


def test_a_finding_that_fires_no_more_stands_apart(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = drawn(service, solo("all", value=4, **WEAK))
    accept_all(service, engagement)
    for use in service.stream(engagement).flow.pools:
        service.change_pool(engagement, use.id, {"fte": 90})

    assert NB("diagnosis.lapsed") in readable(words(app("diagnosis", engagement)))
    page = app("diagnosis", engagement, p="D08")
    assert NB("diagnosis.accept") not in buttons(page)
    assert NB("diagnosis.undecide") in buttons(page)


def test_findings_are_walked_from_one_to_the_next(app: OpenApp, service: Service) -> None:
    demo = service.open_demo()
    found = service.diagnosis(demo)
    assert found is not None
    page = app("diagnosis", demo, p=found.findings[0].rule)
    assert NB("diagnosis.before") not in buttons(page)
    for judged in found.findings[1:]:
        page = press(page, NB("diagnosis.after"))
        assert [h.value for h in page.main.header] == [NB(f"diagnosis.{judged.rule}")]
    page = press(page, NB("diagnosis.to_all"))
    assert NB.plural("diagnosis.found", len(found.findings)) in readable(words(page))


def test_who_may_only_read_sees_the_evidence_and_decides_nothing(
    app: OpenApp, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = service.open_demo()
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "reader@a.no"))

    page = app("diagnosis", demo, p="D08")

    assert not page.main.text_area
    assert NB("diagnosis.accept") not in buttons(page)
    assert NB("diagnosis.for") in readable(words(page))


def test_a_decision_that_cannot_be_stored_is_said_and_nothing_is_decided(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("all", value=4, **WEAK)
    page = app("diagnosis", engagement, p="D05")
    with kept_busy(database, monkeypatch):
        page = press(page, NB("diagnosis.accept"))

    assert NB("error.store.busy").split("{")[0] in readable(words(page))
    found = service.diagnosis(engagement)
    assert found is not None
    judged = found.find("D05")
    assert judged is not None
    assert judged.said.decided is None
