"""What the audit log keeps: that something was done, when and by whom; never what it was done with."""

from typing import Annotated, Final, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from assessment.engagement import EngagementId, Line

# how they came in, as in the history; command: by `python -m assessment`; system: the daily task
AuditActor = Literal["local", "key", "oidc", "link", "command", "system"]
AuditKind = Literal[
    "signed_in",
    "refused",
    "link_opened",
    "opened",
    "exported",
    "exported_everything",
    "document_made",
    "deleted",
    "restored",
    "erased",
    "expired",
    "room_erased",
    "backup_made",
    "backup_restored",
    "member_added",
    "member_removed",
    "links_made",
    "links_revoked",
    "shared",
    "unshared",
    "privacy_changed",
]
KINDS: Final[tuple[AuditKind, ...]] = get_args(AuditKind)


class AuditEvent(BaseModel):
    """Something that was done.

    subject: the name they signed in with. engagement_id: what it was done to; it stays when that is erased, and then
    leads nowhere. count: of how many things, as links.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    actor: AuditActor
    subject: Line | None = None
    kind: AuditKind
    engagement_id: EngagementId | None = None
    count: Annotated[int, Field(ge=0)] = 1
