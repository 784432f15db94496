"""What scoring a survey gives, and the same as the document of the headless `score` command.

`None` always means "not assessed". Scores are 1 to 5, shares 0 to 1, deviations in maturity levels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assessment.scoring.anonymity import Group
from assessment.scoring.answers import CONSULTANT, Mode
from assessment.scoring.intervals import Interval, Spread, WelchInterval
from assessment.scoring.levels import Overall

GapBand = Literal["small", "notable", "large"]


@dataclass(frozen=True)
class PerspectiveScore:
    """One perspective on one criterion.

    n: its people with a used answer. ad_m and consensus: mean over its items. coverage: used answers ÷ applicable.
    hidden: too few people or answers to be shown; everything else is then None. spread: of its respondent scores, where
    there is a `ci95`; for comparing measurements, not for display.
    """

    n: int | None
    score: float | None
    ci95: Interval | None
    ad_m: float | None
    consensus: float | None
    coverage: float | None
    hidden: bool
    spread: Spread | None = None
    dk_share: float | None = None


@dataclass(frozen=True)
class PerceptionGap:
    """Leadership minus another perspective; without an interval the difference is descriptive."""

    delta: float
    band: GapBand
    welch: WelchInterval | None


@dataclass(frozen=True)
class CriterionScore:
    """One criterion: the headline, what it rests on, and how it is seen.

    score: mean of the perspectives that have one (`seen_from`). score_range: lowest and highest of them, the headline's
    statement of uncertainty. pooled: mean weighted by people, for the details. answered, applicable, coverage and
    dk_share: over all respondents but the consultant and those left out. perspectives: those with people, the
    consultant's last, with n and score only. consultant_gap: the consultant's score minus the headline.
    """

    id: str
    score: float | None
    index: float | None
    level: int | None
    target: float
    gap: float | None
    weight: int
    priority: float | None
    dk_share: float | None
    answered: int
    applicable: int
    coverage: float | None
    score_range: Interval | None
    pooled: float | None
    seen_from: tuple[str, ...]
    perspectives: Mapping[str, PerspectiveScore]
    perception_gap: Mapping[str, PerceptionGap]
    consultant_gap: float | None


@dataclass(frozen=True)
class SubscaleScore:
    """One sub-scale, scored as a criterion is: mean of the perspectives in `seen_from`."""

    id: str
    score: float | None
    seen_from: tuple[str, ...]


@dataclass(frozen=True)
class ItemStatistics:
    """One item over all used answers but the consultant's.

    band: ">=4", "<=2" or "3" in anonymous mode when all gave the same answer, which would tell what each one said; the
    mean is then None. distribution: how many gave 1..5; None when it would tell too much.
    perspective_means: the means that entered the criterion's score, for calculations further on, not for display.
    """

    id: str
    criterion: str
    n: int
    mean: float | None
    band: str | None
    ad_m: float | None
    rwg: float | None
    rwg_star: float | None
    consensus: float | None
    split: bool
    distribution: tuple[int, ...] | None
    perspective_means: Mapping[str, float | None]


@dataclass(frozen=True)
class Result:
    """A scored survey, with everything that pins what it was computed from.

    respondents: all rows. published_groups and left_out: see `anonymity.Publication`.
    """

    pack_id: str
    pack_version: str
    pack_hash: str
    scoring_version: str
    mode: Mode
    k: int
    respondents: int
    published_groups: tuple[Group, ...]
    left_out: tuple[Group, ...]
    criteria: tuple[CriterionScore, ...]
    subscales: tuple[SubscaleScore, ...]
    overall: Overall
    items: tuple[ItemStatistics, ...]

    def criterion(self, criterion_id: str) -> CriterionScore:
        """The criterion with this id. Raises: KeyError."""
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise KeyError(criterion_id)

    def item(self, item_id: str) -> ItemStatistics:
        """The item with this id. Raises: KeyError."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)


def document(result: Result) -> dict[str, Any]:
    """The result as the headless `score` command prints it.

    A hidden perspective keeps its keys with null in them; the consultant's has n and score only; `perception_gap` names
    only perspectives with a score; an item has the key `band` only when it has one.
    Source: headless.md, section score.
    """
    return {
        "pack": {"id": result.pack_id, "version": result.pack_version, "hash": result.pack_hash},
        "mode": result.mode,
        "k": result.k,
        "respondents": result.respondents,
        "published_groups": [_group(group) for group in result.published_groups],
        "left_out": [_group(group) for group in result.left_out],
        "criteria": [_criterion(criterion) for criterion in result.criteria],
        "subscales": {subscale.id: subscale.score for subscale in result.subscales},
        "overall": {
            "score": result.overall.score,
            "index": result.overall.index,
            "level": result.overall.level,
            "capped_by": result.overall.capped_by,
        },
        "items": [_item(item) for item in result.items],
    }


def _group(group: Group) -> dict[str, Any]:
    return {"roles": list(group.roles), "n": group.n}


def _criterion(criterion: CriterionScore) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "score": criterion.score,
        "index": criterion.index,
        "level": criterion.level,
        "target": criterion.target,
        "gap": criterion.gap,
        "weight": criterion.weight,
        "priority": criterion.priority,
        "dk_share": criterion.dk_share,
        "seen_from": list(criterion.seen_from),
        "perspectives": {name: _perspective(name, view) for name, view in criterion.perspectives.items()},
        "perception_gap": {name: gap.delta for name, gap in criterion.perception_gap.items()},
    }


def _perspective(name: str, view: PerspectiveScore) -> dict[str, Any]:
    if name == CONSULTANT:
        return {"n": view.n, "score": view.score}
    return {
        "n": view.n,
        "score": view.score,
        "ci95": None if view.ci95 is None else list(view.ci95),
        "ad_m": view.ad_m,
        "consensus": view.consensus,
        "hidden": view.hidden,
    }


def _item(item: ItemStatistics) -> dict[str, Any]:
    band = {} if item.band is None else {"band": item.band}
    return {
        "id": item.id,
        "n": item.n,
        "mean": item.mean,
        **band,
        "ad_m": item.ad_m,
        "rwg": item.rwg,
        "rwg_star": item.rwg_star,
        "consensus": item.consensus,
        "split": item.split,
    }
