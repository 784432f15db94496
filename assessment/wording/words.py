"""Names and short phrases for ids, in the reader's language; codes never reach a page."""

from math import ceil

from assessment.config import NEED_HIGH
from assessment.packs import Pack, builtin
from assessment.proposals import strategy_lines
from assessment.results import Results
from assessment.scoring.answers import SLACK
from assessment.scoring.result import CriterionScore, ItemStatistics, Result
from assessment.strategy.model import NEEDS
from assessment.texts import half_up
from assessment.wording import reader

_SOURCES = {"conc": "processes", "spread": "processes", "dis": "processes", "waste": "waste_register"}
_PATTERNS = ("nbar", "beta", "few", "pk")


def about(results: Results) -> list[str]:
    """What a result is about: organisation, wave and month, how many answered."""
    texts, engagement, wave = reader.texts(), results.engagement, results.wave
    facts = [engagement.name]
    if engagement.fictional:
        facts.append(texts("common.fictional"))
    facts.append(f"{texts(f'wave.{wave.label}')}, {texts.month(wave.closed_at or wave.opened_at)}")
    if engagement.mode == "consensus":
        facts.append(texts("maturity.together"))
    if results.own is None:
        facts.append(texts.plural("start.responses", results.respondents))
    return facts


def difference(one: float, other: float, digits: int = 1) -> float:
    """The difference of two figures as they are printed, so that a sum shown adds up as shown."""
    return float(half_up(one, digits) - half_up(other, digits))


def at_most(value: float, digits: int = 1) -> float:
    """What a figure does not exceed, nor the difference of two figures as they are printed: the next step up."""
    steps: int = 10**digits
    return ceil(value * steps - SLACK) / steps


def lower_first(words: str) -> str:
    """Words as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


def upper_first(words: str) -> str:
    """Words as they stand on their own."""
    return words[:1].upper() + words[1:]


def quoted(words: str) -> str:
    """Words between the language's quotation marks."""
    return reader.texts()("common.quoted", words=words)


def name_of(pack: Pack, id_: str) -> str:
    """The name of a criterion, sub-scale, item, precondition or flow figure."""
    texts = reader.texts()
    prose = pack.prose[texts.language]
    if id_ in prose.criteria:
        return prose.criteria[id_].title
    if id_ in prose.items:
        return prose.items[id_].topic
    if id_ in builtin("readiness").prose[texts.language].criteria:
        return precondition(id_)
    return texts(f"subscale.{id_}") if texts.has(f"subscale.{id_}") else texts(f"flow.{id_}")


def precondition(id_: str) -> str:
    """The name of a precondition."""
    return builtin("readiness").prose[reader.language()].criteria[id_].title


def precondition_rungs(id_: str, level: float | None) -> tuple[str, str]:
    """The descriptions of the rung a precondition stands on and of the one above."""
    anchors = builtin("readiness").prose[reader.language()].items[id_].anchors
    standing = min(max(int(level or 1), 1), len(anchors) - 1)
    return anchors[standing - 1], anchors[standing]


def signal(id_: str, value: float) -> str:
    """A signal by name, as a finding when it is strong."""
    return reader.texts()(f"signal.{id_}.high" if value >= NEED_HIGH else f"signal.{id_}")


def source(id_: str) -> str:
    """Key of where a signal other than a single need comes from."""
    if id_ in _PATTERNS:
        return "questionnaire_all"
    return _SOURCES.get(id_, "flow")


def known_source(results: Results, id_: str) -> str:
    """Where a signal that is known comes from."""
    texts = reader.texts()
    if id_ in NEEDS:
        return texts("signal.questionnaire", level=texts.number(level_of(results.score, NEEDS[id_])))
    return texts(f"signal.{source(id_)}")


def unknown_source(id_: str) -> str:
    """Why a signal is missing."""
    from_questionnaire = id_.startswith("n") or id_ in _PATTERNS
    return reader.texts()(f"signal.{'questionnaire' if from_questionnaire else source(id_)}_unknown")


def level_of(result: Result, id_: str) -> float:
    """The level of a criterion or sub-scale that has one."""
    scores = {c.id: c.score for c in result.criteria} | {s.id: s.score for s in result.subscales}
    return scores[id_] or 0.0


def item_level(item: ItemStatistics) -> str:
    """An item's level in words: the mean, or the band where everybody gave the same answer."""
    texts = reader.texts()
    if item.mean is not None:
        return texts.number(item.mean)
    return (item.band or texts("common.not_assessed")).replace(">=", "≥ ").replace("<=", "≤ ")


def criterion(results: Results, scored: CriterionScore) -> str:
    """A criterion's name."""
    return name_of(results.pack, scored.id)


def criterion_lower(results: Results, scored: CriterionScore) -> str:
    """A criterion's name inside a sentence."""
    return lower_first(criterion(results, scored))


def seen(name: str) -> str:
    """A perspective as those who see: the sellers."""
    return reader.texts()(f"maturity.seen.{name}")


def step(level: int | None) -> str:
    """A level with its name: 2 Gryende."""
    texts = reader.texts()
    return texts("common.not_assessed") if level is None else f"{level} {texts(f'level.{level}')}"


def follows(strategy: str, topic: str) -> list[str]:
    """What follows from a strategy: its quick wins, what to document, to train or to measure (method §6.7)."""
    return strategy_lines(strategy, topic, reader.texts())


def number(value: float | None, digits: int = 2) -> str:
    """A figure, or that it is not assessed."""
    texts = reader.texts()
    return texts("common.not_assessed") if value is None else texts.number(value, digits)


def share(value: float | None) -> str:
    """A share as per cent, or that it is not assessed."""
    texts = reader.texts()
    return texts("common.not_assessed") if value is None else texts.percent(value)
