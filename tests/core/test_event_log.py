"""Event logs: a small one worked by hand, files as they come from a CRM, everything wrong at once, and laws."""

from collections.abc import Callable
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.current_state.event_log import (
    ENDS,
    LEFT_OUT,
    STILL_THERE,
    StageFigures,
    Summary,
    Visits,
    chain_order,
    days_covered,
    months_covered,
    summary,
    working_h,
)
from assessment.files import InputError, Problem
from assessment.files.event_log import EXAMPLE, NAMES, ROWS_MAX, STAGES_MAX, UPLOAD_MAX, EventLog, event_log, moment_in

TODAY = date(2026, 6, 30)
# Monday 5 January 2026 and the days after; B has it twice from one case, and one case is still in A
SMALL = """case,stage,entered,left
a,A,2026-01-05 08:00,2026-01-05 12:00
a,B,2026-01-06 09:00,2026-01-07 09:00
a,A,2026-01-07 10:00,2026-01-07 11:00
a,B,2026-01-07 11:00,2026-01-07 15:00
b,A,2026-01-09 14:30,2026-01-12 09:00
c,A,2026-01-12 08:00,
"""


def read(text: str | bytes, name: str = "log.csv", progress: Callable[[float], None] = lambda _: None) -> EventLog:
    return event_log(name, text.encode() if isinstance(text, str) else text, TODAY, progress)


def refused(text: str | bytes) -> list[tuple[str, object]]:
    with pytest.raises(InputError) as error:
        read(text)
    return [(p.key, p.fields.get("row")) for p in error.value.problems if isinstance(p, Problem)]


def summed(text: str, to: list[int] | None = None) -> Summary:
    """A log's summary; without `to` each stage is one of the chain, by name."""
    log = read("case,stage,entered,left\n" + text if "case" not in text else text)
    return summary(log.visits, to if to is not None else list(range(len(log.names))), max([*(to or [1])]) + 1)


def seconds(*moments: str) -> np.ndarray:
    began = datetime.fromisoformat("1970-01-01")
    return np.array([(datetime.fromisoformat(m) - began).total_seconds() for m in moments], np.int64)


# ---------------------------------------------------------------- the calculation


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [
        ("2026-01-05 08:00", "2026-01-05 12:00", 4),
        ("2026-01-05 06:00", "2026-01-05 20:00", 7.5),
        ("2026-01-09 14:30", "2026-01-12 09:00", 2),  # over a weekend
        ("2026-01-10 10:00", "2026-01-11 12:00", 0),
        ("2026-01-05", "2026-01-06", 7.5),  # dates only: whole days
        ("2026-01-05", "2026-01-05", 0),
        ("2026-01-05", "2026-02-02", 150),
        ("2026-01-06", "2026-01-05", 0),
    ],
)
def test_hours_are_those_of_working_days(begins: str, ends: str, hours: float) -> None:
    assert working_h(seconds(begins), seconds(ends)).tolist() == [hours]


def test_a_small_log_worked_by_hand() -> None:
    found = summed(SMALL, [0, 1])
    first, last = found.stages
    assert (first.finished, first.still_there, first.cases, first.wip) == (3, 1, 3, 1)
    assert sorted(first.hours) == [1, 2, 4]
    assert (first.hours_in_stage("median"), first.hours_in_stage("mean")) == (2, pytest.approx(7 / 3))
    assert sorted(first.gap_h) == [0, 0, 1]
    assert first.volume_month == pytest.approx(3 / (8 / 31))
    assert (first.decided, first.conversion_share) == (2, 0.5)  # the case that is still there is left out
    assert (first.left_cases, first.reentry_share) == (2, 0.5)
    assert (sorted(last.hours), sorted(last.gap_h)) == ([4, 7.5], [0, 4.5])
    assert (last.wait_h(5, "median"), last.wait_h(5, "mean"), last.wait_h(0, "mean")) == (3.5, 3.5, 8)
    assert (last.conversion_share, last.reentry_share, last.decided) == (None, 1.0, 0)
    assert (found.single, found.overlapping, first.thin) == (2, 0, True)


