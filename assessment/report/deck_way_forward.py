"""Slides of what follows: diagnosis, strategy, mandate, payback, plan, training and measuring again."""

from typing import Final

from assessment import training_brief as brief
from assessment.advice import Advice
from assessment.business_case.cases import BusinessCase
from assessment.deciding import followed, moved_since
from assessment.diagnoses import Judged
from assessment.engagement import Action, Mandate
from assessment.payback import CashFlow, Payback
from assessment.report.deck_result import basis
from assessment.report.dossier import Dossier
from assessment.report.slide_template import Box
from assessment.report.slides import INK, NOTE, Page, Say, Series, Slides
from assessment.scoring.change import Change
from assessment.strategy.model import GATES, PRECONDITIONS, STRATEGIES, OutcomeId
from assessment.strategy.recommend import Assessment, Recommendation
from assessment.texts import half_up
from assessment.wording import (
    case_words,
    change_words,
    counterfactual,
    diagnosis_words,
    kpi_words,
    money,
    payback_words,
    plan_words,
    reader,
    strategy_words,
    words,
)

REASONS: Final = 3
CHANGES: Final = 2
LINES: Final = 4
FACTS: Final = 2


# ---------------------------------------------------------------- diagnosis


def diagnosis(slides: Slides, dossier: Dossier) -> bool:
    """The findings with what they rest on, how sure they are, and what people made of them."""
    texts, sheet, advice = reader.texts(), dossier.diagnosis, dossier.advice
    if sheet is None or advice is None:
        return False
    if not sheet.findings:
        page = slides.page(texts("strategy.diagnosis_none"), basis(dossier.results))
        page.text(page.area, [Say(texts("strategy.diagnosis_none_why"))])
        page.notes([texts("deck.notes.diagnosis"), basis(dossier.results)])
        return True
    sure = sum(f.diagnosis is not None and f.diagnosis.confidence == "high" for f in sheet.findings)
    key = "deck.diagnosis" if sure else "deck.diagnosis.unsure"
    title = texts.plural(key, len(sheet.findings), sure=texts.number(sure, 0))
    page = slides.page(title, basis(dossier.results))
    head = [texts(f"deck.column.{name}") for name in ("finding", "evidence", "confidence", "decided")]
    rows = [_finding(dossier, advice, judged) for judged in sheet.findings]
    page.table(page.area, head, rows, alt=texts("deck.alt.diagnosis", n=len(rows)), shares=(2.6, 5.6, 1.5, 1.3))
    signed = []
    if sheet.signed is not None and not sheet.changed_since:
        day = texts.day(sheet.signed.signed_at)
        signed = [texts("diagnosis.signed", name=sheet.signed.signed_by, date=day)]
    every = [f"{diagnosis_words.finding(f)}: {'; '.join(_facts(dossier, advice, f))}" for f in sheet.findings]
    page.notes([texts("deck.notes.diagnosis"), texts("strategy.diagnosis_note"), *signed, *every])
    return True


def _finding(dossier: Dossier, advice: Advice, judged: Judged) -> list[str]:
    texts = reader.texts()
    sure = judged.diagnosis.confidence if judged.diagnosis is not None else "low"
    return [
        diagnosis_words.finding(judged),
        "; ".join(_facts(dossier, advice, judged)[:FACTS]),
        texts(f"strategy.confidence.{sure}"),
        texts(f"diagnosis.state.{judged.said.decided or 'open'}"),
    ]


def _facts(dossier: Dossier, advice: Advice, judged: Judged) -> list[str]:
    known = judged.diagnosis.evidence if judged.diagnosis is not None else ()
    return diagnosis_words.facts(dossier.results.pack, advice.state, known)


# ---------------------------------------------------------------- strategy


