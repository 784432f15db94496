"""The phones of a workshop room over HTTP: the code, each state of the page, votes, and being told of changes."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assessment.access import Limit
from assessment.access.middleware import is_open, route_of
from assessment.engagement import EngagementId
from assessment.respond import RoomSurface, pages
from assessment.respond.http import Scope
from assessment.service import Service
from assessment.store import SqliteStore
from assessment.texts import Texts, texts
from assessment.workshop.phones import Phones
from assessment.workshop.records import Question
from tests.looping import run
from tests.respond.conftest import Phone, nothing_else
from tests.store.situations import someone_answering

SECRET = b"s" * 32
KB = 1000
nb, en = texts("nb"), texts("en")
PULSE = {f"PU{n}": "2" for n in range(1, 8)} | {"guess.level": "3", "guess.lowest": "C5"}


@dataclass
class Workshop:
    """A room and the server its phones reach."""

    database: Path
    service: Service
    engagement: EngagementId
    surface: RoomSurface

    @property
    def code(self) -> str:
        """What is on the screen."""
        view = self.service.room(self.engagement)
        assert view is not None
        assert view.code is not None
        return view.code

    def phone(self) -> Phone:
        """Somebody who has come in."""
        phone = Phone(self.surface)
        assert phone.get(f"/w/{self.code}").status_code == 200
        return phone

    def form(self, given: Mapping[str, str], round_: int = 1) -> dict[str, str]:
        """The form of the ballot that is open, filled in."""
        view = self.service.room(self.engagement)
        assert view is not None
        return {"step": view.step.id, "round": str(round_), **given}

    def vote(self, given: Mapping[str, str], phone: Phone | None = None) -> Phone:
        """Somebody votes."""
        phone = phone or self.phone()
        assert phone.post(f"/w/{self.code}", data=self.form(given)).status_code == 303
        return phone

    def restarted(self) -> "Workshop":
        """The same room behind a new server."""
        return workshop_at(self.database, self.engagement)


def workshop_at(database: Path, engagement: EngagementId | None = None) -> Workshop:
    store = SqliteStore(database)
    service = Service(store, secret=lambda: SECRET)
    if engagement is None:
        engagement, _, _ = someone_answering(store)
        service.open_room(engagement)
    surface = RoomSurface(
        nothing_else, lambda: Phones(store, SECRET), Limit(each=3, everybody=5), lambda scope: str(scope["client"][0])
    )
    return Workshop(database, service, engagement, surface)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An open room in its first step."""
    return workshop_at(tmp_path / "salgsflyt.db")


@pytest.fixture
def voting(workshop: Workshop) -> Workshop:
    """The pulse is open."""
    workshop.service.next_step(workshop.engagement)
    workshop.service.open_ballot(workshop.engagement, "pulse")
    return workshop


# ---------------------------------------------------------------------- the code


@pytest.mark.parametrize("how", ["typed", "scanned", "followed"])
def test_the_code_opens_the_room(workshop: Workshop, how: str) -> None:
    phone, code = Phone(workshop.surface), workshop.code
    door = phone.get("/w")
    assert nb("phone.join.title") in door.text
    untidy = f" {code[:3].lower()}-{code[3:]} "
    reply = {
        "typed": lambda: phone.post("/w", data={"c": untidy}),
        "scanned": lambda: phone.get("/w", params={"c": code}),
        "followed": lambda: phone.get(f"/w/{code}"),
    }[how]()
    if how != "followed":
        assert (reply.status_code, reply.headers["location"]) == (303, f"/w/{code}")
        reply = phone.get(f"/w/{code}")

    assert reply.status_code == 200
    assert nb("phone.step.frame") in reply.text
    assert nb("phone.wait.lead") in reply.text
    assert nb("phone.place", number=1, of=9) in reply.text


