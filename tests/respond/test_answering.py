"""From the first question to the last: what is saved when, what the pages look like on the way, and what is refused."""

import re
import time
from pathlib import Path

import pytest

from assessment.engagement import Answer, AnswerValue, ItemId
from assessment.packs import ROLES, Role, builtin
from assessment.respond import pages
from assessment.respondents import course, profile, response_of
from assessment.texts import texts
from tests.respond.conftest import NewPhone, Phone, surface_of
from tests.respond.invited import OPENED, Survey, share

KB = 1000


def begun(survey: Survey, phone: Phone, chosen: Role = "S", **link: object) -> str:
    """The token of a link by which somebody has begun."""
    token = survey.link(**link)
    phone.get(f"/s/{token}")
    assert phone.post(f"/s/{token}", data={"role": chosen}).status_code == 303
    return token


def kept(survey: Survey) -> dict[str, AnswerValue]:
    """The answers of the only respondent."""
    (response,) = survey.store.responses(survey.wave)
    return {item: answer.value for item, answer in response.answers.items()}


# ---------------------------------------------------------------- page by page


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("pack", ["full", "pulse"])
def test_every_role_gets_through_every_pack_and_everything_is_saved(tmp_path: Path, pack: str, role: Role) -> None:
    survey = Survey(tmp_path / "x.db", pack=pack)
    phone = Phone(surface_of(survey))
    token = begun(survey, phone, role, **({"role": "K"} if role == "K" else {}))
    way, given = course(pack, role), {}
    where = f"/s/{token}/1"
    for items in way.pages:
        page = phone.get(where).text
        assert re.findall(r"<fieldset>", page) == ["<fieldset>"] * len(items)
        values = builtin(pack).values()
        answers = {i.id: str(values[n % len(values)]) for n, i in enumerate(items)}
        given |= answers
        where = phone.post(where, data=answers).headers["location"]

    assert where == f"/s/{token}/thanks"
    assert {item: str(value) for item, value in kept(survey).items()} == given
    assert set(given) == survey.pack.shown_to(role)


def test_the_page_shows_what_is_chosen_and_nothing_else(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    phone.post(f"/s/{token}/1", data={"C1.1": "2", "C1.2": "DK"})
    page = phone.get(f"/s/{token}/1").text

    assert re.findall(r'name="([\w.]+)" value="(\w+)" checked', page) == [("C1.1", "2"), ("C1.2", "DK")]


def test_an_answer_can_be_changed_until_the_survey_closes(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    phone.post(f"/s/{token}/1", data={"C1.1": "2"})
    phone.post(f"/s/{token}/1", data={"C1.1": "5"})
    assert kept(survey) == {"C1.1": 5}

    survey.store.close_wave(survey.wave, OPENED)
    # at once, though the page still takes the survey for open: the store itself refuses
    assert phone.post(f"/s/{token}/1", data={"C1.1": "1"}).status_code == 410
    assert phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 1}).status_code == 410
    assert phone.post(f"/s/{token}/erase").status_code == 410
    assert kept(survey) == {"C1.1": 5}


def test_a_question_left_out_stops_nobody_and_is_pointed_out_at_the_end(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)

    assert phone.post(f"/s/{token}/1").headers["location"] == f"/s/{token}/2"
    page = phone.get(f"/s/{token}/thanks").text
    assert texts("nb").plural("respond.thanks.missing", 32) in page
    assert texts("nb")("respond.thanks.to_missing", page=1) in page


def test_going_back_or_changing_the_language_saves_what_was_chosen(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)

    assert phone.post(f"/s/{token}/2", data={"C2.1": "3", "back": "1"}).headers["location"] == f"/s/{token}/1"
    changed = phone.post(f"/s/{token}/2", data={"C2.2": "4", "lang": "en"}).headers["location"]
    assert changed == f"/s/{token}/2?lang=en"
    assert '<html lang="en">' in phone.get(changed).text
    assert kept(survey) == {"C2.1": 3, "C2.2": 4}


def test_the_language_chosen_is_remembered(survey: Survey, phone: Phone) -> None:
    token = survey.link()
    assert '<html lang="nb">' in phone.get(f"/s/{token}").text
    assert '<html lang="en">' in phone.get(f"/s/{token}?lang=en").text
    assert '<html lang="en">' in phone.get(f"/s/{token}").text
    assert '<html lang="en">' in phone.get(f"/s/{token}?lang=xx").text


@pytest.mark.parametrize(
    "given", [{"C1.1": "6"}, {"C1.1": "<b>"}, {"C1.9": "3"}, {"C5.1": "3"}, {"C1.1": "٣"}, {"x": "1"}]
)
def test_what_is_not_on_the_page_is_left_out_with_a_sentence(
    survey: Survey, phone: Phone, given: dict[str, str]
) -> None:
    token = begun(survey, phone)
    reply = phone.post(f"/s/{token}/1", data={"C1.2": "4", **given})

    assert texts("nb")("respond.page.ignored") in phone.get(reply.headers["location"]).text
    assert kept(survey) == {"C1.2": 4}


