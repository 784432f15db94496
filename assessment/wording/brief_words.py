"""The brief for a training in sentences: whether to train, on what, what to remove first and what to measure."""

from typing import Final, Literal, get_args

from assessment import training_brief as brief
from assessment.advice import Advice
from assessment.deciding import followed
from assessment.engagement import StrategyDecision, TrainingBrief
from assessment.mapping.stream import Interface, Stream
from assessment.reaction import Obstacle, Reaction
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.result import ItemStatistics
from assessment.wording import reader, stream_words, words

Section = Literal["verdict", "steps", "obstacles", "measures"]
SECTIONS: Final[tuple[Section, ...]] = get_args(Section)
PLANNED: Final = {"yes": "planned", "no": "not_planned"}


def said(
    results: Results,
    advice: Advice,
    decisions: tuple[StrategyDecision, ...],
    added: TrainingBrief,
    reaction: Reaction | None,
) -> dict[Section, list[str]]:
    """What the brief says, section by section."""
    return {
        "verdict": _verdict(results, advice),
        "steps": _steps(results, advice, decisions),
        "obstacles": [*_named(reaction), *_obstacles(results, advice)],
        "measures": _measures(results, added),
    }


def _verdict(results: Results, advice: Advice) -> list[str]:
    texts, level = reader.texts(), results.score.criterion(brief.FOUNDATION).score
    planned = PLANNED.get(results.engagement.training_planned or "", "planned_unknown")
    shown = "" if level is None else texts.number(level)
    why = texts(f"actions.training.{advice.training}_why", level=shown)
    return [why, texts(f"actions.training.{planned}")]


def _steps(results: Results, advice: Advice, decisions: tuple[StrategyDecision, ...]) -> list[str]:
    """Whom the strategy says to train, the hand-offs that fail most, and what the process holds for a training."""
    texts, strategy = reader.texts(), followed(advice, decisions)
    lines = [] if strategy is None else words.follows(strategy, "train")
    lines += [handoff(advice.state.stream, weak) for weak in brief.weak_handoffs(advice.state.stream)]
    held = [_level(results, item) for item in brief.foundation(results.score)]
    return [*lines, texts("training_brief.foundation", levels=texts.listing(held))] if held else lines


def handoff(stream: Stream, weak: Interface) -> str:
    """A hand-off that fails, with how much of it the receiver can use and how much is agreed."""
    texts = reader.texts()
    ids = (weak.told.from_stage_id, weak.told.to_stage_id)
    sender, receiver = (words.quoted(stream_words.name_of(stream, id_)) for id_ in ids)
    said = []
    if weak.receiver_share is not None:
        said.append(texts("training_brief.usable", share=texts.percent(weak.receiver_share)))
    if weak.clarity is not None:
        said.append(texts("training_brief.agreed", n=weak.clarity, of=brief.AGREED_POINTS))
    return texts("training_brief.handoff", sender=sender, receiver=receiver, said=texts.listing(said))


def _level(results: Results, item: ItemStatistics) -> str:
    texts, topic = reader.texts(), results.pack.prose[reader.language()].items[item.id].topic
    return texts("training_brief.level", topic=words.lower_first(topic), level=words.item_level(item))


def _obstacles(results: Results, advice: Advice) -> list[str]:
    """What stands in the way of a training: full people, waste one may remove, and what is weakest around sales."""
    texts, stream = reader.texts(), advice.state.stream
    lines = []
    full = stream.flow.bottleneck
    load = None if full is None else stream.flow.pool(full).rho
    if full is not None and load is not None:
        name = stream_words.name_of(stream, full)
        lines.append(texts("training_brief.bottleneck", name=name, load=texts.percent(load)))
    waste = brief.worst_waste(advice.state.waste)
    if waste is not None:
        what = words.quoted(waste.description) if waste.description else texts(f"waste.name.{waste.code}")
        lines.append(texts("training_brief.waste", what=what, hours=texts.short(waste.hours_month or 0.0)))
    return [*lines, *(_rung(results, item) for item in brief.obstacles(results.score))]


