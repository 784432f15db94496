"""What changed between two measurements of one organisation. Source: method §3.8 and §8.3.

Measurements are separate surveys: people are not linked, so groups are compared by their published means. Everything
here is worked out from two published results, so it says nothing about a group that one of them may not show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from assessment.config import CHANGE_MIN, CHANGE_SD
from assessment.scoring.anonymity import Group, check_differencing, publication, published_sets
from assessment.scoring.answers import CONSULTANT, PROTECTED, SLACK, AnswerTable, Bools
from assessment.scoring.intervals import Spread, quantile
from assessment.scoring.result import CriterionScore, PerspectiveScore, Result

Verdict = Literal["clear", "within", "indicated", "descriptive"]
Missing = Literal["not_assessed", "no_common_view", "other_questions"]

_SCALE: Final = 4.0  # from 1 to 5: a band as wide as the scale says nothing


@dataclass(frozen=True)
class Noise:
    """How large a difference chance alone gives: half of the 95 % interval, in levels.

    measured: from the spread of respondent scores in both measurements (Welch); else from the number of people and a
    spread of CHANGE_SD, which is an assumption.
    """

    half_width: float
    measured: bool


@dataclass(frozen=True)
class ViewChange:
    """One perspective on one criterion, or the team of consensus mode. n_first and n_last: its people."""

    first: float
    last: float
    delta: float
    n_first: int | None
    n_last: int | None
    noise: Noise | None
    verdict: Verdict


@dataclass(frozen=True)
class CriterionChange:
    """One criterion, seen from the perspectives that have a score in both measurements, which weigh equally.

    first, last, delta: None for a reason (`missing`). noise: of the mean over those perspectives; None when one of them
    is too small even for an assumption. views: by perspective, those in both. only_first, only_last: perspectives with
    a score in one measurement alone, left out of both figures. added, removed: questions asked in one alone; the
    verdict is then descriptive, since the questions may be what changed.
    """

    id: str
    first: float | None
    last: float | None
    delta: float | None
    noise: Noise | None
    verdict: Verdict | None
    missing: Missing | None
    views: Mapping[str, ViewChange]
    only_first: tuple[str, ...]
    only_last: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Two measurements side by side.

    reworded: the questionnaire's content differs, also where the questions have the same ids. groups_first and
    groups_last: who was measured; the same people are never linked, so these are all that can be compared.
    """

    criteria: tuple[CriterionChange, ...]
    reworded: bool
    groups_first: tuple[Group, ...]
    groups_last: tuple[Group, ...]
    left_out_first: tuple[Group, ...]
    left_out_last: tuple[Group, ...]

    def criterion(self, criterion_id: str) -> CriterionChange:
        """The change of this criterion. Raises: KeyError."""
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise KeyError(criterion_id)


def change(first: Result, last: Result, *, reworded: bool = False) -> Change:
    """The change of every criterion that both results have, in the later one's order.

    reworded: the measurements' frozen questionnaires differ, although both are scored by today's.
    """
    before = {c.id: c for c in first.criteria}
    return Change(
        criteria=tuple(_criterion(before[c.id], c, first, last) for c in last.criteria if c.id in before),
        reworded=reworded or first.pack_hash != last.pack_hash,
        groups_first=first.published_groups,
        groups_last=last.published_groups,
        left_out_first=first.left_out,
        left_out_last=last.left_out,
    )


def detectable(n_first: int, n_last: int) -> float | None:
    """The smallest change that two unlinked groups of this size can tell from chance, at a spread of CHANGE_SD.

    None where the groups are too small to tell any: under three people in all, or a band as wide as the scale.
    Source: method §8.3 (n = 8 each gives 0.64).
    """
    noise = _noise([_assumed(n_first, n_last)])
    return None if noise is None else noise.half_width


def check_waves(first: AnswerTable, last: AnswerTable, *, k: int, by_team: tuple[bool, bool] = (False, False)) -> None:
    """Nothing, unless one measurement holds the rows of the other but for 1 to k-1 protected people.

    Two real measurements never do, but an answer file that is read in twice, the second time with somebody added or
    taken out, would give that person away by subtraction. Rows alike in role and every answer count as one person's.
    by_team: of each measurement. Raises: DisclosureError. Source: method §3.8 rule 4.
    """
    where: dict[tuple[str, bytes, int], int] = {}
    places = [_places(table, where) for table in (first, last)]
    protected = np.array([role in PROTECTED for role, _, _ in where], dtype=np.bool_)
    sets = [
        _published(table, at, len(where), k, teams)
        for table, at, teams in zip((first, last), places, by_team, strict=True)
    ]
    for column in range(first.values.shape[1]):
        check_differencing(np.vstack([s[:, :, column] for s in sets]), protected, k)


def _places(table: AnswerTable, where: dict[tuple[str, bytes, int], int]) -> list[int]:
    """Each row's person among those of both tables; of several rows alike in one table, each is somebody else."""
    seen: dict[tuple[str, bytes], int] = {}
    places = []
    for role, values in zip(table.roles, table.values, strict=True):
        row = (str(role), values.tobytes())
        seen[row] = seen.get(row, 0) + 1
        places.append(where.setdefault((*row, seen[row]), len(where)))
    return places


