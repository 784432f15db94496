"""What was chosen, and that own weights are in use: said wherever the recommendation is shown."""

from collections.abc import Sequence

from assessment.advice import Advice
from assessment.deciding import moved_since
from assessment.engagement import StrategyDecision
from assessment.wording import strategy_words
from pages.ui import parts, session


def notes(advice: Advice, decisions: Sequence[StrategyDecision]) -> None:
    """Draw whose weights these are, what was chosen, and that something else is recommended now.

    decisions: newest first.
    """
    texts = session.texts()
    own_weights(advice)
    if not decisions:
        return
    latest = decisions[0]
    parts.lead(strategy_words.chosen(latest))
    if latest.reason:
        parts.note(texts("decision.reason_was", reason=latest.reason))
    if moved_since(latest, advice):
        then, now = strategy_words.named(latest.recommended), strategy_words.named(advice.recommendation.recommended)
        parts.note(f"◆ {texts('decision.moved', then=then, now=now)}")


def own_weights(advice: Advice) -> None:
    """Say that the recommendation is made by the organisation's own weights, where it is."""
    if advice.own_weights:
        parts.note(f"◆ {session.texts()('decision.own_weights')}")
