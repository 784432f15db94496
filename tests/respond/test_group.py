"""The group's result beside one's own: only when it is shared, and never more of it than the result page shows."""

import re
import time

import pytest

from assessment.engagement import Answer, AnswerValue, EngagementId, ItemId, Response, ResponseId
from assessment.packs import Language, Role, builtin
from assessment.service import Service
from assessment.texts import texts
from tests.respond.conftest import NewPhone, Phone
from tests.respond.invited import CLOSED, FORGOTTEN_S, Survey, share

FULL = builtin("full")
CRITERIA = [c.id for c in FULL.criteria]
NOBODY_SEES = texts("nb")("respond.thanks.no_group")


def answered(survey: Survey, phone: Phone, role: Role = "S", value: AnswerValue = 2) -> str:
    """The token of a link by which somebody has answered everything they are asked."""
    token = survey.link(role=role)
    phone.get(f"/s/{token}")
    phone.post(f"/s/{token}")
    for number in range(1, 8):
        asked = re.findall(r'name="(C[\d.]+)" value="1"', phone.get(f"/s/{token}/{number}").text)
        phone.post(f"/s/{token}/{number}", data=dict.fromkeys(asked, str(value)))
    return token


def others(survey: Survey, role: Role, count: int, value: AnswerValue, **differs: AnswerValue) -> None:
    """So many more of a role who answer everything with one value, but for the criteria that differ."""
    asked = [i for i in FULL.items if i.id in FULL.shown_to(role)]
    answers = {ItemId(i.id): Answer(value=differs.get(i.criterion, value)) for i in asked}
    rows = [
        Response(id=ResponseId(f"{role}-{n}"), wave_id=survey.wave, role=role, answers=answers) for n in range(count)
    ]
    survey.store.add_responses(survey.wave, rows)


def share_as_the_owner(survey: Survey) -> dict[str, float | None]:
    """Close, share, and give what the result page says of each criterion."""
    service = Service(survey.store, lambda: CLOSED)
    service.close_wave(survey.engagement, survey.wave)
    service.share_results(survey.engagement, survey.wave)
    time.sleep(FORGOTTEN_S)
    return {c.id: c.score for c in service.results(survey.engagement).score.criteria}


def of_the_group(page: str, language: Language = "nb") -> list[str]:
    """What a page says of the group, row by row."""
    said = re.escape(texts(language)("respond.thanks.group", words="@")).replace("@", r"\d[^<]*")
    return re.findall(f"{said}|{texts(language)('respond.thanks.no_group')}", page)


# ---------------------------------------------------------------- when


def test_nothing_of_the_group_is_shown_before_the_survey_is_closed_and_shared(survey: Survey, phone: Phone) -> None:
    token = answered(survey, phone)
    others(survey, "S", 5, 3)
    thanks, t = f"/s/{token}/thanks", texts("nb")
    survey.store.share(survey.wave, dict.fromkeys(CRITERIA, 3.0))
    assert of_the_group(phone.get(thanks).text) == []  # not while it is open, whatever the database says

    survey.store.unshare(survey.wave)
    survey.store.close_wave(survey.wave, CLOSED)
    time.sleep(FORGOTTEN_S)
    assert of_the_group(phone.get(thanks).text) == []
    assert t("respond.closed.profile") in phone.get(f"/s/{token}").text

    share(survey, dict.fromkeys(CRITERIA, 3.0))
    assert of_the_group(phone.get(thanks).text) == ["Gruppen: 3,0 Definert"] * 7
    assert t("respond.closed.group") in phone.get(f"/s/{token}").text

    survey.store.unshare(survey.wave)
    time.sleep(FORGOTTEN_S)
    assert of_the_group(phone.get(thanks).text) == []


def test_a_deleted_assessment_shows_nothing_of_the_group(survey: Survey, phone: Phone) -> None:
    token = answered(survey, phone)
    share(survey, dict.fromkeys(CRITERIA, 3.0))
    survey.store.delete_engagement(survey.engagement, CLOSED)
    time.sleep(FORGOTTEN_S)

    page = phone.get(f"/s/{token}/thanks").text
    assert "2,0 Gryende" in page
    assert of_the_group(page) == []


def test_only_who_has_answered_sees_it(survey: Survey, new_phone: NewPhone) -> None:
    token = answered(survey, new_phone())
    share(survey, dict.fromkeys(CRITERIA, 3.0))

    elsewhere = new_phone()
    assert elsewhere.get(f"/s/{token}/thanks").headers["location"] == f"/s/{token}"
    assert of_the_group(elsewhere.get(f"/s/{token}").text) == []


# ---------------------------------------------------------------- what


