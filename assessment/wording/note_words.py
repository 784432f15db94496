"""The note to the sponsor as the tool would write it."""

from typing import Final

from assessment.advice import Advice
from assessment.engagement import NoteSection
from assessment.strategy.model import HOLD_AND_MEASURE, StrategyId
from assessment.strategy.recommend import Recommendation
from assessment.wording import reader, words

QUICK_WINS: Final = 2


def standard(advice: Advice, outside: StrategyId) -> dict[NoteSection, str]:
    """The note as the tool would write it."""
    return {
        "shows": _shows(advice, outside),
        "excludes": _excludes(advice.recommendation, outside),
        "possible": _possible(outside),
        "meanwhile": _meanwhile(advice.recommendation),
        "decide": _decide(advice.recommendation, outside),
    }


def _shows(advice: Advice, outside: StrategyId) -> str:
    texts, recommendation = reader.texts(), advice.recommendation
    found = [words.lower_first(texts(f"diagnosis.{diagnosis.rule}")) for diagnosis in advice.diagnoses]
    fit, margin = recommendation.strategy(outside).fit or 0.0, recommendation.conflict_margin or 0.0
    said = [texts("sponsor_note.findings", findings=texts.listing(found))] if found else []
    name = texts(f"strategy.{outside}")
    return "\n".join([*said, texts("sponsor_note.fits", name=name, fit=texts.number(fit), margin=texts.number(margin))])


def _excludes(recommendation: Recommendation, outside: StrategyId) -> str:
    texts, said = reader.texts(), []
    for strategy in sorted(recommendation.strategies, key=lambda s: s.id != outside):
        if strategy.excluded:
            reasons = texts.listing([texts(f"strategy.reason.{reason}") for reason in strategy.excluded])
            said.append(texts("sponsor_note.excluded", name=texts(f"strategy.{strategy.id}"), reasons=reasons))
    return "\n".join(said)


def _possible(outside: StrategyId) -> str:
    texts = reader.texts()
    first = [texts(f"actions.{outside}.quick.{n}") for n in range(1, QUICK_WINS + 1)]
    return "\n".join([texts(f"strategy.{outside}.say"), texts("sponsor_note.first"), *(f"– {line}" for line in first)])


def _meanwhile(recommendation: Recommendation) -> str:
    texts, chosen = reader.texts(), recommendation.recommended
    if chosen is None:
        return texts("sponsor_note.map_first")
    if chosen == HOLD_AND_MEASURE:
        return texts("strategy.S0.say")
    name = words.lower_first(texts(f"strategy.{chosen}"))
    return texts("sponsor_note.within", name=name, say=texts(f"strategy.{chosen}.say"))


def _decide(recommendation: Recommendation, outside: StrategyId) -> str:
    return "\n".join([*(f"– {line}" for line in asked(recommendation, outside)), reader.texts()("sponsor_note.or_not")])


def asked(recommendation: Recommendation, outside: StrategyId) -> list[str]:
    """What the sponsor would have to say yes to, a question for each limit of the mandate."""
    return [reader.texts()(f"sponsor_note.ask.{reason}") for reason in recommendation.strategy(outside).excluded]
