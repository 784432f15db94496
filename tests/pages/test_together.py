"""A team that answers together: one sheet, a result at once, and words for several."""

import pytest

from assessment.engagement import Answer, EngagementId, ItemId
from assessment.service import Beginning, Service
from tests.pages.conftest import OpenApp, buttons, press, words
from tests.pages.test_maturity import CODES, readable

PAGES = (
    "maturity",
    "items",
    "perceptions",
    "strategy",
    "actions",
    "targets",
    "mandate",
    "change",
    "participants",
    "start",
)


@pytest.fixture
def team(service: Service) -> EngagementId:
    """A team that has agreed on everything but two questions."""
    beginning = Beginning(organisation="Fjordvik & <Sønn>", training_planned="yes", mode="consensus")
    engagement_id = service.begin(beginning, "nb")
    sheet = service.sheet(engagement_id)
    assert sheet is not None
    given = {ItemId(item.id): Answer(value=2 + n % 3) for n, item in enumerate(sheet.items)}
    given |= {ItemId("C5.1"): Answer(value="DK"), ItemId("C5.2"): Answer(value="NA", na_reason="others")}
    service.answer(sheet.response_id, given)
    return engagement_id


def test_a_team_begins_without_a_role_and_is_asked_everything(app: OpenApp, service: Service) -> None:
    page = app("begin")
    page.text_input[0].set_value("Fjordvik").run()
    page = next(r for r in page.radio if str(r.key).startswith("begin_who")).set_value("team").run()
    assert [str(r.key).split("_")[1] for r in page.radio] == ["who", "training", "set"]
    page = next(r for r in page.radio if str(r.key).startswith("begin_training")).set_value("no").run()

    page = press(page, "Begynn å svare")

    (made,) = service.engagements()
    assert made.engagement.mode == "consensus"
    sheet = service.sheet(made.engagement.id)
    assert sheet is not None
    assert (sheet.total, sheet.together) == (33, True)
    assert "Bli enige om ett svar per spørsmål" in words(app("answer", made.engagement.id))


@pytest.mark.parametrize("role", ["SL", None])
def test_one_person_has_a_role_and_a_team_has_none(role: str | None) -> None:
    mode = "consensus" if role else "solo"

    with pytest.raises(ValueError, match="role"):
        Beginning.model_validate({"organisation": "F", "training_planned": "no", "role": role, "mode": mode})


@pytest.mark.parametrize("lang", ["nb", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_copes_with_an_answer_that_is_seen_from_nowhere_in_particular(
    app: OpenApp, team: EngagementId, page: str, lang: str
) -> None:
    text = readable(words(app(page, team, lang=lang)))

    assert {"nb": "Her gikk noe galt", "en": "Something went wrong"}[lang] not in text
    assert CODES.findall(text) == []


def test_the_result_is_there_at_once_and_scored_as_one_row(app: OpenApp, team: EngagementId, service: Service) -> None:
    result = service.results(team).score
    assert (result.mode, result.respondents) == ("consensus", 1)
    assert all(c.perspectives == {} and c.seen_from == () for c in result.criteria)

    text = words(app("maturity", team))

    assert "teamet har svart sammen" in text
    assert "svarene dere ble enige om" in text
    assert "Du har svart alene" not in text


def test_question_by_question_speaks_to_several(app: OpenApp, team: EngagementId) -> None:
    text = words(app("items", team, p="C5"))

    assert "● Svaret dere ble enige om" in text
    assert "Dere svarte «Vet ikke»" in text
    assert "Dere svarte «Ikke aktuelt hos oss»" in text
    assert "Du svarte" not in text


def test_perceptions_say_that_there_is_one_view(app: OpenApp, team: EngagementId) -> None:
    assert "av teamet sammen" in words(app("perceptions", team))


def test_a_pulse_answered_together_goes_on_to_the_full_set(app: OpenApp, service: Service) -> None:
    beginning = Beginning(organisation="F", training_planned="no", mode="consensus", pack_id="pulse")
    engagement_id = service.begin(beginning, "nb")
    sheet = service.sheet(engagement_id)
    assert sheet is not None
    service.answer(sheet.response_id, {ItemId(item.id): Answer(value=3) for item in sheet.items})

    page = app("maturity", engagement_id)
    assert "Her gikk noe galt" not in words(page)
    service.continue_with_full_set(engagement_id)

    following = service.sheet(engagement_id)
    assert following is not None
    assert (following.total, following.together) == (33, True)


def test_the_front_page_knows_a_team(app: OpenApp, team: EngagementId) -> None:
    page = app("start")

    assert "teamet svarer sammen" in words(page)
    assert "Se resultatet" in buttons(page) or "Se resultat" in buttons(page)
