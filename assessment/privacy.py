"""Use cases of privacy: how long an assessment is kept, erasing it for good, and who did what to it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from assessment.audit import AuditEvent
from assessment.config import ERASURE_NOTICE_DAYS
from assessment.engagement import EngagementId, Kept, Privacy
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.plan.days import months_later
from assessment.settings import settings
from assessment.store.protocol import NotFound
from assessment.use_cases import UseCases

AUDIT_PAGE: Final = 50


class NotTheName(ValueError):  # noqa: N818 - named by what is wrong
    """What was typed is not the name of what is to be erased; nothing was."""


@dataclass(frozen=True)
class Retention:
    """How long an assessment is kept.

    told: what its owner has said. usual_months: of the installation, which hold where that is nothing.
    erased_on: the day it is erased as things are; None for the example. soon: its erasure is announced.
    """

    told: Privacy
    usual_months: int
    erased_on: date | None
    soon: bool


@dataclass(frozen=True)
class AuditPage:
    """A page of what was done: newest first, which it is and how many there are, one or more."""

    events: tuple[AuditEvent, ...]
    page: int
    pages: int


def erased_on(kept: Kept, months: int, today: date) -> date | None:
    """The day an engagement is erased by itself, from 'today' on; None for a made-up one, which holds nobody's data.

    A day that somebody has set holds. Months run from the day the last measurement was closed, or, where one is open or
    never closes, from the last change; and then nothing is erased before it has been announced for so many days, for
    the months may have passed before anybody could know: in a new version, or with answers gathered long ago.
    """
    if kept.told.erase_on is not None:
        return kept.told.erase_on
    if kept.fictional:
        return None
    # answers gathered elsewhere may have been closed before the assessment was made
    begins = max(kept.closed_on, kept.created_at.date()) if kept.closed_on else kept.changed_on
    due = months_later(begins, kept.told.retention_months or months)
    return max(due, (kept.announced_on or today) + timedelta(days=ERASURE_NOTICE_DAYS))


class Privacies(UseCases):
    """How long an assessment is kept, erasing it, and the audit log of what was done to it."""

    @requires("read")
    def retention(self, engagement_id: EngagementId) -> Retention:
        """How long an assessment is kept, and by whose decision."""
        (kept,) = self._store.kept(self.engagement(engagement_id).id)
        today, usual = self._clock().date(), settings().retention_months
        day = erased_on(kept, usual, today)
        return Retention(
            told=kept.told,
            usual_months=usual,
            erased_on=day,
            soon=day is not None and day <= today + timedelta(days=ERASURE_NOTICE_DAYS),
        )

    @requires("own")
    def change_privacy(self, engagement_id: EngagementId, given: Mapping[str, object]) -> None:
        """Replace what is said of who answers for it and how long it is kept; others stay, nothing is not said.

        Months take the place of a day, and a day of months. Raises: ValueError, also for a day that is not to come.
        """
        fields = {name: filled(value) for name, value in given.items()}
        day = fields.get("erase_on")
        if isinstance(day, date) and day <= self._clock().date():
            raise ValueError("the day an assessment is erased on lies ahead")
        if fields.get("erase_on") is not None:
            fields["retention_months"] = None
        elif fields.get("retention_months") is not None:
            fields["erase_on"] = None
        self._store.change_privacy(engagement_id, fields)
        self._note("privacy_changed", engagement_id)

    @requires("own")
    def erase(self, engagement_id: EngagementId, name: str) -> None:
        """Erase an assessment with everything in it, for good. name: its own, as typed. Raises: NotTheName."""
        if name.strip() != self._store.engagement(engagement_id).name:
            raise NotTheName
        if not self._store.erase_engagement(engagement_id, self._event("erased", engagement_id)):
            raise NotFound("engagement", engagement_id)

    @requires("install")
    def expiring(self) -> tuple[tuple[EngagementId, date], ...]:
        """The assessments whose erasure is announced or due, each with the day, the first ones first."""
        today = self._clock().date()
        last = today + timedelta(days=ERASURE_NOTICE_DAYS)
        days = [(k.engagement_id, erased_on(k, settings().retention_months, today)) for k in self._store.kept()]
        return tuple(sorted(((id_, day) for id_, day in days if day is not None and day <= last), key=lambda x: x[1]))

    def _erase_expired(self) -> int:
        """Erase what has been kept long enough, announce what soon will have been, and say how many were erased.

        Each assessment is erased by one replica, and by none if somebody has changed it in the meantime.
        """
        now, erased = self._clock(), 0
        today = now.date()
        for kept in self._store.kept():
            id_, day = kept.engagement_id, erased_on(kept, settings().retention_months, today)
            soon = day is not None and day <= today + timedelta(days=ERASURE_NOTICE_DAYS)
            if day is not None and day <= today:
                expired = AuditEvent(at=now, actor="system", kind="expired", engagement_id=id_)
                erased += self._store.erase_engagement(id_, expired, revision=kept.revision)
            elif soon != (kept.announced_on is not None):
                with suppress(NotFound):  # erased by another replica
                    self._store.announce_erasure(id_, today if soon else None)
        return erased

    def _forget_old_events(self) -> None:
        first = months_later(self._clock().date(), -settings().audit_months)
        self._store.forget_events(datetime.combine(first, time(), UTC))

    # ------------------------------------------------------------------ who did what

    @requires("own")
    def audit_page(self, engagement_id: EngagementId, page: int = 1) -> AuditPage:
        """A page of what was done to an assessment, counted from 1, or the last one."""
        opened = self.engagement(engagement_id).id
        pages = max(1, -(-self._store.count_events(opened) // AUDIT_PAGE))
        shown = min(page, pages)
        events = self._store.audit_log(opened, limit=AUDIT_PAGE, offset=AUDIT_PAGE * (shown - 1))
        return AuditPage(tuple(events), shown, pages)

    @requires("install")
    def audit_log(self, engagement_id: EngagementId | None, limit: int) -> Sequence[AuditEvent]:
        """The last events, newest first: of one assessment, there or erased, or of the whole installation."""
        return self._store.audit_log(engagement_id, limit=limit)

    @requires("begin")
    def signed_in(self) -> None:
        """Keep that the reader has come in with their own account."""
        self._note("signed_in")

    @requires("read")
    def looked_at(self, engagement_id: EngagementId) -> None:
        """Keep that somebody has opened an assessment that is not their own; of the example nothing is kept."""
        opened = self.engagement(engagement_id)
        own = opened.owner is None if self._actor.everything else opened.owner == self._actor.subject
        if not own and not opened.fictional:
            self._note("opened", opened.id)

    @requires("read")
    def document_made(self, engagement_id: EngagementId) -> None:
        """Keep that somebody has had a document made."""
        self._note("document_made", engagement_id)

    @requires("read")
    def exported(self, engagement_id: EngagementId, count: int = 1) -> None:
        """Keep that somebody has taken away a file with something of the assessment."""
        self._note("exported", engagement_id, count)