def test_a_role_cannot_answer_what_it_is_not_shown(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone, "OD")
    phone.post(f"/s/{token}/1", data={"C1.1": "4"})
    refused = phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 4})

    assert refused.status_code == 422
    assert kept(survey) == {}


@pytest.mark.parametrize(("shown", "seconds"), [(3, {"C1": 5}), (21, {"C1": 20}), (9e6, {"C1": 1800}), (None, {})])
def test_time_on_a_page_is_rounded_to_five_seconds(
    survey: Survey, phone: Phone, shown: float | None, seconds: dict[str, int]
) -> None:
    token = begun(survey, phone)
    since = {} if shown is None else {"shown": str(int(time.time() - shown))}
    phone.post(f"/s/{token}/1", data={"C1.1": "4", **since})

    assert survey.store.responses(survey.wave)[0].page_seconds == seconds


@pytest.mark.parametrize("shown", ["", "x", "-1", "9" * 30, "99999999999", "٣"])
def test_a_time_that_makes_no_sense_is_not_kept(survey: Survey, phone: Phone, shown: str) -> None:
    token = begun(survey, phone)
    phone.post(f"/s/{token}/1", data={"shown": shown})

    assert survey.store.responses(survey.wave)[0].page_seconds == {}


# ---------------------------------------------------------------- choice by choice


def test_a_choice_sent_twice_is_one_answer(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    for _ in range(2):
        reply = phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": "NA", "page": 1})
        assert (reply.status_code, reply.json()) == (200, {"state": "saved"})

    assert kept(survey) == {"C1.1": "NA"}


@pytest.mark.parametrize(
    ("body", "content", "status"),
    [
        (b'{"item": "C1.1", "value": 6}', "application/json", 422),
        (b'{"item": "C1.1", "value": true}', "application/json", 422),
        (b'{"item": "Q9", "value": 3}', "application/json", 422),
        (b'{"item": ["C1.1"], "value": 3}', "application/json", 422),
        (b'{"item": "C1.1"}', "application/json", 400),
        (b"[]", "application/json", 400),
        (b"3", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 16_000, "application/json", 400),
        (b'{"item": "C1.1", "value": 3}', "text/plain", 415),
        (b'{"item": "C1.1", "value": 3}' + b" " * 20_000, "application/json", 413),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(
    survey: Survey, phone: Phone, body: bytes, content: str, status: int
) -> None:
    token = begun(survey, phone)
    reply = phone.post(f"/s/{token}/save", content=body, headers={"content-type": content})

    assert reply.status_code == status
    assert kept(survey) == {}


def test_a_choice_of_somebody_who_has_not_begun_is_gone(survey: Survey, phone: Phone) -> None:
    token = survey.link()
    phone.get(f"/s/{token}")

    assert phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 3}).status_code == 404


# ---------------------------------------------------------------- the end


def profile_of(**answers: AnswerValue) -> float | None:
    given = {ItemId(i.replace("_", ".")): Answer(value=v) for i, v in answers.items()}
    return next(s.score for s in profile(course("full", "OP"), given) if s.criterion_id == "C5")


def test_the_own_profile_follows_the_rules_of_the_method() -> None:
    # method §3.1, both examples
    assert profile_of(C5_1=2, C5_2=3, C5_3="DK", C5_4="NA", C5_5=2) == pytest.approx(7 / 3)
    assert profile_of(C5_1=2, C5_2="DK", C5_3="DK", C5_4=3, C5_5="NA") is None
    assert profile_of() is None


def test_the_thanks_page_draws_the_own_profile_in_words_and_figures(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    phone.post(f"/s/{token}/1", data={"C1.1": "2", "C1.2": "3", "C1.3": "2", "C1.4": "2"})
    page = phone.get(f"/s/{token}/thanks").text

    assert "2,3 Gryende" in page
    assert page.count(texts("nb")("respond.thanks.too_few")) == 6


def test_erased_answers_are_gone_and_the_key_opens_nothing(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    phone.post(f"/s/{token}/1", data={"C1.1": "2"})
    assert texts("nb")("respond.erase.do") in phone.get(f"/s/{token}/erase").text
    key = dict(phone.cookies)

    assert phone.get(phone.post(f"/s/{token}/erase").headers["location"]).status_code == 200
    assert survey.store.responses(survey.wave) == []
    assert not any(name.startswith("sf_r_") for name in phone.cookies)
    phone.cookies.update(key)
    assert phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 3}).status_code == 404
    assert phone.post(f"/s/{token}/1", data={"C1.1": "3"}).headers["location"] == f"/s/{token}"
    assert survey.store.responses(survey.wave) == []


def test_erased_by_another_process_is_noticed_at_the_next_choice(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 3})
    survey.store.erase_response(survey.store.responses(survey.wave)[0].id)

    assert phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 3}).status_code == 404
    assert phone.post(f"/s/{token}/1", data={"C1.1": "3"}).headers["location"] == f"/s/{token}"