def test_wrong_codes_are_tried_a_few_times_and_then_right_ones_wait_too(workshop: Workshop) -> None:
    inside, guessing = workshop.phone(), Phone(workshop.surface)
    tried = [guessing.post("/w", data={"c": code}) for code in ("AAAAAA", "nothing", "ACDEFG", "ACDEFH")]

    assert [reply.status_code for reply in tried] == [404, 404, 404, 429]
    assert nb("phone.join.unknown") in tried[0].text
    assert nb("phone.join.wait") in tried[3].text
    assert int(tried[3].headers["retry-after"]) <= 60
    # or the reply would tell which one is right
    assert guessing.get(f"/w/{workshop.code}").status_code == 429
    assert guessing.get("/w/ACDEFG").status_code == 429
    # who has been in with the code goes on, behind the same address
    assert inside.get(f"/w/{workshop.code}").status_code == 200


def test_a_room_full_of_right_codes_is_no_guessing(workshop: Workshop) -> None:
    for _ in range(20):
        workshop.phone()


def test_the_code_of_a_room_that_is_over_says_so_and_nothing_else(voting: Workshop) -> None:
    code, phone = voting.code, voting.vote(PULSE)
    voting.service.close_room(voting.engagement)

    for visitor in (phone, Phone(voting.surface)):
        reply = visitor.get(f"/w/{code}")
        assert reply.status_code == 410
        assert nb("phone.over.title") in reply.text
        assert "set-cookie" not in reply.headers
        assert nb("phone.step.pulse") not in reply.text
    assert phone.get(f"/w/{code}/events").status_code == 204
    assert phone.post(f"/w/{code}", data={"step": "x", "round": "1", "PU1": "3"}).status_code == 303


def test_codes_are_open_to_all_and_in_no_log() -> None:
    assert all(is_open(path) for path in ("/w", "/w/ACDEFG", "/w/ACDEFG/events"))
    assert not is_open("/waste")
    assert route_of("/w/ACDEFG/events /w?c=ACDEFG /w?lang=en&c=ACDEFG&x=1 /waste") == (
        "/w/…/events /w?c=… /w?lang=en&c=…&x=1 /waste"
    )


# ---------------------------------------------------------------------- each state


def test_the_pulse_asks_for_a_guess_first_and_then_seven_questions(voting: Workshop) -> None:
    page = voting.phone().get(f"/w/{voting.code}").text

    names = list(dict.fromkeys(re.findall(r'type="radio" name="([\w.]+)"', page)))
    assert names == ["guess.level", "guess.lowest", *(f"PU{n}" for n in range(1, 8))]
    assert page.count('value="DK"') == 7
    assert "<noscript>" not in page  # nothing comes over what somebody is filling in


def test_after_voting_there_are_thanks_and_how_many(voting: Workshop) -> None:
    voting.vote(PULSE)
    phone = voting.phone()
    reply = phone.post(f"/w/{voting.code}", data=voting.form({"PU1": "4"}))
    thanked = phone.get(reply.headers["location"])

    assert nb("phone.thanks") in thanked.text
    assert re.search(r'<b id="voted">2</b> har svart', thanked.text)
    assert '<meta http-equiv="refresh" content="5">' in thanked.text
    again = phone.get(f"/w/{voting.code}?change=1").text
    assert re.findall(r'name="(\S+)" value="(\S+)" checked', again) == [("PU1", "4")]
    assert re.findall(r"checked", voting.phone().get(f"/w/{voting.code}").text) == []


def test_a_vote_is_changed_until_it_is_shown(voting: Workshop) -> None:
    people = [voting.vote(PULSE) for _ in range(5)]
    voting.vote({"PU1": "5"}, people[0])
    voting.service.reveal(voting.engagement)
    late = people[1].post(f"/w/{voting.code}", data=voting.form({"PU1": "5"}))
    assert late.headers["location"] == f"/w/{voting.code}"

    page = people[0].get(f"/w/{voting.code}").text
    assert f"Rommet: 2,6 {nb('level.3')}" in page
    assert nb("phone.you", words=nb("level.5")) in page
    assert nb("phone.band.low") in page  # the others of the seven all said the same
    assert nb("phone.you", words=nb("level.5")) not in people[1].get(f"/w/{voting.code}").text


