"""Records named for the situation they stand for."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from assessment.engagement import (
    Answer,
    Engagement,
    EngagementId,
    ItemId,
    Link,
    LinkId,
    Response,
    ResponseId,
    Wave,
    WaveId,
)
from assessment.store import Store

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)

THREE, DONT_KNOW = Answer(value=3), Answer(value="DK")
NOT_APPLICABLE = Answer(value="NA", na_reason="no_such_work")


def item(number: int) -> ItemId:
    return ItemId(f"C1.{number}")


def an_engagement(**fields: object) -> Engagement:
    known = {"id": uuid4().hex, "name": "Fjordvind AS", "language": "nb", "mode": "anonymous", "created_at": MONDAY}
    return Engagement.model_validate(known | fields)


def a_wave(engagement_id: EngagementId, position: int = 1, **fields: object) -> Wave:
    known = {
        "id": uuid4().hex,
        "engagement_id": engagement_id,
        "label": "T0",
        "position": position,
        "opened_at": MONDAY,
        "pack_id": "full",
        "pack_version": "1.0.0",
        "pack_hash": "0" * 64,
        "scoring_version": "1.0",
    }
    return Wave.model_validate(known | fields)


def a_response(wave_id: WaveId, **fields: object) -> Response:
    return Response.model_validate({"id": uuid4().hex, "wave_id": wave_id, "role": "S"} | fields)


def a_link(engagement_id: EngagementId, wave_id: WaveId | None, **fields: object) -> Link:
    """An answer link to the wave, or a results link where there is none."""
    known = {
        "id": uuid4().hex,
        "engagement_id": engagement_id,
        "wave_id": wave_id,
        "purpose": "answer" if wave_id else "results",
        "token_hash": sha256(uuid4().bytes).hexdigest(),
        "created_at": MONDAY,
    }
    return Link.model_validate(known | fields)


def link_to(wave_id: WaveId) -> LinkId:
    """The id of the link by which somebody is answering."""
    return LinkId(f"to-{wave_id}")


def someone_answering(store: Store) -> tuple[EngagementId, WaveId, ResponseId]:
    """A stored engagement with one open wave, a link to it and one empty response."""
    engagement = an_engagement()
    wave = a_wave(engagement.id)
    response = a_response(wave.id)
    store.create_engagement(engagement, wave, response)
    store.add_links([a_link(engagement.id, wave.id, id=link_to(wave.id))])
    return engagement.id, wave.id, response.id
