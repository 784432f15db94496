"""What the facilitator's page and the projector both draw: how to join, and what a ballot gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlsplit

import segno.helpers
import streamlit as st

from assessment.access.lan import address_on_network, answers_on_network
from assessment.engagement import ItemId
from assessment.links import LOCAL_ADDRESS, origin
from assessment.packs import builtin
from assessment.results import Results
from assessment.settings import settings
from assessment.wording import room_words, words
from assessment.workshop.records import GUESS_LEVEL, GUESS_LOWEST, Ballot, QuestionOutcome, Room
from assessment.workshop.rooms import RoomView
from pages.ui import parts, qr, session

LOCAL: Final = ("localhost", "127.0.0.1", "::1")
OPEN_NET, LOCKED_NET = "nopass", "WPA"
DOTS_MAX: Final = 60  # dots on a line that can still be taken in; above it the figure stands alone

Was = tuple[float | None, str]  # a level before, and how it is said


@dataclass(frozen=True)
class Reach:
    """Where phones reach the room.

    base: scheme, host and port. ready: whether the server answers there. on_network: whether this machine is on one.
    """

    base: str
    ready: bool
    on_network: bool = True


@dataclass(frozen=True)
class Line:
    """One mark on a line from 1 to 5. value: None where only a band or nothing may be told. first: an earlier mark."""

    name: str
    said: str
    value: float | None = None
    band: tuple[float, float] | None = None
    first: float | None = None


def reach() -> Reach:
    """As the installation says, else where this page was opened, else this machine's address on the network."""
    known = settings().address
    here = known or origin(st.context.url or LOCAL_ADDRESS)
    where = urlsplit(here)
    if known or where.hostname not in LOCAL:
        return Reach(here, ready=True)
    port, on_network = where.port or 80, address_on_network()
    if on_network is None:
        return Reach(here, ready=False, on_network=False)
    return Reach(f"{where.scheme}://{on_network}:{port}", ready=answers_on_network(on_network, port))


def own_address(page: str) -> str:
    """Another page of ours for this reader, in a window of its own."""
    opened = session.engagement()
    about = f"e={opened.id}&" if opened else ""
    return f"{origin(st.context.url or LOCAL_ADDRESS)}/{page}?{about}lang={session.language()}"


def grouped(code: str) -> str:
    """A room's code in two groups, as it is read aloud."""
    return f"{code[:3]} {code[3:]}"


def join(room: Room, code: str) -> None:
    """Draw the way into the room: its code, its address, and the net to be on first."""
    texts, at = session.texts(), reach()
    address, short = f"{at.base}/w/{code}", f"{at.base.partition('://')[2]}/w"
    wifi = _wifi(room)
    st.html(
        f"<div class='sf-join'>{wifi}<figure><img class='sf-qr' src='{qr.data_uri(address)}' "
        f"alt='{escape(texts('workshop.qr'), quote=True)}'><figcaption>{escape(texts('workshop.join'))} "
        f"<b>{escape(short)}</b><br>{escape(texts('workshop.code'))} "
        f"<b class='sf-code'>{escape(grouped(code))}</b></figcaption></figure></div>"
    )


def _wifi(room: Room) -> str:
    if room.wifi_name is None:
        return ""
    texts, kind = session.texts(), OPEN_NET if room.wifi_password is None else LOCKED_NET
    told = segno.helpers.make_wifi_data(ssid=room.wifi_name, password=room.wifi_password, security=kind)
    password = ""
    if room.wifi_password is not None:
        password = f"<br>{escape(texts('workshop.wifi_password'))} <b>{escape(room.wifi_password)}</b>"
    return (
        f"<figure><img class='sf-qr' src='{qr.data_uri(told)}' alt='{escape(texts('workshop.wifi_qr'), quote=True)}'>"
        f"<figcaption>{escape(texts('workshop.wifi_first'))} <b>{escape(room.wifi_name)}</b>{password}</figcaption>"
        "</figure>"
    )


# ---------------------------------------------------------------- what a ballot gave


def before(view: RoomView, ballot: Ballot, results: Results | None) -> dict[str, Was]:
    """What was known of a ballot's questions before it: its first round, or the questionnaire."""
    asked = {q.id for q in ballot.questions}
    first = next((b for b in view.rounds if {q.id for q in b.questions} == asked), None)
    if first is not None and first.round < ballot.round and first.outcome is not None:
        return {o.id: (o.mean, room_words.level(o)) for o in first.outcome.questions if not o.too_few}
    if ballot.kind != "items" or results is None:
        return {}
    shown = [item for item in results.score.items if item.id in asked and item.n]
    return {item.id: (item.mean, words.item_level(item)) for item in shown}


def given(ballot: Ballot, was: Mapping[str, Was]) -> None:
    """Draw what a revealed ballot gave. was: what is known of its questions from before, drawn beside."""
    if ballot.together:
        facts = [f"{room_words.question(ballot.kind, q)}: {room_words.agreed(ballot, q.id)}" for q in ballot.questions]
        parts.bullets(facts)
        return
    if ballot.kind == "dots":
        _dots(ballot)
    elif ballot.kind == "classes":
        _classes(ballot)
    else:
        _levels(ballot, was)


def _levels(ballot: Ballot, was: Mapping[str, Was]) -> None:
    texts, outcome = session.texts(), ballot.outcome
    assert outcome is not None
    asked = [q for q in ballot.questions if q.id not in (GUESS_LEVEL, GUESS_LOWEST)]
    found = [o for q in asked if (o := outcome.of(q.id)) is not None]
    if all(o.too_few for o in found):
        parts.hidden(texts("workshop.too_few_all", k=outcome.k))
        return
    lines([_line(room_words.question(ballot.kind, q), outcome.of(q.id), was.get(q.id)) for q in asked])
    if ballot.kind == "pulse":
        parts.bullets(_guesses(ballot))