def test_nothing_is_shown_of_four(voting: Workshop) -> None:
    people = [voting.vote(PULSE) for _ in range(4)]
    voting.service.reveal(voting.engagement)

    page = people[0].get(f"/w/{voting.code}").text
    assert page.count(nb("phone.too_few")) == 9
    assert nb("phone.k", k=5) in page
    assert "Rommet:" not in page


def test_the_second_round_stands_beside_the_first(workshop: Workshop) -> None:
    workshop.service.open_ballot(workshop.engagement, "items", [Question(id="C5.1")])
    people = [workshop.vote({"C5.1": value}) for value in ("1", "1", "2", "5", "5")]
    workshop.service.reveal(workshop.engagement)
    workshop.service.revote(workshop.engagement)
    assert nb("phone.round", n=2) in people[0].get(f"/w/{workshop.code}").text
    for person, value in zip(people, ("2", "2", "2", "3", "3"), strict=True):
        assert person.post(f"/w/{workshop.code}", data=workshop.form({"C5.1": value}, 2)).status_code == 303
    workshop.service.reveal(workshop.engagement)

    page = people[0].get(f"/w/{workshop.code}").text
    assert f"Rommet: 2,4 {nb('level.2')}" in page
    assert nb("phone.before", words=f"2,8 {nb('level.3')}") in page


def test_dots_are_given_and_taken_without_a_script(workshop: Workshop) -> None:
    asked = [Question(id="a", nb="Sjekkliste", en="Checklist"), Question(id="b", nb="<b>Ring</b>")]
    workshop.service.open_ballot(workshop.engagement, "dots", asked)
    phone = workshop.phone()
    for button in ({"more": "a"}, {"more": "a"}, {"more": "b"}, {"more": "b"}, {"less": "a"}):
        assert phone.post(f"/w/{workshop.code}", data=workshop.form(button)).status_code == 303

    page = phone.get(f"/w/{workshop.code}").text
    assert nb.plural("phone.dots.left", 1) in page
    assert "&lt;b&gt;Ring" in page
    assert "<b>Ring" not in page
    assert "Checklist" in phone.get(f"/w/{workshop.code}?lang=en").text
    for _ in range(4):
        workshop.vote({"more": "b"})
    workshop.service.reveal(workshop.engagement)
    page = phone.get(f"/w/{workshop.code}").text
    assert page.index(en.plural("phone.dots.count", 5)) < page.index("Checklist")


def test_processes_are_classed_and_the_counts_wait_for_twice_k(workshop: Workshop) -> None:
    service, engagement = workshop.service, workshop.engagement
    service.add_catalogue_processes(engagement, ("quoting",))
    process = service.processes(engagement).processes[0].id
    service.open_ballot(engagement, "classes", [Question(id=process)])
    people = [workshop.vote({process: "core" if n < 7 else "support"}) for n in range(10)]
    service.reveal(engagement)

    page = people[9].get(f"/w/{workshop.code}").text
    assert "Rommet: Kjerne 7 · Støtte 3" in page
    assert nb("phone.you", words="Støtte") in page


def test_a_room_that_agrees_together_asks_no_phone(workshop: Workshop) -> None:
    service, engagement = workshop.service, workshop.engagement
    service.set_consensus(engagement, True)
    service.open_ballot(engagement, "items", [Question(id="C5.1"), Question(id="C5.2")])
    phone = workshop.phone()
    assert nb("phone.together.lead") in phone.get(f"/w/{workshop.code}").text
    service.agree(engagement, {"C5.1": "4"})
    service.reveal(engagement)

    page = phone.get(f"/w/{workshop.code}").text
    assert nb("phone.agreed", words=nb("level.4")) in page
    assert nb("phone.not_agreed") in page