def test_a_wait_is_of_each_visit_and_never_below_nothing() -> None:
    stage = StageFigures(3, 0, 3, 1, np.array([1.0, 5.0, 9.0]), np.array([2.0, 0.0, 0.0]), 0, None, 3, 0, 0)
    assert (stage.wait_h(4, "median"), stage.wait_h(4, "mean")) == (2, pytest.approx(8 / 3))


def test_months_in_part_count_by_their_days() -> None:
    assert months_covered(date(2026, 1, 1), date(2026, 1, 31)) == 1
    assert months_covered(date(2025, 12, 17), date(2026, 2, 14)) == pytest.approx(15 / 31 + 1 + 14 / 28)
    assert days_covered(read(SMALL).visits) == (date(2026, 1, 5), date(2026, 1, 12))


def test_rows_of_one_visit_are_one() -> None:
    touching = summed("x,A,2026-01-05,2026-01-06\nx,A,2026-01-06,2026-01-08\nx,A,2026-01-07,2026-01-09", [0])
    assert (touching.stages[0].finished, touching.stages[0].hours.tolist()) == (1, [30])
    apart = summed("x,A,2026-01-05,2026-01-06\nx,A,2026-01-07,2026-01-09", [0]).stages[0]
    assert (apart.finished, apart.reentry_share, sorted(apart.gap_h)) == (2, 1.0, [0, 7.5])
    # within a day by another stage and back is two visits, though nothing lies between by the dates
    back = summed("x,A,2026-01-05,2026-01-06\nx,B,2026-01-06,2026-01-06\nx,A,2026-01-06,2026-01-08", [0, 1])
    assert (back.stages[0].finished, back.stages[0].reentry_share) == (2, 1.0)


def test_two_stages_of_the_log_can_be_one_of_the_chain() -> None:
    found = summed("x,A,2026-01-05,2026-01-06\nx,B,2026-01-06,2026-01-08\nx,C,2026-01-09,2026-01-10", [0, 0, 1])
    assert (found.stages[0].hours.tolist(), found.stages[0].reentry_share) == ([22.5], 0)
    assert found.stages[1].gap_h.tolist() == [7.5]


def test_a_stage_left_out_is_waiting_and_one_that_ends_the_case_closes_it() -> None:
    log = "x,A,2026-01-05,2026-01-06\nx,B,2026-01-06,2026-01-08\nx,C,2026-01-08,\ny,A,2026-01-05,\ny,D,2026-01-07,"
    found = summed(log, [0, LEFT_OUT, 1, ENDS])
    first, second = found.stages
    assert second.gap_h.tolist() == []  # the visit is not over, so nothing is said of it
    assert (first.wip, second.wip) == (0, 1)
    assert sorted(first.hours) == [7.5, 15]  # y was in A until it was lost
    assert (first.conversion_share, first.decided) == (0.5, 2)
    assert summed(log.replace("08,\n", "08,2026-01-09\n"), [0, LEFT_OUT, 1, ENDS]).stages[1].gap_h.tolist() == [15]


def test_nothing_is_waited_where_a_case_is_in_two_stages_at_once() -> None:
    found = summed("x,A,2026-01-05,2026-01-09\nx,B,2026-01-06,2026-01-12\nx,C,2026-01-14,2026-01-15", [0, 1, 2])
    assert [stage.gap_h.tolist() for stage in found.stages] == [[0], [0], [15]]
    assert found.overlapping == 1


def test_stages_stand_in_the_order_cases_go_through_them() -> None:
    log = read(
        "case,stage,entered,left\n1,Zulu,2026-01-05,2026-01-06\n1,Mike,2026-01-07,2026-01-08\n1,Alfa,2026-01-09,\n"
        "2,Mike,2026-01-05,2026-01-06\n2,Zulu,2026-01-07,\n3,Zulu,2026-01-05,2026-01-06\n3,Mike,2026-01-06,"
    )
    assert [log.names[at] for at in chain_order(log.visits, 3)] == ["Zulu", "Mike", "Alfa"]


