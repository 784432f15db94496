"""What documents look like: a sender, a colour, a logo and a template, each kept until it is taken away."""

import pytest

from assessment.engagement import LOGO_BYTES_MAX, Branding, EngagementId
from assessment.store import NotFound, Store
from tests.store.situations import someone_answering


def test_what_is_said_stays_until_it_is_taken_away(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    assert store.branding(engagement) == Branding()

    store.change_branding(engagement, {"sender": "Fjord Rådgivning", "logo": b"\x89PNG\x00", "colour": "#0b5566"})
    store.change_branding(engagement, {"sender": None, "template": b"PK"})
    assert store.branding(engagement) == Branding(colour="#0b5566", logo=b"\x89PNG\x00", template=b"PK")


@pytest.mark.parametrize("fields", [{"colour": "petrol"}, {"logo": b"x" * (LOGO_BYTES_MAX + 1)}])
def test_what_cannot_be_used_is_refused_and_nothing_changes(store: Store, fields: dict[str, object]) -> None:
    engagement, _, _ = someone_answering(store)
    with pytest.raises(ValueError):
        store.change_branding(engagement, fields)
    assert store.branding(engagement) == Branding()


def test_an_engagement_that_is_not_there_has_no_look(store: Store) -> None:
    with pytest.raises(NotFound):
        store.branding(EngagementId("nobody"))
