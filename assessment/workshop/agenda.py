"""What a room should talk about, chosen by rule from a measurement. Source: method §8.1, §3.5, §3.6."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from assessment.config import AD_CUTS, GAP_CUTS
from assessment.scoring.result import CriterionScore, Result

TOPICS: Final = 3
_SLACK: Final = 1e-9


@dataclass(frozen=True)
class WidestGap:
    """A criterion the leadership sees otherwise than another perspective; delta: leadership minus that one."""

    criterion_id: str
    perspective: str
    delta: float


@dataclass(frozen=True)
class Topic:
    """A criterion to talk about.

    spread: mean AD_M of its items. gap: the largest perception gap, without its sign; None where there is none to see.
    """

    criterion_id: str
    spread: float
    gap: float | None

    @property
    def weight(self) -> float | None:
        """What it is ranked by: spread × gap."""
        return None if self.gap is None else self.spread * self.gap


@dataclass(frozen=True)
class Agenda:
    """What stands out in a measurement; None, or empty, where nothing may be shown that tells.

    highest, lowest: criteria. disagreement: the item with the largest AD_M. perception: the largest perception gap.
    topics: criteria by rank. suggested: the first two, and a third that calls for it. items: of each suggested
    criterion the one people disagree on most, to be voted on again.
    """

    highest: str | None
    lowest: str | None
    disagreement: str | None
    perception: WidestGap | None
    topics: tuple[Topic, ...]
    suggested: tuple[str, ...]
    items: tuple[str, ...]


def agenda(result: Result) -> Agenda:
    """What the room should talk about first.

    Criteria are ranked by spread × gap: mean AD_M of the items times the largest perception gap, so that what people
    disagree on and what leaders see otherwise come before either alone. Those without a visible gap follow, by spread;
    those without a visible spread are not ranked. The third is suggested when it is a disagreement (AD_M over 0.80) or
    a notable gap (0.75 or more) by itself. Of equals the first in the pack. Hidden figures are None and never enter.
    """
    scored = [(c.score, c.id) for c in result.criteria if c.score is not None]
    topics = tuple(sorted(filter(None, (_topic(c, result) for c in result.criteria)), key=_rank))
    suggested = tuple(t.criterion_id for n, t in enumerate(topics[:TOPICS]) if n < TOPICS - 1 or _calls(t))
    widest = [_most_disputed(result, {c}) for c in suggested]
    return Agenda(
        highest=max(scored, key=lambda s: s[0])[1] if scored else None,
        lowest=min(scored, key=lambda s: s[0])[1] if scored else None,
        disagreement=_most_disputed(result, {c.id for c in result.criteria}),
        perception=_widest(gap for c in result.criteria for gap in _gaps(c)),
        topics=topics,
        suggested=suggested,
        items=tuple(item for item in widest if item is not None),
    )


def _topic(criterion: CriterionScore, result: Result) -> Topic | None:
    spreads = [i.ad_m for i in result.items if i.criterion == criterion.id and i.ad_m is not None]
    if criterion.score is None or not spreads:
        return None
    widest = _widest(_gaps(criterion))
    return Topic(criterion.id, sum(spreads) / len(spreads), None if widest is None else abs(widest.delta))


def _gaps(criterion: CriterionScore) -> list[WidestGap]:
    return [WidestGap(criterion.id, name, gap.delta) for name, gap in criterion.perception_gap.items()]


def _widest(gaps: Iterable[WidestGap]) -> WidestGap | None:
    return max(gaps, key=lambda gap: abs(gap.delta), default=None)


def _most_disputed(result: Result, criteria: set[str]) -> str | None:
    # where all said the same there is nothing to talk about
    found = [(i.ad_m, i.id) for i in result.items if i.criterion in criteria and i.ad_m]
    return max(found, key=lambda one: one[0])[1] if found else None


def _rank(topic: Topic) -> tuple[bool, float]:
    return topic.weight is None, -(topic.spread if topic.weight is None else topic.weight)


def _calls(topic: Topic) -> bool:
    return topic.spread > AD_CUTS[1] + _SLACK or (topic.gap or 0.0) >= GAP_CUTS[0] - _SLACK
