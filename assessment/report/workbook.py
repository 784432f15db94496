"""The workbook: an assessment as sheets to sort, filter and calculate on, a sheet a topic."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Final

import xlsxwriter

from assessment.business_case.cases import ATTRIBUTION, COSTS, one_off_cost, own_work_cost
from assessment.charts.look import COLOURS
from assessment.engagement import Stage
from assessment.mapping import process_catalogue
from assessment.mapping.kpis import KpiReading
from assessment.mapping.processes import class_of
from assessment.mapping.stream import process_time_h
from assessment.mapping.waste import row_cost_nok
from assessment.report.dossier import Dossier
from assessment.report.export import PRODUCT
from assessment.report.sheets import Cell, Column, Formula, Kind, Sheet, Style
from assessment.scoring.result import CriterionScore, ItemStatistics, PerspectiveScore
from assessment.strategy.recommend import Assessment, Recommendation
from assessment.texts import Texts
from assessment.wording import diagnosis_words, kpi_words, money, payback_words, reader, stream_words, words


def workbook(dossier: Dossier) -> bytes:
    """The assessment as an .xlsx file in the dossier's language.

    What is hidden of a group is a sentence and no figure. Every figure is a number with its unit in the format; sums
    and differences are formulas that hold their value too.
    """
    file = io.BytesIO()
    with reader.writing(dossier.language):
        # in memory: nothing of a client is left in a temporary folder
        book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        texts, results = reader.texts(), dossier.results
        book.set_properties(
            {
                "title": texts("workbook.title", organisation=results.engagement.name),
                "author": dossier.branding.sender or PRODUCT,
                "company": dossier.branding.sender or "",
                "created": datetime.combine(dossier.written_on, time()),
            }
        )
        style = Style(
            dossier.language,
            dossier.branding.colour or COLOURS["accent"][0],
            money.label(dossier.business_case.terms.currency),
        )
        footer = _pinned(dossier, texts)
        for name, fill in _SHEETS.items():
            fill(Sheet(book, texts(f"workbook.sheet.{name}"), style, footer), dossier, texts)
        book.close()
    return file.getvalue()


def _pinned(dossier: Dossier, texts: Texts) -> str:
    """What every figure rests on, in one line."""
    score = dossier.results.score
    return texts(
        "workbook.footer",
        organisation=dossier.results.engagement.name,
        pack=f"{score.pack_id} {score.pack_version}",
        scoring=score.scoring_version,
        day=texts.short_day(dossier.written_on),
        n=texts.number(dossier.results.respondents, 0),
    )


def _columns(texts: Texts, *told: tuple[str, Kind] | str) -> list[Column]:
    """Columns by id, of text where nothing else is said."""
    kinds = [(one, "text") if isinstance(one, str) else one for one in told]
    return [Column(id_, texts(f"workbook.column.{id_}"), kind) for id_, kind in kinds]  # type: ignore[arg-type]


def _yes(value: bool | None, texts: Texts) -> str | None:
    return None if value is None else texts("choice.yes" if value else "choice.no")


# ---------------------------------------------------------------- the answers


def _summary(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    results = dossier.results
    overall = results.score.overall
    sheet.title(texts("workbook.title", organisation=results.engagement.name), [", ".join(words.about(results))])
    answered = sum(c.answered for c in results.score.criteria)
    applicable = sum(c.applicable for c in results.score.criteria)
    figures: list[tuple[str, Kind, Cell]] = [
        ("respondents", "whole", results.respondents),
        ("coverage", "share", answered / applicable if applicable else None),
        ("overall", "number", overall.score),
        ("index", "number", overall.index),
    ]
    case = dossier.business_case
    if dossier.advice is not None:
        share = dossier.advice.recommendation.stability
        figures.append(("stability", "share", share))
    figures.append(("waste_hours", "number", dossier.waste.hours_month or None))
    if case.result is not None:
        figures += [("npv", "amount", case.result.npv), ("payback_months", "number", case.result.payback_months)]
    told = [
        (texts("workbook.summary.measured_on"), texts.day(results.wave.closed_at or results.wave.opened_at)),
        (texts("workbook.summary.level"), words.step(overall.level)),
        (texts("workbook.summary.recommended"), _recommended(dossier, texts)),
        (texts("workbook.summary.written_on"), texts.day(dossier.written_on)),
    ]
    # a kind of figure is a column of its own, so that each can be calculated on
    kinds: tuple[Kind, ...] = ("number", "whole", "share", "amount")
    columns = [*_columns(texts, "what"), *(Column(k, texts(f"workbook.column.as_{k}"), k) for k in kinds)]
    known = [(texts(f"workbook.summary.{id_}"), kind, value) for id_, kind, value in figures if value is not None]
    sheet.table(
        "summary",
        columns,
        [[name, *(value if kind == k else None for k in kinds)] for name, kind, value in known],
        empty=texts("workbook.empty"),
    )
    sheet.table("summary_words", _columns(texts, "about", "said"), told, empty=texts("workbook.empty"))


def _recommended(dossier: Dossier, texts: Texts) -> str:
    if dossier.advice is None:
        return texts("workbook.not_yet")
    found = dossier.advice.recommendation.recommended
    return texts("workbook.map_first") if found is None else texts(f"strategy.{found}")


def _criteria(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    results = dossier.results
    sheet.title(texts("workbook.sheet.criteria"), [texts("workbook.criteria.note")])
    columns = _columns(
        texts,
        "criterion",
        ("level", "number"),
        "step",
        ("lowest", "number"),
        ("highest", "number"),
        ("target", "number"),
        ("gap", "number"),
        ("weight", "whole"),
        ("priority", "number"),
        ("answered", "whole"),
        ("applicable", "whole"),
        ("coverage", "share"),
        ("unknown", "share"),
        "hidden",
    )
    rows = [_criterion(words.criterion(results, c), c, texts) for c in results.score.criteria]
    placed = sheet.table("criteria", columns, rows, empty=texts("workbook.empty"))
    if placed is not None and any(c.score is not None for c in results.score.criteria):
        level, target = (texts(f"workbook.column.{id_}") for id_ in ("level", "target"))
        shown = [
            (level, placed.column("level"), COLOURS["accent"][0]),
            (target, placed.column("target"), COLOURS["line"][0]),
        ]
        names = placed.column("criterion")
        sheet.chart("bar", texts("workbook.criteria.chart"), texts("workbook.criteria.chart"), names, shown, "0.0")
    subscales = [[texts(f"subscale.{s.id}"), s.score] for s in results.score.subscales]
    if subscales:
        sheet.heading(texts("workbook.criteria.subscales"))
        sheet.table(
            "subscales", _columns(texts, "subscale", ("level", "number")), subscales, empty=texts("workbook.empty")
        )


def _criterion(name: str, scored: CriterionScore, texts: Texts) -> list[Cell]:
    low, high = scored.score_range or (None, None)
    gap = None if scored.gap is None else Formula("=MAX(0,{target}-{level})", scored.gap)
    priority = None if scored.priority is None else Formula("={weight}*{gap}", scored.priority)
    coverage = None if scored.coverage is None else Formula("={answered}/{applicable}", scored.coverage)
    return [
        name,
        scored.score,
        words.step(scored.level),
        low,
        high,
        scored.target,
        gap,
        scored.weight,
        priority,
        scored.answered,
        scored.applicable,
        coverage,
        scored.dk_share,
        None if scored.score is not None else texts("workbook.too_few"),
    ]


def _items(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    results = dossier.results
    sheet.title(texts("workbook.sheet.items"), [texts("workbook.items.note")])
    counts = [(f"gave_{level}", "whole") for level in range(1, 6)]
    columns = _columns(
        texts,
        "criterion",
        "topic",
        "question",
        ("n", "whole"),
        ("level", "number"),
        "band",
        ("deviation", "number"),
        *counts,  # type: ignore[arg-type]
    )
    prose = results.pack.prose[texts.language].items
    rows = [
        [words.name_of(results.pack, i.criterion), prose[i.id].topic, prose[i.id].stem, *_item(i, texts)]
        for i in results.score.items
    ]
    sheet.table("items", columns, rows, empty=texts("workbook.empty"))


def _item(item: ItemStatistics, texts: Texts) -> list[Cell]:
    if item.mean is None and item.band is None:
        band: str | None = texts("items.too_few")
    else:
        band = texts(f"export.band.{item.band}") if item.band else None
    return [item.n, item.mean, band, item.ad_m, *(item.distribution or (None,) * 5)]


def _perspectives(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    results = dossier.results
    sheet.title(texts("workbook.sheet.perspectives"), [texts("workbook.perspectives.note")])
    columns = _columns(
        texts,
        "criterion",
        "perspective",
        ("n", "whole"),
        ("level", "number"),
        ("ci_low", "number"),
        ("ci_high", "number"),
        ("coverage", "share"),
        ("unknown", "share"),
        ("behind_leadership", "number"),
        "hidden",
    )
    rows = [
        [words.criterion(results, c), texts(f"perspective.{name}"), *_view(c, name, view, results.wave.k, texts)]
        for c in results.score.criteria
        for name, view in c.perspectives.items()
    ]
    sheet.table("perspectives", columns, rows, empty=texts("workbook.perspectives.empty"))


def _view(scored: CriterionScore, name: str, view: PerspectiveScore, k: int, texts: Texts) -> list[Cell]:
    if view.hidden:
        return [*[None] * 7, texts("workbook.hidden", k=k)]
    gap = scored.perception_gap.get(name)
    return [
        view.n,
        view.score,
        *(view.ci95 or (None, None)),
        view.coverage,
        view.dk_share,
        None if gap is None else gap.delta,
        None,
    ]


# ---------------------------------------------------------------- the current state


def _kpis(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    sheet.title(texts("workbook.sheet.kpis"))
    columns = _columns(
        texts,
        "kpi",
        "unit",
        "better",
        "definition",
        "source",
        "owner",
        "quality",
        ("points", "whole"),
        ("latest", "number"),
        ("latest_on", "day"),
        ("centre", "number"),
        ("lower", "number"),
        ("upper", "number"),
        "standing",
    )
    sheet.table("kpis", columns, [_kpi(found, texts) for found in dossier.kpis], empty=texts("workbook.empty"))
    points: list[list[Cell]] = [
        [
            kpi_words.said(found).name,
            point.on,
            point.value,
            point.numerator,
            point.denominator,
            point.n,
            texts("choice.yes") if point.starts_segment else None,
            point.note,
        ]
        for found in dossier.kpis
        for point in found.points
    ]
    sheet.heading(texts("workbook.kpis.points"))
    columns = _columns(
        texts,
        "kpi",
        ("date", "day"),
        ("value", "number"),
        ("numerator", "number"),
        ("denominator", "number"),
        ("n", "whole"),
        "confirmed",
        "note",
    )
    sheet.table("kpi_points", columns, points, empty=texts("workbook.empty"))


def _kpi(found: KpiReading, texts: Texts) -> list[Cell]:
    said, last = kpi_words.said(found), found.points[-1] if found.points else None
    limits = None if found.series is None else found.series.segments[-1].chart
    return [
        said.name,
        said.unit,
        texts(f"kpis.better.{found.kpi.better}"),
        said.definition,
        said.source_system,
        found.kpi.owner,
        texts(f"kpis.quality.{found.kpi.quality or 'unknown'}"),
        len(found.points),
        *((last.value, last.on) if last else (None, None)),
        *((limits.centre, limits.lower, limits.upper) if limits else (None, None, None)),
        kpi_words.standing(found),
    ]


def _stream(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    stream = dossier.stream
    sheet.title(texts("workbook.sheet.stream"), [texts("workbook.stream.note")])
    columns = _columns(
        texts,
        "stage",
        "department",
        ("wait_h", "number"),
        "wait_side",
        ("work_h", "number"),
        ("usable", "share"),
        ("volume", "whole"),
        ("conversion", "share"),
        ("wip", "number"),
    )
    timed = stream.flow.lead_time_h is not None and stream.flow.process_time_h is not None
    waits, work = (sum(f(s) or 0.0 for s in stream.chain) for f in (lambda s: s.wait_h, process_time_h))
    total: dict[str, Cell] = {
        "stage": texts("workbook.total"),
        "wait_h": Formula("=SUM({wait_h})", waits),
        "work_h": Formula("=SUM({work_h})", work),
    }
    rows = [_stage(stage, texts) for stage in stream.chain]
    sheet.table("stages", columns, rows, empty=texts("workbook.empty"), total=total if timed else None)
    flow = stream.flow
    figures = [
        ("flow_efficiency", flow.flow_efficiency),
        ("flow_efficiency_own", flow.flow_efficiency_own),
        ("rty", flow.rty),
        ("conversion_whole", flow.conversion),
        ("internal_wait_share", flow.internal_wait_share),
    ]
    known: list[list[Cell]] = [[texts(f"workbook.flow.{id_}"), value] for id_, value in figures if value is not None]
    if known:
        sheet.heading(texts("workbook.stream.flow"))
        sheet.table("flow", _columns(texts, "what", ("as_share", "share")), known, empty=texts("workbook.empty"))
    if stream.told.pools:
        sheet.heading(texts("workbook.stream.pools"))
        columns = _columns(
            texts,
            "pool",
            ("fte", "number"),
            ("hours_each", "number"),
            ("flow_share", "share"),
            ("capacity_h", "number"),
            ("load_h", "number"),
            ("load_share", "share"),
        )
        sheet.table("pools", columns, _pools(dossier), empty=texts("workbook.empty"))


def _stage(stage: Stage, texts: Texts) -> list[Cell]:
    side = texts(f"stream.side.{stage.wait_side}") if stage.wait_side else None
    return [
        stream_words.stage_name(stage),
        stage.department,
        stage.wait_h,
        side,
        process_time_h(stage),
        stage.complete_accurate_share,
        stage.volume_month,
        stage.conversion_share,
        stage.wip,
    ]


def _pools(dossier: Dossier) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for pool in dossier.stream.told.pools:
        use = dossier.stream.flow.pool(pool.id)
        capacity = None if use.capacity_h is None else Formula("={fte}*{hours_each}*{flow_share}", use.capacity_h)
        share = None if use.rho is None else Formula("={load_h}/{capacity_h}", use.rho)
        rows.append([pool.name, pool.fte, pool.hours_month, pool.flow_share, capacity, use.load_h, share])
    return rows


def _handoffs(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    stream = dossier.stream
    sheet.title(texts("workbook.sheet.handoffs"), [texts("workbook.handoffs.note")])
    columns = _columns(
        texts,
        "sender",
        "receiver",
        "crosses",
        ("volume", "number"),
        ("usable_sender", "share"),
        ("usable_receiver", "share"),
        ("wait_h", "number"),
        ("fix_h", "number"),
        ("rework_h", "number"),
        ("clarity", "whole"),
    )
    rows: list[list[Cell]] = [
        [
            stream_words.name_of(stream, i.told.from_stage_id),
            stream_words.name_of(stream, i.told.to_stage_id),
            _yes(i.crosses, texts),
            i.volume_month,
            i.sender_share,
            i.receiver_share,
            i.wait_h,
            i.told.fix_h,
            None if i.rework_h is None else Formula("={volume}*(1-{usable_receiver})*{fix_h}", i.rework_h),
            i.clarity,
        ]
        for i in stream.interfaces
    ]
    total: dict[str, Cell] = {
        "sender": texts("workbook.total"),
        "rework_h": Formula("=SUM({rework_h})", stream.rework.hours),
    }
    sheet.table(
        "handoffs", columns, rows, empty=texts("workbook.empty"), total=total if stream.rework.counted else None
    )


def _processes(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    sheet.title(texts("workbook.sheet.processes"), [texts("workbook.processes.note")])
    columns = _columns(
        texts,
        "process",
        "class_consultant",
        "class_client",
        "class_agreed",
        ("hours_month", "number"),
        "frequency",
        "pain",
        "owner",
        "in_mandate",
    )
    rows: list[list[Cell]] = []
    for process in dossier.processes.processes:
        classes = (process.class_consultant, process.class_client, class_of(process))
        rows.append(
            [
                process_catalogue.name(process, texts.language),
                *(None if class_ is None else texts(f"processes.class.{class_}") for class_ in classes),
                process.hours_month,
                process.frequency and texts(f"choice.frequency.{process.frequency}"),
                None if process.pain is None else texts(f"processes.pain.{process.pain}"),
                process.owner,
                _yes(process.in_mandate, texts),
            ]
        )
    total: dict[str, Cell] = {
        "process": texts("workbook.total"),
        "hours_month": Formula("=SUM({hours_month})", dossier.processes.hours_month),
    }
    sheet.table("processes", columns, rows, empty=texts("workbook.empty"), total=total)


def _waste(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    register = dossier.waste
    sheet.title(texts("workbook.sheet.waste"))
    columns = _columns(
        texts,
        "waste",
        "description",
        "stage",
        ("hours_month", "number"),
        ("hour_cost", "amount"),
        ("month_cost", "amount"),
        "frequency",
        "cause",
        "owner",
        "in_mandate",
    )
    rows: list[list[Cell]] = []
    for row in register.rows:
        cost, stage = row_cost_nok(row), register.stages.get(row.stage_id) if row.stage_id else None
        rows.append(
            [
                texts(f"waste.name.{row.code}"),
                row.description,
                stream_words.stage_name(stage) if stage else None,
                row.hours_month,
                row.hourly_cost_nok,
                None if cost is None else Formula("={hours_month}*{hour_cost}", cost),
                row.frequency and texts(f"choice.frequency.{row.frequency}"),
                row.cause,
                row.owner,
                _yes(row.in_mandate, texts),
            ]
        )
    total: dict[str, Cell] = {
        "waste": texts("workbook.total"),
        "hours_month": Formula("=SUM({hours_month})", register.hours_month),
        "month_cost": Formula("=SUM({month_cost})", register.cost_nok or 0.0),
    }
    listed = sheet.table("waste", columns, rows, empty=texts("workbook.empty"), total=total)
    if listed is None or not register.hours_by_waste:
        return
    sheet.heading(texts("workbook.waste.by_kind"))
    summed = f"=SUMIFS({listed.area('hours_month')},{listed.area('waste')},{{waste}})"
    kinds: list[list[Cell]] = [
        [texts(f"waste.name.{code}"), Formula(summed, hours)] for code, hours in register.hours_by_waste.items()
    ]
    columns = _columns(texts, "waste", ("hours_month", "number"))
    placed = sheet.table("waste_by_kind", columns, kinds, empty=texts("workbook.empty"))
    if placed is not None:
        hours = (texts("workbook.column.hours_month"), placed.column("hours_month"), COLOURS["accent"][0])
        title = texts("workbook.waste.chart")
        sheet.chart("bar", title, title, placed.column("waste"), [hours], "#,##0")


# ---------------------------------------------------------------- what follows


def _diagnosis(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    diagnosis, advice = dossier.diagnosis, dossier.advice
    signed = None if diagnosis is None else diagnosis.signed
    said = (
        []
        if signed is None
        else [texts("workbook.diagnosis.signed", who=signed.signed_by, day=texts.day(signed.signed_at))]
    )
    sheet.title(texts("workbook.sheet.diagnosis"), said)
    columns = _columns(
        texts,
        "finding",
        "confidence",
        "decided",
        "reason",
        ("decided_on", "day"),
        "speaks_for",
        "speaks_against",
        "note",
    )
    rows: list[list[Cell]] = []
    pack = dossier.results.pack
    for judged in () if diagnosis is None else diagnosis.findings:
        found = judged.diagnosis
        if found is None or advice is None:
            continue
        sides = (found.evidence, found.against)
        evidence = ["\n".join(diagnosis_words.evidence(pack, advice.state, e) for e in side) or None for side in sides]
        rows.append(
            [
                diagnosis_words.finding(judged),
                texts(f"strategy.confidence.{found.confidence}"),
                texts(f"workbook.decided.{judged.said.decided or 'open'}"),
                judged.said.reason,
                judged.said.decided_at and judged.said.decided_at.date(),
                *evidence,
                judged.said.note,
            ]
        )
    sheet.table("diagnosis", columns, rows, empty=texts("strategy.diagnosis_none"))


def _strategy(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    sheet.title(texts("workbook.sheet.strategy"), [texts("workbook.strategy.note")])
    found = None if dossier.advice is None else dossier.advice.recommendation
    columns = _columns(texts, "strategy", ("fit", "number"), ("evidence", "share"), "status", "why")
    rows = [] if found is None else [_assessed(found, strategy, texts) for strategy in found.strategies]
    sheet.table("strategies", columns, rows, empty=texts("workbook.not_yet"))
    sheet.heading(texts("workbook.strategy.decisions"))
    decisions: list[list[Cell]] = [
        [
            decision.decided_on,
            texts(f"strategy.{decision.strategy}"),
            decision.decided_by,
            texts(f"strategy.{decision.recommended}") if decision.recommended else texts("workbook.map_first"),
            _yes(decision.outside, texts),
            decision.reason,
        ]
        for decision in dossier.decisions
    ]
    columns = _columns(texts, ("date", "day"), "strategy", "decided_by", "recommended_then", "outside", "reason")
    sheet.table("decisions", columns, decisions, empty=texts("workbook.empty"))


def _assessed(found: Recommendation, strategy: Assessment, texts: Texts) -> list[Cell]:
    standing = [
        texts(f"strategy.status.{name}")
        for name, holds in {
            "recommended": strategy.id == found.recommended,
            "near_tie": strategy.id in found.near_ties,
            "supporting": strategy.id in found.supporting,
            "not_assessable": not strategy.assessable,
            "provisional": strategy.assessable and strategy.provisional,
        }.items()
        if holds
    ]
    outside = texts.listing([texts(f"strategy.reason.{reason}") for reason in strategy.excluded])
    if outside:
        standing.append(texts("strategy.status.excluded", reason=outside))
    heaviest = [words.signal(c.signal, c.value) for c in strategy.contributions[:3] if c.points > 0]
    return [
        texts(f"strategy.{strategy.id}"),
        strategy.fit,
        strategy.evidence,
        ", ".join(standing) or None,
        "\n".join(heaviest) or None,
    ]


def _goals(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    sheet.title(texts("workbook.sheet.goals"))
    names = {found.kpi.id: kpi_words.said(found).name for found in dossier.kpis}
    columns = _columns(
        texts,
        "goal",
        "kpi",
        ("baseline", "number"),
        ("target", "number"),
        ("to_go", "number"),
        "unit",
        ("due_on", "day"),
        "owner",
    )
    rows: list[list[Cell]] = [
        [
            goal.text,
            names.get(goal.kpi_id) if goal.kpi_id else None,
            goal.baseline_value,
            goal.target_value,
            Formula("={target}-{baseline}", (goal.target_value or 0.0) - (goal.baseline_value or 0.0)),
            goal.unit,
            goal.due_on,
            goal.owner,
        ]
        for goal in dossier.goals.goals
    ]
    sheet.table("goals", columns, rows, empty=texts("workbook.empty"))


def _payback(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    case = dossier.business_case
    sheet.title(texts("workbook.sheet.payback"), [texts("workbook.payback.note"), *payback_words.in_the_way(case)])
    _benefits(sheet, dossier, texts)
    told = {**{name: getattr(case.terms, name) for name in COSTS}, "own_work": own_work_cost(case.terms)}
    costs: list[list[Cell]] = [[texts(f"workbook.cost.{n}"), cost] for n, cost in told.items() if cost is not None]
    sheet.heading(texts("workbook.payback.costs"))
    total: dict[str, Cell] = {
        "cost": texts("workbook.total"),
        "amount": Formula("=SUM({amount})", one_off_cost(case.terms) or 0.0),
    }
    columns = _columns(texts, "cost", ("amount", "amount"))
    sheet.table("costs", columns, costs, empty=texts("workbook.empty"), total=total)
    if case.terms.running_cost is not None:
        running = money.amount(case.terms.running_cost, case.terms.currency)
        sheet.note(texts("payback.costs_running", amount=running))
    if case.result is not None:
        outcomes: list[list[Cell]] = [
            [texts(f"payback.outcome.{name}"), float(getattr(case.result, name))]
            for name in ("all_low", "p10", "p50", "p90", "npv", "all_high")
        ]
        sheet.heading(texts("workbook.payback.outcomes"))
        sheet.table("outcomes", _columns(texts, "outcome", ("npv", "amount")), outcomes, empty=texts("workbook.empty"))
    if case.flow is not None:
        sheet.heading(texts("workbook.payback.flow"))
        months: list[list[Cell]] = [
            [month, *amounts]
            for month, amounts in enumerate(zip(case.flow.p10, case.flow.likely, case.flow.p90, strict=True))
        ]
        flow: list[tuple[str, Kind]] = [("flow_p10", "amount"), ("flow_likely", "amount"), ("flow_p90", "amount")]
        columns = _columns(texts, ("month", "whole"), *flow)
        placed = sheet.table("cash_flow", columns, months, empty=texts("workbook.empty"))
        if placed is not None:
            colours = (COLOURS["edge"][0], COLOURS["accent"][0], COLOURS["surroundings"][0])
            lines = [
                (texts(f"workbook.column.{id_}"), placed.column(id_), colour)
                for (id_, _), colour in zip(flow, colours, strict=True)
            ]
            title = texts("workbook.payback.chart")
            sheet.chart("line", title, title, placed.column("month"), lines, "#,##0")


def _benefits(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    case = dossier.business_case
    names = {kpi.id: payback_words.kpi(kpi) for kpi in case.kpis}
    rows: list[list[Cell]] = []
    for benefit in case.benefits:
        followed = dossier.follow_up.find(benefit.told.line)
        realised = followed.told.amount if followed is not None and followed.stage == "realised" else None
        rows.append(
            [
                payback_words.line(benefit.told.line),
                benefit.value,
                texts(f"payback.standing.{benefit.standing}"),
                benefit.told.owner,
                names.get(benefit.told.kpi_id) if benefit.told.kpi_id else None,
                benefit.told.evidence and texts(f"payback.evidence.{benefit.told.evidence}"),
                realised,
            ]
        )
    columns = _columns(
        texts, "benefit", ("full_year", "amount"), "standing", "owner", "kpi", "evidence_of", ("realised", "amount")
    )
    placed = sheet.table("benefits", columns, rows, empty=texts("workbook.empty"))
    if placed is None or case.total is None:
        return
    value = (texts("workbook.column.full_year"), placed.column("full_year"), COLOURS["accent"][0])
    counted = f'=SUMIFS({placed.area("full_year")},{placed.area("standing")},"{texts("payback.standing.summed")}")'
    sums: list[list[Cell]] = [[texts("payback.sum"), Formula(counted, case.total)]]
    if case.result is not None:
        share = case.inputs[ATTRIBUTION].likely or 0.0
        sums.append([texts("workbook.payback.attributed"), Formula(f"{counted}*{share!r}", case.result.attributed)])
    sheet.heading(texts("workbook.payback.sums"))
    sheet.table("benefit_sums", _columns(texts, "what", ("amount", "amount")), sums, empty=texts("workbook.empty"))
    title = texts("workbook.payback.benefits_chart")
    sheet.chart("bar", title, title, placed.column("benefit"), [value], "#,##0")


def _plan(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    plan = dossier.plan
    sheet.title(texts("workbook.sheet.plan"))
    names = {found.kpi.id: kpi_words.said(found).name for found in dossier.kpis}
    columns = _columns(
        texts,
        "action",
        "strategy",
        "status",
        "owner",
        ("due_on", "day"),
        ("done_on", "day"),
        ("figure", "number"),
        "unit",
        "kpi",
        ("effort_h", "number"),
        "quick_win",
        "parked",
        "role_consequences",
        "training_need",
    )
    parked = [parked.action for parked in plan.parked]
    rows: list[list[Cell]] = [
        [
            action.title,
            action.strategy and texts(f"strategy.{action.strategy}"),
            texts(f"plan.status.{action.status}"),
            action.owner,
            action.due_on,
            action.done_on,
            action.figure,
            action.unit,
            names.get(action.kpi_id) if action.kpi_id else None,
            action.effort_h,
            _yes(action.quick_win, texts),
            _yes(action in parked, texts),
            action.role_consequences,
            action.training_need,
        ]
        for action in (*plan.actions, *parked)
    ]
    hours = sum(action.effort_h or 0.0 for action in (*plan.actions, *parked))
    total: dict[str, Cell] = {"action": texts("workbook.total"), "effort_h": Formula("=SUM({effort_h})", hours)}
    sheet.table("plan", columns, rows, empty=texts("workbook.empty"), total=total)


def _about(sheet: Sheet, dossier: Dossier, texts: Texts) -> None:
    results, score = dossier.results, dossier.results.score
    sheet.title(texts("workbook.sheet.about"), [texts("workbook.about.note")])
    groups = [
        f"{texts.listing([texts(f'role.{role}') for role in group.roles])}"
        + (f" ({texts.listing([*group.teams])})" if group.teams else "")
        + f": {texts.number(group.n, 0)}"
        for group in score.published_groups
    ]
    told = {
        "organisation": results.engagement.name,
        "fictional": texts("common.fictional") if results.engagement.fictional else None,
        "wave": texts(f"wave.{results.wave.label}"),
        "opened_on": texts.day(results.wave.opened_at),
        "closed_on": texts.day(results.wave.closed_at) if results.wave.closed_at else None,
        "respondents": texts.number(results.respondents, 0),
        "groups": "\n".join(groups) if results.own is None else None,
        "excluded": texts.number(results.sensitivity.excluded, 0) if results.sensitivity else None,
        "k": texts.number(results.wave.k, 0) if results.own is None else None,
        "pack": f"{score.pack_id} {score.pack_version}",
        "hash": score.pack_hash,
        "scoring": score.scoring_version,
        "model": None if dossier.advice is None else dossier.advice.recommendation.model_version,
        "written_on": texts.day(dossier.written_on),
        "sender": dossier.branding.sender,
    }
    rows = [[texts(f"workbook.about.{id_}"), said] for id_, said in told.items() if said is not None]
    sheet.table("about", _columns(texts, "about", "said"), rows, empty=texts("workbook.empty"))


_SHEETS: Final[Mapping[str, Callable[[Sheet, Dossier, Texts], None]]] = {
    "summary": _summary,
    "criteria": _criteria,
    "items": _items,
    "perspectives": _perspectives,
    "kpis": _kpis,
    "stream": _stream,
    "handoffs": _handoffs,
    "processes": _processes,
    "waste": _waste,
    "diagnosis": _diagnosis,
    "strategy": _strategy,
    "goals": _goals,
    "payback": _payback,
    "plan": _plan,
    "about": _about,
}