# ---------------------------------------------------------------- what holds for every reply


def test_the_database_holds_no_key_and_no_link_of_a_response(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    key = next(value for name, value in phone.cookies.items() if name.startswith("sf_r_"))
    (response,) = survey.store.responses(survey.wave)

    assert response.id == response_of(key) != key
    stored = b"".join(f.read_bytes() for f in survey.database.parent.glob("salgsflyt.db*"))
    assert key.encode() not in stored
    assert token.encode() not in stored


@pytest.mark.parametrize("path", ["", "/1", "/thanks", "/erase", "/99", "/erased", "x"])
def test_every_page_forbids_what_it_does_not_need(survey: Survey, phone: Phone, path: str) -> None:
    reply = phone.get(f"/s/{begun(survey, phone)}{path}")

    assert reply.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["cache-control"] == "no-store, private"
    assert not re.search(r"https?://|style=|\son\w+=", reply.text)


def test_the_key_is_a_cookie_no_script_and_no_other_site_can_use(survey: Survey, phone: Phone) -> None:
    cookie = phone.get(f"/s/{survey.link()}").headers["set-cookie"]

    assert re.match(r"sf_r_[0-9a-f]{10}=[\w-]{22}; Path=/s/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$", cookie)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.test"},
        {"origin": "http://["},
    ],
)
def test_another_site_cannot_send_a_form(survey: Survey, phone: Phone, headers: dict[str, str]) -> None:
    token = begun(survey, phone)

    assert phone.post(f"/s/{token}/1", data={"C1.1": "3"}, headers=headers).status_code == 403
    assert phone.post(f"/s/{token}/erase", headers=headers).status_code == 403
    assert kept(survey) == {}


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "null"}, {"origin": "https://salgsflyt.test"}, {"sec-fetch-site": "same-origin"}]
)
def test_our_own_forms_are_let_through(survey: Survey, phone: Phone, headers: dict[str, str]) -> None:
    token = begun(survey, phone)

    assert phone.post(f"/s/{token}/1", data={"C1.1": "3"}, headers=headers).status_code == 303


def test_an_organisation_may_be_called_anything(tmp_path: Path) -> None:
    survey = Survey(tmp_path / "x.db", name='<script>alert("1")</script> & Sønn')
    phone = Phone(surface_of(survey))
    token = begun(survey, phone)
    for path in ("", "/1", "/thanks", "/erase", "/erased"):
        page = phone.get(f"/s/{token}{path}").text
        assert "<script>alert" not in page
        assert "&amp; Sønn" in page


def test_assets_never_change_under_their_name_and_come_packed(phone: Phone) -> None:
    for asset in (pages.STYLE, pages.SCRIPT):
        reply = phone.get(asset.path)
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reply.headers["content-encoding"] == "gzip"
        assert phone.get(asset.path, headers={"accept-encoding": "identity"}).content == reply.content
    assert phone.get("/static-r/respond.css").status_code == 404


def test_everything_else_is_left_to_whoever_stands_behind(phone: Phone) -> None:
    assert [phone.get(path).text for path in ("/", "/s", "/start", "/_stcore/health")] == ["behind"] * 4


def test_a_head_request_is_a_get_without_the_body_and_other_methods_are_refused(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)

    assert phone.send("HEAD", f"/s/{token}/1").content == b""
    assert phone.send("HEAD", f"/s/{token}/1").status_code == 200
    for method in ("PUT", "DELETE", "OPTIONS"):
        assert phone.send(method, f"/s/{token}/1").status_code == 405
    assert phone.post(f"/s/{token}/thanks").status_code == 405


def test_the_whole_questionnaire_is_twenty_kilobytes_at_most(survey: Survey, new_phone: NewPhone) -> None:
    phone = new_phone()
    token = begun(survey, phone, "S")
    thanks = f"/s/{token}/thanks"
    paths = [f"/s/{token}", *(f"/s/{token}/{n}" for n in range(1, 8)), pages.STYLE.path, pages.SCRIPT.path, thanks]
    sizes = {}
    for path in paths:
        if path == thanks:  # with everything on it
            phone.post(f"/s/{token}/1", data={"C1.1": "2", "C1.2": "3", "C1.3": "2", "C1.4": "2"})
            share(survey, {c.id: 1 + n / 3 if n else None for n, c in enumerate(survey.pack.criteria)})
        reply = phone.get(path)
        assert reply.headers["content-encoding"] == "gzip"
        sizes[path] = int(reply.headers["content-length"])
        assert sizes[path] < len(reply.content)

    assert texts("nb")("respond.thanks.no_group") in reply.text
    first = sum(sizes[path] for path in (*paths[:2], pages.STYLE.path, pages.SCRIPT.path))
    assert first < 8 * KB
    assert sum(sizes.values()) < 20 * KB


def test_pages_are_packed_only_for_those_who_understand_it(survey: Survey, phone: Phone) -> None:
    plain = phone.get(f"/s/{survey.link()}", headers={"accept-encoding": "identity"})

    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "accept-encoding"
