"""Use cases of the history: who changed what and when, from what to what, and undoing the last of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from assessment.engagement import EngagementId
from assessment.guard import requires
from assessment.recording import Change, ChangeId, Row
from assessment.use_cases import UseCases

Subject = Literal[
    "targets",
    "mandate",
    "readiness",
    "kpis",
    "processes",
    "stream",
    "handoffs",
    "waste",
    "diagnosis",
    "decision",
    "goals",
    "payback",
    "actions",
    "training",
]
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)
TABLES: Final[Mapping[Subject, tuple[str, ...]]] = {
    "targets": ("criterion_settings",),
    "mandate": ("mandates", "mandate_departments", "mandate_processes", "sponsor_notes"),
    "readiness": ("readiness_answers",),
    "kpis": ("kpis", "kpi_points"),
    "processes": ("processes",),
    "stream": ("stages", "pools", "stage_pools"),
    "handoffs": ("handoffs",),
    "waste": ("waste_rows",),
    "diagnosis": ("findings", "diagnosis_signatures"),
    "decision": ("strategy_decisions", "strategy_weights"),
    "goals": ("goals",),
    "payback": ("payback_lines", "payback_inputs", "payback_terms"),
    "actions": ("actions",),
    "training": ("training_briefs",),
}
# those whose rows have a name, or are told by comparing with the one before
_BEHIND: Final = (
    *("kpis", "processes", "stages", "pools", "waste_rows", "goals", "actions"),
    *("mandates", "mandate_departments", "mandate_processes"),
)
PAGE: Final = 50


@dataclass(frozen=True)
class History:
    """A page of the history of an assessment.

    changes: newest first. page, pages: which it is and how many there are, one or more. count: how many changes there
    are in all, of the subject asked for. subjects: those that have been changed at all. undo: the last change, of any
    subject, that can be undone; redo: the last undoing, while nothing has been changed since.
    behind: rows by table and key that changes are about, as they are or last were.
    """

    changes: tuple[Change, ...]
    page: int
    pages: int
    count: int
    subjects: tuple[Subject, ...]
    undo: Change | None
    redo: Change | None
    behind: Mapping[str, Mapping[tuple[Any, ...], Row]]


class Histories(UseCases):
    """The history of an assessment. Every list, decision and number has one; what respondents answer never has."""

    @requires("run")
    def history(self, engagement_id: EngagementId, subject: Subject | None = None, page: int = 1) -> History:
        """A page of changes, counted from 1, or the last one; of one subject, those that touch it."""
        opened = self.engagement(engagement_id).id
        tables = TABLES[subject] if subject else None
        count = self._store.count_changes(opened, tables)
        pages = max(1, -(-count // PAGE))
        shown = min(page, pages)
        touched = self._store.changed_tables(opened)
        return History(
            changes=tuple(self._store.changes(opened, tables, limit=PAGE, offset=PAGE * (shown - 1))),
            page=shown,
            pages=pages,
            count=count,
            subjects=tuple(s for s in SUBJECTS if touched & set(TABLES[s])),
            undo=self._store.to_undo(opened),
            redo=self._store.to_redo(opened),
            behind=self._store.rows_behind(opened, _BEHIND),
        )

    @requires("run")
    def undo_last(self, engagement_id: EngagementId, change_id: ChangeId) -> None:
        """Put everything as it was before the last change that can be undone; done again it goes further back.

        change_id: that change, so that nobody undoes another than the one they saw; or the last undoing, to redo it.
        That two sides have seen each other's classes of the processes is passed over: it cannot be undone.
        Raises: ChangedSince when something else has been changed since.
        """
        self._store.undo_change(engagement_id, change_id)
