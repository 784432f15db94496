"""The choice of strategy: two side by side, weights that hold once somebody says so, and who chose what and why."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.actor import Actor
from assessment.service import Service
from assessment.texts import texts
from pages.ui import session
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, never_shown, told
from tests.pages.test_maturity import readable

INTERFACES = {"C5_4": 1, "C5_5": 1}
NB = texts("nb")


def box(page: AppTest, label: str) -> AppTest:
    """The field or choice with this label."""
    kinds = ("selectbox", "text_input", "text_area")
    return next(b for kind in kinds for b in page.main.get(kind) if b.label == label)  # type: ignore[no-any-return]


def chosen(page: AppTest, label: str, value: str) -> AppTest:
    return box(page, label).select(value).run()  # type: ignore[no-any-return,attr-defined]


def typed(page: AppTest, label: str, value: str) -> AppTest:
    return box(page, label).input(value).run()  # type: ignore[no-any-return,attr-defined]


def saved(page: AppTest, who: str = "", why: str = "") -> AppTest:
    """The page after the form was filled in and sent; nothing of a form is sent before."""
    if who:
        box(page, NB("decision.by")).input(who)  # type: ignore[attr-defined]
    if why:
        box(page, NB("decision.reason_needed")).input(why)  # type: ignore[attr-defined]
    return press(page, NB("decision.save"))


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("decision", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("pack", ["full", "pulse"])
def test_with_nothing_to_choose_on_it_leads_to_the_questions(
    app: OpenApp, solo: MakeSolo, lang: str, pack: str
) -> None:
    page = app("decision", solo("none") if pack == "full" else solo("all", pack="pulse", value=3), lang=lang)

    assert buttons(page) == [texts(lang)("strategy.to_answer")]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_it_begins_with_the_recommended_and_the_next_best(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page, say = app("decision", solo("all", value=4, **INTERFACES), lang=lang), texts(lang)

    text = readable(words(page))
    assert say("decision.lead_open") in text
    assert box(page, say("decision.one")).value == "S4"
    assert len(page.main.get("vega_lite_chart")) == 1
    assert say("actions.S4.quick.1") in text
    assert say.plural("decision.against_gate_unknown", 7) in text
    assert never_shown(page) == []


def test_any_two_can_be_compared_and_one_with_itself_cannot(app: OpenApp, solo: MakeSolo) -> None:
    page = chosen(app("decision", solo("all", value=4, **INTERFACES)), NB("decision.other"), "S6")
    assert NB("actions.S6.quick.1") in readable(words(page))

    page = chosen(page, NB("decision.other"), "S4")
    assert NB("decision.same") in readable(words(page))
    assert len(page.main.get("vega_lite_chart")) == 0


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_says_what_was_chosen_why_and_that_the_recommendation_has_moved(
    app: OpenApp, service: Service, lang: str
) -> None:
    demo, say = service.open_demo(), texts(lang)
    (made,) = service.strategy_decisions(demo)
    for page in ("decision", "strategy", "actions"):
        shown = app(page, demo, lang=lang)
        text = readable(words(shown))
        assert say("decision.reason_was", reason=made.reason) in text
        then, now = (say("common.quoted", words=say(f"strategy.{s}")) for s in ("S4", "S1"))
        assert say("decision.moved", then=then, now=now) in text
        assert never_shown(shown) == []


def test_the_recommended_is_chosen_by_saying_who_and_can_be_undone(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    page = saved(app("decision", engagement))
    assert NB("decision.nobody") in told(page)

    page = saved(page, "Salgsdirektør <Nord>")

    (made,) = service.strategy_decisions(engagement)
    assert (made.strategy, made.decided_by, made.reason) == ("S4", "Salgsdirektør <Nord>", None)
    assert NB("decision.saved") in words(page)
    assert "Salgsdirektør &lt;Nord&gt;" in words(page)
    assert box(page, NB("decision.by")).value == ""

    page = press(page, NB("common.undo"))
    assert service.strategy_decisions(engagement) == ()
    assert NB("decision.lead_open") in words(page)


def test_against_the_recommendation_a_reason_is_asked_for_and_next_steps_follow_the_choice(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    page = chosen(app("decision", engagement), NB("decision.strategy"), "S5")
    assert NB("decision.other_than", name="«Bedre flyt mot andre avdelinger»") in readable(words(page))
    page = saved(page, "Styret")
    assert NB("decision.no_reason") in told(page)
    assert service.strategy_decisions(engagement) == ()

    saved(page, why="Avdelingene er ikke klare")

    assert service.strategy_decisions(engagement)[0].reason == "Avdelingene er ikke klare"
    text = readable(words(app("actions", engagement)))
    assert NB("actions.S5.quick.1") in text
    assert NB("actions.S4.quick.1") not in text
    assert "Avdelingene er ikke klare" in readable(words(app("strategy", engagement)))


def test_to_hold_and_measure_can_be_chosen_and_next_steps_follow(
    app: OpenApp, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    saved(chosen(app("decision", engagement), NB("decision.strategy"), "S0"), "Styret", "Vi måler først")

    assert service.strategy_decisions(engagement)[0].strategy == "S0"
    assert NB("actions.S0.measure.1") in readable(words(app("actions", engagement)))


def test_outside_the_mandate_says_so_and_asks_why(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    service.save_mandate(engagement, {"scope": "all_sales", "owner": "SL", "may_change_system": False})

    page = chosen(app("decision", engagement), NB("decision.strategy"), "S4")

    reasons = NB("strategy.reason.no_department_in_scope")
    assert f"◆ {NB('decision.against_mandate', reasons=reasons)}" in readable(words(page))
    assert box(page, NB("decision.reason_needed"))


# ---------------------------------------------------------------- weights


def test_weights_are_tried_then_used_everywhere_then_ours_again(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    page = chosen(app("decision", engagement), NB("decision.weights_of"), "S4")
    signal = NB("signal.n5e")
    assert box(page, signal).value == "40"
    assert NB("decision.use") not in buttons(page)

    page = typed(page, signal, "0")
    text = readable(words(page))
    assert NB("decision.trying") in text
    assert NB("decision.ranking_other", ours="«Bedre flyt mot andre avdelinger»", yours="«Behold og mål»") in text
    advice = service.advice(engagement)
    assert advice is not None
    assert advice.recommendation.recommended == "S4"

    page = press(page, NB("decision.use"))
    assert NB("decision.weights_used") in words(page)
    for other in ("decision", "strategy", "actions", "training_brief"):
        assert NB("decision.own_weights") in readable(words(app(other, engagement)))

    page = press(page, NB("decision.ours"))
    assert NB("decision.weights_ours") in words(page)
    assert NB("decision.own_weights") not in readable(words(app("strategy", engagement)))
    page = press(page, NB("common.undo"))
    assert NB("decision.own_weights") in readable(words(page))


@pytest.mark.parametrize(("value", "says"), [("mye", "fields.not_a_number"), ("-1", "fields.not_a_number")])
def test_a_weight_that_is_no_figure_is_refused(app: OpenApp, solo: MakeSolo, value: str, says: str) -> None:
    page = chosen(app("decision", solo("all")), NB("decision.weights_of"), "S4")

    page = typed(page, NB("signal.n5e"), value)

    assert NB(says) in told(page)
    assert NB("decision.use") not in buttons(page)


def test_a_strategy_keeps_at_least_one_weight(app: OpenApp, solo: MakeSolo) -> None:
    page = chosen(app("decision", solo("all")), NB("decision.weights_of"), "S3")
    for signal in ("n5i", "waitint", "n6", "dInt"):
        page = typed(page, NB(f"signal.{signal}"), "0")

    assert NB("decision.weights_zero") in told(page)


# ---------------------------------------------------------------- who may, and what fails


def test_who_may_only_read_sees_the_choice_and_changes_nothing(
    app: OpenApp, solo: MakeSolo, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    service.add_member(engagement, "viewer@a.no", "viewer")
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("decision", engagement)

    assert NB("decision.compare") in words(page)
    assert [b for b in buttons(page) if b in (NB("decision.save"), NB("decision.use"), NB("decision.ours"))] == []
    assert list(page.main.text_input) == []


def test_what_is_not_stored_is_said_and_what_was_typed_stays(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    page = app("decision", engagement)

    with kept_busy(database, monkeypatch):
        service._store.close()
        page = saved(page, "Styret")
        assert "Ikke lagret." in told(page)

    assert box(page, NB("decision.by")).value == "Styret"
    assert service.strategy_decisions(engagement) == ()
    saved(page)
    assert len(service.strategy_decisions(engagement)) == 1
