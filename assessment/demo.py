"""The fictional engagement, made from the readable source in `data/demo`."""

import csv
import json
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assessment.config import SCORING_VERSION
from assessment.engagement import (
    RETROSPECTIVE,
    Action,
    Answer,
    CriterionSetting,
    Engagement,
    EngagementId,
    Goal,
    ItemId,
    Kpi,
    KpiPoint,
    Mandate,
    PaybackTold,
    Process,
    ReadinessAnswer,
    RealisedBenefit,
    Response,
    ResponseId,
    StrategyDecision,
    WasteRow,
    Wave,
    WaveId,
)
from assessment.packs import builtin
from assessment.settings import ROOT
from assessment.store.protocol import AlreadyThere, Closed, Gone, NotFound, Store
from assessment.stream_template import template

SOURCE = ROOT / "data" / "demo"
DEMO_ID = EngagementId("demo")


def ensure(store: Store) -> EngagementId:
    """The id of the fictional engagement, made the first time and brought back if somebody deleted it.

    Every step has ids of its own from the source and may be done before, so a crash half-way or two processes at once
    leave nothing half-made: the mandate comes last, and until it is there the steps are gone through again.
    """
    try:
        if store.engagement(DEMO_ID).deleted_at is not None:
            store.restore_engagement(DEMO_ID)
        complete = store.mandate(DEMO_ID) is not None
    except NotFound:
        complete = False
    if not complete:
        _make(store, tomllib.loads((SOURCE / "engagement.toml").read_text(encoding="utf-8")))
    # apart: an example made before there was a value stream gets one, and keeps what was changed in it
    if not store.stream_map(DEMO_ID).stages:
        with suppress(AlreadyThere):
            store.begin_stream(DEMO_ID, template(store.engagement(DEMO_ID).language, _id_of, worked=True))
    # apart: an example made before there were processes gets them, and keeps what was changed in them
    if not store.processes(DEMO_ID):
        with suppress(AlreadyThere):
            store.add_processes(DEMO_ID, _processes())
    if not store.waste_rows(DEMO_ID):
        with suppress(AlreadyThere):
            store.add_waste_rows(DEMO_ID, _waste_rows())
    if not store.goals(DEMO_ID):
        with suppress(AlreadyThere, Gone):
            store.add_goals(DEMO_ID, _goals())
    _begin_payback(store)
    if not store.strategy_decisions(DEMO_ID):
        with suppress(AlreadyThere):
            store.add_strategy_decision(DEMO_ID, _decision())
    if not store.actions(DEMO_ID):
        with suppress(AlreadyThere, Gone):
            store.add_actions(DEMO_ID, _actions())
    return DEMO_ID


def _begin_payback(store: Store) -> None:
    """What is expected of the work, and what has come of it."""
    if store.payback(DEMO_ID) == PaybackTold():
        with suppress(AlreadyThere):
            store.begin_payback(DEMO_ID, _payback())
    if not store.realised_benefits(DEMO_ID):
        for told in _realised():
            store.change_realised_benefit(DEMO_ID, told.line, told.model_dump(exclude={"line"}))


def _id_of(key: str) -> str:
    return f"{DEMO_ID}-{key}"


def _make(store: Store, source: Mapping[str, Any]) -> None:
    waves = [_wave(described, position) for position, described in enumerate(source["waves"], start=1)]
    with suppress(AlreadyThere):
        store.create_engagement(_engagement(source), waves[0])
    for wave, described in zip(waves, source["waves"], strict=True):
        with suppress(AlreadyThere):
            store.add_wave(wave)
        with suppress(AlreadyThere, Closed):
            store.add_responses(wave.id, _responses(wave, SOURCE / described["answers"]))
        store.close_wave(wave.id, _start_of(described["closed_on"]))
    chosen = {c: _setting(c, source) for c in {*source["weights"], *source["targets"]}}
    store.set_criterion_settings(DEMO_ID, chosen)
    answers = {ItemId(i): ReadinessAnswer(item_id=ItemId(i), **a) for i, a in source["readiness"].items()}
    store.set_readiness(DEMO_ID, answers)
    for described in source["kpis"]:
        with suppress(AlreadyThere):
            store.add_kpi(DEMO_ID, _kpi(described), _points(SOURCE / described["points"]))
    with suppress(AlreadyThere):
        store.begin_mandate(DEMO_ID, [_mandate(described) for described in source["mandates"]])


def _engagement(source: Mapping[str, Any]) -> Engagement:
    return Engagement(
        id=DEMO_ID,
        name=source["name"],
        language=source["language"],
        mode=source["mode"],
        k=source["k"],
        training_planned=source["training_planned"],
        fictional=True,
        created_at=_start_of(source["created_on"]),
    )


