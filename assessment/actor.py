"""Who is asking, and what they may do with one engagement."""

from dataclasses import dataclass
from typing import Final, Literal

from assessment.engagement import EngagementId, LinkId, MemberRole

LinkScope = Literal["results", "facilitate"]
# read: see results. run: answer, invite, open and close. own: delete, and decide who else gets in.
Need = Literal["read", "run", "own"]

NOTHING: Final[frozenset[Need]] = frozenset()
READ: Final[frozenset[Need]] = frozenset({"read"})
RUN: Final[frozenset[Need]] = frozenset({"read", "run"})
OWN: Final[frozenset[Need]] = frozenset({"read", "run", "own"})
_BY_SCOPE: Final[dict[LinkScope, frozenset[Need]]] = {"results": READ, "facilitate": RUN}
_BY_ROLE: Final[dict[MemberRole, frozenset[Need]]] = {"viewer": READ, "facilitator": RUN}


@dataclass(frozen=True)
class Actor:
    """Somebody at the door.

    kind: "local" sits at this machine, "key" has the access key, "oidc" is signed in as `subject`, "link" holds a link.
    engagement, scope, link: what a link opens; somebody who is signed in may hold one too.
    """

    kind: Literal["local", "key", "oidc", "link"]
    subject: str | None = None
    engagement: EngagementId | None = None
    scope: LinkScope | None = None
    link: LinkId | None = None

    @property
    def everything(self) -> bool:
        """Whether the whole installation is theirs."""
        return self.kind in ("local", "key")

    @property
    def may_begin(self) -> bool:
        """Whether they may make engagements: a link opens one and makes none."""
        return self.kind != "link"

    def by_link(self, engagement_id: EngagementId) -> frozenset[Need]:
        """What the link they hold allows with an engagement, as long as it is neither revoked nor expired."""
        return _BY_SCOPE[self.scope] if self.scope is not None and engagement_id == self.engagement else NOTHING

    def by_name(self, owner: str | None, role: MemberRole | None, *, fictional: bool = False) -> frozenset[Need]:
        """What they may do as the person they are. role: theirs, if they were added; fictional: everybody may look."""
        if self.everything:
            return OWN
        if self.kind != "oidc" or self.subject is None:
            return NOTHING
        if owner == self.subject:
            return OWN
        return _BY_ROLE[role] if role is not None else READ if fictional and owner is None else NOTHING


def known_as(subject: str) -> str:
    """The name a person signs in with, as it is kept: an address is the same in capitals."""
    return subject.strip().casefold()


LOCAL: Final = Actor("local")
