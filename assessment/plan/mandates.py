"""Use cases of the mandate: its versions, why each came, and the note to the sponsor about what lies outside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from assessment.engagement import EngagementId, Mandate, NoteSection, NoteWords, ProcessId
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.packs import Language
from assessment.store.protocol import Gone
from assessment.strategy import situation as decided
from assessment.use_cases import UseCases

_SAVED: Final = frozenset({"reason", "version", "created_at"})
_PLAIN: Final = (
    "scope",
    "processes_in_scope",
    "horizon_months",
    "may_change_process",
    "may_change_system",
    "may_change_model",
    "may_change_organisation",
    "owner",
    "budget_nok",
    "hours",
)

What = Literal["changed", "added", "removed", "counterpart"]


class NoReason(ValueError):  # noqa: N818 - named by what is wrong
    """The mandate says something new and nobody has said why."""


@dataclass(frozen=True)
class Difference:
    """One thing that two versions of a mandate say differently.

    field: of the record. name: the department or the process's id, where it is about one. before, after: None is
    not said.
    """

    field: str
    what: What = "changed"
    name: str = ""
    before: object = None
    after: object = None


@dataclass(frozen=True)
class Version:
    """A version of the mandate, with what it changed in the one before; the first changed nothing."""

    mandate: Mandate
    differences: tuple[Difference, ...]


class Mandates(UseCases):
    """The mandate of an assessment, version by version."""

    @requires("read")
    def mandate(self, engagement_id: EngagementId) -> Mandate | None:
        """The mandate as last described, or None."""
        return self._store.mandate(engagement_id)

    @requires("read")
    def mandate_versions(self, engagement_id: EngagementId) -> tuple[Version, ...]:
        """Every version of the mandate, newest first, with what each changed."""
        return versions(tuple(self._store.mandates(engagement_id)))

    @requires("run")
    def save_mandate(self, engagement_id: EngagementId, given: Mapping[str, object]) -> Mandate:
        """Describe the mandate; what it said before about anything not given stays. What is the same is no new version.

        Raises: NoReason when it says something new and `reason` is not among what is given; Gone for a process that
        is not on the list.
        """
        before = self._store.mandate(engagement_id)
        kept = before.model_dump(exclude=set(_SAVED)) if before else {}
        after = Mandate.model_validate({**kept, **given, "reason": filled(given.get("reason"))})
        if before is not None and not before.same_content(after):
            self._check_processes(engagement_id, set(after.process_ids) - set(before.process_ids))
            if after.reason is None:
                raise NoReason("a change of the mandate has a reason")
        elif before is None:
            self._check_processes(engagement_id, set(after.process_ids))
        return self._store.save_mandate(engagement_id, after, self._clock())

    @requires("read")
    def note_words(
        self, engagement_id: EngagementId, strategy: str, language: Language
    ) -> Mapping[NoteSection, NoteWords]:
        """Somebody's own words for the note to the sponsor about a strategy outside the mandate, by section."""
        return {words.section: words for words in self._store.note_words(engagement_id, strategy, language)}

    @requires("run")
    def write_note(
        self, engagement_id: EngagementId, strategy: str, language: Language, section: NoteSection, words: str
    ) -> None:
        """Say a section of the note in one's own words, about the mandate as it is; none are the tool's again."""
        if not words.strip():
            self._store.drop_note_words(engagement_id, strategy, language, section)
            return
        mandate = self._store.mandate(engagement_id)
        own = NoteWords(section=section, words=words, mandate_version=mandate.version if mandate else 0)
        self._store.set_note_words(engagement_id, strategy, language, own)

    def _check_processes(self, engagement_id: EngagementId, named: set[ProcessId]) -> None:
        listed = {process.id for process in self._store.processes(engagement_id)} if named else set()
        for process_id in sorted(named - listed):
            raise Gone("process", process_id)


def versions(mandates: tuple[Mandate, ...]) -> tuple[Version, ...]:
    """The versions newest first. mandates: oldest first."""
    compared = [Version(after, differences(before, after)) for before, after in pairwise(mandates)]
    return (*reversed(compared), *(Version(first, ()) for first in mandates[:1]))


def differences(before: Mandate, after: Mandate) -> tuple[Difference, ...]:
    """What two versions say differently, in the order of the form."""
    plain = {
        field: Difference(field, before=getattr(before, field), after=getattr(after, field))
        for field in _PLAIN
        if getattr(before, field) != getattr(after, field)
    }
    named = _members("process_ids", before.process_ids, after.process_ids)
    if before.process_ids and after.process_ids:
        plain.pop("processes_in_scope", None)  # told by the processes that came and went
    return (*(plain.pop(f) for f in _PLAIN[:2] if f in plain), *named, *_departments(before, after), *plain.values())


def _members(field: str, before: tuple[str, ...], after: tuple[str, ...]) -> list[Difference]:
    came = [Difference(field, "added", name) for name in after if name not in before]
    return came + [Difference(field, "removed", name) for name in before if name not in after]


def _departments(before: Mandate, after: Mandate) -> list[Difference]:
    found = [
        replace(change, after=after.counterparts.get(change.name))
        for change in _members("departments", before.departments, after.departments)
    ]
    for name in (name for name in after.departments if name in before.departments):
        was, now = before.counterparts.get(name), after.counterparts.get(name)
        if was != now:
            found.append(Difference("departments", "counterpart", name, was, now))
    return found


def decided_mandate(mandate: Mandate | None) -> decided.Mandate | None:
    """The mandate for the strategy model: what nobody has said excludes nothing.

    The model needs an answer to each question. An unknown one gets the answer that permits most, and the page lists it
    as unknown; assuming the narrowest would show exclusions nobody has decided. To challenge means to change systems,
    models or the organisation: changing the processes themselves is what every strategy does.
    """
    if mandate is None:
        return None
    challenge = [mandate.may_change_system, mandate.may_change_model, mandate.may_change_organisation]
    return decided.Mandate(
        scope=mandate.scope or "company",
        processes_in_scope=2 if mandate.processes_in_scope is None else mandate.processes_in_scope,
        departments=mandate.departments_with_counterpart,
        horizon_months=mandate.horizon_months or 12,
        may_challenge=any(challenge) or all(c is None for c in challenge),
        owner=mandate.owner or "TM",
    )
