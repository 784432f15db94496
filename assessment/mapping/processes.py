"""Use cases of processes: the list, each one's description, and its class as two sides judge it blind to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from assessment.current_state.classification import Classified, Comparison, ProcessClass, compare
from assessment.engagement import EngagementId, Process, ProcessId, Side
from assessment.guard import requires
from assessment.mapping import process_catalogue
from assessment.mapping.given import filled
from assessment.packs import LANGUAGES, Language
from assessment.store.protocol import AlreadyThere, Gone
from assessment.use_cases import UseCases

SIDES: Final[tuple[Side, ...]] = get_args(Side)
# what makes something a process: it begins, ends, turns one thing into another and does so again (method §1, D1)
ESSENTIALS: Final = ("starts_with", "ends_with", "input", "output", "frequency")
_AGREEMENT: Final = frozenset({"class_agreed", "class_reason", "class_decided_by"})
_JUDGED: Final = {"class_consultant": None, "class_client": None}


@dataclass(frozen=True)
class Disagreement:
    """A process the two sides class differently."""

    process: Process
    consultant: ProcessClass
    client: ProcessClass


@dataclass(frozen=True)
class ProcessList:
    """The processes of an assessment, those of the catalogue first, and how far their classes have come.

    processes: classes that are not to be seen yet are None, whatever has been judged.
    waiting: those whose classes are not shown. judged: how many of them each side has judged. ready: how many both
    have.
    comparison: of those whose classes are shown; None before there are any. disagreements: most hours first.
    """

    processes: tuple[Process, ...]
    waiting: int
    judged: Mapping[Side, int]
    ready: int
    comparison: Comparison | None
    disagreements: tuple[Disagreement, ...]

    @property
    def hours_month(self) -> float:
        """Hours a month of the processes whose hours are known."""
        return sum(p.hours_month or 0.0 for p in self.processes)

    @property
    def shown(self) -> int:
        """How many processes have classes that may be seen."""
        return len(self.processes) - self.waiting

    @property
    def disputed_h(self) -> float:
        """Hours a month of the processes the sides disagree on."""
        return sum(d.process.hours_month or 0.0 for d in self.disagreements)

    def find(self, process_id: str | None) -> Process | None:
        """The process with this id, or None."""
        return next((p for p in self.processes if p.id == process_id), None)


class Processes(UseCases):
    """The processes of an assessment.

    What one side has judged of a process leaves here only for that side, until the two are compared.
    """

    @requires("read")
    def processes(self, engagement_id: EngagementId) -> ProcessList:
        """The processes, and what the two sides disagree on among those they have compared."""
        return process_list(self._processes(engagement_id))

    @requires("run")
    def add_catalogue_processes(self, engagement_id: EngagementId, codes: tuple[str, ...]) -> None:
        """Take over these processes of the catalogue. Raises: AlreadyThere; KeyError for a code it does not have."""
        known = [process_catalogue.catalogue()[code].id for code in codes]
        self._store.add_processes(engagement_id, [Process(id=self._process_id(), code=code) for code in known])

    @requires("run")
    def add_own_process(self, engagement_id: EngagementId, name: str, language: Language) -> ProcessId:
        """Add a process of one's own, and return its id. Raises: AlreadyThere for a name in use; ValueError."""
        self._refuse_taken(engagement_id, None, name, language)
        process = Process.model_validate({"id": self._process_id(), f"name_{language}": name})
        self._store.add_processes(engagement_id, [process])
        return process.id

    @requires("run")
    def rename_process(self, engagement_id: EngagementId, process_id: ProcessId, name: str, language: Language) -> None:
        """Call a process something else, in the reader's language; no name, or the catalogue's, is the catalogue's.

        Raises: AlreadyThere for a name in use; Gone; ValueError for a process of one's own without a name.
        """
        process = self._process(engagement_id, process_id)
        self._refuse_taken(engagement_id, process_id, name, language)
        usual = process_catalogue.words(language)[process.code].name if process.code else None
        given = name.strip()
        kept = {f"name_{language}": None} if given in ("", usual) else {f"name_{language}": given}
        self._store.change_process(engagement_id, process_id, kept)

    @requires("run")
    def describe_process(self, engagement_id: EngagementId, process_id: ProcessId, given: Mapping[str, object]) -> None:
        """Say something of a process; what is not given stays. Empty words, or the catalogue's, are the catalogue's.

        Raises: Gone, ValueError.
        """
        if given.keys() & (_AGREEMENT | {"name_nb", "name_en"}):
            raise ValueError("a name is given by rename_process, and a class agreed on by agree_on_class")
        process = self._process(engagement_id, process_id)
        kept = {field: _own(process, field, value) for field, value in given.items()}
        self._store.change_process(engagement_id, process_id, kept)

    @requires("run")
    def remove_process(self, engagement_id: EngagementId, process_id: ProcessId) -> Process:
        """Take out a process, and return it as it was, so that `restore_process` can undo this. Raises: Gone."""
        return self._store.remove_process(engagement_id, process_id)

    @requires("run")
    def restore_process(self, engagement_id: EngagementId, process: Process) -> None:
        """Undo `remove_process`. Raises: AlreadyThere when another has taken its place in the catalogue."""
        self._store.add_processes(engagement_id, [process])

    @requires("run")
    def judgements(self, engagement_id: EngagementId, side: Side) -> Mapping[ProcessId, ProcessClass | None]:
        """One side's classes of the processes that are still to be compared, in the order of the list."""
        waiting = [p for p in self._processes(engagement_id) if p.classes_shown_at is None]
        return {p.id: p.class_consultant if side == "consultant" else p.class_client for p in waiting}

    @requires("run")
    def judge_process(
        self, engagement_id: EngagementId, process_id: ProcessId, side: Side, judged: ProcessClass | None
    ) -> None:
        """Store one side's class of a process. Raises: Gone, also once the two have been compared."""
        self._store.judge_process(engagement_id, process_id, side, judged)

    @requires("run")
    def compare_classes(self, engagement_id: EngagementId) -> None:
        """Show both sides what the other judged, of the processes both have judged; from then on these are fixed."""
        self._store.show_classes(engagement_id, self._clock())

    @requires("run")
    def agree_on_class(self, engagement_id: EngagementId, process_id: ProcessId, given: Mapping[str, object]) -> None:
        """Say which class the two agreed on, why, or who decided; what is not given stays.

        Raises: Gone, also before the classes are compared; ValueError.
        """
        if given.keys() - _AGREEMENT:
            raise ValueError("this is about the class agreed on")
        if self._process(engagement_id, process_id).classes_shown_at is None:
            raise Gone("process", process_id)
        self._store.change_process(engagement_id, process_id, {f: filled(value) for f, value in given.items()})

    def _processes(self, engagement_id: EngagementId) -> list[Process]:
        order = {code: place for place, code in enumerate(process_catalogue.catalogue())}
        found = self._store.processes(self.engagement(engagement_id).id)
        return sorted(found, key=lambda p: order.get(p.code or "", len(order)))

    def _process(self, engagement_id: EngagementId, process_id: ProcessId) -> Process:
        found = next((p for p in self._processes(engagement_id) if p.id == process_id), None)
        if found is None:
            raise Gone("process", process_id)
        return found

    def _process_id(self) -> ProcessId:
        return ProcessId(self._new_id())

    def _refuse_taken(
        self, engagement_id: EngagementId, process_id: ProcessId | None, name: str, language: Language
    ) -> None:
        for process in self._processes(engagement_id):
            called = process_catalogue.name(process, language)
            if process.id != process_id and called.casefold() == name.strip().casefold():
                raise AlreadyThere("process", process.id)


