"""How it works: readable without an assessment, with the figures the calculations really use."""

import pytest

from assessment import config
from assessment.strategy.model import STRATEGIES
from assessment.texts import Texts, texts
from tests.pages.conftest import MakeSolo, OpenApp, press, words
from tests.pages.reading import everything, never_shown
from tests.pages.test_maturity import readable


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_it_needs_no_assessment_and_changes_with_none(app: OpenApp, solo: MakeSolo, lang: str) -> None:
    alone = everything(app("method", lang=lang))

    assert len(alone) > 5000
    assert everything(app("method", solo("all"), lang=lang)) == alone


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_its_figures_are_those_of_the_calculations(app: OpenApp, lang: str) -> None:
    say: Texts = texts(lang)
    text = readable(words(app("method", lang=lang)))

    for share in (config.COVERAGE_MIN, config.DK_FLAG, config.EVID_MIN, config.EVID_FULL):
        assert say.percent(share) in text
    for level in (*config.LEVEL_CUTS, *config.TRAIN_CUTS):
        assert say.number(level) in text


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_it_names_all_strategies_and_the_four_honesty_rules(app: OpenApp, lang: str) -> None:
    page, say = app("method", lang=lang), texts(lang)

    text = readable(words(page))
    assert [s for s in STRATEGIES if say(f"strategy.{s}") not in text] == []
    assert [n for n in (1, 2, 3, 4) if say(f"method.honesty.{n}") not in text] == []
    assert never_shown(page) == []


def test_it_works_where_there_is_no_database(app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALGSFLYT_DATABASE", "/proc/no/such/place.db")

    page = app("method", "some-engagement")

    assert 'role="alert"' not in words(page)
    assert len(readable(words(page))) > 5000


def test_it_leads_to_begin(app: OpenApp) -> None:
    page = press(app("method"), "Start en vurdering")

    assert page.main.title[0].value == "Ny vurdering"
