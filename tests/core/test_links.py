"""Links: what a token is, what a database tells, and what an owner can do with them."""

import csv
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.applications import Starlette

from assessment import invitations, links
from assessment.access import hash_secret
from assessment.actor import Actor
from assessment.engagement import Answer, EngagementId, ItemId, LinkId, Response, ResponseId, WaveId
from assessment.links import COUNT_MAX, Invitation, WeakSecret
from assessment.packs import builtin
from assessment.service import Beginning, GroupBeginning, RoleProgress, Service
from assessment.settings import settings
from assessment.store import Closed, NotFound, SqliteStore
from assessment.store.protocol import WaveOpen
from tests.looping import run

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = b"s" * 32
OSLO = ZoneInfo("Europe/Oslo")


@dataclass
class House:
    """A service on a file, and a clock that tests move."""

    store: SqliteStore
    now: datetime = START
    service: Service = field(init=False)

    def __post_init__(self) -> None:
        self.service = Service(self.store, lambda: self.now, secret=lambda: SECRET)

    def group(self, **fields: object) -> EngagementId:
        told = {"organisation": "Fjordvik", "training_planned": "yes"} | fields
        return self.service.begin_group(GroupBeginning.model_validate(told), "nb")

    def wave(self, engagement: EngagementId) -> WaveId:
        return self.service.waves(engagement)[-1].id

    def answer(self, link: LinkId, wave: WaveId, role: str = "S", questions: int = 99, value: int = 3) -> None:
        shown = [i.id for i in builtin("full").items if i.id in builtin("full").shown_to(role)]  # type: ignore[arg-type]
        answers = {ItemId(i): Answer.model_validate({"value": value}) for i in shown[:questions]}
        response = Response(id=ResponseId(os.urandom(8).hex()), wave_id=wave, role=role, answers=answers)  # type: ignore[arg-type]
        self.store.begin_response(response, link, self.now)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(SqliteStore(tmp_path / "links.db"))


# ---------------------------------------------------------------- the secret and what is made of it


def test_the_secret_is_made_once_for_everybody_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    database = tmp_path / "new" / "salgsflyt.db"
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _: links.server_secret(database), range(16)))
    assert len(made) == 1
    assert len(made.pop()) == 32
    assert (database.parent / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [f.name for f in database.parent.iterdir()] == ["secret.key"]


def test_a_chosen_secret_is_used_and_a_short_one_refused(tmp_path: Path) -> None:
    assert links.server_secret(tmp_path / "x.db", "a" * 32) == links.server_secret(tmp_path / "y.db", "a" * 32)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WeakSecret):
        links.server_secret(tmp_path / "x.db", "a" * 31)


def test_a_token_depends_on_the_secret_and_on_nothing_the_database_has() -> None:
    link = LinkId("abc")
    tokens = {links.token_of(secret, link) for secret in (SECRET, b"t" * 32)}
    assert len(tokens) == 2
    assert all(len(token) == links.TOKEN_LENGTH for token in tokens)
    assert links.key_for(SECRET, "session") not in (SECRET, links.key_for(SECRET, "other"))


def test_the_database_file_holds_no_token(house: House, tmp_path: Path) -> None:
    made = house.service.invite(house.group(), Invitation(count=20, max_uses=1))
    house.store.close()
    stored = b"".join(f.read_bytes() for f in tmp_path.iterdir())
    assert all(one.link.id.encode() in stored for one in made)
    assert not any((one.token or "").encode() in stored for one in made)


@pytest.mark.parametrize("token", ["", "x", "A" * 24, "ø" * 24, "%", "\x00", "A" * 10_000])
def test_a_guessed_token_opens_nothing(house: House, token: str) -> None:
    house.service.invite(house.group(), Invitation())
    assert house.service.link(token) is None


def test_an_address_has_the_server_the_purpose_and_the_token() -> None:
    assert links.address("https://x.no/salg/", "answer", "t") == "https://x.no/salg/s/t"
    assert links.address("https://x.no", "results", "t") == "https://x.no/r/t"
    assert links.origin("https://x.no:8443/participants?e=1#a") == "https://x.no:8443"


