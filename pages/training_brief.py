"""The brief for a sales training: whether to train, on which steps, what to remove first and what to measure after."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final, Literal, get_args

import streamlit as st

from assessment import training_brief as brief
from assessment.advice import Advice
from assessment.deciding import followed
from assessment.engagement import Engagement, TrainingBrief
from assessment.mapping.stream import Interface
from assessment.reaction import Obstacle, Reaction
from assessment.report.export import named_file
from assessment.results import Results
from assessment.scoring import findings
from assessment.scoring.result import ItemStatistics
from assessment.wording import stream_words, words
from pages.ui import choices, decided, fields, parts, session, take_away, waves

Section = Literal["verdict", "steps", "obstacles", "measures"]
SECTIONS: Final[tuple[Section, ...]] = get_args(Section)
EDIT: Final = "edit"
LAST_DAY: Final = "training_last_day"
PLANNED: Final = {"yes": "planned", "no": "not_planned"}


def render() -> None:
    """Draw the brief of the open engagement, what one adds to it, or say what it needs."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.training_brief"), texts("training_brief.none"), (texts("start.begin"), "begin"))
        return
    results, advice = session.results(opened), session.advice(opened)
    if advice is None:
        key = "strategy.nothing" if results.pack.id == "full" else "strategy.pulse"
        parts.empty(texts("page.training_brief"), texts(key), (texts("strategy.to_answer"), "answer"))
        return
    added = session.service().training_brief(opened.id)
    parts.where(*words.about(results))
    parts.title(texts("page.training_brief"))
    if session.step() == EDIT and session.may("run"):
        _edit(opened, added)
    else:
        waves.choose(results)
        _show(opened, results, advice, added)


# ---------------------------------------------------------------- the brief


def _show(opened: Engagement, results: Results, advice: Advice, added: TrainingBrief) -> None:
    texts, reaction = session.texts(), session.reaction(opened)
    said = _said(results, advice, added, reaction)
    parts.message(texts(f"actions.training.{advice.training}"), *said["verdict"])
    decided.own_weights(advice)
    _own(added.verdict)
    for section in SECTIONS[1:]:
        parts.section(texts(f"training_brief.section.{section}"))
        parts.bullets(said[section] or [texts(f"training_brief.nothing.{section}")])
        _own(getattr(added, section))
    reacted = [] if reaction is None else _reaction(reaction)
    if reacted:
        parts.section(texts("training_brief.reaction"))
        parts.bullets(reacted)
    with st.container(key="take_away"):
        parts.note(texts("training_brief.take_away"))
        with st.container(horizontal=True):
            if session.may("run"):
                st.button(texts("training_brief.add"), key="brief_edit", on_click=session.go_to_step, args=(EDIT,))
            st.download_button(
                texts("sponsor_note.download"),
                _as_text(results, advice, said, added, reacted),
                named_file(opened.name, texts("training_brief.file"), "txt"),
                "text/plain",
                on_click="ignore",
                key="brief_text",
            )
            pressed = st.button(texts("maturity.print"), key="print")
    if pressed:
        take_away.print_page()
    with st.container(key="next", horizontal=True):
        parts.links((texts("strategy.to_actions"), "actions"), (texts("decision.to_strategy"), "strategy"))


def _own(own: str | None) -> None:
    """What somebody added, as they wrote it."""
    if own:
        st.html("<p>" + "<br>".join(parts.escape(line) for line in own.splitlines()) + "</p>")


def _as_text(
    results: Results, advice: Advice, said: Mapping[Section, list[str]], added: TrainingBrief, reacted: list[str]
) -> str:
    texts = session.texts()
    blocks = [f"{texts('page.training_brief')}\n{' · '.join(words.about(results))}"]
    for section in SECTIONS:
        heading = f"actions.training.{advice.training}" if section == "verdict" else f"training_brief.section.{section}"
        lines = said[section] or [texts(f"training_brief.nothing.{section}")]
        own = getattr(added, section)
        blocks.append("\n".join([texts(heading), *(f"– {line}" for line in lines), *([own] if own else [])]))
    if reacted:
        blocks.append("\n".join([texts("training_brief.reaction"), *(f"– {line}" for line in reacted)]))
    return "\n\n".join(blocks) + "\n"


# ---------------------------------------------------------------- what we say


def _said(
    results: Results, advice: Advice, added: TrainingBrief, reaction: Reaction | None
) -> dict[Section, list[str]]:
    return {
        "verdict": _verdict(results, advice),
        "steps": _steps(results, advice),
        "obstacles": [*_named(reaction), *_obstacles(results, advice)],
        "measures": _measures(results, added),
    }


def _verdict(results: Results, advice: Advice) -> list[str]:
    texts, level = session.texts(), results.score.criterion(brief.FOUNDATION).score
    planned = PLANNED.get(results.engagement.training_planned or "", "planned_unknown")
    shown = "" if level is None else texts.number(level)
    why = texts(f"actions.training.{advice.training}_why", level=shown)
    return [why, texts(f"actions.training.{planned}")]