def strategy(slides: Slides, dossier: Dossier) -> bool:
    """The strategies by fit, why the first is first, how sure that is and what would change it."""
    texts, advice = reader.texts(), dossier.advice
    if advice is None:
        return False
    recommendation = advice.recommendation
    page = slides.page(_recommended(recommendation), basis(dossier.results))
    left, right = page.area.columns(0.5)
    ranked = sorted(recommendation.strategies, key=lambda s: (not s.assessable, -(s.fit or 0.0)))
    place = next((at for at, s in enumerate(ranked) if s.id == recommendation.recommended), None)
    fits = [float(half_up(s.fit)) if s.assessable and s.fit is not None else None for s in ranked]
    names = [_ranked_name(s) for s in ranked]
    listed = "; ".join(f"{name}: {words.number(fit, 1)}" for name, fit in zip(names, fits, strict=True))
    series = [Series(texts("strategy.table.fit"), fits, 0)]
    page.bars(left, names, series, alt=texts("deck.alt.strategy", of=listed), ends=(0, 100), strong=place)
    page.text(right, [*_why(recommendation), *_choice(dossier, advice), *_changes(recommendation)])
    excluded = [
        f"{texts(f'strategy.{s.id}')}: {texts.listing([texts(f'strategy.reason.{r}') for r in s.excluded])}"
        for s in ranked
        if s.excluded
    ]
    page.notes([texts("deck.notes.strategy"), *excluded, *_ifs(recommendation), basis(dossier.results)])
    return True


def _recommended(recommendation: Recommendation) -> str:
    texts, chosen = reader.texts(), recommendation.recommended
    if chosen is None:
        return texts("strategy.lead_map_first")
    name = words.lower_first(texts(f"strategy.{chosen}"))
    if chosen not in STRATEGIES:
        return texts("strategy.lead", name=name)
    return texts("deck.strategy", name=name, fit=texts.number(recommendation.strategy(chosen).fit or 0.0))


def _ranked_name(found: Assessment) -> str:
    texts, name = reader.texts(), reader.texts()(f"strategy.{found.id}")
    if not found.assessable:
        return texts("deck.strategy.unknown", name=name)
    return texts("deck.strategy.outside", name=name) if found.excluded else name


def _why(recommendation: Recommendation) -> list[Say]:
    texts, chosen = reader.texts(), recommendation.recommended
    if chosen is None:
        return [Say(texts("strategy.map_first_why"))]
    if chosen not in STRATEGIES:
        return [Say(texts("strategy.hold_why"))]
    heaviest = recommendation.strategy(chosen).contributions[:REASONS]
    lines = [
        texts("strategy.driver", what=words.upper_first(words.signal(c.signal, c.value)), points=texts.number(c.points))
        for c in heaviest
    ]
    return [Say(texts("deck.why"), bold=True), *(Say(line, bullet=True) for line in lines)]


def _choice(dossier: Dossier, advice: Advice) -> list[Say]:
    """What was chosen, where something was, and whose weights these are."""
    texts, said = reader.texts(), []
    if dossier.decisions:
        latest = dossier.decisions[0]
        said.append(Say(strategy_words.chosen(latest)))
        if moved_since(latest, advice):
            then, now = (strategy_words.named(s) for s in (latest.recommended, advice.recommendation.recommended))
            said.append(Say(texts("decision.moved", then=then, now=now)))
    if advice.own_weights:
        said.append(Say(texts("decision.own_weights")))
    if advice.recommendation.mandate_conflict is not None:
        said.append(Say(strategy_words.conflict_why(advice.recommendation)))
    return said


def _changes(recommendation: Recommendation) -> list[Say]:
    texts = reader.texts()
    stable = Say(strategy_words.stability(recommendation))
    said = [Say(line, bullet=True) for line in _ifs(recommendation)[:CHANGES]]
    return [Say(texts("strategy.changes"), bold=True), *(said or [Say(texts("strategy.changes_none"))]), stable]


def _ifs(recommendation: Recommendation) -> list[str]:
    return [
        f"{reader.texts()('strategy.if', changes=counterfactual.condition(c))} {counterfactual.consequence(c)}"
        for c in recommendation.counterfactuals
    ]


# ---------------------------------------------------------------- mandate and gates


