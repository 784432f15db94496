"""What a result says first: findings by rule, so that a page only has to put words on them.

Source: method §3.4 to §3.6; how a figure is shown: the visual language, "Numbers and dates".
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from assessment.config import DK_FLAG, GAP_CUTS, LEVEL_CUTS
from assessment.packs import Pack
from assessment.scoring.agreement import agreement_band
from assessment.scoring.answers import SLACK
from assessment.scoring.levels import level
from assessment.scoring.result import CriterionScore, ItemStatistics, Result, SubscaleScore
from assessment.texts import half_up

# Share of answers from which a rung's tint deepens; our own choice for the eye, no statement about the answers.
_HEAT_CUTS: Final = (0.2, 0.4)
# The one band that names a single rung; the others cover two.
_BAND_RUNGS: Final = {"3": 3}


@dataclass(frozen=True)
class Shown:
    """A criterion's figures as printed: gap and priority follow from the printed score, so that the sums add up."""

    score: Decimal
    target: Decimal
    gap: Decimal
    priority: Decimal


@dataclass(frozen=True)
class Perception:
    """How leadership sees the criteria beside one other perspective.

    compared: how many criteria both have a score on. brighter, darker: ids of those leadership sees notably higher or
    lower, largest difference first.
    """

    other: str
    compared: int
    brighter: tuple[str, ...]
    darker: tuple[str, ...]


@dataclass(frozen=True)
class Agreement:
    """How far one perspective's answers to one criterion lie from their mean, in levels."""

    criterion: str
    perspective: str
    ad_m: float


def answered(result: Result) -> bool:
    """Whether any answer is used at all."""
    return any(c.answered for c in result.criteria)


def scored(result: Result) -> tuple[CriterionScore, ...]:
    """The criteria with a score, in the pack's order."""
    return tuple(c for c in result.criteria if c.score is not None)


def not_assessed(result: Result) -> tuple[CriterionScore, ...]:
    """The criteria without a score, in the pack's order."""
    return tuple(c for c in result.criteria if c.score is None)


def by_priority(result: Result) -> tuple[CriterionScore, ...]:
    """The scored criteria, largest weight × gap first; of equals the wider gap, then the lower score."""
    return tuple(sorted(scored(result), key=lambda c: (-(c.priority or 0.0), -(c.gap or 0.0), c.score)))


def leading_gap(result: Result) -> CriterionScore | None:
    """The criterion to lift first, or None when no weighted criterion is under its target."""
    first = next(iter(by_priority(result)), None)
    return first if first is not None and first.priority else None


def wider_gap(result: Result, leading: CriterionScore) -> CriterionScore | None:
    """The criterion farther from its target than the leading one, which weighs more; None when there is none."""
    widest = max((c for c in scored(result) if c.weight), key=lambda c: c.gap or 0.0, default=leading)
    return widest if (widest.gap or 0.0) > (leading.gap or 0.0) + SLACK else None


def nearest_target(result: Result) -> tuple[CriterionScore, ...]:
    """The scored criteria, smallest gap first; of equals the higher score."""
    return tuple(sorted(scored(result), key=lambda c: (c.gap or 0.0, -(c.score or 0.0))))


def lowest_first(result: Result) -> tuple[CriterionScore, ...]:
    """The scored criteria, lowest score first."""
    return tuple(sorted(scored(result), key=lambda c: c.score or 0.0))


def by_difference(result: Result) -> tuple[CriterionScore, ...]:
    """All criteria in the order a profile is read: largest difference of view first, without any nearest target first.

    Criteria without a score come last.
    """
    if perception(result) is None:
        return (*nearest_target(result), *not_assessed(result))
    apart = {c.id: max((abs(g.delta) for g in c.perception_gap.values()), default=0.0) for c in result.criteria}
    return tuple(sorted(result.criteria, key=lambda c: (c.score is None, -apart[c.id])))


def on_target(result: Result) -> tuple[CriterionScore, ...]:
    """The scored criteria at or above their target."""
    return tuple(c for c in scored(result) if not c.gap)


def lowest(result: Result) -> tuple[CriterionScore, ...]:
    """The criteria that share the lowest score, in the pack's order; all of them when they score alike."""
    least = min((c.score or 0.0 for c in scored(result)), default=0.0)
    return tuple(c for c in scored(result) if (c.score or 0.0) <= least + SLACK)


def weighs_most(result: Result, criterion: CriterionScore) -> bool:
    """Whether a criterion carries the largest weight, others less."""
    weights = {c.weight for c in result.criteria}
    return len(weights) > 1 and criterion.weight == max(weights)


def weights_differ(result: Result) -> bool:
    """Whether the scored criteria that count do so unequally."""
    return len({c.weight for c in scored(result) if c.weight}) > 1


def seen_only_from(result: Result) -> str | None:
    """The one perspective that every scored criterion is seen from; None when there are several, or none."""
    seen = {name for c in scored(result) for name in c.seen_from}
    return next(iter(seen)) if len(seen) == 1 else None


def hidden_perspectives(result: Result) -> dict[str, tuple[str, ...]]:
    """By perspective, the ids of the criteria on which it has people but is hidden."""
    names = dict.fromkeys(name for c in result.criteria for name, view in c.perspectives.items() if view.hidden)
    return {n: tuple(c.id for c in result.criteria if n in c.perspectives and c.perspectives[n].hidden) for n in names}


def perspectives_present(result: Result) -> tuple[str, ...]:
    """The perspectives with people in them, the consultant's last."""
    return tuple(dict.fromkeys(name for c in result.criteria for name in c.perspectives))


def answered_share(result: Result) -> float | None:
    """Share of all applicable questions that have an answer on the scale; None when none apply."""
    applicable = sum(c.applicable for c in result.criteria)
    return sum(c.answered for c in result.criteria) / applicable if applicable else None


