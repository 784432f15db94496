"""Use cases of privacy: who answers for the answers, and how long they are kept."""

from collections.abc import Mapping
from datetime import date

from assessment.engagement import EngagementId, Privacy
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.use_cases import UseCases


class Privacies(UseCases):
    """What an assessment's owner says to those who answer, and when it is erased."""

    @requires("read")
    def privacy(self, engagement_id: EngagementId) -> Privacy:
        """Who answers for the answers and how long they are kept; empty before anybody has said."""
        return self._store.privacy(self.engagement(engagement_id).id)

    @requires("own")
    def change_privacy(self, engagement_id: EngagementId, given: Mapping[str, object]) -> None:
        """Replace these, others stay. Raises: ValueError for a day that is not to come: nothing is erased by a slip."""
        fields = {name: filled(value) for name, value in given.items()}
        erase_on = fields.get("erase_on")
        if isinstance(erase_on, date) and erase_on <= self._clock().date():
            raise ValueError("the day an assessment is erased on lies ahead")
        self._store.change_privacy(engagement_id, fields)