def process_list(processes: list[Process]) -> ProcessList:
    """The processes with what may be seen of their classes, compared where both sides' are shown."""
    waiting = [p for p in processes if p.classes_shown_at is None]
    apart = [
        (p, p.class_consultant, p.class_client)
        for p in processes
        if p.classes_shown_at is not None and p.class_consultant is not None and p.class_client is not None
    ]
    disagreements = [Disagreement(p, one, other) for p, one, other in apart if one != other]
    return ProcessList(
        processes=tuple(p if p.classes_shown_at else p.model_copy(update=_JUDGED) for p in processes),
        waiting=len(waiting),
        judged={
            "consultant": sum(p.class_consultant is not None for p in waiting),
            "client": sum(p.class_client is not None for p in waiting),
        },
        ready=sum(p.class_consultant is not None and p.class_client is not None for p in waiting),
        comparison=compare([Classified(p.id, one, other, p.hours_month or 0.0) for p, one, other in apart])
        if apart
        else None,
        disagreements=tuple(sorted(disagreements, key=lambda d: -(d.process.hours_month or 0.0))),
    )


def class_of(process: Process) -> ProcessClass | None:
    """The class that holds: the one agreed on, or the one both sides gave; None while that is open."""
    same = process.class_consultant == process.class_client
    return process.class_agreed or (process.class_consultant if same else None)


def missing(process: Process) -> tuple[str, ...]:
    """Which of ESSENTIALS nobody has said; the catalogue says all but how often."""
    known = process_catalogue.WORDS if process.code is not None else ()
    return tuple(field for field in ESSENTIALS if field not in known and getattr(process, field) is None)


def _own(process: Process, field: str, value: object) -> object:
    """What is kept of a field: nothing where the catalogue says the same in either language."""
    kept = filled(value)
    if process.code is not None and field in process_catalogue.WORDS:
        usual = {process_catalogue.suggested(process, field, language) for language in LANGUAGES}
        return None if kept in usual else kept
    return kept
