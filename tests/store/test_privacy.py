"""Who answers for the answers, and erasing what was to be kept no longer."""

from datetime import date

import pytest

from assessment.engagement import EngagementId, Privacy
from assessment.store.protocol import NotFound, Store
from tests.store.situations import someone_answering

DAY = date(2026, 6, 1)


def test_what_is_said_is_kept_field_by_field(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    assert store.privacy(engagement) == Privacy()

    store.change_privacy(engagement, {"controller": "Fjord AS", "erase_on": DAY})
    store.change_privacy(engagement, {"contact": "post@fjord.example"})

    assert store.privacy(engagement) == Privacy(controller="Fjord AS", contact="post@fjord.example", erase_on=DAY)


def test_on_its_day_an_engagement_is_gone_and_no_other_is(store: Store) -> None:
    due, later, never = (someone_answering(store)[0] for _ in range(3))
    store.change_privacy(due, {"erase_on": DAY})
    store.change_privacy(later, {"erase_on": date(2026, 6, 2)})

    assert store.erase_expired(date(2026, 5, 31)) == 0
    assert store.erase_expired(DAY) == 1

    with pytest.raises(NotFound):
        store.engagement(due)
    assert {e.engagement.id for e in store.engagements()} == {later, never}


def test_a_deleted_engagement_goes_on_its_day_too(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    store.change_privacy(engagement, {"erase_on": DAY})
    store.delete_engagement(engagement, store.engagement(engagement).created_at)
    assert store.erase_expired(DAY) == 1


def test_an_engagement_that_is_not_there_says_nothing(store: Store) -> None:
    with pytest.raises(NotFound):
        store.privacy(EngagementId("nobody"))