def test_until_and_with_a_day_ends_when_the_day_does_where_the_owner_is() -> None:
    assert links.end_of(date(2026, 3, 28), OSLO).astimezone(UTC) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert links.end_of(date(2026, 3, 29), OSLO).astimezone(UTC) == datetime(2026, 3, 29, 22, tzinfo=UTC)


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=5))
def test_no_cell_of_the_list_is_a_formula_and_none_is_lost(rows: list[tuple[str, str, str]]) -> None:
    read = list(csv.reader(io.StringIO(links.table(rows), newline="")))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for row in read for cell in row)
    assert [[cell.removeprefix("'") for cell in row] for row in read[1:]] == [
        [" ".join(cell.split()).removeprefix("'") for cell in row] for row in rows
    ]


@pytest.mark.parametrize(
    "given_",
    [
        {"count": 2},
        {"count": 0},
        {"count": COUNT_MAX + 1, "max_uses": 1},
        {"max_uses": 0},
        {"pin_hash": "x"},
        {"purpose": "results", "role": "S"},
        {"purpose": "facilitate", "max_uses": 1},
        {"team": " "},
        {"role": "boss"},
        {"expires_at": datetime(2026, 1, 1)},  # noqa: DTZ001  that it has no zone is the point
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(given_: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Invitation.model_validate(given_)


# ---------------------------------------------------------------- many people


def test_a_group_begins_with_an_open_wave_and_its_own_k(house: House) -> None:
    engagement = house.group(k=7, by_team=True)
    (wave,) = house.service.waves(engagement)
    assert (wave.label, wave.k, wave.by_team, wave.closed_at) == ("T0", 7, True, None)
    assert house.service.engagement(engagement).mode == "anonymous"
    (overview,) = house.service.engagements()
    assert (overview.gathering, overview.finished) == (True, False)


def test_an_owner_is_shown_the_same_links_again_and_a_token_finds_its_link(house: House) -> None:
    engagement = house.group()
    made = house.service.invite(engagement, Invitation(role="S", count=3, max_uses=1))
    house.now += timedelta(days=1)
    shown = house.service.invitations(engagement)
    assert {(one.link.id, one.token) for one in shown} == {(one.link.id, one.token) for one in made}
    found = house.service.link(made[0].token or "")
    assert found is not None
    assert (found.link, found.state) == (made[0].link, "active")


def test_links_of_another_secret_open_nothing_and_are_shown_as_lost(house: House) -> None:
    engagement = house.group()
    (made,) = house.service.invite(engagement, Invitation())
    later = Service(house.store, lambda: house.now, secret=lambda: b"t" * 32)
    assert later.link(made.token or "") is None
    assert [one.token for one in later.invitations(engagement)] == [None]


def test_links_made_together_are_one_batch(house: House) -> None:
    engagement, wave = (e := house.group()), house.wave(e)
    codes = house.service.invite(engagement, Invitation(role="S", count=4, max_uses=1))
    house.service.invite(engagement, Invitation(role="OP"))
    house.answer(codes[0].link.id, wave)
    found = {b.first.role: b for b in links.batches(house.service.invitations(engagement))}
    assert (len(found["S"].members), found["S"].uses, found["S"].max_uses, found["S"].state) == (4, 1, 4, "active")
    assert (len(found["OP"].members), found["OP"].max_uses) == (1, None)


def test_who_has_a_revoked_or_expired_link_is_told_which(house: House) -> None:
    engagement = house.group()
    (revoked,) = house.service.invite(engagement, Invitation())
    (expiring,) = house.service.invite(engagement, Invitation(expires_at=START + timedelta(days=1)))
    house.service.revoke(engagement, [revoked.link.id])
    house.now += timedelta(days=1)
    states = [found.state for one in (revoked, expiring) if (found := house.service.link(one.token or ""))]
    assert states == ["revoked", "expired"]


def test_links_of_another_engagement_cannot_be_revoked(house: House) -> None:
    mine, other = house.group(), house.group()
    (link,) = house.service.invite(other, Invitation())
    with pytest.raises(NotFound):
        house.service.revoke(mine, [link.link.id])
    assert house.service.link(link.token or "").state == "active"  # type: ignore[union-attr]


def test_nothing_of_a_deleted_assessment_opens(house: House) -> None:
    engagement = house.group()
    (link,) = house.service.invite(engagement, Invitation())
    house.service.delete(engagement)
    assert house.service.link(link.token or "") is None


def test_nobody_is_invited_to_what_is_closed_or_answered_alone(house: House) -> None:
    engagement = house.group()
    house.service.close_wave(engagement, house.wave(engagement))
    with pytest.raises(Closed):
        house.service.invite(engagement, Invitation())
    alone = house.service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")
    with pytest.raises(ValueError):
        house.service.invite(alone, Invitation())


def test_one_wave_is_open_at_a_time_and_none_opens_again(house: House) -> None:
    engagement = house.group(k=6)
    with pytest.raises(WaveOpen):
        house.service.open_wave(engagement, "T2")
    house.service.close_wave(engagement, house.wave(engagement))
    following = house.service.open_wave(engagement, "T2", by_team=True)
    assert (following.position, following.k, following.by_team) == (2, 6, True)
    with pytest.raises(NotFound):
        house.service.close_wave(house.group(), following.id)


def test_progress_counts_by_role_and_says_how_many_there_is_room_for(house: House) -> None:
    engagement, wave = (e := house.group()), house.wave(e)
    codes = house.service.invite(engagement, Invitation(role="S", count=5, max_uses=1))
    (support,) = house.service.invite(engagement, Invitation(role="OP", max_uses=3))
    (open_ended,) = house.service.invite(engagement, Invitation(role="OD"))
    house.answer(codes[0].link.id, wave)
    house.answer(codes[1].link.id, wave, questions=3)
    house.answer(support.link.id, wave, "OP")
    house.answer(open_ended.link.id, wave, "OD")
    house.service.revoke(engagement, [support.link.id, codes[1].link.id, codes[2].link.id])
    assert house.service.progress(engagement, wave) == (
        RoleProgress("S", 2, 1, 4),
        RoleProgress("OP", 1, 1, 1),
        RoleProgress("OD", 1, 1, None),
    )


def test_a_link_for_any_role_leaves_the_room_unknown(house: House) -> None:
    engagement, wave = (e := house.group()), house.wave(e)
    (link,) = house.service.invite(engagement, Invitation(max_uses=9))
    house.answer(link.link.id, wave, "TM")
    assert house.service.progress(engagement, wave) == (RoleProgress("TM", 1, 1, None),)


def test_progress_of_three_hundred_is_quick(house: House) -> None:
    engagement, wave = (e := house.group()), house.wave(e)
    shown = [ItemId(i.id) for i in builtin("full").items]
    house.store.add_responses(
        wave,
        [
            Response(id=ResponseId(f"r{n}"), wave_id=wave, role="S", answers=dict.fromkeys(shown, Answer(value=3)))
            for n in range(300)
        ],
    )
    began = datetime.now(UTC)
    for _ in range(10):
        house.service.progress(engagement, wave)
    assert (datetime.now(UTC) - began) / 10 < timedelta(milliseconds=100)


def test_nobody_sees_anything_of_an_open_wave(house: House) -> None:
    engagement, wave = (e := house.group()), house.wave(e)
    (link,) = house.service.invite(engagement, Invitation(role="S"))
    for _ in range(8):
        house.answer(link.link.id, wave)
    during = house.service.results(engagement)
    assert (during.respondents, during.score.overall.score) == (0, None)
    house.service.close_wave(engagement, wave)
    assert house.service.results(engagement).respondents == 8


def test_who_only_helps_invites_to_answer_and_sees_no_other_links(house: House) -> None:
    engagement = house.group()
    (helping,) = house.service.invite(engagement, Invitation(purpose="facilitate"))
    house.service.invite(engagement, Invitation(purpose="results"))
    helper = house.service.for_actor(Actor("link", engagement=engagement, scope="facilitate", link=helping.link.id))
    (mine,) = helper.invite(engagement, Invitation(role="S"))
    assert [one.link.id for one in helper.invitations(engagement)] == [mine.link.id]
    for purpose in ("results", "facilitate"):
        with pytest.raises(NotFound):
            helper.invite(engagement, Invitation.model_validate({"purpose": purpose}))
    with pytest.raises(NotFound):
        helper.revoke(engagement, [helping.link.id])


# ---------------------------------------------------------------- /r/ and /f/


class Door:
    """The routes of links, as a browser elsewhere meets them."""

    base = "http://salgsflyt.example.no"

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(Starlette(routes=invitations.routes()))
            async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
                return await client.request(method, path, **given)

        return run(go())

    def get(self, path: str, language: str = "nb") -> httpx.Response:
        return self.ask("GET", path, headers={"accept-language": language})

    def post(self, path: str, pin: str, origin: str = base) -> httpx.Response:
        return self.ask("POST", path, data={"pin": pin}, headers={"origin": origin})


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(tmp_path / "door.db"))
    for remembered in (settings, invitations._service, invitations._limit, links.installation_secret):
        remembered.cache_clear()
    return Door()


def at_the_door(**invitation: object) -> str:
    """The path of a link to a group, made by the service the routes use."""
    service = invitations._service()
    told = GroupBeginning(organisation="Fjordvik", training_planned="yes")
    (made,) = service.invite(service.begin_group(told, "nb"), Invitation.model_validate(invitation))
    return links.address("", made.link.purpose, made.token or "")


@pytest.mark.parametrize(("purpose", "leads_to"), [("results", "/maturity?e="), ("facilitate", "/participants?e=")])
def test_a_link_lets_in_and_leads_to_its_page(door: Door, purpose: str, leads_to: str) -> None:
    answer = door.get(at_the_door(purpose=purpose))
    assert (answer.status_code, answer.headers["location"].startswith(leads_to)) == (303, True)
    cookie = answer.headers["set-cookie"]
    assert "sf_link=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/r/abc", "/r/", "/f/a/b/c", "/f/%00", "/r/<script>alert(1)</script>", "/r/" + "x" * 5000]
)
def test_what_is_no_link_gets_one_friendly_page(door: Door, path: str) -> None:
    answer = door.get(path)
    assert answer.status_code == 404
    assert "Vi kjenner ikke denne lenken" in answer.text
    assert "<script" not in answer.text


