"""Sheets of paper: what a typed line means, and what is kept of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.actor import LOCAL
from assessment.engagement import Answer, EngagementId, ItemId, ResponseId, Wave
from assessment.keying import sheet
from assessment.respondents import course
from assessment.service import Beginning, GroupBeginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import Closed, NotFound

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SELLER = course("full", "S")
BEFORE = course("full", "S", True)
PULSE = course("pulse", "S")


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "keying.db"), lambda: START)


def group(service: Service, **told: object) -> tuple[EngagementId, Wave]:
    """A survey that has just begun."""
    known = {"organisation": "Fjordvik", "training_planned": "yes"}
    engagement = service.begin_group(GroupBeginning.model_validate(known | told), "nb")
    return engagement, service.waves(engagement)[-1]


def one(value: object = 3) -> dict[ItemId, Answer]:
    return {ItemId("C1.1"): Answer.model_validate({"value": value})}


# ---------------------------------------------------------------- the line


def test_marks_are_the_answers_in_the_order_of_the_sheet() -> None:
    line = "12345 0?-.," + "3" * 22
    typed = sheet(line, SELLER)

    values = [typed.answers[ItemId(i.id)].value if i.id in typed.answers else None for i in SELLER.items]
    assert values[:10] == [1, 2, 3, 4, 5, "DK", "DK", "NA", None, None]
    assert values[10:] == [3] * 22
    assert typed.ready


@pytest.mark.parametrize("wrong", ["6", "9", "x", "–", "٣", "²"])
def test_what_is_no_answer_is_told_by_its_place_and_moves_nothing(wrong: str) -> None:
    typed = sheet("1" * 4 + wrong + "2" * 27, SELLER)

    assert typed.wrong == (5,)
    assert SELLER.items[4].id not in typed.answers
    assert typed.answers[ItemId(SELLER.items[5].id)].value == 2
    assert not typed.ready


@pytest.mark.parametrize(("count", "missing", "beyond"), [(0, 32, 0), (31, 1, 0), (32, 0, 0), (33, 0, 1), (99, 0, 67)])
def test_only_a_whole_sheet_can_be_kept(count: int, missing: int, beyond: int) -> None:
    typed = sheet("3" * count, SELLER)

    assert (typed.missing, typed.beyond, typed.ready) == (missing, beyond, count == 32)


def test_a_sheet_of_blanks_has_nothing_to_keep() -> None:
    typed = sheet("." * 32, SELLER)

    assert (typed.missing, typed.wrong, typed.answers, typed.ready) == (0, (), {}, False)


def test_not_applicable_is_an_answer_only_where_it_is_offered() -> None:
    assert sheet("-" * 7, PULSE).wrong == (1, 2, 3, 4, 5, 6, 7)
    # the questions on how it was before stand last on the sheet, and offer less
    assert sheet("-" * 39, BEFORE).wrong == tuple(range(33, 40))


@given(st.text(max_size=60))
def test_any_line_is_read(line: str) -> None:
    typed = sheet(line, SELLER)

    assert len(typed.answers) + len(typed.wrong) <= min(len(typed.marks), 32)
    assert sheet(" ".join(typed.marks), SELLER) == typed
    assert not typed.ready or (typed.missing, typed.beyond, typed.wrong) == (0, 0, ())


# ---------------------------------------------------------------- what is kept


def test_a_sheet_is_one_response_like_any_other(service: Service) -> None:
    engagement, wave = group(service)
    typed = sheet("2" * 32, SELLER)

    made = service.for_actor(LOCAL).key_in(engagement, wave.id, "S", "Nord", typed.answers)

    (kept,) = service._store.responses(wave.id)
    assert (kept.id, kept.role, kept.view) == (made, "S", "role")
    assert kept.answers == typed.answers
    assert (kept.team, kept.page_seconds) == (None, {})  # groups are not by team here
    (progress,) = service.progress(engagement, wave.id)
    assert (progress.role, progress.begun, progress.complete) == ("S", 1, 1)
    assert service._store.count_changes(engagement) == 0  # the history tells neither who typed nor when


def test_a_team_is_kept_where_groups_are_by_team(service: Service) -> None:
    engagement, wave = group(service, by_team=True)

    service.key_in(engagement, wave.id, "S", "Nord", one())

    assert [r.team for r in service._store.responses(wave.id)] == ["Nord"]


def test_how_it_was_before_is_kept_apart(service: Service) -> None:
    engagement, first = group(service)
    service.close_wave(engagement, first.id)
    wave = service.open_wave(engagement, "T2")
    typed = sheet("4" * 32 + "2" * 7, BEFORE)

    service.key_in(engagement, wave.id, "S", None, typed.answers)

    (kept,) = service._store.responses(wave.id)
    assert {a.value for a in kept.answers.values()} == {4}
    assert len(kept.answers) == 32
    assert {i: a.value for i, a in kept.retrospective.items()} == {f"PU{n}": 2 for n in range(1, 8)}


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        ("S", {}),
        ("S", {ItemId("C4.4"): Answer(value=3)}),  # sellers are not asked how money is divided
        ("S", {ItemId("PU1"): Answer(value=3)}),
        ("S", {ItemId("no.such"): Answer(value=3)}),
    ],
)
def test_only_what_the_role_is_asked_is_kept(service: Service, role: str, answers: dict[ItemId, Answer]) -> None:
    engagement, wave = group(service)

    with pytest.raises(ValueError):
        service.key_in(engagement, wave.id, role, None, answers)  # type: ignore[arg-type]

    assert service._store.responses(wave.id) == []


def test_an_answer_the_questionnaire_does_not_offer_is_refused(service: Service) -> None:
    engagement, wave = group(service, pack_id="pulse")

    with pytest.raises(ValueError):
        service.key_in(engagement, wave.id, "S", None, {ItemId("PU1"): Answer(value="NA")})


def test_a_closed_wave_takes_no_sheet_and_gives_none_back(service: Service) -> None:
    engagement, wave = group(service)
    made = service.key_in(engagement, wave.id, "S", None, one())
    service.close_wave(engagement, wave.id)

    with pytest.raises(Closed):
        service.key_in(engagement, wave.id, "S", None, one())
    with pytest.raises(Closed):
        service.take_back_sheet(engagement, made)
    assert [r.id for r in service._store.responses(wave.id)] == [made]


def test_the_last_sheet_can_be_taken_back(service: Service) -> None:
    engagement, wave = group(service)
    kept = service.key_in(engagement, wave.id, "S", None, one(4))

    service.take_back_sheet(engagement, service.key_in(engagement, wave.id, "S", None, one(2)))

    assert [r.id for r in service._store.responses(wave.id)] == [kept]


def test_nothing_reaches_another_assessment(service: Service) -> None:
    engagement, wave = group(service)
    other, others = group(service)
    made = service.key_in(engagement, wave.id, "S", None, one())

    with pytest.raises(NotFound):
        service.key_in(engagement, others.id, "S", None, one())
    with pytest.raises(NotFound):
        service.take_back_sheet(other, made)
    with pytest.raises(NotFound):
        service.take_back_sheet(engagement, ResponseId("no-such"))


def test_one_who_answers_alone_has_no_sheets(service: Service) -> None:
    alone = service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")
    wave = service.waves(alone)[-1]
    (own,) = service._store.responses(wave.id)

    with pytest.raises(ValueError):
        service.key_in(alone, wave.id, "S", None, one())
    with pytest.raises(NotFound):
        service.take_back_sheet(alone, own.id)