# ---------------------------------------------------------------- laws

STAGES = 3
ROWS = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, STAGES), st.integers(480_000, 490_000), st.none() | st.integers(0, 5_000)
    ),
    min_size=1,
    max_size=25,
)
Rows = list[tuple[int, int, int, int | None]]


def visits(rows: Rows) -> Visits:
    """Hours as integers, so that moments often coincide."""
    told = [(c, s, e * 3600, STILL_THERE if d is None else (e + d) * 3600) for c, s, e, d in rows]
    return Visits(*np.array(told, dtype=np.int64).T)


def of(rows: Rows) -> Summary:
    """The last stage of the log ends a case."""
    return summary(visits(rows), [*range(STAGES), ENDS], STAGES)


def told(found: Summary, *names: str) -> list[object]:
    plain = [{n: getattr(stage, n) for n in names or stage.__dataclass_fields__} for stage in found.stages]
    return [{n: sorted(v) if isinstance(v, np.ndarray) else v for n, v in stage.items()} for stage in plain]


@given(ROWS)
def test_shares_stay_shares_and_no_time_is_below_nothing(rows: Rows) -> None:
    for stage in of(rows).stages:
        assert all(share is None or 0 <= share <= 1 for share in (stage.conversion_share, stage.reentry_share))
        assert (stage.hours >= 0).all()
        assert (stage.gap_h >= 0).all()
        assert stage.wip <= stage.cases >= stage.left_cases
        assert len(stage.hours) == len(stage.gap_h) == stage.finished


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows: Rows, order: st.DrawFn) -> None:
    mixed = list(rows)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert told(of(mixed)) == told(of(rows))


@given(ROWS, st.integers(0, STAGES - 1), st.integers(480_000, 490_000))
def test_a_case_that_is_still_there_changes_no_finished_figure(rows: Rows, stage: int, entered: int) -> None:
    finished = ("finished", "hours", "gap_h", "decided", "conversion_share", "left_cases", "reentry_share")
    assert told(of([*rows, (5, stage, entered, None)]), *finished) == told(of(rows), *finished)


@given(ROWS)
def test_saying_a_row_twice_changes_nothing(rows: Rows) -> None:
    assert told(of(rows + rows)) == told(of(rows))


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    "header",
    [
        "sak;steg;inn;ut",
        "Case\tStage\tEntered\tLeft",
        "Opportunity ID,Stage Name,Start Date,End Date",
        "Saks-ID;Fase;Startdato;Sluttdato",
        "CASE_ID,Deal stage,Date entered,Date exited",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_log_reads_as_a_crm_writes_it(header: str, encoding: str) -> None:
    separator = next(sign for sign in ";\t," if sign in header)
    rows = [["7", "Løsning", "05.01.2026", "2026-01-06"], ["7", "Ordre", "6.1.2026 09:15", ""]]
    log = read("\r\n".join([header, *(separator.join(row) for row in rows)]).encode(encoding))
    assert (log.names, log.cases, len(log.visits), log.timed) == (("Løsning", "Ordre"), 1, 2, True)
    assert log.visits.left.tolist()[1] == STILL_THERE


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("2026-01-31", "2026-01-31 00:00"),
        ("2026-01-31T08:05", "2026-01-31 08:05"),
        ("2026-01-31 08:05:10.5", "2026-01-31 08:05:10.5"),
        ("31.01.2026", "2026-01-31 00:00"),
        ("1.2.2026 8:05", "2026-02-01 08:05"),
        ("01.02.2026, 08.05.10", "2026-02-01 08:05:10"),
        ("2026-01-31T23:30:00Z", "2026-02-01 00:30"),
        ("2026-07-01T08:00+00:00", "2026-07-01 10:00"),
    ],
)
def test_a_moment_is_read_as_it_is_written(cell: str, clock: str) -> None:
    assert moment_in(cell) == datetime.fromisoformat(clock)


