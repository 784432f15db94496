"""Use cases of what documents look like, and who they come from."""

from collections.abc import Mapping

from assessment.engagement import Branding, EngagementId
from assessment.guard import requires
from assessment.mapping.given import filled
from assessment.use_cases import UseCases


class Brandings(UseCases):
    """The sender, the colour, the logo and the template of an assessment's documents."""

    @requires("read")
    def branding(self, engagement_id: EngagementId) -> Branding:
        """Who the documents come from and what they look like; empty before anybody has said."""
        return self._store.branding(self.engagement(engagement_id).id)

    @requires("run")
    def change_branding(self, engagement_id: EngagementId, given: Mapping[str, object]) -> None:
        """Replace these, others stay; nothing is ours again. Raises: ValueError."""
        self._store.change_branding(engagement_id, {name: filled(value) for name, value in given.items()})
