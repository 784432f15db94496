"""Who sees what: differences between perspectives, agreement, split views, don't know, and what is kept out."""

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.config import AD_CUTS, CHANGE_MIN, GAP_CUTS, LONGSTRING_MIN, SEC_HARD
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.agreement import agreement_band, consensus_band
from assessment.scoring.answers import CONSULTANT
from assessment.scoring.result import CriterionScore, ItemStatistics
from assessment.scoring.sensitivity import Sensitivity, Without
from assessment.wording import perception_words, words
from pages.ui import parts, session, waves

LEAST_AGREED = 5


def render() -> None:
    """Draw how the perspectives see the organisation, or say why there is nothing to compare."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.perceptions"), texts("perceptions.none"), (texts("start.begin"), "begin"))
        return
    to_maturity = (texts("perceptions.to_maturity"), "maturity")
    if opened.mode != "anonymous":
        parts.empty(texts("page.perceptions"), texts("perceptions.alone"), to_maturity)
        return
    results = session.results(opened)
    if results.wave.closed_at is None:
        parts.still_open(texts("page.perceptions"))
        return
    parts.where(*words.about(results))
    parts.title(texts("page.perceptions"))
    waves.choose(results)
    if not findings.scored(results.score):
        parts.hidden(texts("perceptions.nothing"))
        _careless(results)
        _groups(results)
        return
    parts.message(*perception_words.message(results))
    _gaps(results)
    _agreement(results)
    _unknown(results)
    _careless(results)
    _groups(results)
    parts.next_step(
        texts("perceptions.next"), texts("perceptions.next_why"), (texts("perceptions.to_items"), "items"), to_maturity
    )


# ---------------------------------------------------------------- the key message


# ---------------------------------------------------------------- differences between perspectives


def _gaps(results: Results) -> None:
    texts, seen = session.texts(), findings.perception(results.score)
    if seen is None:
        return
    parts.section(perception_words.gaps_claim(seen))
    frame = pd.DataFrame([perception_words.chart_row(results, c, seen.other) for c in results.score.criteria])
    look = charts.Look(texts=texts)
    about = (results.engagement.id, results.engagement.revision, results.wave.id)
    parts.chart("perceptions", about, lambda: charts.spec(charts.perception_gap(frame, look)))
    notable_from, large_from = (texts.number(cut, 2) for cut in GAP_CUTS)
    parts.note(texts("perceptions.gaps_note", notable=notable_from, large=large_from))
    parts.figures(pd.DataFrame([_table_row(results, c) for c in results.score.criteria]))


def _table_row(results: Results, criterion: CriterionScore) -> dict[str, str]:
    texts = session.texts()
    others = dict.fromkeys(name for c in results.score.criteria for name in c.perception_gap)
    row = {texts("perceptions.column.criterion"): words.name_of(results.pack, criterion.id)}
    for other in others:
        column = texts("perceptions.column.against", other=texts(f"perceptions.seen.{other}"))
        row[column] = _gap(criterion, other)
    if any(c.consultant_gap is not None for c in results.score.criteria):
        theirs = criterion.consultant_gap
        said = texts("common.not_assessed") if theirs is None else texts.number(theirs, sign=True)
        row[texts("perceptions.column.consultant")] = said
    return row


def _gap(criterion: CriterionScore, other: str) -> str:
    texts, gap = session.texts(), criterion.perception_gap.get(other)
    if gap is None:
        return texts("perceptions.gap_missing")
    test = texts("perceptions.descriptive")
    if gap.welch is not None:
        low, high = (texts.number(end, sign=True) for end in (gap.welch.low, gap.welch.high))
        test = texts("perceptions.test", low=low, high=high)
    apart = perception_words.delta_shown(criterion, other)
    delta = texts.number(apart, sign=bool(apart))
    return texts("perceptions.gap", delta=delta, tag=texts(f"perceptions.tag.{gap.band}"), test=test)


# ---------------------------------------------------------------- agreement and split views


def _agreement(results: Results) -> None:
    texts = session.texts()
    known = sorted((i for i in results.score.items if i.ad_m is not None), key=lambda i: -(i.ad_m or 0.0))
    if not known:
        return
    cut = texts.number(AD_CUTS[1])
    if agreement_band(known[0].ad_m or 0.0) == "disagreement":
        topic, apart = _topic(results, known[0]), texts.number(known[0].ad_m or 0.0)
        parts.section(texts("perceptions.agreement_low", topic=topic, apart=apart))
    else:
        parts.section(texts("perceptions.agreement_fine", cut=cut))
    parts.table(pd.DataFrame([_agreed(results, i) for i in known[:LEAST_AGREED]]))
    parts.note(texts("perceptions.agreement_note", cut=cut))
    with st.expander(texts("perceptions.expert")):
        parts.table(pd.DataFrame([_expert(results, i) for i in results.score.items if i.n]))
        parts.note(texts("perceptions.expert_note"))
    split = findings.split_items(results.score)
    if split:
        parts.section(texts.plural("perceptions.split_some", len(split)))
        parts.bullets([_topic(results, i) for i in split])
        parts.note(texts("perceptions.split_note"))


def _agreed(results: Results, item: ItemStatistics) -> dict[str, str]:
    texts, apart, gathered = session.texts(), item.ad_m or 0.0, item.consensus or 0.0
    cells = {
        "topic": _topic(results, item),
        "mean": words.item_level(item),
        "answers": texts.number(item.n, 0),
        "apart": texts(f"perceptions.agreement.{agreement_band(apart)}", apart=texts.number(apart, 2)),
        "consensus": texts(f"perceptions.consensus.{consensus_band(gathered)}", value=texts.number(gathered, 2)),
    }
    return {texts(f"perceptions.column.{column}"): cell for column, cell in cells.items()}


def _expert(results: Results, item: ItemStatistics) -> dict[str, str]:
    figures = {"AD": item.ad_m, "rwg": item.rwg, "rwg*": item.rwg_star, "Cns": item.consensus}
    texts = session.texts()
    return {
        texts("perceptions.column.topic"): _topic(results, item),
        texts("perceptions.column.answers"): texts.number(item.n, 0),
        **{name: texts("perceptions.too_small") if v is None else texts.number(v, 2) for name, v in figures.items()},
    }


def _topic(results: Results, item: ItemStatistics) -> str:
    return words.quoted(words.name_of(results.pack, item.id))


# ---------------------------------------------------------------- don't know


def _unknown(results: Results) -> None:
    texts = session.texts()
    shares = {
        (name, c.id): view.dk_share
        for c in results.score.criteria
        for name, view in c.perspectives.items()
        if view.dk_share is not None
    }
    if not shares:
        return
    (who, criterion), most = max(shares.items(), key=lambda one: one[1] or 0.0)
    if most:
        area = words.lower_first(words.name_of(results.pack, criterion))
        share = texts.percent(most)
        parts.section(texts("perceptions.unknown_some", who=texts(f"perspective.{who}"), criterion=area, share=share))
    else:
        parts.section(texts("perceptions.unknown_none"))
    present = [name for name in findings.perspectives_present(results.score) if name != CONSULTANT]
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("perceptions.column.criterion"): words.name_of(results.pack, c.id),
                    **{texts(f"perspective.{name}"): _share(shares.get((name, c.id))) for name in present},
                }
                for c in results.score.criteria
            ]
        )
    )
    parts.note(texts("perceptions.unknown_note", k=results.score.k))


def _share(share: float | None) -> str:
    texts = session.texts()
    return texts("perceptions.too_small") if share is None else texts.percent(share)


# ---------------------------------------------------------------- answers given in haste


def _careless(results: Results) -> None:
    texts, found = session.texts(), results.sensitivity
    if found is None or (found.flagged == 0 and found.excluded == 0):
        parts.note(texts("perceptions.careless_nobody"))
        return
    parts.section(_haste(results, found))
    if found.without is not None:
        parts.table(pd.DataFrame(_with_and_without(results, found.without)))
    elif found.flagged != 0:
        parts.hidden(texts("perceptions.careless_hidden", k=results.score.k))
    if found.flagged != 0:
        rules = {"seconds": texts.short(SEC_HARD), "run": texts.number(LONGSTRING_MIN, 0)}
        parts.note(texts("perceptions.careless_note", **rules))
    if found.excluded:
        parts.note(texts.plural("perceptions.careless_left_out", found.excluded, seconds=texts.short(SEC_HARD)))


def _haste(results: Results, found: Sensitivity) -> str:
    texts = session.texts()
    if found.without is not None:
        return _shift(results, found.without)
    if found.flagged is None:
        return texts("perceptions.careless_few", k=results.score.k)
    if found.flagged:
        return texts.plural("perceptions.careless_some", found.flagged)
    return texts.plural("perceptions.careless_excluded", found.excluded)


def _shift(results: Results, without: Without) -> str:
    """How much the result moves without the flagged: a bound, or the area that moves most where it is worth a name."""
    texts = session.texts()
    changes = {
        c.id: words.difference(now, c.score)
        for c in results.score.criteria
        if c.score is not None and (now := without.criteria[c.id]) is not None
    }
    if without.largest >= CHANGE_MIN:
        moved = max(changes, key=lambda c: abs(changes[c]))
        area = words.lower_first(words.name_of(results.pack, moved))
        return texts("perceptions.careless_moved", criterion=area, delta=texts.number(changes[moved], sign=True))
    most = words.at_most(without.largest)
    key = "perceptions.careless_steady" if most else "perceptions.careless_same"
    return texts.plural(key, len(changes), most=texts.number(most))


def _with_and_without(results: Results, without: Without) -> list[dict[str, str]]:
    texts, overall = session.texts(), results.score.overall.score
    rows = [(words.name_of(results.pack, c.id), c.score, without.criteria[c.id]) for c in results.score.criteria]
    return [
        {
            texts("perceptions.column.criterion"): name,
            texts("perceptions.column.with"): words.number(score, 1),
            texts("perceptions.column.without"): _compared(score, now),
        }
        for name, score, now in [*rows, (texts("perceptions.overall"), overall, without.overall)]
    ]


def _compared(score: float | None, now: float | None) -> str:
    if score is not None and now is None:
        return session.texts()("perceptions.careless_gone")
    return words.number(now, 1)


# ---------------------------------------------------------------- what is left out, and why


def _groups(results: Results) -> None:
    texts, score = session.texts(), results.score
    parts.section(texts("perceptions.groups"))
    rows = [(group, perception_words.group_shown(group)) for group in score.published_groups]
    rows += [(group, texts("perceptions.group_left_out", k=score.k)) for group in score.left_out]
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("perceptions.column.group"): perception_words.group_named(group),
                    texts("perceptions.column.people"): texts.number(group.n, 0),
                    texts("perceptions.column.shown"): shown,
                }
                for group, shown in rows
            ]
        )
    )
    parts.note(texts("perceptions.groups_note", k=score.k))
