"""The sections of a report, each told as the page of the same subject tells it."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from assessment import charts
from assessment.config import AD_CUTS, EVID_FULL, EVID_MIN, GAP_CUTS
from assessment.deciding import followed
from assessment.engagement import Action
from assessment.mapping.kpis import KpiReading
from assessment.report.chart_pictures import look
from assessment.report.document import Sheet, rests_on
from assessment.report.dossier import Dossier
from assessment.scoring import findings
from assessment.scoring.change import Change
from assessment.strategy.model import HOLD_AND_MEASURE, MODEL_VERSION, PRECONDITIONS, WEIGHTS
from assessment.wording import (
    case_words,
    change_words,
    counterfactual,
    diagnosis_words,
    kpi_words,
    maturity_words,
    payback_words,
    perception_words,
    plan_words,
    process_words,
    reader,
    strategy_words,
    stream_words,
    waste_words,
    words,
)
from assessment.wording.method_words import of_method

TELLING: Final = 2  # charts of key figures that have moved
HONESTY: Final = (1, 2, 3, 4)
LIMITS: Final = ("self", "benchmark", "constants", "few", "extreme", "cause")
LEVEL_RULES: Final = ("coverage", "unknown", "group", "overall")


def profile(sheet: Sheet, dossier: Dossier) -> None:
    """Every criterion, as it is and as it is seen, and how far it is to the target."""
    texts, results = reader.texts(), dossier.results
    sheet.heading(texts("report.section.profile"))
    if results.pack.id == "pulse":
        sheet.message([maturity_words.pulse_lead(results), texts("maturity.pulse_why")])
        sheet.notes(rests_on(dossier))
        _profile_chart(sheet, dossier)
        sheet.notes(texts("maturity.pulse_note"))
        return
    sheet.claim(maturity_words.profile_claim(results))
    sheet.notes(rests_on(dossier))
    _profile_chart(sheet, dossier)
    sheet.notes(*maturity_words.profile_notes(results))
    sheet.hidden(maturity_words.left_out(results))
    if findings.not_assessed(results.score):
        sheet.hidden([maturity_words.missing(results)])
    sheet.heading(maturity_words.gaps_claim(results), 3)
    sheet.chart(charts.gaps(pd.DataFrame(maturity_words.gap_rows(results)), look()))
    sheet.notes(texts("maturity.gaps_note"))
    sheet.heading(texts("report.figures"), 3)
    sheet.table([maturity_words.scores(results, c) for c in results.score.criteria], widths=(3, 1, 1.4, 1, 1, 1, 1, 1))
    views = [maturity_words.views(results, c) for c in results.score.criteria]
    sheet.table(views, widths=(3, *(1.2 for _ in [*views[0]][1:])))


def _profile_chart(sheet: Sheet, dossier: Dossier) -> None:
    results, pulse = dossier.results, dossier.results.pack.id == "pulse"
    order = findings.lowest_first(results.score) if pulse else findings.by_difference(results.score)
    frame = pd.DataFrame([row for c in order for row in maturity_words.profile_rows(results, c)])
    if pulse:
        frame = frame.assign(target=None)
    sheet.chart(charts.profile(frame, look(), k=results.score.k))


def perspectives(sheet: Sheet, dossier: Dossier) -> None:
    """Who sees what, and which groups are kept out; nothing where one person or one team answered."""
    texts, results = reader.texts(), dossier.results
    if results.engagement.mode != "anonymous" or not findings.scored(results.score):
        return
    sheet.heading(texts("report.section.perspectives"))
    sheet.message(perception_words.message(results))
    sheet.notes(rests_on(dossier))
    seen = findings.perception(results.score)
    if seen is not None:
        sheet.heading(perception_words.gaps_claim(seen), 3)
        rows = [perception_words.chart_row(results, c, seen.other) for c in results.score.criteria]
        sheet.chart(charts.perception_gap(pd.DataFrame(rows), look()))
        notable, large = (texts.number(cut, 2) for cut in GAP_CUTS)
        sheet.notes(texts("perceptions.gaps_note", notable=notable, large=large))
    split = [words.quoted(words.name_of(results.pack, item.id)) for item in findings.split_items(results.score)]
    if split:
        sheet.text(texts("maturity.split", topics=texts.listing(split)))
        sheet.notes(texts("maturity.agreement_note", cut=texts.number(AD_CUTS[1])))
    sheet.heading(texts("perceptions.groups"), 3)
    k = results.score.k
    shown = [(group, perception_words.group_shown(group)) for group in results.score.published_groups]
    shown += [(group, texts("perceptions.group_left_out", k=k)) for group in results.score.left_out]
    columns = [texts(f"perceptions.column.{name}") for name in ("group", "people", "shown")]
    rows_ = [(perception_words.group_named(group), texts.number(group.n, 0), said) for group, said in shown]
    sheet.table([dict(zip(columns, row, strict=True)) for row in rows_], widths=(2, 1, 4))
    sheet.notes(texts("perceptions.groups_note", k=k))


# ---------------------------------------------------------------- the current state


def current_state(sheet: Sheet, dossier: Dossier) -> None:
    """Key figures, value stream, processes and waste, or in a sentence that they are not mapped."""
    texts, before = reader.texts(), len(sheet.blocks)
    sheet.heading(texts("report.section.current_state"))
    _kpis(sheet, dossier)
    _stream(sheet, dossier)
    _processes(sheet, dossier)
    _waste(sheet, dossier)
    if len(sheet.blocks) == before + 1:
        sheet.text(texts("report.nothing.current_state"))


def _kpis(sheet: Sheet, dossier: Dossier) -> None:
    texts, readings = reader.texts(), dossier.kpis
    if not readings:
        return
    changed = sum(_has_moved(reading) for reading in readings)
    sheet.heading(
        texts.plural("kpis.lead", len(readings), changed=texts.plural("kpis.changed", changed)),
        3,
    )
    sheet.table([_kpi(reading) for reading in readings], widths=(2.6, 1.5, 1.4, 1.3, 3))
    drawable = [r for r in readings if r.series is not None]
    telling = [r for r in drawable if _has_moved(r)][:TELLING] or drawable[:1]
    for reading in telling:
        sheet.text(" ".join(kpi_words.sentences(reading)))
        points, stretches = kpi_words.behaviour(reading)
        sheet.chart(charts.process_behaviour(points, stretches, look(), kpi_words.said(reading).unit))
    if telling:
        sheet.notes(texts("kpis.how_to_read"))


def _has_moved(reading: KpiReading) -> bool:
    return reading.series is not None and reading.series.state.startswith("signal")


def _kpi(reading: KpiReading) -> dict[str, str]:
    texts, said = reader.texts(), kpi_words.said(reading)
    last = reading.points[-1] if reading.points else None
    cells = {
        "kpi": said.name,
        "latest": texts("common.not_assessed") if last is None else kpi_words.with_unit(last.value, said.unit),
        "day": texts("common.unknown") if last is None else texts.short_day(last.on),
        "points": texts.number(len(reading.points), 0),
        "standing": kpi_words.standing(reading),
    }
    return {texts(f"report.column.{name}"): cell for name, cell in cells.items()}


def _stream(sheet: Sheet, dossier: Dossier) -> None:
    texts, stream = reader.texts(), dossier.stream
    if not stream.chain:
        return
    said = stream_words.message(stream)
    sheet.heading(said[0], 3)
    sheet.text(*said[1:])
    rows = stream_words.strip_rows(stream, stream.chain)
    sheet.heading(stream_words.chain_claim(stream), 3)
    sheet.chart(charts.stage_strip(pd.DataFrame(rows), look()))
    sheet.notes(texts("stream.chain_note"))
    if stream.told.pools:
        use = stream_words.fullest(stream)
        sheet.heading(stream_words.load_claim(stream, use), 3)
        if use is not None:
            sheet.text(*stream_words.bottleneck_why(stream, use))
        sheet.chart(charts.pool_load(pd.DataFrame(stream_words.load_rows(stream)), look()))
        sheet.notes(texts("stream.load_note"))


def _processes(sheet: Sheet, dossier: Dossier) -> None:
    texts, found = reader.texts(), dossier.processes
    if not found.processes:
        return
    if found.comparison is None:
        sheet.heading(texts.plural("processes.counted", len(found.processes)), 3)
        sheet.text(texts("processes.not_compared"))
        return
    said = process_words.sentences(found)
    sheet.heading(said[0], 3)
    sheet.text(*said[1:])
    rows = [
        {
            "process": process_words.name_of(apart.process),
            "consultant": process_words.class_name(apart.consultant),
            "client": process_words.class_name(apart.client),
            "hours": texts("common.unknown")
            if apart.process.hours_month is None
            else texts.short(apart.process.hours_month),
        }
        for apart in found.disagreements
    ]
    sheet.table([{texts(f"report.column.{name}"): cell for name, cell in row.items()} for row in rows])


def _waste(sheet: Sheet, dossier: Dossier) -> None:
    texts, register = reader.texts(), dossier.waste
    if not register.rows:
        return
    said = waste_words.message(register)
    sheet.heading(said[0], 3)
    sheet.text(*said[1:])
    if register.hours_month:
        sheet.chart(charts.waste_hours(waste_words.bars(register), look()))
        sheet.notes(texts("waste.how_to_read"))


# ---------------------------------------------------------------- what follows


def diagnosis(sheet: Sheet, dossier: Dossier) -> None:
    """The findings, each with what it rests on and what people made of it."""
    texts, found, advice = reader.texts(), dossier.diagnosis, dossier.advice
    sheet.heading(texts("report.section.diagnosis"))
    if found is None or advice is None:
        sheet.text(texts("report.nothing.diagnosis"))
        return
    sheet.message(diagnosis_words.message(found))
    sheet.notes(rests_on(dossier))
    if found.changed_since and found.signed is not None:
        by, day = found.signed.signed_by, texts.day(found.signed.signed_at)
        sheet.banner(texts("diagnosis.changed_since"), texts("diagnosis.changed_since_why", name=by, date=day))
    for judged in found.findings:
        assert judged.diagnosis is not None
        sheet.heading(diagnosis_words.finding(judged), 3)
        sure = texts(f"strategy.confidence.{judged.diagnosis.confidence}")
        state = judged.said.decided or "open"
        sheet.notes(f"{sure} · {texts(f'diagnosis.state.{state}')}")
        sheet.bullets(diagnosis_words.facts(dossier.results.pack, advice.state, judged.diagnosis.evidence))
    if found.signed is not None:
        by, day = found.signed.signed_by, texts.day(found.signed.signed_at)
        sheet.notes(texts("diagnosis.signed", name=by, date=day))


def strategy(sheet: Sheet, dossier: Dossier) -> None:
    """What is recommended and was chosen, why, what would change it, and whether the organisation is ready."""
    texts, advice = reader.texts(), dossier.advice
    sheet.heading(texts("report.section.strategy"))
    if advice is None:
        sheet.text(texts("report.nothing.strategy"))
        return
    recommendation = advice.recommendation
    sheet.message([strategy_words.lead(recommendation), *strategy_words.meaning(advice)])
    decided(sheet, dossier)
    if recommendation.mandate_conflict is not None:
        sheet.banner(texts("strategy.conflict"), strategy_words.conflict_why(recommendation))
    if recommendation.recommended in WEIGHTS:
        _why(sheet, dossier)
    sheet.heading(strategy_words.all_claim(recommendation), 3)
    sheet.chart(charts.strategies(strategy_words.strategy_rows(recommendation), look()))
    sheet.notes(texts("strategy.all_note", least=texts.percent(EVID_MIN), full=texts.percent(EVID_FULL)))
    sheet.heading(texts("strategy.changes"), 3)
    sheet.text(strategy_words.stability(recommendation))
    sheet.bullets(
        [
            f"{texts('strategy.if', changes=counterfactual.condition(c))} {counterfactual.consequence(c)}"
            for c in recommendation.counterfactuals
        ]
        or [texts("strategy.changes_none")]
    )
    _gates(sheet, dossier)


def decided(sheet: Sheet, dossier: Dossier) -> None:
    """What was chosen, and by whose weights it is recommended."""
    texts, advice = reader.texts(), dossier.advice
    if advice is not None and advice.own_weights:
        sheet.notes(texts("decision.own_weights"))
    if dossier.decisions:
        latest = dossier.decisions[0]
        sheet.text(strategy_words.chosen(latest))
        sheet.notes(texts("decision.reason_was", reason=latest.reason) if latest.reason else "")


def _why(sheet: Sheet, dossier: Dossier) -> None:
    texts, advice = reader.texts(), dossier.advice
    assert advice is not None
    chosen = next(s for s in advice.recommendation.strategies if s.id == advice.recommendation.recommended)
    heaviest = chosen.contributions[0]
    reason = words.lower_first(words.signal(heaviest.signal, heaviest.value))
    sheet.heading(texts("strategy.why", reason=reason), 3)
    sheet.chart(charts.contributions(strategy_words.contribution_rows(dossier.results, chosen), look()))
    sheet.notes(texts("strategy.why_note"))
    sheet.bullets([strategy_words.driver(dossier.results, advice, driver) for driver in advice.drivers])


def _gates(sheet: Sheet, dossier: Dossier) -> None:
    texts, advice = reader.texts(), dossier.advice
    assert advice is not None
    gate, chosen = advice.recommendation.gate, advice.recommendation.recommended
    if gate is not None and chosen is not None and chosen != HOLD_AND_MEASURE:
        sheet.heading(strategy_words.gate_heading(gate), 3)
        columns = [texts(f"report.column.{name}") for name in ("precondition", "standing")]
        rows = [(words.precondition(p), strategy_words.gate_said(advice, chosen, p)[1]) for p in PRECONDITIONS]
        sheet.table([dict(zip(columns, row, strict=True)) for row in rows])
        sheet.text(*strategy_words.gate_first(advice, gate))
    sheet.notes(strategy_words.mandate_said(advice))


def payback(sheet: Sheet, dossier: Dossier) -> None:
    """What the work is worth, how surely, and what it is made of; never a figure without its range."""
    texts, found = reader.texts(), dossier.business_case
    sheet.heading(texts("report.section.payback"))
    if not found.begun:
        sheet.text(texts("report.nothing.payback"))
        return
    sheet.message(case_words.message(found))
    sheet.bullets(payback_words.in_the_way(found))
    if any(benefit.standing != "not_assessed" for benefit in found.benefits):
        sheet.heading(texts.plural("payback.benefits", sum(b.standing == "summed" for b in found.benefits)), 3)
        sheet.chart(charts.benefit_lines(pd.DataFrame(case_words.benefit_rows(found)), look()))
        sheet.notes(texts("payback.how_to_read"))
    sheet.text(*case_words.cost_facts(found))
    sheet.notes(case_words.terms(found))
    if found.result is not None and found.flow is not None:
        back = found.result.payback_months
        frame, scale = case_words.cash_rows(found.flow, found.terms.currency)
        sheet.heading(case_words.cash_claim(found.result), 3)
        sheet.chart(charts.cash_flow(frame, back or None, look(), scale.unit, scale.said))
        sheet.notes(texts("payback.cash_how"))


def plan(sheet: Sheet, dossier: Dossier) -> None:
    """What is to be done, by whom and when, and what waits outside the mandate."""
    texts, found = reader.texts(), dossier.plan
    sheet.heading(texts("report.section.plan"))
    if not found.actions and not found.parked:
        sheet.text(texts("report.nothing.plan"))
        sheet.bullets(quick_wins(dossier))
        return
    sheet.message(plan_words.message(found))
    sheet.table(actions(dossier, found.actions), widths=(4, 1.2, 1.6, 1.8))
    if found.parked:
        sheet.heading(texts.plural("plan.parked", len(found.parked)), 3)
        sheet.bullets([f"{plan_words.called(p.action)}. {plan_words.why_outside(p)}" for p in found.parked])


def actions(dossier: Dossier, chosen: Sequence[Action]) -> list[dict[str, str]]:
    """A row for each action: what, how far, when and who."""
    texts, unknown = reader.texts(), reader.texts()("common.unknown")
    rows = [
        {
            "title": plan_words.called(action) + (f" ({texts('plan.quick_win')})" if action.quick_win else ""),
            "status": texts(f"plan.status.{action.status}"),
            "due_on": plan_words.when(dossier.plan, action) or unknown,
            "owner": action.owner or unknown,
        }
        for action in chosen
    ]
    return [{texts(f"plan.column.{name}"): cell for name, cell in row.items()} for row in rows]


def quick_wins(dossier: Dossier) -> list[str]:
    """What to do first by the strategy to act on; nothing before there is one."""
    strategy_id = None if dossier.advice is None else followed(dossier.advice, dossier.decisions)
    return [] if strategy_id is None else words.follows(strategy_id, "quick")


def change(sheet: Sheet, dossier: Dossier) -> None:
    """What has changed since an earlier measurement; nothing where there is none."""
    texts, found = reader.texts(), dossier.comparison
    if found is None:
        return
    sheet.heading(texts("report.section.change"))
    if found.change is None:
        sheet.banner(texts("change.withheld"), texts("change.withheld_why", k=found.last.score.k))
        return
    moved: Change = found.change
    sheet.message(change_words.message(found, moved))
    ends = {"first": change_words.month(found.first.wave), "last": change_words.month(found.last.wave)}
    n = {end: texts.number(r.respondents, 0) for end, r in (("first", found.first), ("last", found.last))}
    many = dossier.results.engagement.mode == "anonymous"
    between = texts("change.between", **ends)
    sheet.notes(f"{between} · {texts('change.responses', **n)}" if many else between)
    sheet.chart(charts.wave_change(pd.DataFrame([change_words.chart_row(found, c) for c in moved.criteria]), look()))
    sheet.notes(texts("change.chart_note", **ends), texts("change.cause"))


def method(sheet: Sheet, dossier: Dossier) -> None:
    """How the figures come about, what they cannot say, and what they were made by."""
    texts, results = reader.texts(), dossier.results
    sheet.heading(texts("report.section.method"))
    sheet.heading(of_method("honesty"), 3)
    sheet.bullets([of_method(f"honesty.{rule}") for rule in HONESTY])
    sheet.heading(of_method("level"), 3)
    sheet.bullets([of_method(f"level.{rule}") for rule in LEVEL_RULES])
    sheet.heading(of_method("agreement"), 3)
    sheet.text(of_method("agreement.anonymity"))
    sheet.heading(of_method("limits"), 3)
    sheet.bullets([of_method(f"limits.{limit}") for limit in LIMITS])
    sheet.heading(texts("report.made_of"), 3)
    wave, prose = results.wave, results.pack.prose[texts.language]
    facts = {
        "measurement": f"{words.upper_first(texts(f'wave.{wave.label}'))} · {rests_on(dossier)}",
        "questions": f"{prose.title}, {results.score.pack_version}, {results.score.pack_hash[:8]}",
        "least": texts.number(results.score.k, 0),
        "versions": " · ".join(
            [
                texts("report.method", version=MODEL_VERSION),
                texts("report.scoring", version=results.score.scoring_version),
            ]
        ),
    }
    columns = [texts("report.column.what"), texts("report.column.value")]
    rows = [dict(zip(columns, (texts(f"report.fact.{name}"), cell), strict=True)) for name, cell in facts.items()]
    sheet.table(rows, widths=(1, 2))
