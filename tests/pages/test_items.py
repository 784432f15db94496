"""Question by question: own answers and group means on the ladder, the next rung, and what is not answered."""

from pathlib import Path

import pytest

from assessment.guard import requires
from assessment.packs import builtin
from assessment.results import Measurements
from assessment.service import Service
from assessment.store.protocol import Busy
from tests.pages.conftest import MakeSolo, OpenApp, buttons, words
from tests.pages.test_maturity import CODES, readable


def anchor(item: str, level: int, lang: str = "nb") -> str:
    """The words of one rung."""
    pack = builtin("pulse" if item.startswith("PU") else "full")
    return pack.prose[lang].items[item].anchors[pack.anchored.index(level)]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str) -> None:
    page = app("items", lang=lang)

    assert buttons(page) == [{"nb": "Start en vurdering", "en": "Begin an assessment"}[lang]]


def test_with_nothing_answered_it_sends_the_reader_to_the_questions(app: OpenApp, solo: MakeSolo) -> None:
    assert buttons(app("items", solo("none"))) == ["Svar på spørsmålene"]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_criterion_to_lift_first_is_open_and_leads_with_its_weakest_question(
    app: OpenApp, solo: MakeSolo, lang: str
) -> None:
    text = readable(words(app("items", solo("all", value=3, C5_4=2, C5_5=2, C5_1=1), lang=lang)))

    says = {"nb": "Slik ser trinn 2 ut her: «", "en": "This is what step 2 looks like here: ‘"}
    assert says[lang] + anchor("C5.1", 2, lang) in text
    assert CODES.findall(text) == []


def test_own_answer_and_next_rung_are_marked_in_words(app: OpenApp, solo: MakeSolo) -> None:
    text = readable(words(app("items", solo("all", value=2), p="C4")))

    assert text.count("● Ditt svar") == 5
    assert text.count("→ Neste trinn") == 5


def test_the_address_chooses_the_criterion_and_the_reader_another(app: OpenApp, solo: MakeSolo) -> None:
    page = app("items", solo("all"), p="C3")
    assert builtin("full").prose["nb"].items["C3.1"].stem in words(page)

    page.selectbox[0].set_value("C6").run()

    assert page.query_params["p"] in ("C6", ["C6"])
    assert builtin("full").prose["nb"].items["C6.1"].stem in words(page)


def test_a_step_that_is_no_criterion_falls_back(app: OpenApp, solo: MakeSolo) -> None:
    assert "Slik ser trinn" in words(app("items", solo("all"), p="review"))


def test_what_is_not_answered_is_said_and_not_left_empty(app: OpenApp, solo: MakeSolo) -> None:
    engagement = solo("all", value=3, C5_1="DK", C5_2="NA", C5_3=None)

    text = words(app("items", engagement, p="C5"))

    assert "Du svarte «Vet ikke»" in text
    assert "Du svarte «Ikke aktuelt hos oss»" in text
    assert "Ikke besvart." in text
    assert text.count('class="sf-hidden"') == 3


def test_at_the_top_it_says_hold(app: OpenApp, solo: MakeSolo) -> None:
    text = readable(words(app("items", solo("all", value=5), p="C1")))

    assert "Dere er på det øverste trinnet" in text
    assert "Neste trinn" not in text


@pytest.mark.parametrize(("answer", "own", "following"), [(1, 1, 3), (2, 0, 3), (3, 1, 5), (4, 0, 5), (5, 1, None)])
def test_a_pulse_has_words_on_three_rungs_and_says_between(
    app: OpenApp, solo: MakeSolo, answer: int, own: int, following: int | None
) -> None:
    text = readable(words(app("items", solo("all", pack="pulse", value=3, PU5=answer), p="C5")))

    assert text.count("● Ditt svar") == own
    assert ("ligger mellom to av beskrivelsene" in text) == (own == 0)
    assert text.count("→ Neste trinn") == (following is not None)
    if following:
        assert f"Slik ser trinn {following} ut her: «{anchor('PU5', following)}" in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_group_is_shown_by_its_mean_and_shares_and_never_as_one_answer(
    app: OpenApp, service: Service, lang: str
) -> None:
    page = app("items", service.open_demo(), lang=lang, w="demo-T0", p="C5")

    text = readable(words(page))
    assert {"nb": "Snittet ligger her", "en": "The mean is here"}[lang] in text
    assert {"nb": "Ditt svar", "en": "Your answer"}[lang] not in text
    assert {"nb": "53\u00a0%", "en": "53%"}[lang] in text
    assert CODES.findall(text) == []


def test_a_store_that_fails_is_a_sentence(
    app: OpenApp, solo: MakeSolo, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = solo("all")

    def fail(*_: object) -> None:
        raise Busy(Path("pages.db"))

    monkeypatch.setattr(Measurements, "results", requires("read")(fail))

    assert "Traceback" not in words(app("items", engagement))
    assert "Gå til oversikten" in buttons(app("items", engagement))
