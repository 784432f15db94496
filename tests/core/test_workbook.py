"""The workbook, opened again with another library: types, formulas with their values, charts, and nothing that runs."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assessment.engagement import Engagement, Response, Wave
from assessment.packs import LANGUAGES, Language, builtin
from assessment.report.dossier import Dossier, gather
from assessment.report.workbook import workbook
from assessment.service import Beginning, Service
from assessment.store import SqliteStore
from assessment.texts import texts

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
SHEETS = (
    *("summary", "criteria", "items", "perspectives", "kpis", "stream", "handoffs", "processes", "waste"),
    *("diagnosis", "strategy", "goals", "payback", "plan", "about"),
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(SqliteStore(tmp_path_factory.mktemp("workbook") / "x.db", clock=lambda: NOW), clock=lambda: NOW)


@pytest.fixture(scope="module", params=LANGUAGES)
def dossier(service: Service, request: pytest.FixtureRequest) -> Dossier:
    return gather(service, service.open_demo(), request.param, written_on=NOW.date())


def opened(content: bytes, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


@pytest.fixture(scope="module")
def made(dossier: Dossier) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the library warns of what a spreadsheet would have to repair
        return workbook(dossier)


@pytest.fixture(scope="module")
def values(made: bytes) -> Any:
    return opened(made, values=True)


@pytest.fixture(scope="module")
def formulas(made: bytes) -> Any:
    return opened(made)


def sheet(book: Any, name: str, language: Language) -> Any:
    return book[texts(language)(f"workbook.sheet.{name}")]


def rows(book: Any, name: str, language: Language, table: str = "") -> list[dict[str, Any]]:
    """The rows of a named table by heading."""
    found = sheet(book, name, language)
    cells = [[cell.value for cell in row] for row in found[found.tables[table or name].ref]]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def column(name: str, language: Language) -> str:
    return texts(language)(f"workbook.column.{name}")


def cells(*sheets: Any) -> Iterator[Any]:
    for found in sheets:
        for row in found.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def test_there_is_a_sheet_a_topic_each_ready_to_filter_and_to_print(dossier: Dossier, formulas: Any) -> None:
    words = texts(dossier.language)

    assert formulas.sheetnames == [words(f"workbook.sheet.{name}") for name in SHEETS]
    for found in formulas.worksheets:
        assert found.freeze_panes is not None
        assert all(table.autoFilter is not None for table in found.tables.values())
        footer = found.oddFooter.left.text
        pinned = (dossier.results.score.pack_version, dossier.results.score.scoring_version, words.short_day(NOW))
        assert [fact for fact in pinned if fact not in footer] == []
    names = [name for found in formulas.worksheets for name in found.tables]
    assert len(set(names)) == len(names) >= len(SHEETS)
    assert dossier.results.engagement.name in formulas.properties.title


def test_figures_are_numbers_days_are_days_and_shares_are_per_cent(dossier: Dossier, values: Any) -> None:
    language = dossier.language
    criteria, points = rows(values, "criteria", language), rows(values, "kpis", language, "kpi_points")

    assert [row[column("level", language)] for row in criteria] == pytest.approx(
        [c.score for c in dossier.results.score.criteria]
    )
    assert [row[column("coverage", language)] for row in criteria] == pytest.approx(
        [c.coverage for c in dossier.results.score.criteria]
    )
    told = [point for found in dossier.kpis for point in found.points]
    assert [row[column("date", language)].date() for row in points] == [point.on for point in told]
    assert [row[column("value", language)] for row in points] == pytest.approx([point.value for point in told])
    found = sheet(values, "criteria", language)
    heads = {cell.value: cell for cell in found[found.tables["criteria"].ref][0]}
    share = found.cell(heads[column("coverage", language)].row + 1, heads[column("coverage", language)].column)
    assert share.number_format == "0 %"


def test_formulas_hold_the_values_the_pages_show(dossier: Dossier, values: Any, formulas: Any) -> None:
    language, case = dossier.language, dossier.business_case
    gaps = [row[column("gap", language)] for row in rows(values, "criteria", language)]
    assert gaps == pytest.approx([c.gap for c in dossier.results.score.criteria])
    kinds = [row[column("hours_month", language)] for row in rows(values, "waste", language, "waste_by_kind")]
    assert kinds == pytest.approx([*dossier.waste.hours_by_waste.values()])
    sums = [row[column("amount", language)] for row in rows(values, "payback", language, "benefit_sums")]
    assert case.result is not None
    assert sums == pytest.approx([case.total, case.result.attributed])
    rework = [row[column("rework_h", language)] for row in rows(values, "handoffs", language)]
    assert rework == pytest.approx([i.rework_h for i in dossier.stream.interfaces])
    loads = [row[column("load_share", language)] for row in rows(values, "stream", language, "pools")]
    assert loads == pytest.approx([dossier.stream.flow.pool(pool.id).rho for pool in dossier.stream.told.pools])
    worked = [cell for cell in cells(*formulas.worksheets) if cell.data_type == "f"]
    assert len(worked) > 50
    by_place = {(cell.parent.title, cell.coordinate): cell.value for cell in cells(*values.worksheets)}
    assert all(isinstance(by_place[cell.parent.title, cell.coordinate], int | float) for cell in worked)


def test_a_formula_gives_its_value_when_it_is_worked_out(dossier: Dossier, values: Any, formulas: Any) -> None:
    language = dossier.language
    gap, target, level = (column(name, language) for name in ("gap", "target", "level"))
    told, worked = rows(values, "criteria", language), rows(formulas, "criteria", language)
    found = sheet(formulas, "criteria", language)
    heads = {cell.value: cell.column_letter for cell in found[found.tables["criteria"].ref][0]}
    first = found[found.tables["criteria"].ref][1][0].row
    for number, (row, formula) in enumerate(zip(told, worked, strict=True), start=first):
        assert formula[gap] == f"=MAX(0,{heads[target]}{number}-{heads[level]}{number})"
        assert row[gap] == pytest.approx(max(0.0, row[target] - row[level]))


def test_profile_waste_and_payback_are_native_charts(dossier: Dossier, formulas: Any) -> None:
    for name in ("criteria", "waste", "payback"):
        assert sheet(formulas, name, dossier.language)._charts


def test_nothing_that_somebody_typed_is_run(service: Service) -> None:
    found = gather(service, service.open_demo(), "nb", written_on=NOW.date())
    formula = '=HYPERLINK("http://x";"y")'
    rows_ = tuple(
        row.model_copy(update={"cause": start + formula[1:]})
        for row, start in zip(found.waste.rows, ("=", "+", "-", "@", "=", "+", "-", "@"), strict=False)
    )
    engagement = found.results.engagement.model_copy(update={"name": formula})
    spoiled = replace(
        found, waste=replace(found.waste, rows=rows_), results=replace(found.results, engagement=engagement)
    )
    book = opened(workbook(spoiled))

    typed = [cell for cell in cells(*book.worksheets) if "HYPERLINK" in str(cell.value)]
    assert len(typed) > len(rows_)
    assert {cell.data_type for cell in typed} == {"s"}
    assert not any(str(cell.value).startswith(("=", "+", "-", "@")) for cell in typed)
    assert all(cell.hyperlink is None for cell in cells(*book.worksheets))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_that_is_hidden_is_a_sentence_and_no_figure(language: Language, tmp_path: Path) -> None:
    store, pack = SqliteStore(tmp_path / "few.db", clock=lambda: NOW), builtin("full")
    engagement = Engagement.model_validate(
        {"id": "few", "name": "Fjordvik", "language": "nb", "mode": "anonymous", "created_at": NOW}
    )
    pins = {"pack_id": pack.id, "pack_version": pack.version, "pack_hash": pack.hash, "scoring_version": "1.0"}
    about = {"id": "w", "engagement_id": "few", "label": "T0", "position": 1, "opened_at": NOW, "closed_at": NOW}
    wave = Wave.model_validate(about | pins)
    people = [("S", 2)] * 4 + [("S", 3)] * 4 + [("OP", 4)] * 2
    responses = [
        Response.model_validate(
            {
                "id": f"r{n}",
                "wave_id": "w",
                "role": role,
                "answers": {item: {"value": value} for item in pack.shown_to(role)},  # type: ignore[arg-type]
            }
        )
        for n, (role, value) in enumerate(people)
    ]
    store.add_closed_wave(wave, responses, engagement)
    made = gather(Service(store, clock=lambda: NOW), engagement.id, language, written_on=NOW.date())
    told = rows(opened(workbook(made), values=True), "perspectives", language)

    hidden = [row for row in told if row[column("hidden", language)]]
    assert len(hidden) == sum(v.hidden for c in made.results.score.criteria for v in c.perspectives.values()) > 0
    for row in hidden:
        assert [value for value in row.values() if isinstance(value, int | float)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_assessment_with_nothing_but_a_name_is_a_workbook_too(service: Service, language: Language) -> None:
    id_ = service.begin(Beginning(organisation="Tom", role="SL", training_planned="no"), language)
    book = opened(workbook(gather(service, id_, language, written_on=date(2026, 1, 2))), values=True)

    said = [cell.value for cell in cells(sheet(book, "goals", language))]
    assert texts(language)("workbook.empty") in said
    assert len(book.sheetnames) == len(SHEETS)
