"""A survey with links to it, as an owner has made it."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from assessment.engagement import Engagement, EngagementId, Link, LinkId, Wave, WaveId
from assessment.links import server_secret, token_hash, token_of
from assessment.packs import builtin
from assessment.store import SqliteStore

OPENED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CLOSED = OPENED + timedelta(days=14)
# longer than the pages remember a link and what is shared
FORGOTTEN_S = 0.6


class Survey:
    """One engagement with one open wave, on a database of its own."""

    def __init__(self, database: Path, pack: str = "full", name: str = "Fjordvind AS", **wave: object) -> None:
        self.database, self.store, self.secret = database, SqliteStore(database), server_secret(database)
        self.pack = builtin(pack)
        self.engagement = EngagementId(uuid4().hex)
        self.wave = WaveId(uuid4().hex)
        self.store.create_engagement(
            Engagement(id=self.engagement, name=name, language="nb", mode="anonymous", created_at=OPENED),
            Wave.model_validate(
                {
                    "id": self.wave,
                    "engagement_id": self.engagement,
                    "label": "T0",
                    "position": 1,
                    "opened_at": OPENED,
                    "pack_id": self.pack.id,
                    "pack_version": self.pack.version,
                    "pack_hash": self.pack.hash,
                    "scoring_version": "1.0",
                    **wave,
                }
            ),
        )

    def link(self, **fields: object) -> str:
        """The token of a new link; `role`, `team`, `max_uses`, `expires_at` as given."""
        return self.links(1, **fields)[0]

    def links(self, count: int, **fields: object) -> list[str]:
        """The tokens of so many new links."""
        tokens, links = [], []
        for _ in range(count):
            link_id = LinkId(uuid4().hex)
            tokens.append(token_of(self.secret, link_id))
            known = {
                "id": link_id,
                "engagement_id": self.engagement,
                "wave_id": self.wave,
                "purpose": "answer",
                "token_hash": token_hash(tokens[-1]),
                "created_at": OPENED,
            }
            links.append(Link.model_validate(known | fields))
        self.store.add_links(links)
        return tokens

    def link_id(self, token: str) -> LinkId:
        """The id of the link with this token."""
        link = self.store.link_by_hash(token_hash(token))
        assert link is not None
        return link.id


def share(survey: Survey, scores: Mapping[str, float | None]) -> None:
    """Close the survey and show those who answered these scores of the group; the pages know when it returns."""
    survey.store.close_wave(survey.wave, CLOSED)
    survey.store.share(survey.wave, scores)
    time.sleep(FORGOTTEN_S)