@pytest.mark.parametrize("cell", ["", "20260131", "31/01/2026", "2026-02-30", "31.13.2026", "2026-W05-1", "46053", "x"])
def test_what_could_be_several_days_or_none_is_no_moment(cell: str) -> None:
    assert moment_in(cell) is None


def test_everything_that_is_wrong_is_told_at_once_with_its_line() -> None:
    rows = [
        "1,A,2026-01-05,2026-01-06",
        ",A,2026-01-05,",
        "2,,2026-01-05,",
        "3,A,,",
        "4,A,soon,01/02/2026",
        "5,A,2027-01-01,",
        "6,A,1066-10-14,",
        "7,A,2026-01-05",
        "8," + "A" * 201 + ",2026-01-05,",
        '"9\n9",A,2026-01-05,',
        "10,A,x,",
    ]
    assert refused("case,stage,entered,left\n" + "\n".join(rows)) == [
        ("event_no_case", 3),
        ("event_no_stage", 4),
        ("event_no_entered", 5),
        ("event_moment", 6),
        ("event_moment", 6),
        ("event_future", 7),
        ("event_early", 8),
        ("row_width", 9),
        ("event_stage_long", 10),
        ("event_moment", 13),
    ]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", ["header"]),
        ("a;b", [f"event_column_{part}" for part in NAMES]),
        ("sak;sak;steg;inn;ut\n1;1;A;2026-01-05;", ["column_twice"]),
        ("sak;steg;inn;ut\n\n;;;\n", ["event_rows_none"]),
        ("sak;steg;inn;ut\n1;A;2026-01-06;2026-01-05", ["event_all_backwards"]),
        (
            "sak;steg;inn;ut\n" + "".join(f"1;A{n};2026-01-05;\n" for n in range(STAGES_MAX + 1)),
            ["event_stages"],
        ),
        (b"\x00\x81\x8d", ["encoding"]),
        ('sak;steg;inn;ut\n1;"A;2026-01-05;', ["cells"]),
        (b"x" * (UPLOAD_MAX + 1), ["too_large"]),
        ("sak;steg;inn;ut\n" + "1;A;2026-01-05;\n" * (ROWS_MAX + 1), ["too_many"]),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str | bytes, keys: list[str]) -> None:
    assert [key for key, _ in refused(text)] == keys


def test_what_is_odd_is_handled_and_told() -> None:
    log = read(
        "sak;Eier;steg;inn;ut;Beløp\n1;Kari;A;2026-01-05;2026-01-06;9\n1;Ola;a ;2026-01-05;2026-01-06;9\n"
        "2;Kari;A;2026-01-08;2026-01-06;9\n\n3;Kari;A;2026-01-08;;9;;\n"
    )
    assert (len(log.visits), log.twice, log.backwards, log.timed) == (2, 1, (4,), False)
    assert (log.unread, log.people, log.names, log.cases) == (("Eier", "Beløp"), ("Eier",), ("A",), 2)


def test_nothing_of_a_case_but_its_stays_is_kept() -> None:
    log = read("sak;steg;inn;ut;Kundenavn\nHemmelig-77;A;2026-01-05;2026-01-06;Hemmelig AS")
    assert "Hemmelig" not in repr({name: getattr(log, name) for name in log.__dataclass_fields__})
    assert log.visits.case.tolist() == [0]


def test_the_way_is_told_while_a_long_file_is_read() -> None:
    shares: list[float] = []
    read("sak;steg;inn;ut\n" + "1;A;2026-01-05;\n" * 20_000, progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) > 4
    assert (shares[-1], max(shares)) == (1.0, 1.0)


def test_the_example_to_download_is_read() -> None:
    log = read(EXAMPLE.read_bytes())
    assert (len(log.names), log.twice, log.backwards, log.unread) == (8, 0, (), ())
    assert log.names[chain_order(log.visits, 8)[0]] == "Leadmottak"