def mandate(slides: Slides, dossier: Dossier) -> bool:
    """What the work may touch, and whether what it needs is in place."""
    texts, advice = reader.texts(), dossier.advice
    if advice is None or (advice.mandate is None and not any(advice.readiness.values())):
        return False
    chosen = followed(advice, dossier.decisions)
    page = slides.page(_gate_lead(advice, chosen), basis(dossier.results))
    left, right = page.area.columns(0.48)
    head = [texts("deck.column.mandate"), texts("deck.column.said")]
    page.table(left, head, _mandate(dossier, advice.mandate), alt=texts("deck.alt.mandate"), shares=(1.4, 2))
    asked = GATES[chosen] if chosen in STRATEGIES else None
    columns = ("precondition", "level", *(("asks", "ready") if asked else ()))
    rows = [_gate(advice, p, asked[at] if asked else None) for at, p in enumerate(PRECONDITIONS)]
    shares = (3, 1.1, 1.3, 1.4)[: len(columns)]
    head = [texts(f"deck.column.{name}") for name in columns]
    page.table(right, head, rows, alt=texts("deck.alt.gates", n=len(rows)), shares=shares)
    page.notes([texts("deck.notes.mandate"), *_first_to_close(advice, chosen), basis(dossier.results)])
    return True


def _gate_lead(advice: Advice, chosen: OutcomeId | None) -> str:
    texts = reader.texts()
    known = [p for p in PRECONDITIONS if advice.readiness[p] is not None]
    if chosen not in STRATEGIES or not known:
        return texts("strategy.gate.unknown" if not known else "deck.mandate")
    gate = advice.recommendation.strategy(chosen).gate
    ready = len(known) - len(gate.short)
    of = texts.number(len(PRECONDITIONS), 0)
    return texts.plural("deck.ready", ready, of=of, name=words.lower_first(texts(f"strategy.{chosen}")))


def _mandate(dossier: Dossier, said: Mandate | None) -> list[tuple[str, str]]:
    texts, told = reader.texts(), said or Mandate()
    unknown, currency = texts("common.unknown"), dossier.business_case.terms.currency
    cells = {
        "scope": texts(f"mandate.scope.{told.scope}") if told.scope else unknown,
        "processes": unknown if told.processes_in_scope is None else texts.number(told.processes_in_scope, 0),
        "departments": texts.listing([*told.departments]) or texts("deck.none"),
        "horizon": unknown if told.horizon_months is None else texts.plural("deck.months", told.horizon_months),
        "owner": texts(f"mandate.owner.{told.owner}") if told.owner else unknown,
        "budget": unknown if told.budget_nok is None else money.amount(told.budget_nok, currency),
        "hours": unknown if told.hours is None else texts.short(told.hours),
    }
    return [(texts(f"deck.mandate.{name}"), value) for name, value in cells.items()]


def _gate(advice: Advice, precondition: str, least: int | None) -> list[str]:
    texts, level = reader.texts(), advice.readiness[precondition]
    row = [words.precondition(precondition), texts("common.not_assessed") if level is None else texts.short(level)]
    if least is None:
        return row
    short = None if level is None else max(0.0, least - level)
    said = texts("common.not_assessed")
    if short is not None:
        said = texts("strategy.gate.short", short=texts.short(short)) if short else texts("strategy.gate.ready")
    return [*row, texts.number(least, 0), said]


def _first_to_close(advice: Advice, chosen: OutcomeId | None) -> list[str]:
    texts = reader.texts()
    short = advice.recommendation.strategy(chosen).gate.short if chosen in STRATEGIES else {}
    if not short:
        return []
    worst = max(short, key=lambda p: short[p])
    name, following = words.precondition(worst), words.precondition_rungs(worst, advice.readiness[worst])[1]
    return [texts("strategy.gate.first", name=name, next=words.lower_first(following))]


# ---------------------------------------------------------------- payback