def test_a_link_of_one_kind_does_not_open_as_another(door: Door) -> None:
    token = at_the_door(purpose="results").removeprefix("/r/")
    assert door.get(f"/f/{token}").status_code == 404
    assert door.get(f"/r/{token}").status_code == 303
    assert door.get(f"/r/{at_the_door().removeprefix('/s/')}").status_code == 404


@pytest.mark.parametrize(("language", "said"), [("nb", "Lenken har gått ut"), ("en", "The link has expired")])
def test_an_expired_link_says_so(door: Door, language: str, said: str) -> None:
    answer = door.get(f"{at_the_door(purpose='results', expires_at=START)}?lang={language}")
    assert answer.status_code == 410
    assert said in answer.text
    assert "set-cookie" not in answer.headers


def test_a_pin_is_asked_for_and_tried_five_times_a_minute(door: Door) -> None:
    path = at_the_door(purpose="results", pin_hash=hash_secret("4711"))
    asked = door.get(path)
    assert (asked.status_code, "set-cookie" in asked.headers) == (200, False)
    assert door.post(path, "4711", origin="https://elsewhere.example").status_code == 403
    assert [door.post(path, pin).status_code for pin in ("0", "", "x" * 9000, "1")] == [403, 403, 403, 403]
    right = door.post(path, " 4711 ")
    assert (right.status_code, "sf_link=" in right.headers["set-cookie"]) == (303, True)
    over = door.post(path, "4711")
    assert (over.status_code, "set-cookie" in over.headers) == (429, False)
    assert int(over.headers["retry-after"]) > 0


def test_who_comes_by_a_link_and_whose_pin_is_wrong_stands_in_the_audit_log(door: Door, tmp_path: Path) -> None:
    path = at_the_door(purpose="results", pin_hash=hash_secret("4711"))
    door.post(path, "1234")
    door.post(path, "4711")
    store = SqliteStore(tmp_path / "door.db")
    (engagement,) = (e.engagement.id for e in store.engagements())
    told = [(e.kind, e.actor, e.engagement_id) for e in store.audit_log(limit=2)]
    assert told == [("link_opened", "link", engagement), ("refused", "link", engagement)]
