"""What those who answered take home: what was found, what was chosen, what happens next, and what the words mean.

The whole group may see all of it: no view of a single group, no key figure, no amount, nobody's reason.
"""

import pandas as pd

from assessment import charts
from assessment.report import sections
from assessment.report.chart_pictures import look
from assessment.report.document import Document, Sheet, document, rests_on
from assessment.report.dossier import Dossier
from assessment.scoring import findings
from assessment.wording import maturity_words, plan_words, reader, words
from assessment.wording.method_words import of_method


def handout(dossier: Dossier) -> Document:
    """The participants' two pages, in the dossier's language."""
    with reader.writing(dossier.language):
        texts, sheet = reader.texts(), Sheet()
        _found(sheet, dossier)
        sheet.heading(texts("report.handout.chosen"))
        if dossier.decisions:
            strategy_id = dossier.decisions[0].strategy
            sheet.claim(texts(f"strategy.{strategy_id}"))
            sheet.text(texts(f"strategy.{strategy_id}.say"))
        else:
            sheet.text(texts("report.handout.not_chosen"))
        _next(sheet, dossier)
        sheet.page()
        sheet.heading(texts("report.handout.criteria"))
        prose = dossier.results.pack.prose[texts.language].criteria
        columns = [texts(f"report.column.{name}") for name in ("criterion", "about", "score")]
        scores = {c.id: c.score for c in dossier.results.score.criteria}
        rows = [(words_.title, words_.about, words.number(scores[id_], 1)) for id_, words_ in prose.items()]
        sheet.table([dict(zip(columns, row, strict=True)) for row in rows], widths=(2, 5, 1))
        sheet.heading(texts("report.handout.answers"))
        sheet.text(of_method("agreement.anonymity"))
        return document(dossier, "report", texts("report.title.handout"), sheet)


def _found(sheet: Sheet, dossier: Dossier) -> None:
    texts, results = reader.texts(), dossier.results
    if not findings.scored(results.score):
        sheet.claim(texts("report.handout.nothing"))
        return
    if results.pack.id == "pulse":
        sheet.message([maturity_words.pulse_lead(results), texts("maturity.pulse_why")])
        sheet.notes(rests_on(dossier))
        return
    sheet.message(maturity_words.message(results)[:2])
    overall = results.score.overall
    if overall.score is not None and overall.index is not None:
        score, index = texts.number(overall.score), texts.number(overall.index, 0)
        sheet.ladder(overall.level, texts("maturity.overall", score=score, index=index))
    sheet.notes(rests_on(dossier))
    sheet.chart(charts.gaps(pd.DataFrame(maturity_words.gap_rows(results)), look()))


def _next(sheet: Sheet, dossier: Dossier) -> None:
    texts = reader.texts()
    coming = [action for action in dossier.plan.actions if action.open]
    measuring = dossier.plan.next_measuring
    sheet.heading(texts("report.next"))
    lines = [", ".join(filter(None, [plan_words.called(a), plan_words.when(dossier.plan, a)])) for a in coming[:5]]
    if not lines and dossier.decisions:
        lines = sections.quick_wins(dossier)
    if measuring is not None:
        lines.append(texts("plan.measure_next", day=texts.day(measuring.on)))
    sheet.bullets(lines or [texts("report.nothing.plan")])