def _published(table: AnswerTable, places: list[int], people: int, k: int, by_team: bool) -> Bools:
    """(perspectives and all, people of both tables, items): whose answers a published number of an item rests on."""
    own = published_sets(table, publication(table, mode="anonymous", k=k, by_team=by_team))
    sets = np.zeros((own.shape[0], people, own.shape[2]), dtype=np.bool_)
    sets[:, places] = own
    return sets


def _criterion(before: CriterionScore, now: CriterionScore, first: Result, last: Result) -> CriterionChange:
    asked = [[i.id for i in result.items if i.criterion == now.id] for result in (first, last)]
    added = tuple(i for i in asked[1] if i not in asked[0])
    removed = tuple(i for i in asked[0] if i not in asked[1])
    alike = not added and not removed
    missing = _missing(before, now, shared=len(added) < len(asked[1]))
    views = {} if missing else _views(before, now, alike)
    start, end = _mean([view.first for view in views.values()]), _mean([view.last for view in views.values()])
    delta = None if start is None or end is None else end - start
    noise = _combined(before, now, list(views))
    return CriterionChange(
        id=now.id,
        first=start,
        last=end,
        delta=delta,
        noise=noise,
        verdict=None if delta is None else _verdict(delta, noise, alike),
        missing=missing,
        views=views,
        only_first=tuple(name for name in before.seen_from if name not in now.seen_from),
        only_last=tuple(name for name in now.seen_from if name not in before.seen_from),
        added=added,
        removed=removed,
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _missing(before: CriterionScore, now: CriterionScore, *, shared: bool) -> Missing | None:
    if not shared:
        return "other_questions"
    if before.score is None or now.score is None:
        return "not_assessed"
    both = set(before.seen_from) & set(now.seen_from)
    # the team of consensus mode has a score that is seen from nowhere in particular
    return None if both or not (before.seen_from or now.seen_from) else "no_common_view"


def _views(before: CriterionScore, now: CriterionScore, alike: bool) -> dict[str, ViewChange]:
    if not now.seen_from and before.score is not None and now.score is not None:
        delta = now.score - before.score
        return {"team": ViewChange(before.score, now.score, delta, None, None, None, "descriptive")}
    views = {}
    for name in now.seen_from:
        if name in before.seen_from and name != CONSULTANT:
            one, other = before.perspectives[name], now.perspectives[name]
            delta = (other.score or 0.0) - (one.score or 0.0)
            noise = _combined(before, now, [name])
            verdict = _verdict(delta, noise, alike)
            views[name] = ViewChange(one.score or 0.0, other.score or 0.0, delta, one.n, other.n, noise, verdict)
    return views


def _verdict(delta: float, noise: Noise | None, alike: bool) -> Verdict:
    if noise is None or not alike:
        return "descriptive"
    if abs(delta) <= noise.half_width + SLACK:
        return "within"
    if noise.measured:
        return "clear"
    return "indicated" if abs(delta) >= CHANGE_MIN - SLACK else "within"


@dataclass(frozen=True)
class _Error:
    """The squared standard error of one perspective's difference, with its degrees of freedom."""

    squared: float
    df: float
    measured: bool


def _combined(before: CriterionScore, now: CriterionScore, names: list[str]) -> Noise | None:
    """The noise of the mean difference of some perspectives, all of which weigh the same."""
    known = [name for name in names if name in before.perspectives and name in now.perspectives]
    return _noise([_error(before.perspectives[name], now.perspectives[name]) for name in known]) if known else None


def _error(one: PerspectiveScore, other: PerspectiveScore) -> _Error | None:
    """Measured where both spreads are (Welch), else assumed from the numbers of people; None under three in all."""
    if one.spread is not None and other.spread is not None:
        return _measured(one.spread, other.spread)
    return _assumed(one.n or 0, other.n or 0)


def _measured(one: Spread, other: Spread) -> _Error:
    squared = one.squared_error + other.squared_error
    doubt = sum(s.squared_error**2 / (s.n - 1) for s in (one, other))
    return _Error(squared, squared**2 / doubt if doubt else float(one.n + other.n - 2), measured=True)


def _assumed(one: int, other: int) -> _Error | None:
    if not one or not other or one + other < 3:
        return None
    return _Error(CHANGE_SD**2 * (1 / one + 1 / other), one + other - 2, measured=False)


def _noise(errors: list[_Error | None]) -> Noise | None:
    """Half of the 95 % interval of the mean of the differences, its degrees of freedom those of Satterthwaite."""
    known = [error for error in errors if error is not None]
    if not known or len(known) < len(errors):
        return None
    measured, squared = all(error.measured for error in known), sum(error.squared for error in known)
    if squared == 0:
        return Noise(0.0, measured)
    df = squared**2 / sum(error.squared**2 / error.df for error in known)
    half = quantile(df) * squared**0.5 / len(known)
    return Noise(half, measured) if half < _SCALE else None
