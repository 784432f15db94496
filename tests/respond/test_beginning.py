"""From the link to the first question: what is said, who is let in, and how a use of the link is counted."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from assessment.packs import Language, Role
from assessment.respond import Surface
from assessment.respondents import Respondents, utc_now
from assessment.texts import texts
from tests.respond.conftest import NewPhone, Phone, nothing_else, surface_of
from tests.respond.invited import OPENED, Survey

PROTECTED: tuple[Role, ...] = ("S", "OP", "OD")
OPEN: tuple[Role, ...] = ("SL", "TM", "K")


def uses(survey: Survey, token: str) -> int:
    return next(link.uses for link in survey.store.links(survey.engagement) if link.id == survey.link_id(token))


def begin(phone: Phone, token: str, **fields: str) -> int:
    """Open the link and begin; the status of the reply."""
    phone.get(f"/s/{token}")
    return int(phone.post(f"/s/{token}", data={"role": "S", **fields}).status_code)


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("role", PROTECTED)
def test_a_protected_role_reads_that_only_groups_are_shown(
    survey: Survey, phone: Phone, role: Role, language: Language
) -> None:
    page = phone.get(f"/s/{survey.link(role=role)}?lang={language}").text
    t = texts(language)

    assert t("respond.start.protected", k="5") in page
    assert t("respond.start.stored") in page
    assert t("respond.start.open") not in page


@pytest.mark.parametrize("role", OPEN)
def test_an_open_role_reads_that_its_mean_may_show(survey: Survey, phone: Phone, role: Role) -> None:
    page = phone.get(f"/s/{survey.link(role=role)}").text
    t = texts("nb")

    assert t("respond.start.open") in page
    # the consultant's rating is nothing but its own
    assert (t("respond.start.decline") in page) == (role != "K")
    assert t("respond.start.protected", k="5") not in page


@pytest.mark.parametrize("preset", [True, False])
@pytest.mark.parametrize("role", ["SL", "TM"])
def test_who_declines_an_open_role_answers_among_the_surroundings(
    survey: Survey, phone: Phone, role: Role, preset: bool
) -> None:
    token = survey.link(role=role if preset else None)
    phone.get(f"/s/{token}")
    reply = phone.post(f"/s/{token}", data={"role": role, "decline": "1"})

    assert reply.status_code == 303
    assert [r.role for r in survey.store.responses(survey.wave)] == ["OD"]


@pytest.mark.parametrize("role", ["S", "OP", "K"])
def test_others_have_nothing_to_decline(survey: Survey, phone: Phone, role: Role) -> None:
    token = survey.link(role=role)
    phone.get(f"/s/{token}")
    phone.post(f"/s/{token}", data={"decline": "1"})

    assert [r.role for r in survey.store.responses(survey.wave)] == [role]


def test_a_link_without_a_role_asks_for_it_and_says_both(survey: Survey, phone: Phone) -> None:
    token, t = survey.link(), texts("nb")
    page = phone.get(f"/s/{token}").text

    assert page.count('name="role"') == 5  # the consultant comes by a link that says so
    assert t("respond.start.protected", k="5") in page
    assert t("respond.start.open") in page


@pytest.mark.parametrize("role", ["", "K", "X", "<b>"])
def test_nobody_begins_without_a_role_of_the_list(survey: Survey, phone: Phone, role: str) -> None:
    token = survey.link()
    phone.get(f"/s/{token}")
    reply = phone.post(f"/s/{token}", data={"role": role})

    assert reply.status_code == 422
    assert texts("nb")("respond.start.role_missing") in reply.text
    assert survey.store.responses(survey.wave) == []


def test_a_preset_role_is_neither_asked_for_nor_changed_by_a_form(survey: Survey, phone: Phone) -> None:
    token = survey.link(role="OD")
    assert 'name="role"' not in phone.get(f"/s/{token}").text

    assert phone.post(f"/s/{token}", data={"role": "TM"}).status_code == 303
    assert [r.role for r in survey.store.responses(survey.wave)] == ["OD"]


def test_teams_are_chosen_from_a_list_where_groups_are_by_team(tmp_path: Path) -> None:
    survey = Survey(tmp_path / "teams.db", by_team=True)
    survey.links(1, team="Sør")
    survey.links(1, team="<i>Nord")
    token = survey.link(role="S")
    phone = Phone(surface_of(survey))
    page = phone.get(f"/s/{token}").text
    assert "&lt;i&gt;Nord" in page
    assert "<i>Nord" not in page
    phone.post(f"/s/{token}", data={"team": "1"})

    assert [r.team for r in survey.store.responses(survey.wave)] == ["Sør"]


@pytest.mark.parametrize("team", ["", "7", "-1", "٣", "1e9", "9" * 400])
def test_a_team_that_is_not_on_the_list_is_no_team(tmp_path: Path, team: str) -> None:
    survey = Survey(tmp_path / "teams.db", by_team=True)
    survey.links(1, team="Sør")
    token = survey.link(role="S")
    phone = Phone(surface_of(survey))
    assert begin(phone, token, team=team) == 303

    assert [r.team for r in survey.store.responses(survey.wave)] == [None]


def test_opening_a_link_uses_nothing_and_stores_nothing(survey: Survey, phone: Phone) -> None:
    token = survey.link(max_uses=1)
    for _ in range(3):
        assert phone.get(f"/s/{token}").status_code == 200

    assert uses(survey, token) == 0
    assert survey.store.responses(survey.wave) == []


def test_beginning_twice_because_the_reply_was_lost_uses_the_link_once(survey: Survey, phone: Phone) -> None:
    token = survey.link(max_uses=1)
    phone.get(f"/s/{token}")
    key = dict(phone.cookies)
    for _ in range(3):
        phone.cookies.clear()
        phone.cookies.update(key)
        reply = phone.post(f"/s/{token}", data={"role": "S"})
        assert (reply.status_code, reply.headers["location"]) == (303, f"/s/{token}/1")

    assert uses(survey, token) == 1
    assert len(survey.store.responses(survey.wave)) == 1


def test_the_last_use_lets_one_in_and_keeps_letting_that_one_in(survey: Survey, new_phone: NewPhone) -> None:
    token, first, second = survey.link(max_uses=1), new_phone(), new_phone()
    second.get(f"/s/{token}")

    assert begin(first, token) == 303
    refused = second.post(f"/s/{token}", data={"role": "S"})
    assert refused.status_code == 410
    assert texts("nb")("respond.used_up.title") in refused.text
    assert new_phone().get(f"/s/{token}").status_code == 410
    assert first.get(f"/s/{token}").status_code == 200
    assert first.get(f"/s/{token}/1").status_code == 200


def test_a_second_link_to_the_same_survey_continues_the_same_answers(survey: Survey, phone: Phone) -> None:
    personal, shared = survey.link(max_uses=1), survey.link()
    begin(phone, personal)
    phone.post(f"/s/{personal}/1", data={"C1.1": "4"})

    assert texts("nb")("respond.start.continue") in phone.get(f"/s/{shared}").text
    assert phone.post(f"/s/{shared}", data={"role": "TM"}).headers["location"] == f"/s/{shared}/1"
    assert 'value="4" checked' in phone.get(f"/s/{shared}/1").text
    assert uses(survey, shared) == 0


def test_two_people_on_one_device_each_have_their_own_answers(survey: Survey, phone: Phone) -> None:
    token = survey.link()
    begin(phone, token)
    phone.post(f"/s/{token}/1", data={"C1.1": "4"})
    phone.post(f"/s/{token}", data={"role": "OP", "anew": "1"})

    assert " checked" not in phone.get(f"/s/{token}/1").text
    assert sorted((r.role, len(r.answers)) for r in survey.store.responses(survey.wave)) == [("OP", 0), ("S", 1)]
    assert uses(survey, token) == 2


def test_a_browser_that_keeps_no_cookie_is_told_so(survey: Survey, phone: Phone) -> None:
    token = survey.link()
    phone.get(f"/s/{token}")
    phone.cookies.clear()
    reply = phone.post(f"/s/{token}", data={"role": "S"})

    assert reply.status_code == 403
    assert texts("nb")("respond.no_cookie.title") in reply.text


def test_expired_revoked_used_up_and_unknown_each_have_their_own_page(survey: Survey, new_phone: NewPhone) -> None:
    now, t = utc_now(), texts("nb")
    expired = survey.link(expires_at=now - timedelta(days=1))
    revoked = survey.link(revoked_at=now)
    used_up = survey.link(max_uses=1)
    begin(new_phone(), used_up)
    seen = {
        state: new_phone().get(f"/s/{token}")
        for state, token in (
            ("expired", expired),
            ("revoked", revoked),
            ("used_up", used_up),
            ("unknown", "A" * 24),
        )
    }

    for state, reply in seen.items():
        assert t(f"respond.{state}.title") in reply.text
        assert reply.status_code == (404 if state == "unknown" else 410)
    assert len({reply.text for reply in seen.values()}) == len(seen)


def test_a_closed_survey_says_when_it_closed_and_shows_what_one_had_answered(
    survey: Survey, new_phone: NewPhone
) -> None:
    token, phone = survey.link(), new_phone()
    begin(phone, token)
    phone.post(f"/s/{token}/1", data={"C1.1": "4", "C1.2": "4", "C1.3": "3", "C1.4": "3"})
    survey.store.close_wave(survey.wave, OPENED)
    time.sleep(0.6)
    page = phone.get(f"/s/{token}")

    assert page.status_code == 410
    assert texts("nb")("respond.closed.lead", day="2. mars 2026") in page.text
    assert texts("nb")("respond.closed.profile") in page.text
    assert "3,5 Styrt" in phone.get(f"/s/{token}/thanks").text
    assert texts("nb")("respond.closed.profile") not in new_phone().get(f"/s/{token}").text


def test_a_revoked_link_stops_within_a_second_but_answers_can_still_be_erased(survey: Survey, phone: Phone) -> None:
    token = survey.link()
    begin(phone, token)
    survey.store.revoke_links([survey.link_id(token)], utc_now())
    time.sleep(0.9)

    assert phone.get(f"/s/{token}/1").status_code == 410
    assert phone.post(f"/s/{token}/1", data={"C1.1": "4"}).status_code == 410
    assert phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 4}).status_code == 410
    assert texts("nb")("respond.erase.link") in phone.get(f"/s/{token}").text
    assert phone.post(f"/s/{token}/erase").status_code == 303
    assert survey.store.responses(survey.wave) == []


def test_those_who_have_begun_finish_by_an_expired_link(survey: Survey, phone: Phone) -> None:
    token = survey.link(expires_at=utc_now() + timedelta(seconds=0.8))
    begin(phone, token)
    time.sleep(1)

    assert phone.post(f"/s/{token}/1", data={"C1.1": "4"}).status_code == 303
    assert [len(r.answers) for r in survey.store.responses(survey.wave)] == [1]


def test_a_token_made_with_another_secret_opens_nothing(survey: Survey) -> None:
    token = survey.link()
    stranger = Surface(nothing_else, lambda: Respondents(survey.store, b"another secret of 32 characters!!"))

    assert Phone(stranger).get(f"/s/{token}").status_code == 404
