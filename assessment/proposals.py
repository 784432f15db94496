"""What the measurement proposes to do: from the strategy to act on, and from where the organisation stands lowest."""

from typing import Final

from assessment.packs import Language
from assessment.plan.actions import Proposal
from assessment.results import Results
from assessment.scoring import findings
from assessment.strategy.model import OutcomeId
from assessment.texts import Texts, texts

LOWEST: Final = 3


def proposals(results: Results, chosen: OutcomeId | None, language: Language) -> tuple[Proposal, ...]:
    """Every action that is proposed, in the reader's language, taken over before or not.

    The quick wins of the strategy to act on first, then the next rung of the LOWEST lowest items. An item is proposed
    anew for each rung. chosen: that strategy; None where there is none yet.
    Source: method §6.7.
    """
    prose = results.pack.prose[language].items
    found = []
    if chosen is not None:
        lines = strategy_lines(chosen, "quick", texts(language))
        found += [Proposal(f"{chosen}.quick.{n}", words, chosen) for n, words in enumerate(lines, start=1)]
    for item in findings.lowest_items(results.score, LOWEST):
        following = findings.next_rung(results.pack, findings.rung(item) or 1)
        if following is not None:
            title = texts(language)("plan.rung", step=prose[item.id].anchors[following - 1])
            found.append(Proposal(f"{item.id}.rung.{following}", title, why=prose[item.id].stem))
    return tuple(found)


def strategy_lines(strategy: str, topic: str, words: Texts) -> list[str]:
    """What follows from a strategy on a topic: quick, document, train or measure. Source: method §6.7."""
    lines: list[str] = []
    while words.has(key := f"actions.{strategy}.{topic}.{len(lines) + 1}"):
        lines.append(words(key))
    return lines
