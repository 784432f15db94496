"""What careless answers do to a result: those that are left out, and the line with and without the flagged.

Source: method §3.9. The result with and without the flagged are two published sets, so the line is shown only when
nobody can be read out of the difference (method §3.8 rule 4).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from assessment.packs import Pack
from assessment.scoring.anonymity import DisclosureError, check_differencing, publication, published_sets
from assessment.scoring.answers import PROTECTED, AnswerTable, Bools, Floats, Mode
from assessment.scoring.carelessness import flags_of_pages
from assessment.scoring.result import Result
from assessment.scoring.score import score


@dataclass(frozen=True, eq=False)
class Screened:
    """The answers that count.

    table: without those of the excluded. flagged: (n,), who of the others shows a sign of careless answering; never
    shown per person. excluded: how many are left out.
    """

    table: AnswerTable
    flagged: Bools
    excluded: int

    @property
    def unflagged(self) -> AnswerTable:
        """The table without the flagged."""
        return self.table.select(~self.flagged)


@dataclass(frozen=True)
class Without:
    """The result without the flagged, as far as it compares with the one that is shown.

    criteria: score by id; None when it is not seen from the same perspectives any more, since what changes then is who
    is asked and not how they answer. overall: None when a criterion behind it is. largest: the largest change of a
    criterion, in levels.
    """

    overall: float | None
    criteria: Mapping[str, float | None]
    largest: float


@dataclass(frozen=True)
class Sensitivity:
    """What careless answering does to a result.

    flagged: how many people; None when between 1 and k-1. excluded: how many are left out of every number, exact, as
    the sizes of the groups tell it anyway. without: None when nobody is flagged, when it would single somebody out, or
    when nothing can be compared.
    """

    flagged: int | None
    excluded: int
    without: Without | None


def screened(table: AnswerTable, pack: Pack, page_seconds: Floats, *, mode: Mode) -> Screened:
    """The answers that count, and whom the line with and without is about: nobody where one person or a team answers.

    Excluded are those of method §3.9, whatever their role. Flagged are F1 (a page under 2 s an item), F2 (a long run)
    and F3 (half without a value). F1s is not: a quick reader passes under a quarter of the expected time too, and the
    stored times are too coarse to tell. Nor are those who gave no 1..5, since there is nothing of theirs to take out.
    The consultant is neither excluded nor flagged: one known person, who is in no mean.
    page_seconds: as in `flags_of_pages`.
    """
    if mode != "anonymous":
        return Screened(table, np.zeros(table.respondents, dtype=np.bool_), 0)
    found = flags_of_pages(table, pack, page_seconds)
    respondent = table.roles != "K"
    excluded = found.excluded & respondent
    signs = found.hard_fast | found.longstring | found.unanswered
    flagged = signs & respondent & table.answered.any(axis=1)
    return Screened(table.select(~excluded), flagged[~excluded], int(excluded.sum()))


def sensitivity(kept: Screened, result: Result, pack: Pack, *, by_team: bool = False) -> Sensitivity:
    """What the flagged do to an anonymous survey's result, which is that of `kept.table`."""
    flagged = int(kept.flagged.sum())
    if flagged < result.k:
        return Sensitivity(None if flagged else 0, kept.excluded, None)
    without = None
    with suppress(DisclosureError):
        check_line(kept, k=result.k, by_team=by_team)
        without = _without(kept, result, pack, by_team)
    return Sensitivity(flagged, kept.excluded, without)


def check_line(kept: Screened, *, k: int, by_team: bool = False) -> None:
    """Nothing, when the results with and without the flagged may both be shown.

    For every item the answers that are used differ by those of no or at least k protected people. Without the flagged
    no answer may come into use that was not: of two sets that overlap, the difference speaks of those in either. Fewer
    than k flagged people of open roles are refused as well: their mean may be known, but not that they were careless.
    Raises: DisclosureError. Source: method §3.8 rule 4 and §3.9.
    """
    table, protected = kept.table, np.isin(kept.table.roles, PROTECTED)
    if 0 < (kept.flagged & ~protected).sum() < k:
        raise DisclosureError(f"fewer than {k} people of open roles are flagged")
    shown = published_sets(table, publication(table, mode="anonymous", k=k, by_team=by_team))
    rest = kept.unflagged
    without = np.zeros_like(shown)
    without[:, ~kept.flagged] = published_sets(rest, publication(rest, mode="anonymous", k=k, by_team=by_team))
    if (without & ~shown).any():
        raise DisclosureError("without the flagged, people would be grouped in another way")
    for column in range(shown.shape[2]):
        check_differencing(np.vstack([shown[:, :, column], without[:, :, column]]), protected, k)


def _without(kept: Screened, result: Result, pack: Pack, by_team: bool) -> Without | None:
    weights = {c.id: c.weight for c in result.criteria}
    other = score(kept.unflagged, pack, mode="anonymous", k=result.k, weights=weights, by_team=by_team)
    pairs = [(c, other.criterion(c.id)) for c in result.criteria]
    alike = [(c, again) for c, again in pairs if again.seen_from == c.seen_from]
    changes = [abs(again.score - c.score) for c, again in alike if c.score is not None and again.score is not None]
    if not changes:
        return None
    return Without(
        overall=other.overall.score if len(alike) == len(pairs) else None,
        criteria=dict.fromkeys((c.id for c in result.criteria), None) | {c.id: again.score for c, again in alike},
        largest=max(changes),
    )