def payback(slides: Slides, dossier: Dossier) -> bool:
    """What it pays back over time as a range, and what that hangs on; or what a result waits for."""
    texts, found = reader.texts(), dossier.business_case
    if not found.begun:
        return False
    told = texts.plural("deck.years", found.terms.years, day=texts.day(dossier.written_on))
    if found.result is None or found.flow is None:
        page = slides.page(texts("payback.lead_waiting"), told)
        lines = [texts("payback.lead_waiting_why"), *payback_words.in_the_way(found)]
        page.text(page.area, [Say(line) for line in lines])
        page.notes([texts("deck.notes.payback")])
        return True
    p10, p90 = (money.brief(value, found.terms.currency) for value in (found.result.p10, found.result.p90))
    page = slides.page(texts("deck.payback", p10=p10, p90=p90), told)
    left, right = page.area.columns(0.56)
    _cash(page, left, found, found.flow)
    page.text(right, [Say(line, bullet=True) for line in _comes_to(found, found.result)])
    page.notes([texts("deck.notes.payback"), *case_words.cost_facts(found), texts("payback.rules"), told])
    return True


def _cash(page: Page, box: Box, found: BusinessCase, flow: CashFlow) -> None:
    texts = reader.texts()
    scale = money.scale([*flow.likely, *flow.p10, *flow.p90], found.terms.currency)
    millions = max(abs(v) for v in (*flow.likely, *flow.p10, *flow.p90)) >= money.MILLION
    kinds = (("likely", flow.likely, 0, False), ("p10", flow.p10, INK, True), ("p90", flow.p90, 4, True))
    page.lines(
        box,
        [texts.number(month, 0) for month in range(len(flow.likely))],
        [
            Series(texts(f"payback.column.{name}"), [round(v) for v in values], accent, dashed=dashed)
            for name, values, accent, dashed in kinds
        ],
        alt=texts(
            "deck.alt.payback",
            months=texts.number(len(flow.likely) - 1, 0),
            p10=money.brief(flow.p10[-1], found.terms.currency),
            p90=money.brief(flow.p90[-1], found.terms.currency),
        ),
        form="0.0,," if millions else "0,",
        unit=scale.unit,
        below=texts("payback.column.month"),
    )


def _comes_to(found: BusinessCase, result: Payback) -> list[str]:
    texts, currency = reader.texts(), found.terms.currency
    said = [
        texts(
            "payback.spread",
            p10=money.brief(result.p10, currency),
            p90=money.brief(result.p90, currency),
            probability=payback_words.probability(result),
            all_low=money.brief(result.all_low, currency),
        ),
        f"{case_words.cash_claim(result)}.",
        case_words.break_even(result),
    ]
    summed = sorted((b for b in found.benefits if b.standing == "summed"), key=lambda b: -(b.value or 0.0))
    lines = [f"{payback_words.line(b.told.line)} {money.brief(b.value or 0.0, currency)}" for b in summed[:LINES]]
    said.append(texts("deck.lines", lines=texts.listing(lines)))
    unowned = [payback_words.line(b.told.line) for b in found.benefits if b.standing == "unowned"]
    return [*said, texts("deck.unowned", lines=texts.listing(unowned))] if unowned else said


# ---------------------------------------------------------------- plan


def plan(slides: Slides, dossier: Dossier) -> bool:
    """What is to be done by whom and when, quick wins first."""
    texts, found = reader.texts(), dossier.plan
    if not found.actions:
        return False
    left = sum(action.open for action in found.actions)
    wins = texts.number(len(found.quick_wins), 0)
    title = texts.plural("deck.plan", left, wins=wins)
    page = slides.page(title, _planned(dossier))
    head = [texts(f"deck.column.{name}") for name in ("action", "kind", "owner", "due", "gives", "status")]
    order = sorted((a for a in found.actions if a.status != "dropped"), key=lambda a: (not a.open, not a.quick_win))
    rows = [_action(dossier, action) for action in order]
    alt = texts("deck.alt.plan", n=len(rows))
    page.table(page.area, head, rows, alt=alt, shares=(3.6, 1.4, 1.6, 1.7, 2, 1.1))
    parked = [texts.plural("plan.parked", len(found.parked)), texts("plan.parked_why")] if found.parked else []
    page.notes([texts("deck.notes.plan"), *parked])
    return True