def as_shown(criterion: CriterionScore, digits: int = 1) -> Shown:
    """The figures of a scored criterion as a reader can check them: 4.0 − 1.8 = 2.2, though the exact gap is 2.25.

    Raises: ValueError for a criterion without a score.
    """
    if criterion.score is None:
        raise ValueError(f"criterion '{criterion.id}' has no score")
    score, target = half_up(criterion.score, digits), half_up(criterion.target, digits)
    gap = max(Decimal(0), target - score)
    return Shown(score, target, gap, gap * criterion.weight)


def perception(result: Result) -> Perception | None:
    """Leadership beside the perspective it differs most from; of equals the one compared first. None without two."""
    names = dict.fromkeys(name for c in result.criteria for name in c.perception_gap)
    found = [_perception(result, name) for name in names]
    return max(found, key=lambda p: len(p.brighter) + len(p.darker), default=None)


def _perception(result: Result, other: str) -> Perception:
    deltas = {c.id: c.perception_gap[other].delta for c in result.criteria if other in c.perception_gap}
    order = sorted(deltas, key=lambda c: -abs(deltas[c]))
    notable = [c for c in order if abs(deltas[c]) >= GAP_CUTS[0] - SLACK]
    return Perception(
        other=other,
        compared=len(deltas),
        brighter=tuple(c for c in notable if deltas[c] > 0),
        darker=tuple(c for c in notable if deltas[c] < 0),
    )


def notable_difference(criterion: CriterionScore) -> str | None:
    """The perspective leadership differs most from on a criterion, when the difference is notable."""
    gaps = criterion.perception_gap
    most = max(gaps, key=lambda name: abs(gaps[name].delta), default=None)
    return most if most is not None and gaps[most].band != "small" else None


def outsider(result: Result) -> CriterionScore | None:
    """The criterion on which the consultant differs most from the organisation, when the difference is notable."""
    seen = [c for c in result.criteria if c.consultant_gap is not None]
    most = max(seen, key=lambda c: abs(c.consultant_gap or 0.0), default=None)
    return most if most is not None and abs(most.consultant_gap or 0.0) >= GAP_CUTS[0] - SLACK else None


def lowest_subscale(result: Result) -> SubscaleScore | None:
    """The sub-scale with the lowest score."""
    return min((s for s in result.subscales if s.score is not None), key=lambda s: s.score or 0.0, default=None)


def subscales_even(result: Result) -> bool:
    """Whether every scored sub-scale has the same score, so that none is the lowest."""
    known = [s.score for s in result.subscales if s.score is not None]
    return bool(known) and max(known) - min(known) <= SLACK


def agreement(result: Result) -> tuple[Agreement, ...]:
    """How far apart each group's answers lie, where it may be told; farthest first."""
    known = [
        Agreement(c.id, name, p.ad_m)
        for c in result.criteria
        for name, p in c.perspectives.items()
        if p.ad_m is not None
    ]
    return tuple(sorted(known, key=lambda a: -a.ad_m))


def disagrees(one: Agreement) -> bool:
    """Whether the answers lie more than the published cut apart, too far to be one view."""
    return agreement_band(one.ad_m) == "disagreement"


def split_items(result: Result) -> tuple[ItemStatistics, ...]:
    """The items on which many answer low and many high, in the pack's order."""
    return tuple(i for i in result.items if i.split)


def much_unknown(result: Result) -> tuple[CriterionScore, ...]:
    """The criteria with so many "don't know" that this is a finding of its own, most first."""
    flagged = [c for c in result.criteria if c.dk_share is not None and c.dk_share >= DK_FLAG - SLACK]
    return tuple(sorted(flagged, key=lambda c: -(c.dk_share or 0.0)))


def items_of(result: Result, criterion_id: str) -> tuple[ItemStatistics, ...]:
    """The items of a criterion, in the pack's order."""
    return tuple(i for i in result.items if i.criterion == criterion_id)


def weakest_item(result: Result, criterion_id: str) -> ItemStatistics | None:
    """The item of a criterion with the lowest mean; None when none has one."""
    known = [i for i in items_of(result, criterion_id) if i.mean is not None]
    return min(known, key=lambda i: i.mean or 0.0, default=None)


def lowest_items(result: Result, most: int) -> tuple[ItemStatistics, ...]:
    """The items with the lowest means, lowest first, below the top rung."""
    below = [i for i in result.items if i.mean is not None and level(i.mean) < len(LEVEL_CUTS) + 1]
    return tuple(sorted(below, key=lambda i: i.mean or 0.0)[:most])


def rung(item: ItemStatistics) -> int | None:
    """The level nearest an item's mean; None without one, or where a band hides it."""
    if item.mean is not None:
        return level(item.mean)
    return _BAND_RUNGS.get(item.band or "")


def next_rung(pack: Pack, at: int) -> int | None:
    """The next level a pack describes, or None at the top."""
    return next((step for step in pack.anchored if step > at), None)


def shares(item: ItemStatistics) -> tuple[float, ...] | None:
    """Share of the answers on each of the five levels, in whole per cent that add up to 100 as they are shown.

    None where the distribution may not be told. What rounding down loses goes to those that lost most.
    """
    if item.distribution is None:
        return None
    whole = [100 * count // item.n for count in item.distribution]
    lost = [100 * count % item.n for count in item.distribution]
    for level_index in sorted(range(len(whole)), key=lambda i: -lost[i])[: 100 - sum(whole)]:
        whole[level_index] += 1
    return tuple(percent / 100 for percent in whole)


def heat(share: float) -> int:
    """How deep a rung is tinted for its share of the answers, 0 to 3."""
    return 1 + sum(share >= cut for cut in _HEAT_CUTS) if share else 0
