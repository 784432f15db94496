"""The plan as a calendar file: deadlines, and days to measure again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from unicodedata import category

from assessment.plan.actions import Plan
from assessment.texts import Texts

LINE_OCTETS: Final = 75  # RFC 5545 §3.1, without the line break
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class Entry:
    """An all-day entry. uid: the same each time the file is made, so that a calendar replaces what it has."""

    uid: str
    on: date
    summary: str
    description: str = ""


def calendar_file(plan: Plan, name: str, at: datetime, texts: Texts) -> bytes:
    """The deadlines of what is to be done in the plan, and the days to measure again that are not past, as a file.

    Parked actions have no place in it. name: of the organisation. at: when the file is made, with its time zone.
    """
    return calendar([*_deadlines(plan, name, texts), *_measuring(plan, name, texts)], texts("plan.page", name=name), at)


def calendar(entries: Iterable[Entry], name: str, at: datetime) -> bytes:
    """An iCalendar file of all-day entries. Source: RFC 5545."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Salgsflyt//Plan//NO", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    for entry in entries:
        lines += _event(entry, stamp)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _deadlines(plan: Plan, name: str, texts: Texts) -> Iterator[Entry]:
    for action in plan.actions:
        if action.open and action.due_on is not None:
            title, facts = action.title or texts("plan.unnamed"), [name]
            if action.owner:
                facts.append(texts("plan.owned", owner=action.owner))
            summary = texts("plan.calendar_due", title=title)
            yield Entry(f"{action.id}@salgsflyt", action.due_on, summary, "\n".join(facts))


def _measuring(plan: Plan, name: str, texts: Texts) -> Iterator[Entry]:
    for day in plan.measuring:
        if day.on >= plan.today:
            why = texts("plan.calendar_measure_why", months=texts.number(day.months, 0))
            uid, summary = f"{day.wave_id}.{day.months}@salgsflyt", texts("plan.calendar_measure", name=name)
            yield Entry(uid, day.on, summary, why)


def _event(entry: Entry, stamp: str) -> list[str]:
    # the end is the first day that is not part of it (§3.6.1)
    days = [day.strftime("%Y%m%d") for day in (entry.on, entry.on + timedelta(days=1))]
    lines = ["BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{stamp}"]
    lines += [f"DTSTART;VALUE=DATE:{days[0]}", f"DTEND;VALUE=DATE:{days[1]}", f"SUMMARY:{_text(entry.summary)}"]
    if entry.description:
        lines.append(f"DESCRIPTION:{_text(entry.description)}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _text(value: str) -> str:
    """The value as §3.3.11 has it; other control characters are not allowed in it."""
    return "".join(c for c in value.translate(_ESCAPED) if c == "\t" or category(c) != "Cc")


def _folded(line: str) -> str:
    """The line in pieces of LINE_OCTETS, never within a character; each piece but the first begins with a space."""
    pieces, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LINE_OCTETS:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += octets
    return "\r\n".join(pieces)