def test_the_room_is_in_the_readers_language(voting: Workshop) -> None:
    phone = voting.phone()
    assert en("phone.lead.pulse") in phone.get(f"/w/{voting.code}?lang=en").text
    assert en("phone.lead.pulse") in phone.get(f"/w/{voting.code}").text  # and it is remembered
    assert 'lang="en"' in phone.get(f"/w/{voting.code}").text


# ---------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "given", [{"PU1": "9"}, {"C1.1": "3"}, {"PU1": "3", "x": "y"}, {"more": "PU1"}, {"round": "x"}, {"round": "1" * 9}]
)
def test_what_no_page_of_ours_sends_is_refused(voting: Workshop, given: dict[str, str]) -> None:
    phone = voting.phone()
    assert phone.post(f"/w/{voting.code}", data=voting.form({}) | given).status_code == 422
    view = voting.service.room(voting.engagement)
    assert view is not None
    assert view.voted == 0


def test_another_site_votes_for_nobody(voting: Workshop) -> None:
    phone = voting.phone()
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.test"}):
        reply = phone.post(f"/w/{voting.code}", data=voting.form(PULSE), headers=headers)
        assert reply.status_code == 403
    assert phone.send("PUT", f"/w/{voting.code}").status_code == 405
    assert phone.get(f"/w/{voting.code}/elsewhere").status_code == 404


@pytest.mark.parametrize("t", [nb, en])
def test_what_becomes_of_votes_can_be_read_before_anything_is_stored(voting: Workshop, t: Texts) -> None:
    voting.service.change_privacy(voting.engagement, {"controller": "Fjord & Co"})
    phone = Phone(voting.surface)

    page = phone.get(f"/w/{voting.code}?privacy=1&lang={t.language}")

    assert page.status_code == 200
    assert (t("privacy.room_stored") in page.text, "Fjord &amp; Co" in page.text) == (True, True)
    assert t("privacy.room_no_contact") in page.text
    assert not [name for name in phone.cookies if name.startswith("sf_w_")]
    link = f'href="/w/{voting.code}?privacy=1"'
    assert link in phone.get(f"/w/{voting.code}").text
    assert f'href="?privacy=1&amp;lang={"en" if t is nb else "nb"}"' in page.text


def test_the_notice_can_be_read_when_the_workshop_is_over(voting: Workshop) -> None:
    code = voting.code
    voting.service.close_room(voting.engagement)
    assert nb("privacy.room_may") in Phone(voting.surface).get(f"/w/{code}?privacy=1").text


def test_who_keeps_no_cookie_is_told(voting: Workshop) -> None:
    reply = Phone(voting.surface).post(f"/w/{voting.code}", data=voting.form(PULSE))
    assert (reply.status_code, nb("phone.no_cookie") in reply.text) == (403, True)


def test_a_key_somebody_made_up_is_none(voting: Workshop) -> None:
    phone = voting.phone()
    [name] = [n for n in phone.cookies if n.startswith("sf_w_")]
    phone.cookies.clear()
    phone.cookies.set(name, "A" * 22 + "." + "B" * 22)
    assert phone.post(f"/w/{voting.code}", data=voting.form(PULSE)).status_code == 403


def test_phones_are_counted_once_they_come_back_with_their_key(workshop: Workshop) -> None:
    people = [workshop.phone() for _ in range(3)]
    for person in (*people, people[0]):
        person.get(f"/w/{workshop.code}")

    view = workshop.service.room(workshop.engagement)
    assert view is not None
    assert view.joined == 3
    restarted = workshop.restarted()
    assert Phone(restarted.surface).get(f"/w/{workshop.code}").status_code == 200


def test_a_phone_goes_on_at_a_new_server_where_it_was(voting: Workshop) -> None:
    phone = voting.vote(PULSE)
    again = voting.restarted()
    moved = Phone(again.surface)
    for name, value in phone.cookies.items():
        moved.cookies.set(name, value)

    assert nb("phone.thanks") in moved.get(f"/w/{voting.code}").text
    again.service.reveal(voting.engagement)
    assert nb("phone.revealed.lead") in phone.get(f"/w/{voting.code}").text


