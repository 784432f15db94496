"""What a result rests on: answers, coverage, sub-scales, agreement, what is left out, and the figures as tables."""

import pandas as pd
import streamlit as st

from assessment.config import AD_CUTS, COVERAGE_MIN
from assessment.engagement import ItemId
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.agreement import agreement_band
from assessment.scoring.levels import level
from assessment.scoring.result import CriterionScore, PerspectiveScore
from assessment.wording import words
from pages.ui import parts, session


def left_out(results: Results) -> None:
    """Say which groups and perspectives are too few to be shown."""
    texts, k = session.texts(), results.score.k
    for group in results.score.left_out:
        roles = texts.listing([texts(f"role.{role}") for role in group.roles])
        parts.hidden(texts.plural("maturity.left_out", group.n, roles=roles, k=k))
    for name, criteria in findings.hidden_perspectives(results.score).items():
        if len(criteria) < len(results.score.criteria):
            areas = texts.listing([words.lower_first(words.name_of(results.pack, c)) for c in criteria])
            # an open role is never too few to be shown, but can have said too little
            key = "maturity.too_few_of" if name == "leadership" else "maturity.hidden"
            parts.hidden(texts(key, perspective=texts(f"perspective.{name}"), areas=areas, k=k))


def not_assessed(results: Results) -> None:
    """Say which criteria have no level, and lead to the questions that would give them one."""
    texts = session.texts()
    if not findings.not_assessed(results.score):
        return
    parts.hidden(missing(results))
    if results.own is None:
        parts.note(texts("maturity.too_few_answers"))
        return
    parts.note(texts("maturity.needed", least=texts.percent(COVERAGE_MIN)))
    unassessed = [c.id for c in findings.not_assessed(results.score)]
    open_items = [i for c in unassessed for i in _asked(results, c) if ItemId(i) not in results.own]
    if open_items and st.button(texts("maturity.to_answer"), key="answer_rest"):
        session.go("answer")


def _asked(results: Results, criterion_id: str) -> list[str]:
    items = [i.id for i in results.pack.items_of(criterion_id)]
    return items if results.asked is None else [i for i in items if i in results.asked]


def missing(results: Results) -> str:
    """The criteria without a level, each with why."""
    texts = session.texts()
    areas = [
        texts("maturity.area_answered", area=words.criterion_lower(results, c), answered=c.answered, of=c.applicable)
        if len(_asked(results, c.id)) >= results.pack.min_items
        else texts("maturity.area_not_asked", area=words.criterion_lower(results, c))
        for c in findings.not_assessed(results.score)
    ]
    return texts("maturity.not_assessed", areas=texts.listing(areas))


def basis_of(criterion: CriterionScore) -> str | None:
    """Answers and don't-know share of one criterion, or None when nobody was asked."""
    if not criterion.applicable:
        return None
    texts = session.texts()
    share = texts.percent(criterion.dk_share or 0)
    return texts("maturity.basis_of", n=criterion.answered, of=criterion.applicable, share=share)


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
        parts.table(pd.DataFrame([_scores(results, c) for c in results.score.criteria]))
        parts.table(pd.DataFrame([views(results, c) for c in results.score.criteria]))


def _scores(results: Results, criterion: CriterionScore) -> dict[str, str]:
    texts = session.texts()
    shown = None if criterion.score is None else findings.as_shown(criterion, 2)
    cells = {
        "score": words.number(criterion.score),
        "step": words.step(criterion.level),
        "index": words.number(criterion.index, 0),
        "target": words.number(criterion.target),
        "gap": words.number(None if shown is None else float(shown.gap)),
        "weight": texts.number(criterion.weight, 0),
        "priority": words.number(None if shown is None else float(shown.priority)),
    }
    named = {texts(f"maturity.column.{column}"): cell for column, cell in cells.items()}
    return {texts("maturity.column.criterion"): words.criterion(results, criterion), **named}


def views(results: Results, criterion: CriterionScore) -> dict[str, str]:
    """One table row: a criterion as each perspective sees it."""
    texts = session.texts()
    return {
        texts("maturity.column.criterion"): words.criterion(results, criterion),
        texts("maturity.column.answered"): texts("maturity.of", n=criterion.answered, of=criterion.applicable),
        texts("maturity.column.unknown"): words.share(criterion.dk_share),
        **{
            texts(f"perspective.{name}"): _view(criterion.perspectives.get(name))
            for name in findings.perspectives_present(results.score)
        },
    }


def _view(view: PerspectiveScore | None) -> str:
    texts = session.texts()
    if view is None or (view.score is None and not view.hidden):
        return texts("common.not_assessed")
    if view.score is None:
        return texts("maturity.hidden_short")
    return texts("maturity.view", score=texts.number(view.score, 2), n=texts.number(view.n or 0, 0))
