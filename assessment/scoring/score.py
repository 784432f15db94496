"""A survey's answers to its result. Source: method §3.1 to §3.8."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from assessment.config import CI_N, COVERAGE_MIN, GAP_CUTS, K_MIN, SCORING_VERSION
from assessment.packs import Pack
from assessment.scoring import agreement
from assessment.scoring.anonymity import Publication, applicable, check_publication, publication
from assessment.scoring.answers import (
    CONSULTANT,
    DK,
    PERSPECTIVES,
    SLACK,
    AnswerTable,
    Bools,
    Floats,
    Ints,
    Mode,
    membership,
    optional,
    subscale_membership,
    totals,
)
from assessment.scoring.intervals import spread, t_interval, welch_interval
from assessment.scoring.levels import index, level, overall
from assessment.scoring.result import (
    CriterionScore,
    GapBand,
    ItemStatistics,
    PerceptionGap,
    PerspectiveScore,
    Result,
    SubscaleScore,
)

# An item's mean counts from two answers on; one is enough of a group that is one person or row (method §3.2).
_MIN_ANSWERS: Final = 2
# The one group of consensus mode, whose row stands for the team: it has a score but is no perspective.
_TEAM: Final = "team"


def score(
    table: AnswerTable,
    pack: Pack,
    *,
    mode: Mode,
    k: int = K_MIN,
    weights: Mapping[str, int] | None = None,
    targets: Mapping[str, float] | None = None,
    by_team: bool = False,
) -> Result:
    """The scored survey: criteria, sub-scales, overall and items, from the answers the mode allows to be used.

    weights and targets: by criterion id, over those of the pack. k and `by_team` matter in anonymous mode only.
    Items shown to a perspective are those of the roles present in it. In anonymous mode an item counts with two answers
    also when one person is the whole leadership. The consultant's score is the mean of the items the consultant
    answered, whatever their number.

    Raises: ValueError for consensus mode with more or fewer than one row, for weights that are all 0, and for groups by
    team without teams; DisclosureError if what is to be published failed its own check.
    """
    if mode == "consensus" and table.respondents != 1:
        raise ValueError(f"consensus mode takes one row, not {table.respondents}")
    view = publication(table, mode=mode, k=k, by_team=by_team)
    if mode == "anonymous":
        check_publication(table, view, k)
    survey = _Survey(table, pack, mode, k, view)
    weight = {c.id: c.weight for c in pack.criteria} | dict(weights or {})
    target = {c.id: c.target for c in pack.criteria} | dict(targets or {})
    criteria = _criteria(survey, weight, target)
    return Result(
        pack_id=pack.id,
        pack_version=pack.version,
        pack_hash=pack.hash,
        scoring_version=SCORING_VERSION,
        mode=mode,
        k=k,
        respondents=table.respondents,
        published_groups=view.groups,
        left_out=view.left_out,
        criteria=criteria,
        subscales=_subscales(survey),
        overall=overall([c.id for c in criteria], [c.score for c in criteria], [c.weight for c in criteria]),
        items=_items(survey),
    )


class _Survey:
    """One survey, counted once: everything the parts of the result share.

    names: the perspectives (p), the consultant last. index: (n,) perspective of each respondent. rows: by perspective,
    its respondents. people: (p,) present. counts: (p, m, 5) used answers. item_means: (p, m), NaN of too few answers.
    """

    def __init__(self, table: AnswerTable, pack: Pack, mode: Mode, k: int, view: Publication) -> None:
        self.table, self.pack, self.mode, self.k, self.view = table, pack, mode, k, view
        self.names = (_TEAM,) if mode == "consensus" else (*PERSPECTIVES, CONSULTANT)
        self.scored = [place for place, name in enumerate(self.names) if name != CONSULTANT]
        self.index = self._perspective_of_each()
        self.rows = [np.flatnonzero(self.index == p) for p in range(len(self.names))]
        self.people = np.bincount(self.index, minlength=len(self.names))
        self.shown = np.array([self._of(p, table.shown, view.group >= 0).any(axis=0) for p in range(len(self.names))])
        self.counts = self._count()
        answers = self.counts.sum(axis=2)
        enough = answers >= self._answers_needed()[:, np.newaxis]
        self.item_means = np.where(enough, agreement.mean(self.counts), np.nan)

    @property
    def anonymous(self) -> bool:
        return self.mode == "anonymous"

    def _perspective_of_each(self) -> Ints:
        index = np.zeros(self.table.respondents, dtype=np.int64)
        if self.mode != "consensus":
            roles = (*PERSPECTIVES.values(), ("K",))
            for place, members in enumerate(roles):
                index[np.isin(self.table.roles, members)] = place
        return index

    def _of(self, perspective: int, cells: Bools, rows: Bools) -> Bools:
        picked: Bools = cells[(self.index == perspective) & rows]
        return picked

    def _count(self) -> Ints:
        size, counts = len(self.names) * 5, []
        for used, values in zip(self.view.used.T, self.table.values.T, strict=True):
            cell = self.index[used] * 5 + values[used] - 1
            counts.append(np.bincount(cell, minlength=size).reshape(len(self.names), 5))
        return np.stack(counts, axis=1)

    def _answers_needed(self) -> Ints:
        single = np.zeros(len(self.names), dtype=np.bool_) if self.anonymous else self.people == 1
        single |= np.array([name == CONSULTANT for name in self.names])
        return np.where(single, 1, _MIN_ANSWERS)

    def scores(self, members: Floats, *, may_be_short: bool) -> Floats:
        """(p, dimensions) item-first scores, NaN where a perspective has none; `members` is (m, dimensions).

        may_be_short: a dimension of fewer items than the pack's minimum needs only those it has (sub-scales).
        """
        present = ~np.isnan(self.item_means)
        counting = present @ members
        shown = self.shown @ members
        least = np.minimum(self.pack.min_items, shown) if may_be_short else self.pack.min_items
        enough = (counting >= COVERAGE_MIN * shown - SLACK) & (counting >= least)
        enough |= np.array([[name == CONSULTANT] for name in self.names])
        sums = np.where(present, self.item_means, 0.0) @ members
        return _divided(sums, counting, enough & (counting > 0))

    def respondent_scores(self, members: Floats) -> Floats:
        """(n, criteria) means of each person's used answers, NaN under 60 % coverage or the pack's minimum of items."""
        answered = totals(self.view.used, members)
        possible = totals(applicable(self.table), members)
        enough = (answered >= COVERAGE_MIN * possible - SLACK) & (answered >= self.pack.min_items)
        sums = totals(np.where(self.view.used, self.table.values, 0), members)
        return _divided(sums, answered, enough)

    def combined(self, scores: Floats, column: int) -> tuple[float | None, tuple[str, ...]]:
        """The mean of the perspectives that have a score in a column, and their names."""
        seen = [p for p in self.scored if not np.isnan(scores[p, column])]
        headline = sum(float(scores[p, column]) for p in seen) / len(seen) if seen else None
        return headline, tuple(self.names[p] for p in seen)


@dataclass(frozen=True, eq=False)
class _Columns:
    """Figures of all criteria at once: (p, criteria), unless another shape is given.

    respondent_scores: (n, criteria). answered, applicable, unknown (don't know): cells, of those that may be counted.
    """

    scores: Floats
    people: Ints
    ad_m: Floats
    consensus: Floats
    answered: Ints
    applicable: Ints
    unknown: Ints
    respondent_scores: Floats


def _columns(survey: _Survey) -> _Columns:
    members = membership(survey.pack)
    view, table = survey.view, survey.table
    answered_by_person = totals(view.used, members)
    possible = totals(applicable(table) & view.counted, members)
    unknown = totals((table.values == DK) & view.counted, members)

    def by_perspective(cells: Floats) -> Ints:
        rows = [cells[at].sum(axis=0) for at in survey.rows]
        return np.array(rows).round().astype(np.int64)

    return _Columns(
        scores=survey.scores(members, may_be_short=False),
        people=by_perspective((answered_by_person > 0).astype(np.float64)),
        ad_m=_mean_over_items(agreement.ad_m(survey.counts), members),
        consensus=_mean_over_items(agreement.consensus(survey.counts), members),
        answered=by_perspective(answered_by_person),
        applicable=by_perspective(possible),
        unknown=by_perspective(unknown),
        respondent_scores=survey.respondent_scores(members),
    )


def _mean_over_items(values: Floats, members: Floats) -> Floats:
    present = ~np.isnan(values)
    n = present @ members
    return _divided(np.where(present, values, 0.0) @ members, n, n > 0)


def _divided(above: Floats, below: Floats, where: Bools) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(below.shape, np.nan), where=where), dtype=np.float64)


def _criteria(survey: _Survey, weight: Mapping[str, int], target: Mapping[str, float]) -> tuple[CriterionScore, ...]:
    columns = _columns(survey)
    return tuple(
        _criterion(survey, columns, place, criterion.id, weight[criterion.id], float(target[criterion.id]))
        for place, criterion in enumerate(survey.pack.criteria)
    )


def _criterion(
    survey: _Survey, columns: _Columns, column: int, criterion_id: str, weight: int, target: float
) -> CriterionScore:
    headline, seen_from = survey.combined(columns.scores, column)
    perspectives = _perspectives(survey, columns, column)
    seen = [p for p in survey.scored if survey.names[p] in seen_from]
    values = [float(columns.scores[p, column]) for p in seen]
    people = [int(columns.people[p, column]) for p in seen]
    answered = int(columns.answered[survey.scored, column].sum())
    possible = int(columns.applicable[survey.scored, column].sum())
    gap = None if headline is None else max(0.0, target - headline)
    consultant = perspectives.get(CONSULTANT)
    outside = None if consultant is None else consultant.score
    return CriterionScore(
        id=criterion_id,
        score=headline,
        index=None if headline is None else index(headline),
        level=None if headline is None else level(headline),
        target=target,
        gap=gap,
        weight=weight,
        priority=None if gap is None else weight * gap,
        dk_share=int(columns.unknown[survey.scored, column].sum()) / possible if possible else None,
        answered=answered,
        applicable=possible,
        coverage=answered / possible if possible else None,
        score_range=(min(values), max(values)) if values else None,
        pooled=sum(n * v for n, v in zip(people, values, strict=True)) / sum(people) if values else None,
        seen_from=() if survey.mode == "consensus" else seen_from,
        perspectives=perspectives,
        perception_gap=_perception_gaps(survey, columns, column),
        consultant_gap=None if outside is None or headline is None else outside - headline,
    )


def _perspectives(survey: _Survey, columns: _Columns, column: int) -> dict[str, PerspectiveScore]:
    if survey.mode == "consensus":
        return {}
    return {name: _perspective(survey, columns, p, column) for p, name in enumerate(survey.names) if survey.people[p]}


def _perspective(survey: _Survey, columns: _Columns, p: int, column: int) -> PerspectiveScore:
    value, n = optional(columns.scores[p, column]), int(columns.people[p, column])
    if survey.names[p] == CONSULTANT:
        return PerspectiveScore(n, value, None, None, None, None, hidden=False)
    if value is None and survey.anonymous:
        return PerspectiveScore(None, None, None, None, None, None, hidden=True)
    scores = _scores_of(survey, columns, p, column)
    agreeing = not survey.anonymous or n >= survey.k
    possible = int(columns.applicable[p, column])
    enough = len(scores) >= _interval_n(survey)
    return PerspectiveScore(
        n=n,
        score=value,
        ci95=t_interval(scores, value) if value is not None and enough else None,
        ad_m=optional(columns.ad_m[p, column]) if agreeing else None,
        consensus=optional(columns.consensus[p, column]) if agreeing else None,
        coverage=int(columns.answered[p, column]) / possible if possible else None,
        hidden=False,
        spread=spread(scores) if value is not None and enough else None,
        dk_share=int(columns.unknown[p, column]) / possible if possible and agreeing else None,
    )


def _perception_gaps(survey: _Survey, columns: _Columns, column: int) -> dict[str, PerceptionGap]:
    if survey.mode == "consensus":
        return {}
    leaders = survey.names.index("leadership")
    gaps = {}
    for p in survey.scored:
        delta = optional(columns.scores[leaders, column] - columns.scores[p, column])
        if p == leaders or delta is None:
            continue
        first, second = _scores_of(survey, columns, leaders, column), _scores_of(survey, columns, p, column)
        enough = min(len(first), len(second)) >= _interval_n(survey)
        welch = welch_interval(first, second, delta) if enough else None
        gaps[survey.names[p]] = PerceptionGap(delta, _gap_band(delta), welch)
    return gaps


def _gap_band(delta: float) -> GapBand:
    notable, large = GAP_CUTS
    if abs(delta) >= large - SLACK:
        return "large"
    return "notable" if abs(delta) >= notable - SLACK else "small"


def _scores_of(survey: _Survey, columns: _Columns, p: int, column: int) -> Floats:
    scores = columns.respondent_scores[survey.rows[p], column]
    present: Floats = scores[~np.isnan(scores)]
    return present


def _interval_n(survey: _Survey) -> int:
    return max(CI_N, survey.k) if survey.anonymous else CI_N


def _subscales(survey: _Survey) -> tuple[SubscaleScore, ...]:
    scores = survey.scores(subscale_membership(survey.pack), may_be_short=True)
    combined = [survey.combined(scores, column) for column in range(scores.shape[1])]
    return tuple(
        SubscaleScore(name, value, () if survey.mode == "consensus" else seen_from)
        for name, (value, seen_from) in zip(survey.pack.subscales, combined, strict=True)
    )


def _items(survey: _Survey) -> tuple[ItemStatistics, ...]:
    counts = survey.counts[survey.scored].sum(axis=0)
    means, splits = agreement.mean(counts), agreement.split(counts)
    figures = np.array([f(counts) for f in (agreement.ad_m, agreement.rwg, agreement.rwg_star, agreement.consensus)])
    if survey.anonymous:
        figures[:, counts.sum(axis=1) < survey.k] = np.nan
    statistics = []
    for i, item in enumerate(survey.pack.items):
        n = int(counts[i].sum())
        band = _same_answer_band(counts[i]) if survey.anonymous else None
        tells_too_much = survey.anonymous and (n < 2 * survey.k or band is not None)
        ad_m, rwg, rwg_star, consensus = (optional(value) for value in figures[:, i])
        statistics.append(
            ItemStatistics(
                id=item.id,
                criterion=item.criterion,
                n=n,
                mean=None if band else optional(means[i]),
                band=band,
                ad_m=ad_m,
                rwg=rwg,
                rwg_star=rwg_star,
                consensus=consensus,
                split=bool(splits[i]),
                distribution=None if n == 0 or tells_too_much else tuple(int(c) for c in counts[i]),
                perspective_means={
                    name: optional(survey.item_means[p, i])
                    for p, name in enumerate(survey.names)
                    if survey.people[p] and name != _TEAM
                },
            )
        )
    return tuple(statistics)


def _same_answer_band(counts: Ints) -> str | None:
    """The band of the one answer everybody gave; None when answers differ or there are none."""
    given = np.flatnonzero(counts)
    if len(given) != 1:
        return None
    answer = int(given[0]) + 1
    if answer >= 4:
        return ">=4"
    return "<=2" if answer <= 2 else "3"
