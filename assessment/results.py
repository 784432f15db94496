"""A measurement scored: what the answers of a wave say, and what changed between two waves."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from typing import Final

from assessment.engagement import (
    RETROSPECTIVE,
    Answer,
    Cells,
    CriterionSetting,
    Engagement,
    EngagementId,
    ItemId,
    Mode,
    View,
    Wave,
    WaveAnswers,
)
from assessment.guard import requires
from assessment.packs import Pack, Role, builtin
from assessment.scoring.anonymity import DisclosureError
from assessment.scoring.answers import AnswerTable, stored_table
from assessment.scoring.carelessness import flags_of_pages, slow_from_s, stored_seconds
from assessment.scoring.change import Change, change, check_waves
from assessment.scoring.result import Result
from assessment.scoring.retrospective import Then, thens
from assessment.scoring.score import score
from assessment.scoring.sensitivity import Screened, Sensitivity, screened, sensitivity
from assessment.store.protocol import NotFound
from assessment.use_cases import UseCases

_NONE: Final = Cells((), ())
_NOBODY: Final = WaveAnswers((), (), (), _NONE, _NONE)


@dataclass(frozen=True)
class Results:
    """A scored wave with what a reader must know beside the numbers.

    own: the answers of one person, or those a team agreed on, by item; None when many people answered. asked: the
    items they were asked.
    waves: those with results to show, in order. respondents: everybody who answered, the excluded among them.
    sensitivity: what careless answering does to the score; None unless many people answered.
    """

    engagement: Engagement
    wave: Wave
    waves: tuple[Wave, ...]
    pack: Pack
    score: Result
    sensitivity: Sensitivity | None
    respondents: int
    own: Mapping[ItemId, Answer] | None
    asked: frozenset[str] | None
    settings: Mapping[str, CriterionSetting]


@dataclass(frozen=True)
class Comparison:
    """Two measurements and what changed between them.

    waves: those that can be compared, in order. change: None where the two hold nearly the same rows, so that to
    subtract them would single somebody out. thens: by criterion also how it was before as it was said in the later one;
    empty where nobody was asked, or where the earlier one is not from before the work.
    """

    first: Results
    last: Results
    waves: tuple[Wave, ...]
    change: Change | None
    thens: tuple[Then, ...]


class Measurements(UseCases):
    """What the waves of an assessment show, as far as it may be shown."""

    @requires("read")
    def criterion_settings(self, engagement_id: EngagementId) -> dict[str, CriterionSetting]:
        """Weights and targets somebody chose, by criterion; the pack's own hold for the others."""
        return {s.criterion_id: s for s in self._store.criterion_settings(engagement_id)}

    @requires("read")
    def results(self, engagement_id: EngagementId, wave_id: str | None = None) -> Results:
        """The scored wave: the one asked for, or the latest with answers.

        A wave that many people answer is scored when it is closed; while it is open its answers are not even read, and
        the result is that of nobody (method §3.8.5).
        Raises: NotFound when the wave is not one of the assessment's.
        """
        engagement = self.engagement(engagement_id)
        waves = self._answered(engagement)
        wave = next((w for w in waves if w.id == wave_id), None) if wave_id else waves[-1]
        if wave is None:
            raise NotFound("wave", str(wave_id))
        return self._results(engagement, wave, waves, self._given(engagement, wave))

    @requires("read")
    def comparison(
        self, engagement_id: EngagementId, first_wave_id: str | None = None, last_wave_id: str | None = None
    ) -> Comparison | None:
        """Two measurements side by side, those asked for or the first and the latest; None with fewer than two.

        A measurement is a wave with a score; only those that asked the latest one's set of questions are compared.
        A wave that cannot be chosen is passed over.
        """
        engagement = self.engagement(engagement_id)
        waves = self._answered(engagement)
        given = {w: self._given(engagement, w) for w in waves if w.pack_id == waves[-1].pack_id}
        measured = [r for r in (self._results(engagement, w, waves, given[w]) for w in given) if _scored(r)]
        if len(measured) < 2:
            return None
        first = next((r for r in measured[:-1] if r.wave.id == first_wave_id), measured[0])
        later = measured[measured.index(first) + 1 :]
        last = next((r for r in later if r.wave.id == last_wave_id), later[-1])
        found = None
        with suppress(DisclosureError):
            _check_apart(first, last, given)
            found = change(first.score, last.score, reworded=first.wave.pack_hash != last.wave.pack_hash)
        before = None if first.wave.label != "T0" else self._before(last, given[last.wave])
        said = () if found is None or before is None else thens(found, before)
        return Comparison(first, last, tuple(r.wave for r in measured), found, said)

    def _answered(self, engagement: Engagement) -> tuple[Wave, ...]:
        """The waves with results to show, in order; the first one where none has any."""
        # in the order they were answered: answers from a file may be older than what is here
        measured = [w for w in self._store.waves(engagement.id) if w.measures_maturity]
        waves = sorted(measured, key=lambda w: (w.closed_at or w.opened_at, w.position))
        many = engagement.mode == "anonymous"
        if many:
            waves = [w for w in waves if w.closed_at is not None] or waves[:1]
        if len(waves) > 1:
            waves = [w for w in waves if any(c.answered for c in self._store.progress(w.id))] or waves[:1]
        return tuple(waves)

    def _given(self, engagement: Engagement, wave: Wave) -> WaveAnswers:
        """What was answered, as far as it may be known."""
        if engagement.mode == "anonymous" and wave.closed_at is None:
            # while others answer, nobody sees anything of it: not even when there is nothing else to show
            return _NOBODY
        return self._store.wave_answers(wave.id, pages_under_s=slow_from_s(builtin(wave.pack_id)))

    def _results(self, engagement: Engagement, wave: Wave, waves: tuple[Wave, ...], given: WaveAnswers) -> Results:
        """One wave scored, of those with results to show."""
        pack, many = builtin(wave.pack_id), engagement.mode == "anonymous"
        settings = self.criterion_settings(engagement.id)
        kept = _screened(engagement.mode, pack, given)
        scored = _score(engagement, wave, kept.table, settings)
        return Results(
            engagement=engagement,
            wave=wave,
            waves=waves,
            pack=pack,
            score=scored,
            sensitivity=sensitivity(kept, scored, pack, by_team=wave.by_team) if many else None,
            respondents=len(given.roles),
            own=None if many else self._store.responses(wave.id)[0].answers,
            asked=None if many else asked_of(pack, given.roles[0], given.views[0]),
            settings=settings,
        )

    def _before(self, results: Results, given: WaveAnswers) -> Result | None:
        """How it was before, scored like a survey of its own; None where nobody was asked.

        Who is left out of the answers of today is left out here too. Nobody else is screened: seven questions on one
        page show no sign of careless answering.
        """
        if results.engagement.mode != "anonymous":
            return None
        said = self._store.wave_retrospective(results.wave.id)
        if not any(said.names):
            return None
        pack, wave = builtin(RETROSPECTIVE), results.wave
        today = table_of("anonymous", results.pack, given, given.answers)
        seconds = stored_seconds(results.pack, given.page_seconds.names, given.page_seconds.values)
        kept = table_of("anonymous", pack, given, said).select(~flags_of_pages(today, results.pack, seconds).excluded)
        return score(kept, pack, mode="anonymous", k=wave.k, by_team=wave.by_team)


