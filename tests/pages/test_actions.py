"""Next steps: what to do on Monday, whether to train, and the next rung where one stands lowest."""

import pytest

from assessment.engagement import ItemId, ReadinessAnswer
from assessment.packs import builtin
from assessment.service import Service
from assessment.strategy.model import HOLD_AND_MEASURE
from assessment.texts import texts
from tests.pages.conftest import MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import never_shown
from tests.pages.test_maturity import readable

INTERFACES = {"C5_4": 1, "C5_5": 1}


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("actions", lang=lang)) == [button]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_with_nothing_answered_it_leads_to_the_questions(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    page = app("actions", solo("none"), lang=lang)

    assert texts(lang)("strategy.nothing") in readable(words(page))
    assert len(press(page, texts(lang)("strategy.to_answer")).main.radio) == 4


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_pulse_leads_to_the_full_set(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("all", pack="pulse")
    page = app("actions", engagement, lang=lang)
    assert texts(lang)("strategy.pulse") in readable(words(page))

    page = press(page, texts(lang)("maturity.pulse_go"))

    sheet = service.sheet(engagement)
    assert sheet is not None
    assert sheet.pack.id == "full"
    assert len(page.main.radio) == 4


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_done_it_says_what_to_do_document_train_and_measure(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    text, say = readable(words(app("actions", solo("all", value=4, **INTERFACES), lang=lang))), texts(lang)

    first = say("actions.S4.quick.1")
    assert say("actions.lead", first=first[0].lower() + first[1:]) in text
    for topic in ("quick", "document", "train", "measure"):
        assert say(f"actions.{topic}") in text
        assert say(f"actions.S4.{topic}.1") in text
    assert say("actions.again") in text


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize(
    ("foundation", "verdict", "level"), [(2, "fix_first", 2.0), (3, "parallel", 3.0), (4, "train", 4.0)]
)
def test_the_training_verdict_has_its_level(
    app: OpenApp, solo: MakeSolo, foundation: int, verdict: str, level: float, lang: str
) -> None:
    page = app("actions", solo("all", value=3, **{f"C1_{n}": foundation for n in range(1, 5)}), lang=lang)

    text, say = readable(words(page)), texts(lang)
    assert say(f"actions.training.{verdict}_why", level=say.number(level)) in text
    assert say("actions.training.planned") in text


def test_a_foundation_that_is_not_known_is_said(app: OpenApp, solo: MakeSolo) -> None:
    page = app("actions", solo("all", value=3, **{f"C1_{n}": "DK" for n in range(1, 5)}))

    assert texts("nb")("actions.training.unknown_why") in readable(words(page))


def test_the_lowest_questions_show_the_rung_above(app: OpenApp, solo: MakeSolo) -> None:
    text = readable(words(app("actions", solo("all", value=4, **INTERFACES))))

    for item in ("C5.4", "C5.5"):
        words_of = builtin("full").prose["nb"].items[item]
        assert words_of.stem in text
        assert words_of.anchors[0] in text
        assert words_of.anchors[1] in text


def test_at_the_top_of_everything_there_is_no_rung_to_show(app: OpenApp, solo: MakeSolo) -> None:
    page, say = app("actions", solo("all", value=5)), texts("nb")

    text = readable(words(page))
    assert say(f"actions.{HOLD_AND_MEASURE}.quick.1") in text
    assert say("actions.rungs") not in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_closed_gate_comes_first_on_monday(app: OpenApp, solo: MakeSolo, service: Service, lang: str) -> None:
    engagement = solo("all", value=4, **INTERFACES)
    for n in range(1, 8):
        service.answer_readiness(engagement, ReadinessAnswer(item_id=ItemId(f"P{n}"), value=1 if n == 3 else 5))

    text = readable(words(app("actions", engagement, lang=lang)))

    owner = builtin("readiness").prose[lang].criteria["P3"].title
    assert texts(lang)("actions.lead_gate", name=owner) in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_example_has_its_next_steps(app: OpenApp, service: Service, lang: str) -> None:
    page = app("actions", service.open_demo(), lang=lang)

    advice = service.advice(service.open_demo())
    assert advice is not None
    assert texts(lang)(f"actions.{advice.recommendation.recommended}.document.1") in readable(words(page))
    assert never_shown(page) == []
