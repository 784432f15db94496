"""What every group of use cases rests on: a store, a clock, a source of ids, and who asks."""

import copy
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self, TypeVar, cast

from assessment.actor import LOCAL, Actor
from assessment.audit import AuditActor, AuditEvent, AuditKind
from assessment.engagement import Engagement, EngagementId
from assessment.guard import Guard, requires
from assessment.store.protocol import NotFound, Store

Others = TypeVar("Others", bound="UseCases")


def utc_now() -> datetime:
    """The time, as records hold it."""
    return datetime.now(UTC)


def random_id() -> str:
    """An id of 128 random bits: it tells nothing, and nobody guesses another one."""
    # a shell takes what begins with a dash for an option
    while (made := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return made


class UseCases:
    """Use cases of one subject. The store, the clock and the source of ids are given, so tests decide them.

    Every public method says who may call it (`guard.requires`).
    """

    def __init__(
        self, store: Store, clock: Callable[[], datetime] = utc_now, new_id: Callable[[], str] = random_id
    ) -> None:
        self._store, self._clock, self._new_id = store, clock, new_id
        self._actor = LOCAL
        # nobody has come through the door: it is a command that asks
        self._through: AuditActor = "command"

    def for_actor(self, actor: Actor) -> Self:
        """The same use cases for somebody: they reach what is theirs, and the rest is not there for them."""
        theirs = copy.copy(self)
        theirs._actor, theirs._through = actor, actor.kind
        return cast(Self, Guard(theirs, self._store, actor, self._clock))

    def beside(self, kind: type[Others]) -> Others:
        """Other use cases on the same store, for the same reader."""
        theirs = kind(self._store, self._clock, self._new_id)
        theirs._actor, theirs._through = self._actor, self._through
        return theirs

    @requires("read")
    def engagement(self, engagement_id: EngagementId) -> Engagement:
        """The assessment. Raises: NotFound, also for one that is deleted."""
        found = self._store.engagement(engagement_id)
        if found.deleted_at is not None:
            raise NotFound("engagement", engagement_id)
        return found

    def _event(self, kind: AuditKind, engagement_id: EngagementId | None = None, count: int = 1) -> AuditEvent:
        return AuditEvent(
            at=self._clock(),
            actor=self._through,
            subject=self._actor.subject,
            kind=kind,
            engagement_id=engagement_id,
            count=count,
        )

    def _note(self, kind: AuditKind, engagement_id: EngagementId | None = None, count: int = 1) -> None:
        """Add to the audit log that the reader has done something."""
        self._store.note(self._event(kind, engagement_id, count))
