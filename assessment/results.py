"""A measurement scored: what the answers of a wave say, and what changed between two waves."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

from assessment.engagement import (
    RETROSPECTIVE,
    Answer,
    CriterionSetting,
    Engagement,
    EngagementId,
    ItemId,
    Mode,
    Response,
    Wave,
)
from assessment.guard import requires
from assessment.packs import Pack, builtin
from assessment.scoring.anonymity import DisclosureError
from assessment.scoring.answers import AnswerTable, answer_table
from assessment.scoring.carelessness import flags_of_pages
from assessment.scoring.change import Change, change, check_waves
from assessment.scoring.result import Result
from assessment.scoring.retrospective import Then, thens
from assessment.scoring.score import score
from assessment.scoring.sensitivity import Screened, Sensitivity, screened, sensitivity
from assessment.store.protocol import NotFound
from assessment.use_cases import UseCases


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
        answered = self._answered(engagement)
        wave = next((w for w in answered if w.id == wave_id), None) if wave_id else [*answered][-1]
        if wave is None:
            raise NotFound("wave", str(wave_id))
        return _results(engagement, wave, answered, self.criterion_settings(engagement_id))

    @requires("read")
    def comparison(
        self, engagement_id: EngagementId, first_wave_id: str | None = None, last_wave_id: str | None = None
    ) -> Comparison | None:
        """Two measurements side by side, those asked for or the first and the latest; None with fewer than two.

        A measurement is a wave with a score; only those that asked the latest one's set of questions are compared.
        A wave that cannot be chosen is passed over.
        """
        engagement, settings = self.engagement(engagement_id), self.criterion_settings(engagement_id)
        answered = self._answered(engagement)
        asked = [w for w in answered if w.pack_id == [*answered][-1].pack_id]
        measured = [r for r in (_results(engagement, w, answered, settings) for w in asked) if _scored(r)]
        if len(measured) < 2:
            return None
        first = next((r for r in measured[:-1] if r.wave.id == first_wave_id), measured[0])
        later = measured[measured.index(first) + 1 :]
        last = next((r for r in later if r.wave.id == last_wave_id), later[-1])
        found = None
        with suppress(DisclosureError):
            _check_apart(first, last, answered)
            found = change(first.score, last.score, reworded=first.wave.pack_hash != last.wave.pack_hash)
        before = None if first.wave.label != "T0" else _before(last, answered[last.wave])
        said = () if found is None or before is None else thens(found, before)
        return Comparison(first, last, tuple(r.wave for r in measured), found, said)

    def _answered(self, engagement: Engagement) -> dict[Wave, tuple[Response, ...]]:
        """The waves with results to show, in order, each with its answers; the first one where none has any."""
        # in the order they were answered: answers from a file may be older than what is here
        measured = [w for w in self._store.waves(engagement.id) if w.measures_maturity]
        waves = sorted(measured, key=lambda w: (w.closed_at or w.opened_at, w.position))
        many = engagement.mode == "anonymous"
        if many:
            waves = [w for w in waves if w.closed_at is not None] or waves[:1]
        # while others answer, nobody sees anything of it: not even when there is nothing else to show
        live = {w for w in waves if many and w.closed_at is None}
        answered = {w: () if w in live else tuple(self._store.responses(w.id)) for w in waves}
        shown = [w for w in waves if any(r.answers for r in answered[w])] or waves[:1]
        return {w: answered[w] for w in shown}


def asked_of(pack: Pack, response: Response) -> frozenset[str]:
    return pack.shown_to("K" if response.view == "all" else response.role)


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


def _screened(mode: Mode, pack: Pack, responses: Sequence[Response]) -> Screened:
    """The answers that count; every number on a screen, in an export or in a comparison comes from here."""
    table = answer_table(
        pack,
        [r.role for r in responses],
        [{i: a.value for i, a in r.answers.items()} for r in responses],
        mode=mode,
        teams=[r.team for r in responses],
        # one person alone decides which questions are in use; of many, each role is asked its own
        columns=asked_of(pack, responses[0]) if mode == "solo" else None,
    )
    return screened(table, pack, [r.page_seconds for r in responses], mode=mode)


def _results(
    engagement: Engagement,
    wave: Wave,
    answered: Mapping[Wave, Sequence[Response]],
    settings: Mapping[str, CriterionSetting],
) -> Results:
    """One wave scored. answered: the waves with results to show, in order, with their answers."""
    responses, pack, many = answered[wave], builtin(wave.pack_id), engagement.mode == "anonymous"
    kept = _screened(engagement.mode, pack, responses)
    scored = _score(engagement, wave, kept.table, settings)
    return Results(
        engagement=engagement,
        wave=wave,
        waves=tuple(answered),
        pack=pack,
        score=scored,
        sensitivity=sensitivity(kept, scored, pack, by_team=wave.by_team) if many else None,
        respondents=len(responses),
        own=None if many else responses[0].answers,
        asked=None if many else asked_of(pack, responses[0]),
        settings=settings,
    )


def _before(results: Results, responses: Sequence[Response]) -> Result | None:
    """How it was before, scored like a survey of its own; None where nobody was asked.

    Who is left out of the answers of today is left out here too. Nobody else is screened: seven questions on one page
    show no sign of careless answering.
    """
    if results.engagement.mode != "anonymous" or not any(r.retrospective for r in responses):
        return None
    pack = builtin(RETROSPECTIVE)
    table = answer_table(
        pack,
        [r.role for r in responses],
        [{i: a.value for i, a in r.retrospective.items()} for r in responses],
        mode="anonymous",
        teams=[r.team for r in responses],
    )
    today = answer_table(
        results.pack,
        [r.role for r in responses],
        [{i: a.value for i, a in r.answers.items()} for r in responses],
        mode="anonymous",
    )
    careless = flags_of_pages(today, results.pack, [r.page_seconds for r in responses]).excluded
    return score(table.select(~careless), pack, mode="anonymous", k=results.wave.k, by_team=results.wave.by_team)


def _check_apart(first: Results, last: Results, answered: Mapping[Wave, Sequence[Response]]) -> None:
    if first.engagement.mode == "anonymous":
        k, by_team = max(first.wave.k, last.wave.k), (first.wave.by_team, last.wave.by_team)
        for one, other in product(_published(first, answered), _published(last, answered)):
            check_waves(one, other, k=k, by_team=by_team)


def _published(results: Results, answered: Mapping[Wave, Sequence[Response]]) -> list[AnswerTable]:
    """The answers behind the result, and behind the line without the flagged where it is shown."""
    kept = _screened("anonymous", results.pack, answered[results.wave])
    line = results.sensitivity is not None and results.sensitivity.without is not None
    return [kept.table, kept.unflagged] if line else [kept.table]


def _scored(results: Results) -> bool:
    return any(c.score is not None for c in results.score.criteria)