def _wave(described: Mapping[str, Any], position: int) -> Wave:
    pack = builtin(described["pack"])
    return Wave(
        id=WaveId(f"{DEMO_ID}-{described['label']}"),
        engagement_id=DEMO_ID,
        label=described["label"],
        position=position,
        opened_at=_start_of(described["opened_on"]),
        pack_id=pack.id,
        pack_version=pack.version,
        pack_hash=pack.hash,
        scoring_version=SCORING_VERSION,
    )


def _responses(wave: Wave, file: Path) -> list[Response]:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    items = [i.id for i in builtin(wave.pack_id).items]
    before = [i.id for i in builtin(RETROSPECTIVE).items] if wave.asks_retrospectively else []
    return [
        Response.model_validate(
            {
                "id": ResponseId(f"{wave.id}-{number}"),
                "wave_id": wave.id,
                "role": row["role"],
                "answers": _answers(row, items),
                "retrospective": _answers(row, before),
            }
        )
        for number, row in enumerate(rows, start=1)
    ]


def _answers(row: Mapping[str, str], items: Sequence[str]) -> dict[str, Answer]:
    return {i: Answer.model_validate({"value": _value(row[i])}) for i in items if row[i]}


def _kpi(described: Mapping[str, Any]) -> Kpi:
    return Kpi.model_validate({k: v for k, v in described.items() if k != "points"})


def _points(file: Path) -> list[KpiPoint]:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return [KpiPoint.model_validate({k: v for k, v in row.items() if v}) for row in rows]


def _mandate(described: Mapping[str, Any]) -> Mandate:
    processes = tuple(_id_of(code) for code in described["processes"])
    said = {field: value for field, value in described.items() if field not in ("on", "processes", "departments")}
    return Mandate.model_validate(
        said
        | {"process_ids": processes, "processes_in_scope": len(processes)}
        | {"departments": tuple(described["departments"]), "counterparts": described["departments"]}
        | {"created_at": _start_of(described["on"])}
    )


def _decision() -> StrategyDecision:
    source = tomllib.loads((SOURCE / "engagement.toml").read_text(encoding="utf-8"))["decision"]
    told = {name: value for name, value in source.items() if name not in ("on", "wave", "basis")}
    about = {"number": 1, "wave_id": f"{DEMO_ID}-{source['wave']}", "decided_on": source["on"]}
    return StrategyDecision.model_validate({**told, **about, "basis": json.dumps(source["basis"], sort_keys=True)})


def _goals() -> list[Goal]:
    source = tomllib.loads((SOURCE / "engagement.toml").read_text(encoding="utf-8"))
    return [Goal.model_validate({"id": _id_of(f"goal-{n}"), **g}) for n, g in enumerate(source["goals"], start=1)]


def _actions() -> list[Action]:
    source = tomllib.loads((SOURCE / "improvement_plan.toml").read_text(encoding="utf-8"))
    refers = ("kpi_id", "process_id", "stage_id", "to_stage_id")
    return [
        Action.model_validate(
            {"id": _id_of(f"action-{n}"), "position": n, **row, **{f: _id_of(row[f]) for f in refers if f in row}}
        )
        for n, row in enumerate(source["actions"], start=1)
    ]


def _processes() -> list[Process]:
    source = tomllib.loads((SOURCE / "processes_and_waste.toml").read_text(encoding="utf-8"))
    shown = {"classes_shown_at": _start_of(source["compared_on"])}
    return [Process.model_validate({"id": f"{DEMO_ID}-{row['code']}", **row, **shown}) for row in source["processes"]]


def _waste_rows() -> list[WasteRow]:
    source = tomllib.loads((SOURCE / "processes_and_waste.toml").read_text(encoding="utf-8"))
    return [
        WasteRow.model_validate({"id": f"{DEMO_ID}-waste-{number}", **row})
        for number, row in enumerate(source["waste"], start=1)
    ]


def _payback() -> PaybackTold:
    source = tomllib.loads((SOURCE / "business_case.toml").read_text(encoding="utf-8"))
    return PaybackTold.model_validate(
        {
            "lines": [{"line": line, **about} for line, about in source["lines"].items()],
            "inputs": [{"name": name, **about} for name, about in source["inputs"].items()],
            "terms": source["terms"],
        }
    )


def _realised() -> list[RealisedBenefit]:
    source = tomllib.loads((SOURCE / "business_case.toml").read_text(encoding="utf-8"))
    return [RealisedBenefit.model_validate({"line": line, **told}) for line, told in source["realised"].items()]


def _value(cell: str) -> int | str:
    return int(cell) if cell.isdigit() else cell


def _setting(criterion_id: str, source: Mapping[str, Any]) -> CriterionSetting:
    standard = next(c for c in builtin("full").criteria if c.id == criterion_id)
    return CriterionSetting(
        criterion_id=criterion_id,
        weight=source["weights"].get(criterion_id, standard.weight),
        target=source["targets"].get(criterion_id, standard.target),
    )


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