def test_a_page_of_the_room_is_light(voting: Workshop) -> None:
    page = voting.phone().get(f"/w/{voting.code}", headers={"accept-encoding": "gzip"})
    assert int(page.headers["content-length"]) < 5 * KB
    assert len(pages.ROOM_SCRIPT.packed) < 3 * KB


# ---------------------------------------------------------------------- being told


class Listener:
    """A phone's event stream, on an ASGI connection of its own."""

    def __init__(self, workshop: Workshop, phone: Phone) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in phone.cookies.items())
        self.scope: Scope = {
            "type": "http",
            "method": "GET",
            "path": f"/w/{workshop.code}/events",
            "query_string": b"",
            "headers": [(b"cookie", cookie.encode())],
            "client": ("127.0.0.1", 1),
        }
        self.heard: list[str] = []
        self.status, self.ended = 0, False
        self._left = asyncio.Event()
        self._task = asyncio.ensure_future(workshop.surface(self.scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            assert (b"content-type", b"text/event-stream; charset=utf-8") in message["headers"]
        elif message.get("more_body"):
            self.heard.append(message["body"].decode())
        else:
            self.ended = True

    @property
    def beats(self) -> list[str]:
        return [words[6:].strip() for words in self.heard if words.startswith("data: ")]

    async def until(self, count: int) -> list[str]:
        """What it has been told, once there is so much of it."""
        async with asyncio.timeout(5):
            while len(self.beats) < count:
                await asyncio.sleep(0.02)
        return self.beats

    async def leave(self) -> None:
        self._left.set()
        with suppress(asyncio.CancelledError):
            await self._task


def test_every_phone_is_told_what_is_now_and_what_changes(voting: Workshop) -> None:
    people = [voting.phone() for _ in range(3)]

    async def listening() -> list[list[str]]:
        listeners = [Listener(voting, person) for person in people]
        first = [await one.until(1) for one in listeners]
        await asyncio.to_thread(voting.service.reveal, voting.engagement)
        later = [await one.until(2) for one in listeners]
        for one in listeners:
            await one.leave()
        return [*first, *later]

    told = run(listening())
    assert told == [["2 0"]] * 3 + [["2 0", "3 0"]] * 3


def test_votes_are_told_as_a_number(voting: Workshop) -> None:
    people = [voting.phone() for _ in range(2)]
    step = voting.form({})["step"]

    async def listening() -> list[str]:
        listener = Listener(voting, people[0])
        await listener.until(1)
        phones = Phones(SqliteStore(voting.database), SECRET)
        room = phones.find(voting.code)
        assert room is not None
        await asyncio.to_thread(phones.vote, room, phones.new_key(voting.code), step, 1, {"PU1": "2"})
        beats = await listener.until(2)
        await listener.leave()
        return beats

    assert run(listening()) == ["2 0", "2 1"]


def test_nobody_looks_for_news_when_nobody_listens(voting: Workshop) -> None:
    person = voting.phone()

    async def listening() -> tuple[int, int, int]:
        listener = Listener(voting, person)
        await listener.until(1)
        view = voting.service.room(voting.engagement)
        assert view is not None
        events = voting.surface._events
        during = events.listeners(view.room.id)
        await listener.leave()
        await asyncio.sleep(0)
        others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task() and not t.cancelling()]
        return during, events.listeners(view.room.id), len(others)

    assert run(listening()) == (1, 0, 0)


def test_a_room_that_is_erased_ends_the_stream(voting: Workshop) -> None:
    person = voting.phone()

    async def listening() -> bool:
        listener = Listener(voting, person)
        await listener.until(1)
        view = voting.service.room(voting.engagement)
        assert view is not None
        await asyncio.to_thread(voting.service.delete_room, voting.engagement, view.room.id)
        async with asyncio.timeout(5):
            while not listener.ended:
                await asyncio.sleep(0.02)
        return listener.ended

    assert run(listening())