def _line(name: str, outcome: QuestionOutcome | None, was: Was | None) -> Line:
    texts = session.texts()
    if outcome is None or outcome.too_few:
        return Line(name, texts("workshop.too_few"))
    said = room_words.level(outcome)
    if was is not None:
        said = texts("workshop.was_now", was=was[1], now=said)
    return Line(name, said, outcome.mean, _band(outcome.band), None if was is None else was[0])


def _band(band: str | None) -> tuple[float, float] | None:
    return {">=4": (4.0, 5.0), "<=2": (1.0, 2.0), "3": (3.0, 3.0)}.get(band or "")


def _guesses(ballot: Ballot) -> list[str]:
    """What the room guessed beside what it gave, each only where enough have guessed."""
    texts, outcome, said = session.texts(), ballot.outcome, []
    assert outcome is not None
    level, lowest = outcome.of(GUESS_LEVEL), outcome.of(GUESS_LOWEST)
    known = [o.mean for q in ballot.questions if (o := outcome.of(q.id)) and q.id != GUESS_LEVEL and o.mean is not None]
    if level is not None and not level.too_few and known:
        found = texts.number(sum(known) / len(known))
        said.append(texts("workshop.guessed_level", guess=room_words.level(level), found=found))
    if lowest is not None and lowest.leading is not None and known:
        guess, found = room_words.option("pulse", GUESS_LOWEST, lowest.leading), _lowest(ballot)
        said.append(texts("workshop.guessed_lowest", guess=guess, found=found))
    return said


def _lowest(ballot: Ballot) -> str:
    texts, outcome = session.texts(), ballot.outcome
    assert outcome is not None
    means = {q: o.mean for q in ballot.questions if (o := outcome.of(q.id)) and o.mean is not None}
    least = min(means.values())
    names = [room_words.question("pulse", q) for q, mean in means.items() if mean == least and q.id != GUESS_LEVEL]
    return texts.listing(names)


def lines(rows: Sequence[Line]) -> None:
    """Draw marks on lines from 1 to 5, each with its figure in words: the line itself is for the eye only."""
    drawn = "".join(
        f"<li><span>{escape(row.name)}</span>"
        f"<span class='sf-line' aria-hidden='true'>{_marks(row)}</span><b>{escape(row.said)}</b></li>"
        for row in rows
    )
    ends = "".join(f"<span>{n}</span>" for n in range(1, 6))
    st.html(
        f"<div class='sf-scale' aria-hidden='true'><span></span><span>{ends}</span><span></span></div>"
        f"<ul class='sf-lines'>{drawn}</ul>"
    )


def _marks(row: Line) -> str:
    marks = ""
    if row.first is not None:
        marks += f"<i class='sf-was' style='left:{_place(row.first)}%'></i>"
    if row.band is not None:
        low, high = row.band
        marks += f"<i class='sf-band' style='left:{_place(low)}%;width:{_place(high) - _place(low)}%'></i>"
    if row.value is not None:
        marks += f"<i style='left:{_place(row.value)}%'></i>"
    return marks


def _place(value: float) -> float:
    return round((value - 1) * 25, 1)


def _classes(ballot: Ballot) -> None:
    outcome = ballot.outcome
    assert outcome is not None
    said = [
        (room_words.question("classes", q), room_words.chosen("classes", o))
        for q in ballot.questions
        if (o := outcome.of(q.id)) is not None
    ]
    rows = "".join(f"<li><span>{escape(name)}</span><b>{escape(what)}</b></li>" for name, what in said)
    st.html(f"<ul class='sf-ranked'>{rows}</ul>")


def _dots(ballot: Ballot) -> None:
    texts, outcome = session.texts(), ballot.outcome
    assert outcome is not None
    order = sorted(ballot.questions, key=lambda q: -((o.dots or 0) if (o := outcome.of(q.id)) else 0))
    if all(o.too_few for o in outcome.questions):
        parts.hidden(texts("workshop.too_few_all", k=outcome.k))
        return
    drawn = max(o.dots or 0 for o in outcome.questions) <= DOTS_MAX
    rows = ""
    for asked in order:
        found = outcome.of(asked.id)
        n = (found.dots or 0) if found else 0
        marks = f"<span class='sf-dots' aria-hidden='true'>{'●' * n if drawn else ''}</span>"
        name, said = room_words.question("dots", asked), texts.plural("workshop.dots", n)
        rows += f"<li><span>{escape(name)}</span>{marks}<b>{escape(said)}</b></li>"
    st.html(f"<ul class='sf-ranked'>{rows}</ul>")


def ends(results: Results, item_id: str) -> tuple[int, int]:
    """The lowest and the highest rung somebody stands on, where that may be told; else the ends of the scale."""
    distribution = results.score.item(item_id).distribution
    chosen = [] if distribution is None else [n for n, count in enumerate(distribution, start=1) if count]
    return (chosen[0], chosen[-1]) if len(chosen) > 1 else (1, 5)


def anchors(item_id: str, low: int, high: int) -> None:
    """Draw what the two ends of a question describe, side by side."""
    texts, pack = session.texts(), builtin("full")
    prose = pack.prose[session.language()].items[ItemId(item_id)]
    described = dict(zip(pack.anchored, prose.anchors, strict=True))
    sides = "".join(
        f"<li><b>{escape(texts('workshop.rung', n=n))}</b><span>{escape(described[n])}</span></li>" for n in (low, high)
    )
    st.html(f"<p class='sf-name'>{escape(prose.stem)}</p><ul class='sf-ends'>{sides}</ul>")