def _rung(results: Results, item: ItemStatistics) -> str:
    """A question with its level and the description of the next rung."""
    texts, prose = reader.texts(), results.pack.prose[reader.language()].items[item.id]
    at = findings.rung(item) or 1
    following = prose.anchors[(findings.next_rung(results.pack, at) or at) - 1]
    named = {"topic": prose.topic, "level": words.item_level(item)}
    return texts("training_brief.obstacle", **named, next=words.lower_first(following))


def _named(reaction: Reaction | None) -> list[str]:
    """What at least half of those trained say is in their way."""
    if reaction is None:
        return []
    common = [_topic(reaction, obstacle.item) for obstacle in reaction.obstacles if obstacle.common]
    return [reader.texts()("training_brief.reaction_common", topic=topic) for topic in common]


def reacted(reaction: Reaction) -> list[str]:
    """What those trained said on the last day, or how many have answered while it is open."""
    texts, n = reader.texts(), reaction.answered
    if reaction.wave.closed_at is None:
        return [texts.plural("training_brief.reaction_open", n)]
    if not n:
        return [texts("training_brief.reaction_none")]
    lines = [texts.plural("training_brief.reaction_about", n, month=texts.month(reaction.wave.closed_at))]
    lines += [_answer(reaction, item) for item in reaction.said]
    if reaction.obstacles:
        lines.append(texts("training_brief.reaction_obstacles"))
    lines += [_in_the_way(reaction, obstacle) for obstacle in reaction.obstacles]
    if reaction.hidden:
        topics = texts.listing([words.lower_first(_topic(reaction, item)) for item in reaction.hidden])
        lines.append(texts("training_brief.reaction_hidden", topics=topics))
    return lines


def _in_the_way(reaction: Reaction, obstacle: Obstacle) -> str:
    item = obstacle.item
    if obstacle.named is None:
        return _answer(reaction, item)
    topic, of = _topic(reaction, item), reader.texts().number(item.n, 0)
    named = reader.texts().number(obstacle.named, 0)
    return reader.texts()("training_brief.reaction_named", topic=topic, named=named, of=of)


def _answer(reaction: Reaction, item: ItemStatistics) -> str:
    """The answer nearest the mean in words, or the two it is one of where all gave the same."""
    texts, topic = reader.texts(), _topic(reaction, item)
    anchors = reaction.pack.prose[reader.language()].items[item.id].anchors
    if item.band == ">=4":
        return texts("training_brief.reaction_band_high", topic=topic, low=anchors[3], high=anchors[4])
    if item.band == "<=2":
        return texts("training_brief.reaction_band_low", topic=topic, low=anchors[0], high=anchors[1])
    return texts("training_brief.reaction_said", topic=topic, answer=anchors[(findings.rung(item) or 1) - 1])


def _topic(reaction: Reaction, item: ItemStatistics) -> str:
    return reaction.pack.prose[reader.language()].items[item.id].topic


def _measures(results: Results, added: TrainingBrief) -> list[str]:
    texts, topic = reader.texts(), results.pack.prose[reader.language()].items[brief.FOLLOWED_UP].topic
    what = {"topic": words.lower_first(topic)}
    if added.last_day is None:
        return [
            texts(f"training_brief.measure.{point}", **(what if point == "behaviour" else {}))
            for point in ("before", "last", "behaviour", "results")
        ]
    days = brief.measuring_days(added.last_day)
    return [
        texts("training_brief.on.before", since=texts.day(days.before[0]), until=texts.day(days.before[1])),
        texts("training_brief.on.last", day=texts.day(days.last)),
        texts("training_brief.on.behaviour", day=texts.day(days.behaviour), **what),
        texts("training_brief.on.results", since=texts.day(days.results[0]), until=texts.day(days.results[1])),
    ]
