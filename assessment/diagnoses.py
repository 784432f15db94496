"""Use cases of the diagnosis: its findings, what people say of each, and who vouches for the whole."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from assessment.advice import Advice, Advising
from assessment.engagement import Decision, EngagementId, Finding, SignOff, WaveId
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.strategy.diagnosis import Diagnosis, Evidence, RuleId

_SAID: Final = frozenset({"wording", "note", "reason"})
_DIGITS: Final = 6  # a figure that differs by less is the same one, calculated anew


@dataclass(frozen=True)
class Judged:
    """A finding with what was said of it.

    diagnosis: what speaks for and against it now; None when the rule does not fire any more.
    changed: evidence as it was when the finding was decided and as it is now, where the two differ; None is not known.
    """

    rule: RuleId
    diagnosis: Diagnosis | None
    said: Finding
    changed: tuple[tuple[Evidence | None, Evidence | None], ...]

    @property
    def outdated(self) -> bool:
        """Whether it was decided on other evidence than there is now."""
        return self.said.decided is not None and bool(self.changed)


@dataclass(frozen=True)
class DiagnosisSheet:
    """The diagnosis on one wave.

    findings: those that fire. lapsed: those that were decided and fire no more. quiet: rules that were tried on what is
    known and do not fire. untried: rules for which nothing is known. changed_since: the findings, their evidence or
    what was decided are not what was signed.
    """

    wave_id: WaveId
    findings: tuple[Judged, ...]
    lapsed: tuple[Judged, ...]
    quiet: Mapping[RuleId, tuple[Evidence, ...]]
    untried: tuple[RuleId, ...]
    signed: SignOff | None
    changed_since: bool

    @property
    def open(self) -> tuple[Judged, ...]:
        """The findings nobody has accepted or rejected, or only on other evidence than there is now."""
        return tuple(f for f in self.findings if f.said.decided is None or f.outdated)

    def find(self, rule: str | None) -> Judged | None:
        """The finding of a rule, also one that has lapsed; None when there is none."""
        return next((f for f in (*self.findings, *self.lapsed) if f.rule == rule), None)


class Diagnoses(Advising):
    """The diagnosis of an assessment, as people make it theirs."""

    @requires("read")
    def diagnosis(self, engagement_id: EngagementId, wave_id: str | None = None) -> DiagnosisSheet | None:
        """The diagnosis on a wave, the latest without one; None where there is nothing to diagnose on yet."""
        advice = self.advice(engagement_id, wave_id)
        if advice is None:
            return None
        wave = self.results(engagement_id, wave_id).wave.id
        return sheet(wave, advice, {f.rule: f for f in self._store.findings(wave)}, self._store.signed(wave))

    @requires("run")
    def say_of_finding(
        self, engagement_id: EngagementId, wave_id: WaveId, rule: RuleId, given: Mapping[str, object]
    ) -> None:
        """Change the wording, the note from the room or the reason; empty words are none.

        Raises: NotFound; ValueError when a rejected finding would lose its reason.
        """
        if given.keys() - _SAID:
            raise ValueError("a finding is decided by decide_on_finding")
        self._own(engagement_id, wave_id)
        self._store.change_finding(wave_id, rule, {name: filled(value) for name, value in given.items()})

    @requires("run")
    def decide_on_finding(
        self, engagement_id: EngagementId, wave_id: WaveId, rule: RuleId, decided: Decision | None
    ) -> None:
        """Accept or reject a finding on what is known now; None leaves it open again.

        Raises: NotFound; ValueError to reject without a reason, or for a rule that does not fire.
        """
        found = self._own(engagement_id, wave_id).find(rule)
        if decided is None:
            change: dict[str, object] = {"decided": None, "decided_at": None, "basis": None}
        elif found is None or found.diagnosis is None:
            raise ValueError("only a finding can be decided on")
        else:
            change = {"decided": decided, "decided_at": self._clock(), "basis": basis_of(found.diagnosis)}
        self._store.change_finding(wave_id, rule, change)

    @requires("run")
    def sign_diagnosis(self, engagement_id: EngagementId, wave_id: WaveId, signed_by: str) -> None:
        """Vouch for the diagnosis as it is. Raises: NotFound; ValueError without a name or while a finding is open."""
        found = self._own(engagement_id, wave_id)
        if found.open:
            raise ValueError("every finding is accepted or rejected before somebody signs")
        sign_off = SignOff(signed_by=signed_by, signed_at=self._clock(), basis=_whole(found.findings))
        self._store.sign_diagnosis(wave_id, sign_off)

    @requires("run")
    def withdraw_signature(self, engagement_id: EngagementId, wave_id: WaveId) -> SignOff | None:
        """Take the signature away, and return it, so that `restore_signature` can undo this."""
        signed = self._own(engagement_id, wave_id).signed
        self._store.sign_diagnosis(wave_id, None)
        return signed

    @requires("run")
    def restore_signature(self, engagement_id: EngagementId, wave_id: WaveId, signed: SignOff) -> None:
        """Undo `withdraw_signature`; what has changed since shows as changed."""
        self._own(engagement_id, wave_id)
        self._store.sign_diagnosis(wave_id, signed)

    def _own(self, engagement_id: EngagementId, wave_id: WaveId) -> DiagnosisSheet:
        found = self.diagnosis(engagement_id, wave_id)
        if found is None:
            raise ValueError("there is nothing to diagnose on yet")
        return found


def sheet(wave_id: WaveId, advice: Advice, said: Mapping[str, Finding], signed: SignOff | None) -> DiagnosisSheet:
    """The diagnosis with what was said of its findings."""
    firing = {d.rule: d for d in advice.diagnoses}
    findings = tuple(_judged(rule, d, said.get(rule)) for rule, d in firing.items())
    decided = [rule for rule in advice.evidence if rule not in firing and rule in said and said[rule].decided]
    return DiagnosisSheet(
        wave_id=wave_id,
        findings=findings,
        lapsed=tuple(_judged(rule, None, said[rule]) for rule in decided),
        quiet={rule: known for rule, known in advice.evidence.items() if known and rule not in firing},
        untried=tuple(rule for rule, known in advice.evidence.items() if not known),
        signed=signed,
        changed_since=signed is not None and signed.basis != _whole(findings),
    )


def basis_of(diagnosis: Diagnosis) -> str:
    """What speaks for and against a finding, as text: the same for the same evidence, whenever it is calculated."""
    return json.dumps([_row(e) for e in (*diagnosis.evidence, *diagnosis.against)], sort_keys=True)


def _judged(rule: RuleId, diagnosis: Diagnosis | None, said: Finding | None) -> Judged:
    known = said or Finding(rule=rule)
    return Judged(rule, diagnosis, known, _changed(known.basis, diagnosis) if known.basis is not None else ())


def _changed(basis: str, diagnosis: Diagnosis | None) -> tuple[tuple[Evidence | None, Evidence | None], ...]:
    before = {_about(e): e for e in (Evidence(**row) for row in json.loads(basis))}
    evidence = () if diagnosis is None else (*diagnosis.evidence, *diagnosis.against)
    now = {_about(e): e for e in evidence}
    places = dict.fromkeys((*before, *now))
    pairs = [(before.get(place), now.get(place)) for place in places]
    return tuple((was, is_) for was, is_ in pairs if was is None or is_ is None or _row(was) != _row(is_))


def _about(evidence: Evidence) -> tuple[str, str | None]:
    return evidence.id, evidence.about


def _row(evidence: Evidence) -> dict[str, Any]:
    return {**asdict(evidence), "value": round(float(evidence.value), _DIGITS)}


def _whole(findings: tuple[Judged, ...]) -> str:
    """All findings with their evidence and what people made of them, as text."""
    told = [(f.rule, f.said.decided, f.said.wording, f.diagnosis and basis_of(f.diagnosis)) for f in findings]
    return json.dumps(told)