@pytest.mark.parametrize("language", ["nb", "en"])
def test_each_row_has_both_figures_in_words_and_two_marks_of_different_shape(
    survey: Survey, phone: Phone, language: Language
) -> None:
    token, t = answered(survey, phone), texts(language)
    share(survey, {c: 2.0 + n / 4 for n, c in enumerate(CRITERIA)})
    page = phone.get(f"/s/{token}/thanks?lang={language}").text

    rows = re.findall("<li><div>.*?</li>", page, re.S)
    assert len(rows) == 7
    for number, row in enumerate(rows):
        score = 2.0 + number / 4
        assert t("respond.thanks.you", words=f"{t.number(2)} {t('level.2')}") in row
        assert f"{t('respond.thanks.group', words=t.number(score))} " in row
        assert '<circle cx="30.0%"' in row
        assert f'<use href="#g" x="{10 + 20 * (score - 1):.1f}%"' in row
    assert t("respond.thanks.reading_group") in page
    assert 'id="g"' in page


def test_without_the_group_the_page_has_nothing_of_it(survey: Survey, phone: Phone) -> None:
    page = phone.get(f"/s/{answered(survey, phone)}/thanks").text

    assert "2,0 Gryende" in page
    for key in ("lead_group", "reading_group", "no_group"):
        assert texts("nb")(f"respond.thanks.{key}") not in page
    assert "#g" not in page


def test_what_the_rules_hide_is_said_in_words_and_has_no_mark(survey: Survey, phone: Phone) -> None:
    token = answered(survey, phone)
    others(survey, "S", 5, 3, C5="DK")
    shown = share_as_the_owner(survey)
    page = phone.get(f"/s/{token}/thanks").text

    assert [c for c, score in shown.items() if score is None] == ["C5"]
    assert of_the_group(page).index(NOBODY_SEES) == CRITERIA.index("C5")
    assert page.count(NOBODY_SEES) == 1
    assert page.count('<use href="#g" x="12"') == 6  # beside the words
    assert len(re.findall('<use href="#g" x="[^"]*%"', page)) == 6


def test_a_role_sees_the_group_where_it_was_not_asked_itself(survey: Survey, phone: Phone) -> None:
    token = survey.link(role="OD")
    phone.get(f"/s/{token}")
    phone.post(f"/s/{token}")
    share(survey, dict.fromkeys(CRITERIA, 3.5))
    page = phone.get(f"/s/{token}/thanks").text

    assert len(of_the_group(page)) == 7
    assert page.count(texts("nb")("respond.thanks.not_asked")) == 2
    assert page.count(texts("nb")("respond.thanks.too_few")) == 5


# ---------------------------------------------------------------- small groups


def test_sellers_who_are_too_few_leave_no_trace_in_what_is_shared(survey: Survey, phone: Phone) -> None:
    # method §3.8, example 3: the sellers are used nowhere, leadership alone is shown
    token = answered(survey, phone, "SL", 4)
    others(survey, "SL", 1, 3)
    others(survey, "S", 4, 1)
    shown = share_as_the_owner(survey)

    assert shown == dict.fromkeys(CRITERIA, 3.5)
    assert of_the_group(phone.get(f"/s/{token}/thanks").text) == ["Gruppen: 3,5 Styrt"] * 7


def test_a_group_that_is_too_small_altogether_is_shown_nowhere(survey: Survey, phone: Phone) -> None:
    token = answered(survey, phone)
    others(survey, "S", 3, 5)
    shown = share_as_the_owner(survey)

    assert shown == dict.fromkeys(CRITERIA)
    assert of_the_group(phone.get(f"/s/{token}/thanks").text) == [NOBODY_SEES] * 7
    assert survey.store.shared(survey.wave) == shown


# ---------------------------------------------------------------- who shares


def test_only_a_closed_wave_of_the_assessment_that_somebody_answered_is_shared(survey: Survey) -> None:
    service = Service(survey.store, lambda: CLOSED)
    with pytest.raises(ValueError, match="closed"):
        service.share_results(survey.engagement, survey.wave)
    assert service.shareable(survey.engagement) == ()
    survey.link()
    others(survey, "S", 5, 3)
    service.close_wave(survey.engagement, survey.wave)
    ((wave, shared),) = service.shareable(survey.engagement)
    assert (wave.id, shared) == (survey.wave, False)
    service.share_results(survey.engagement, survey.wave)
    assert [shared for _, shared in service.shareable(survey.engagement)] == [True]


def test_what_is_shared_stays_true_when_weights_and_targets_change(survey: Survey) -> None:
    others(survey, "S", 6, 3, C2=4)
    shown = share_as_the_owner(survey)
    service = Service(survey.store, lambda: CLOSED)
    service.set_criterion(survey.engagement, "C2", weight=0, target=5.0)

    now = {c.id: c.score for c in service.results(EngagementId(survey.engagement)).score.criteria}
    assert survey.store.shared(survey.wave) == shown == now
