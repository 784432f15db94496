"""Use cases of the reaction to a training: what those trained say on its last day, and what is in their way."""

from dataclasses import dataclass
from typing import Final

from assessment.engagement import EngagementId, Wave, WaveAnswers
from assessment.guard import requires
from assessment.packs import Pack, builtin
from assessment.results import table_of
from assessment.scoring.result import ItemStatistics
from assessment.scoring.score import score
from assessment.use_cases import UseCases

OBSTACLES: Final = "obstacles"
# with a mean from here up, at least half say that it hinders them: the others add 1 each, and those no more than 5
_HALF_NAME_IT: Final = 3.0
# the least mean where all gave the same answer and only its band may be told
_BANDS: Final = {">=4": 4.0, "3": 3.0, "<=2": 1.0}


@dataclass(frozen=True)
class Obstacle:
    """Something that may keep those trained from using it.

    named: how many of `item.n` say it hinders them, if only a little; None where it would tell too much.
    """

    item: ItemStatistics
    named: int | None

    @property
    def common(self) -> bool:
        """Whether at least half are known to name it."""
        if self.named is not None:
            return 2 * self.named >= self.item.n
        return _least_mean(self.item) >= _HALF_NAME_IT


@dataclass(frozen=True)
class Reaction:
    """What those trained answered in the latest round right after a training; it never enters a maturity score.

    answered: how many. said: what it was worth and when they will use it, in the order asked. obstacles: most in the
    way first. hidden: questions that too few answered to be shown. All three are empty while the round is open.
    """

    wave: Wave
    pack: Pack
    answered: int
    said: tuple[ItemStatistics, ...]
    obstacles: tuple[Obstacle, ...]
    hidden: tuple[ItemStatistics, ...]


class Reactions(UseCases):
    """What those trained say of a training."""

    @requires("read")
    def reaction(self, engagement_id: EngagementId) -> Reaction | None:
        """The latest reaction to a training, as far as it may be shown; None where nobody was asked.

        While it is open its answers are not even read: how many there are is all (method §3.8.5).
        Source: method §8.3.
        """
        waves = self._store.waves(self.engagement(engagement_id).id)
        wave = next((wave for wave in reversed(waves) if not wave.measures_maturity), None)
        if wave is None:
            return None
        pack = builtin(wave.pack_id)
        answered = sum(count.responses for count in self._store.progress(wave.id) if count.answered)
        items = () if wave.closed_at is None else _items(wave, pack, self._store.wave_answers(wave.id, pages_under_s=0))
        shown = [item for item in items if item.n]
        obstacles = [Obstacle(item, _named(item)) for item in shown if item.criterion == OBSTACLES]
        return Reaction(
            wave=wave,
            pack=pack,
            answered=answered,
            said=tuple(item for item in shown if item.criterion != OBSTACLES),
            obstacles=tuple(sorted(obstacles, key=_weight, reverse=True)),
            hidden=tuple(item for item in items if not item.n),
        )


def _items(wave: Wave, pack: Pack, given: WaveAnswers) -> tuple[ItemStatistics, ...]:
    """The questions as any survey's are published. Nobody is screened: one page shows no sign of careless answering."""
    table = table_of("anonymous", pack, given, given.answers)
    return score(table, pack, mode="anonymous", k=wave.k, by_team=wave.by_team).items


def _named(item: ItemStatistics) -> int | None:
    return None if item.distribution is None else item.n - item.distribution[0]


def _least_mean(item: ItemStatistics) -> float:
    return _BANDS[item.band] if item.mean is None and item.band else item.mean or 0.0


def _weight(obstacle: Obstacle) -> tuple[float, float]:
    """The share that names it, or the least it can be where that is all that may be told; then the mean."""
    item, named = obstacle.item, obstacle.named
    mean = _least_mean(item)
    return (mean - 1) / 4 if named is None else named / item.n, mean