def _steps(results: Results, advice: Advice) -> list[str]:
    """Whom the strategy says to train, the hand-offs that fail most, and what the process holds for a training."""
    texts, decisions = session.texts(), session.service().strategy_decisions(results.engagement.id)
    strategy = followed(advice, decisions)
    lines = [] if strategy is None else words.follows(strategy, "train")
    lines += [_handoff(advice, weak) for weak in brief.weak_handoffs(advice.state.stream)]
    held = [_level(results, item) for item in brief.foundation(results.score)]
    return [*lines, texts("training_brief.foundation", levels=texts.listing(held))] if held else lines


def _handoff(advice: Advice, weak: Interface) -> str:
    texts, stream = session.texts(), advice.state.stream
    ids = (weak.told.from_stage_id, weak.told.to_stage_id)
    sender, receiver = (words.quoted(stream_words.name_of(stream, id_)) for id_ in ids)
    said = []
    if weak.receiver_share is not None:
        said.append(texts("training_brief.usable", share=texts.percent(weak.receiver_share)))
    if weak.clarity is not None:
        said.append(texts("training_brief.agreed", n=weak.clarity, of=brief.AGREED_POINTS))
    return texts("training_brief.handoff", sender=sender, receiver=receiver, said=texts.listing(said))


def _level(results: Results, item: ItemStatistics) -> str:
    texts, topic = session.texts(), results.pack.prose[session.language()].items[item.id].topic
    return texts("training_brief.level", topic=words.lower_first(topic), level=words.item_level(item))


def _obstacles(results: Results, advice: Advice) -> list[str]:
    """What stands in the way of a training: full people, waste one may remove, and what is weakest around sales."""
    texts, stream = session.texts(), advice.state.stream
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
    texts, prose = session.texts(), results.pack.prose[session.language()].items[item.id]
    at = findings.rung(item) or 1
    following = prose.anchors[(findings.next_rung(results.pack, at) or at) - 1]
    named = {"topic": prose.topic, "level": words.item_level(item)}
    return texts("training_brief.obstacle", **named, next=words.lower_first(following))


def _named(reaction: Reaction | None) -> list[str]:
    """What at least half of those trained say is in their way."""
    if reaction is None:
        return []
    common = [_topic(reaction, obstacle.item) for obstacle in reaction.obstacles if obstacle.common]
    return [session.texts()("training_brief.reaction_common", topic=topic) for topic in common]


def _reaction(reaction: Reaction) -> list[str]:
    """What those trained said on the last day, or how many have answered while it is open."""
    texts, n = session.texts(), reaction.answered
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
    topic, of = _topic(reaction, item), session.texts().number(item.n, 0)
    named = session.texts().number(obstacle.named, 0)
    return session.texts()("training_brief.reaction_named", topic=topic, named=named, of=of)


def _answer(reaction: Reaction, item: ItemStatistics) -> str:
    """The answer nearest the mean in words, or the two it is one of where all gave the same."""
    texts, topic = session.texts(), _topic(reaction, item)
    anchors = reaction.pack.prose[session.language()].items[item.id].anchors
    if item.band == ">=4":
        return texts("training_brief.reaction_band_high", topic=topic, low=anchors[3], high=anchors[4])
    if item.band == "<=2":
        return texts("training_brief.reaction_band_low", topic=topic, low=anchors[0], high=anchors[1])
    return texts("training_brief.reaction_said", topic=topic, answer=anchors[(findings.rung(item) or 1) - 1])


def _topic(reaction: Reaction, item: ItemStatistics) -> str:
    return reaction.pack.prose[session.language()].items[item.id].topic


def _measures(results: Results, added: TrainingBrief) -> list[str]:
    texts, topic = session.texts(), results.pack.prose[session.language()].items[brief.FOLLOWED_UP].topic
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


# ---------------------------------------------------------------- what one adds


def _edit(opened: Engagement, added: TrainingBrief) -> None:
    texts = session.texts()
    parts.lead(texts("training_brief.adding"))
    _last_day(opened, added)
    for section in SECTIONS:
        label, own = texts(f"training_brief.section.{section}"), getattr(added, section) or ""
        choices.paragraph(label, f"brief_{opened.id}_{section}", own, _storing(opened, section))
    fields.saved()
    st.button(texts("sponsor_note.done"), type="primary", key="brief_done", on_click=session.go_to_step, args=("",))


def _storing(opened: Engagement, section: str) -> Callable[[object], object]:
    return lambda given: session.service().change_training_brief(opened.id, {section: given})


def _last_day(opened: Engagement, added: TrainingBrief) -> None:
    key, store = session.widget_key(f"{LAST_DAY}_{opened.id}"), _storing(opened, "last_day")
    st.date_input(
        session.texts()("training_brief.last_day"),
        value=added.last_day,
        min_value=dt.date(2000, 1, 1),
        max_value=dt.date(2099, 12, 31),
        key=key,
        format="DD.MM.YYYY" if session.language() == "nb" else "DD/MM/YYYY",
        on_change=lambda: fields.write(LAST_DAY, lambda: store(session.widget(key))),
    )
    fields.refused(LAST_DAY)
