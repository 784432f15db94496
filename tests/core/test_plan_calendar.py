"""The plan as a calendar file: a worked example to the octet, and laws of RFC 5545."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engagement import Action
from assessment.plan.actions import Measuring, Plan
from assessment.plan.calendar import LINE_OCTETS, Entry, calendar, calendar_file
from assessment.service import Service
from assessment.store import SqliteStore
from assessment.texts import texts

AT = datetime(2026, 6, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
TODAY = date(2026, 6, 1)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


def a_plan(*actions: Action, measuring: tuple[Measuring, ...] = ()) -> Plan:
    nothing: dict[str, dict[object, object]] = {"processes": {}, "stages": {}}
    return Plan(actions, (), frozenset(), handoffs=(), measuring=measuring, today=TODAY, **nothing)  # type: ignore[arg-type]


def an_action(**said: object) -> Action:
    return Action.model_validate({"id": "abc", "title": "Sjekkliste", "due_on": "2026-12-31"} | said)


def lines(file: bytes) -> list[str]:
    """The lines of a file as a calendar reads them, put together again where they are folded."""
    text = file.decode()
    assert text.endswith("\r\n")
    assert re.fullmatch(r"(?:[^\r\n]*\r\n)*", text)
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def read(value: str) -> str:
    """A text value as §3.3.11 says it is read."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def test_the_worked_example() -> None:
    action = an_action(title="Pris, rabatt; og «kø»", owner="Salg")
    file = calendar_file(a_plan(action), "Fjord AS", AT, texts("nb"))
    assert file.decode() == (
        "BEGIN:VCALENDAR\r\n"
        "VERSION:2.0\r\n"
        "PRODID:-//Salgsflyt//Plan//NO\r\n"
        "CALSCALE:GREGORIAN\r\n"
        "X-WR-CALNAME:Plan for Fjord AS\r\n"
        "BEGIN:VEVENT\r\n"
        "UID:abc@salgsflyt\r\n"
        "DTSTAMP:20260601T123000Z\r\n"
        "DTSTART;VALUE=DATE:20261231\r\n"
        "DTEND;VALUE=DATE:20270101\r\n"
        "SUMMARY:Frist: Pris\\, rabatt\\; og «kø»\r\n"
        "DESCRIPTION:Fjord AS\\nEier: Salg\r\n"
        "TRANSP:TRANSPARENT\r\n"
        "END:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


@given(WORDS, WORDS)
def test_no_line_is_too_long_and_every_word_is_read_back(summary: str, name: str) -> None:
    file = calendar([Entry("a@b", TODAY, summary)], name, AT)

    assert max(len(line) for line in file.split(b"\r\n")) <= LINE_OCTETS
    (found,) = [line.removeprefix("SUMMARY:") for line in lines(file) if line.startswith("SUMMARY:")]
    kept = "".join(c for c in summary if c in "\t\n" or not (ord(c) < 32 or 127 <= ord(c) < 160))
    assert read(found) == kept
    assert [line for line in lines(file) if line.startswith("END:")] == ["END:VEVENT", "END:VCALENDAR"]


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_ends_where_the_next_begins(on: date) -> None:
    found = dict(line.split(":", 1) for line in lines(calendar([Entry("a@b", on, "x")], "x", AT)))
    ends = [datetime.strptime(found[f"{at};VALUE=DATE"], "%Y%m%d").date() for at in ("DTSTART", "DTEND")]  # noqa: DTZ007
    assert ends == [on, on + timedelta(days=1)]


def test_only_what_is_left_to_do_and_has_a_day_is_in_it() -> None:
    over = [an_action(id="done", status="done", done_on="2026-05-01"), an_action(id="dropped", status="dropped")]
    plan = a_plan(*over, an_action(id="undated", due_on=None), an_action(id="late", due_on="2026-05-01"))
    found = [line for line in lines(calendar_file(plan, "x", AT, texts("nb"))) if line.startswith("UID:")]
    assert found == ["UID:late@salgsflyt"]


def test_days_to_measure_again_are_in_it_from_today_on() -> None:
    days = tuple(Measuring("w", n, TODAY + timedelta(days=d)) for n, d in ((3, -1), (6, 0), (12, 1)))  # type: ignore[arg-type]
    found = lines(calendar_file(a_plan(measuring=days), "x", AT, texts("nb")))
    assert [line for line in found if line.startswith("UID:")] == ["UID:w.6@salgsflyt", "UID:w.12@salgsflyt"]


@pytest.mark.parametrize(("language", "says"), [("nb", "Frist: Sjekkliste"), ("en", "Due: Sjekkliste")])
def test_a_file_made_again_has_the_same_entries_in_the_readers_language(language: str, says: str) -> None:
    plan, words = a_plan(an_action()), texts(language)  # type: ignore[arg-type]
    once, again = (lines(calendar_file(plan, "x", at, words)) for at in (AT, AT + timedelta(days=3)))
    assert f"SUMMARY:{says}" in once
    assert [line for line in once if "DTSTAMP" not in line] == [line for line in again if "DTSTAMP" not in line]


def test_parked_actions_are_not_in_it(tmp_path: Path) -> None:
    service = Service(SqliteStore(tmp_path / "a.db"), clock=lambda: AT.astimezone(UTC))
    plan = service.plan(service.open_demo())
    (parked,) = plan.parked
    assert parked.action.id not in calendar_file(plan, "x", AT, texts("nb")).decode()
