"""What a result rests on: answers, coverage, sub-scales, agreement, what is left out, and the figures as tables."""

import pandas as pd
import streamlit as st

from assessment.config import AD_CUTS, COVERAGE_MIN
from assessment.engagement import ItemId
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.agreement import agreement_band
from assessment.scoring.levels import level
from assessment.scoring.result import PerspectiveScore
from assessment.wording import maturity_words, words
from pages.ui import parts, session


def left_out(results: Results) -> None:
    """Say which groups and perspectives are too few to be shown."""
    for sentence in maturity_words.left_out(results):
        parts.hidden(sentence)


def not_assessed(results: Results) -> None:
    """Say which criteria have no level, and lead to the questions that would give them one."""
    texts = session.texts()
    if not findings.not_assessed(results.score):
        return
    parts.hidden(maturity_words.missing(results))
    if results.own is None:
        parts.note(texts("maturity.too_few_answers"))
        return
    parts.note(texts("maturity.needed", least=texts.percent(COVERAGE_MIN)))
    unassessed = [c.id for c in findings.not_assessed(results.score)]
    open_items = [i for c in unassessed for i in maturity_words.asked(results, c) if ItemId(i) not in results.own]
    if open_items and st.button(texts("maturity.to_answer"), key="answer_rest"):
        session.go("answer")


def basis(results: Results) -> None:
    """Draw how much is answered and how much is unknown."""
    texts = session.texts()
    unknown = findings.much_unknown(results.score)
    if unknown:
        first = unknown[0]
        share = texts.percent(first.dk_share or 0)
        key = "maturity.basis_unknown" if results.own is None else "maturity.basis_unknown_own"
        if results.engagement.mode == "consensus":
            key = "maturity.basis_unknown_team"
        parts.section(texts(key, criterion=words.criterion_lower(results, first), share=share))
        parts.note(texts("maturity.basis_unknown_note"))
    else:
        answered = texts.percent(findings.answered_share(results.score) or 0)
        parts.section(texts("maturity.basis", share=answered))
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("maturity.column.criterion"): words.criterion(results, c),
                    texts("maturity.column.score"): words.number(c.score, 1),
                    texts("maturity.column.answered"): texts("maturity.of", n=c.answered, of=c.applicable),
                    texts("maturity.column.unknown"): words.share(c.dk_share),
                }
                for c in results.score.criteria
            ]
        )
    )


def subscales(results: Results) -> None:
    """Draw the parts of the criteria that pack two things in one."""
    texts, lowest = session.texts(), findings.lowest_subscale(results.score)
    if lowest is None or lowest.score is None:
        return
    score = texts.number(lowest.score)
    if findings.subscales_even(results.score):
        parts.section(texts("maturity.subscales_even", score=score))
    else:
        name = words.lower_first(texts(f"subscale.{lowest.id}"))
        parts.section(texts("maturity.subscales", name=name, score=score))
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("maturity.column.subscale"): texts(f"subscale.{s.id}"),
                    texts("maturity.column.score"): words.number(s.score, 1),
                    texts("maturity.column.step"): words.step(None if s.score is None else level(s.score)),
                }
                for s in results.score.subscales
            ]
        )
    )
    parts.note(texts("maturity.subscales_note"))


def agreement(results: Results) -> None:
    """Draw how far the people of each group agree among themselves."""
    texts, agreement = session.texts(), findings.agreement(results.score)
    if not agreement:
        return
    least = agreement[0]
    apart = texts.number(least.ad_m)
    if findings.disagrees(least):
        area = words.lower_first(words.name_of(results.pack, least.criterion))
        who = texts(f"perspective.{least.perspective}")
        parts.section(texts("maturity.disagree", who=who, area=area, apart=apart))
    else:
        parts.section(texts("maturity.agree", apart=apart))
    known = [p for p in findings.perspectives_present(results.score) if any(a.perspective == p for a in agreement)]
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("maturity.column.criterion"): words.criterion(results, c),
                    **{texts(f"perspective.{p}"): _agreed(c.perspectives.get(p)) for p in known},
                }
                for c in results.score.criteria
            ]
        )
    )
    parts.note(texts("maturity.agreement_note", cut=texts.number(AD_CUTS[1])))
    split = [words.name_of(results.pack, i.id) for i in findings.split_items(results.score)]
    if split:
        parts.note(texts("maturity.split", topics=texts.listing([words.quoted(s) for s in split])))


def _agreed(view: PerspectiveScore | None) -> str:
    texts = session.texts()
    if view is None or view.ad_m is None:
        return texts("maturity.agreement_unknown")
    return texts(f"maturity.agreement.{agreement_band(view.ad_m)}", apart=texts.number(view.ad_m, 2))


def figures(results: Results) -> None:
    """Draw every figure of the result as tables."""
    texts = session.texts()
    with st.expander(texts("common.figures")):
        parts.table(pd.DataFrame([maturity_words.scores(results, c) for c in results.score.criteria]))
        parts.table(pd.DataFrame([maturity_words.views(results, c) for c in results.score.criteria]))
