"""The brief for a training: the verdict, the steps, what is in the way, what is measured, and what one adds."""

import datetime as dt
from pathlib import Path

import pytest

from assessment.actor import Actor
from assessment.engagement import EngagementId, Response
from assessment.packs import builtin
from assessment.service import Service
from assessment.settings import settings
from assessment.store import SqliteStore
from assessment.texts import texts
from pages.ui import session
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import kept_busy, never_shown, told
from tests.pages.test_maturity import readable

NB = texts("nb")
FOUNDATION = ("C1_1", "C1_2", "C1_3", "C1_4")


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("training_brief", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("pack", ["full", "pulse"])
def test_with_nothing_to_build_on_it_leads_to_the_questions(app: OpenApp, solo: MakeSolo, lang: str, pack: str) -> None:
    page = app("training_brief", solo("none") if pack == "full" else solo("all", pack="pulse", value=3), lang=lang)

    assert buttons(page) == [texts(lang)("strategy.to_answer")]


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize(("level", "verdict"), [(2, "fix_first"), (3, "parallel"), (4, "train"), (None, "unknown")])
def test_it_leads_with_the_verdict(app: OpenApp, solo: MakeSolo, lang: str, level: int | None, verdict: str) -> None:
    page = app("training_brief", solo("all", value=3, **dict.fromkeys(FOUNDATION, level)), lang=lang)

    text, say = readable(words(page)), texts(lang)
    assert say(f"actions.training.{verdict}") in text
    assert say("actions.training.planned") in text
    assert never_shown(page) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_names_steps_bottleneck_waste_and_the_weakest_questions(
    app: OpenApp, service: Service, lang: str
) -> None:
    demo, say = service.open_demo(), texts(lang)
    page = app("training_brief", demo, lang=lang)

    text = readable(words(page))
    assert say("actions.S1.train.1") in text
    assert say("training_brief.usable", share=say.percent(0.7)) in text
    assert say.percent(1.0184) in text
    assert say("training_brief.measure.last") in text
    assert text.count(say("training_brief.obstacle", topic="|", level="|", next="|").split("|")[1]) >= 3
    assert len(page.main.get("download_button")) == 1
    assert never_shown(page) == []


def test_when_nothing_is_weak_it_says_so(app: OpenApp, solo: MakeSolo) -> None:
    assert NB("training_brief.nothing.obstacles") in readable(words(app("training_brief", solo("all", value=5))))


def test_it_trains_for_the_strategy_that_was_chosen(app: OpenApp, solo: MakeSolo, service: Service) -> None:
    engagement = solo("all", value=4, C5_4=1, C5_5=1)
    assert NB("actions.S4.train.1") in readable(words(app("training_brief", engagement)))
    wave = service.results(engagement).wave.id
    day = dt.date(2026, 3, 2)
    service.decide_strategy(engagement, wave, "S5", decided_by="Styret", decided_on=day, reason="Avtalt")

    text = readable(words(app("training_brief", engagement)))
    assert NB("actions.S5.train.1") in text
    assert NB("actions.S4.train.1") not in text


def test_it_prints(app: OpenApp, service: Service) -> None:
    assert "window.print()" in words(press(app("training_brief", service.open_demo()), NB("maturity.print")))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_what_one_adds_stands_below_its_part(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement, say = solo("all", value=3), texts(lang)
    page = press(app("training_brief", engagement, lang=lang), say("training_brief.add"))
    assert len(page.main.text_area) == 4

    page.main.text_area[1].set_value("Møte <én>\nog to").run()
    assert 'role="status">✓' in words(page)
    page.main.date_input[0].set_value(dt.date(2026, 11, 30)).run()

    shown = press(page, say("sponsor_note.done"))
    assert "Møte &lt;én&gt;<br>og to" in words(shown)
    assert say("training_brief.on.last", day=say.day(dt.date(2026, 11, 30))) in readable(words(shown))
    assert say.day(dt.date(2027, 2, 28)) in readable(words(shown))
    assert service.training_brief(engagement).steps == "Møte <én>\nog to"
    assert never_shown(shown) == []


def test_who_may_only_read_sees_the_brief_and_adds_nothing(
    app: OpenApp, solo: MakeSolo, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("all", value=3)
    service.add_member(engagement, "viewer@a.no", "viewer")
    monkeypatch.setattr(session, "actor", lambda: Actor("oidc", "viewer@a.no"))

    page = app("training_brief", engagement, p="edit")

    assert NB("training_brief.section.steps") in words(page)
    assert (list(page.main.text_area), NB("training_brief.add") in buttons(page)) == ([], False)


def test_what_is_not_written_is_said(
    app: OpenApp, solo: MakeSolo, service: Service, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("all", value=3)
    page = app("training_brief", engagement, p="edit")

    with kept_busy(database, monkeypatch):
        service._store.close()
        page.main.text_area[0].set_value("Noe").run()
        assert "Ikke lagret." in told(page)

    assert service.training_brief(engagement).verdict is None


def reacted(service: Service, engagement: EngagementId, people: int, *, close: bool = True) -> None:
    """A round right after a training: the first obstacle is named by all but two, the others by half."""
    wave = service.open_wave(engagement, "T1", pack_id="reaction")
    items = builtin("reaction").items
    rows = [
        {
            "id": f"t1-{n}",
            "wave_id": wave.id,
            "role": "S",
            "answers": {i.id: {"value": 1 + n % 2 * 3} for i in items} | {"R4": {"value": 1 if n < 2 else 5}},
        }
        for n in range(people)
    ]
    SqliteStore(settings().database).add_responses(wave.id, [Response.model_validate(row) for row in rows])
    if close:
        service.close_wave(engagement, wave.id)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_reaction_is_told_in_words_and_common_obstacles_come_first(
    app: OpenApp, group: MakeGroup, service: Service, lang: str
) -> None:
    engagement, say = group({"S": 8}), texts(lang)
    reacted(service, engagement, 12)
    prose = builtin("reaction").prose[lang].items  # type: ignore[index]

    page = app("training_brief", engagement, lang=lang)

    text = readable(words(page))
    assert say("training_brief.reaction") in text
    assert say("training_brief.reaction_named", topic=prose["R4"].topic, named="10", of="12") in text
    assert say("training_brief.reaction_common", topic=prose["R4"].topic) in text
    assert say("training_brief.reaction_said", topic=prose["R1"].topic, answer=prose["R1"].anchors[2]) in text
    assert never_shown(page) == []


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_an_open_reaction_is_a_count_and_one_of_too_few_is_said_to_be_hidden(
    app: OpenApp, group: MakeGroup, service: Service, lang: str
) -> None:
    engagement, say = group({"S": 8}), texts(lang)
    assert say("training_brief.reaction") not in words(app("training_brief", engagement, lang=lang))
    reacted(service, engagement, 4, close=False)
    assert say.plural("training_brief.reaction_open", 4) in readable(
        words(app("training_brief", engagement, lang=lang))
    )
    service.close_wave(engagement, service.waves(engagement)[-1].id)

    page = app("training_brief", engagement, lang=lang)

    assert say("training_brief.reaction_hidden", topics="|").split("|")[0] in readable(words(page))
    assert never_shown(page) == []
