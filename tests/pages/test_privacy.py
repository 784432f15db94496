"""How long answers are kept, who answers for them, and the notice respondents read."""

from datetime import timedelta

import pytest

from assessment.service import Service
from assessment.use_cases import utc_now
from tests.pages.conftest import MakeGroup, MakeSolo, OpenApp, buttons, press, words
from tests.pages.reading import never_shown


@pytest.mark.parametrize(("lang", "button"), [("nb", "Start en vurdering"), ("en", "Begin an assessment")])
def test_without_an_engagement_the_page_says_how_to_get_one(app: OpenApp, lang: str, button: str) -> None:
    assert buttons(app("privacy", lang=lang)) == [button]


@pytest.mark.parametrize(
    ("lang", "said", "remove"), [("nb", "slettes", "Fjern dagen"), ("en", "is erased on", "Remove the day")]
)
def test_the_day_is_set_said_and_removed(
    app: OpenApp, solo: MakeSolo, service: Service, lang: str, said: str, remove: str
) -> None:
    engagement, day = solo("half"), utc_now().date() + timedelta(days=90)
    page = app("privacy", engagement, lang=lang)
    assert service.privacy(engagement).erase_on is None

    page = page.main.date_input[0].set_value(day).run()

    assert service.privacy(engagement).erase_on == day
    assert said in words(page)
    press(page, remove)
    assert service.privacy(engagement).erase_on is None


@pytest.mark.parametrize(
    ("lang", "controller", "notice"), [("nb", "Hvem har ansvar", "Slik brukes"), ("en", "Who is resp", "How your")]
)
def test_who_answers_for_the_answers_stands_in_the_notice(
    app: OpenApp, group: MakeGroup, service: Service, lang: str, controller: str, notice: str
) -> None:
    engagement = group({"S": 6})
    page = app("privacy", engagement, lang=lang)
    field = next(f for f in page.main.text_input if f.label.startswith(controller))

    page = field.set_value("Fjord <b>Holding</b>").run()

    assert service.privacy(engagement).controller == "Fjord <b>Holding</b>"
    assert notice in words(page)
    assert "Fjord &lt;b&gt;Holding&lt;/b&gt;" in "".join(h.proto.body for h in page.main.get("html"))
    assert never_shown(page, engagement) == []