def _planned(dossier: Dossier) -> str:
    texts, again = reader.texts(), dossier.plan.next_measuring
    facts = [dossier.results.engagement.name, texts("deck.told", day=texts.day(dossier.written_on))]
    return " · ".join([*facts, *([texts("plan.measure_next", day=texts.day(again.on))] if again else [])])


def _action(dossier: Dossier, action: Action) -> list[str]:
    texts, unknown = reader.texts(), reader.texts()("common.unknown")
    kpi = next((kpi_words.said(r) for r in dossier.kpis if r.kpi.id == action.kpi_id), None)
    gives = unknown
    if action.figure is not None:
        gives = kpi_words.with_unit(action.figure, (kpi.unit if kpi else "") or action.unit or "")
    return [
        plan_words.called(action),
        texts("plan.quick_win" if action.quick_win else "deck.action"),
        action.owner or unknown,
        plan_words.when(dossier.plan, action) or unknown,
        gives,
        texts(f"plan.status.{action.status}"),
    ]


# ---------------------------------------------------------------- training, and measuring again


def training(slides: Slides, dossier: Dossier) -> bool:
    """Whether to train now, when to measure, and what has changed since the measurement before."""
    texts, advice, results = reader.texts(), dossier.advice, dossier.results
    if advice is None:
        return False
    level = results.score.criterion(brief.FOUNDATION).score
    title = texts(f"actions.training.{advice.training}")
    if level is not None:
        title = texts("deck.training", advice=title, level=texts.number(level))
    page = slides.page(title, basis(results))
    lines = [Say(texts(f"actions.training.{advice.training}_why", level=words.number(level, 1)))]
    lines += [Say(texts("deck.measure"), bold=True), *(Say(line, bullet=True) for line in _days(dossier))]
    found = dossier.comparison
    area = page.area
    if found is not None and found.last.wave.id == results.wave.id:
        area, right = page.area.columns(0.4)
        if found.change is None:
            page.text(right, [Say(texts("change.withheld_why", k=results.score.k))])
        else:
            _changed(page, right, dossier, found.change)
    page.text(area, lines)
    page.notes([texts("deck.notes.training"), basis(results)])
    return True


def _days(dossier: Dossier) -> list[str]:
    texts, again, last_day = reader.texts(), dossier.plan.next_measuring, dossier.brief.last_day
    said = [texts("plan.measure_next", day=texts.day(again.on))] if again is not None else []
    if last_day is not None:
        days = brief.measuring_days(last_day)
        said.append(texts("deck.behaviour", day=texts.day(days.behaviour)))
        said.append(texts("deck.results", since=texts.day(days.results[0]), until=texts.day(days.results[1])))
    return said or [texts("deck.measure_when")]


def _changed(page: Page, box: Box, dossier: Dossier, change: Change) -> None:
    texts, found = reader.texts(), dossier.comparison
    assert found is not None
    ends = [texts.month(r.wave.closed_at or r.wave.opened_at) for r in (found.first, found.last)]
    head = [texts("change.column.criterion"), *ends, texts("change.column.delta"), texts("change.column.verdict")]
    rows = [
        (
            words.name_of(dossier.results.pack, c.id),
            words.number(c.first, 1),
            words.number(c.last, 1),
            texts("common.not_assessed") if c.first is None or c.last is None else change_words.delta_shown(c),
            texts(f"change.verdict.{c.verdict}" if c.verdict else "common.not_assessed"),
        )
        for c in change.criteria
    ]
    area, place = box.rows(NOTE * 2)
    page.table(area, head, rows, alt=texts("deck.alt.change", n=len(rows)), shares=(3, 1.5, 1.5, 1.2, 2.2))
    n = [texts.number(r.respondents, 0) for r in (found.first, found.last)]
    page.text(place, [Say(texts("deck.compared", first=n[0], last=n[1]))])