def asked_of(pack: Pack, role: Role, view: View) -> frozenset[str]:
    return pack.shown_to("K" if view == "all" else role)


def _score(engagement: Engagement, wave: Wave, table: AnswerTable, settings: Mapping[str, CriterionSetting]) -> Result:
    return score(
        table,
        builtin(wave.pack_id),
        mode=engagement.mode,
        k=wave.k,
        weights={c: s.weight for c, s in settings.items()},
        targets={c: s.target for c, s in settings.items()},
        by_team=wave.by_team,
    )


def table_of(mode: Mode, pack: Pack, given: WaveAnswers, said: Cells) -> AnswerTable:
    """The answers in the cells, one kind of those given, with whose they are."""
    return stored_table(
        pack,
        given.roles,
        said.names,
        said.values,
        mode=mode,
        teams=given.teams,
        # one person alone decides which questions are in use; of many, each role is asked its own
        columns=asked_of(pack, given.roles[0], given.views[0]) if mode == "solo" else None,
    )


def _screened(mode: Mode, pack: Pack, given: WaveAnswers) -> Screened:
    """The answers that count; every number on a screen, in an export or in a comparison comes from here."""
    seconds = stored_seconds(pack, given.page_seconds.names, given.page_seconds.values)
    return screened(table_of(mode, pack, given, given.answers), pack, seconds, mode=mode)


def _check_apart(first: Results, last: Results, given: Mapping[Wave, WaveAnswers]) -> None:
    if first.engagement.mode == "anonymous":
        k, by_team = max(first.wave.k, last.wave.k), (first.wave.by_team, last.wave.by_team)
        for one, other in product(_published(first, given[first.wave]), _published(last, given[last.wave])):
            check_waves(one, other, k=k, by_team=by_team)


def _published(results: Results, given: WaveAnswers) -> list[AnswerTable]:
    """The answers behind the result, and behind the line without the flagged where it is shown."""
    kept = _screened("anonymous", results.pack, given)
    line = results.sensitivity is not None and results.sensitivity.without is not None
    return [kept.table, kept.unflagged] if line else [kept.table]


def _scored(results: Results) -> bool:
    return any(c.score is not None for c in results.score.criteria)
