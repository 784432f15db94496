"""The full report: one page that tells it all, then each subject with its evidence, then method and limits."""

from typing import Final

from assessment.config import COVERAGE_MIN, OVERALL_WEIGHT_MIN
from assessment.report import sections
from assessment.report.document import Document, Sheet, document, rests_on
from assessment.report.dossier import Dossier
from assessment.scoring import findings
from assessment.strategy.model import WEIGHTS
from assessment.wording import case_words, maturity_words, money, plan_words, reader, strategy_words, words

NEXT_STEPS: Final = 4


def report(dossier: Dossier) -> Document:
    """The full report of an assessment, in the dossier's language; a subject nobody has worked on says so."""
    with reader.writing(dossier.language):
        texts, sheet = reader.texts(), Sheet()
        executive(sheet, dossier)
        sheet.heading(texts("report.contents"), listed=False)
        sheet.contents()
        if findings.scored(dossier.results.score):
            sheet.page()
            sections.profile(sheet, dossier)
            sections.perspectives(sheet, dossier)
        sections.current_state(sheet, dossier)
        sections.diagnosis(sheet, dossier)
        sections.strategy(sheet, dossier)
        sections.payback(sheet, dossier)
        sections.plan(sheet, dossier)
        sections.change(sheet, dossier)
        sheet.page()
        sections.method(sheet, dossier)
        return document(dossier, "report", texts("report.title"), sheet)


def executive(sheet: Sheet, dossier: Dossier) -> None:
    """The finding, the level, the recommendation, what it is worth and what comes next, on one page."""
    texts = reader.texts()
    finding(sheet, dossier)
    figures(sheet, dossier)
    if dossier.advice is not None:
        sheet.heading(texts("report.recommended"), listed=False)
        said = [strategy_words.lead(dossier.advice.recommendation), *strategy_words.meaning(dossier.advice)]
        sheet.message(said)
        sections.decided(sheet, dossier)
    next_steps(sheet, dossier)
    sheet.heading(texts("report.basis"), listed=False)
    sheet.text(rests_on(dossier))
    sheet.hidden(maturity_words.left_out(dossier.results))
    if dossier.advice is not None:
        sheet.notes(strategy_words.mandate_said(dossier.advice))


def finding(sheet: Sheet, dossier: Dossier) -> None:
    """The finding to begin with and the overall level, or why there is none."""
    texts, results = reader.texts(), dossier.results
    if not findings.scored(results.score):
        answered = findings.answered(results.score)
        least = texts.percent(COVERAGE_MIN)
        sheet.claim(texts("maturity.lead_too_little") if answered else texts("maturity.nothing", least=least))
        return
    if results.pack.id == "pulse":
        sheet.message([maturity_words.pulse_lead(results), texts("maturity.pulse_why")])
        return
    sheet.message(maturity_words.message(results))
    overall = results.score.overall
    if overall.score is None or overall.index is None:
        sheet.ladder(None, "")
        share, least = texts.percent(overall.weight_share), texts.percent(OVERALL_WEIGHT_MIN)
        sheet.hidden([texts("maturity.no_overall", share=share, least=least)])
        return
    score, index = texts.number(overall.score), texts.number(overall.index, 0)
    sheet.ladder(overall.level, texts("maturity.overall", score=score, index=index))
    sheet.notes(*maturity_words.how(results))


def figures(sheet: Sheet, dossier: Dossier) -> None:
    """The largest gap, how well the recommended fits and what it is worth, each with what it rests on."""
    tiles = [tile for tile in (_gap(dossier), _fit(dossier), _worth(dossier)) if tile is not None]
    if tiles:
        sheet.tiles(*tiles)


def _gap(dossier: Dossier) -> tuple[str, str, str] | None:
    texts, results = reader.texts(), dossier.results
    leading = findings.leading_gap(results.score)
    if leading is None or results.pack.id == "pulse":
        return None
    shown = findings.as_shown(leading)
    score, target = (texts.number(float(value)) for value in (shown.score, shown.target))
    note = texts("report.tile.gap_of", criterion=words.criterion(results, leading), score=score, target=target)
    return texts("report.tile.gap"), texts.number(float(shown.gap)), note


def _fit(dossier: Dossier) -> tuple[str, str, str] | None:
    texts, advice = reader.texts(), dossier.advice
    if advice is None or advice.recommendation.recommended not in WEIGHTS:
        return None
    chosen = next(s for s in advice.recommendation.strategies if s.id == advice.recommendation.recommended)
    evidence = texts.percent(chosen.evidence)
    note = texts("report.tile.fit_of", name=texts(f"strategy.{chosen.id}"), evidence=evidence)
    return texts("report.tile.fit"), texts.number(chosen.fit or 0.0), note


def _worth(dossier: Dossier) -> tuple[str, str, str] | None:
    texts, found = reader.texts(), dossier.business_case
    if found.result is None:
        return None
    p10, p90 = (money.brief(value, found.terms.currency) for value in (found.result.p10, found.result.p90))
    return (
        texts("report.tile.worth"),
        texts("report.tile.range", low=p10, high=p90),
        case_words.break_even(found.result),
    )


def next_steps(sheet: Sheet, dossier: Dossier) -> None:
    """The first open actions with owner and day; where nobody has planned any, what the strategy says to do first."""
    texts = reader.texts()
    coming = [action for action in dossier.plan.actions if action.open][:NEXT_STEPS]
    lines = sections.quick_wins(dossier)[:NEXT_STEPS]
    if coming:
        lines = [
            ", ".join(filter(None, [plan_words.called(a), a.owner, plan_words.when(dossier.plan, a)])) for a in coming
        ]
    measuring = dossier.plan.next_measuring
    if measuring is not None:
        lines.append(texts("plan.measure_next", day=texts.day(measuring.on)))
    if lines:
        sheet.heading(texts("report.next"), listed=False)
        sheet.bullets(lines)
