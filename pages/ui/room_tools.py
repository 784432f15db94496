"""The tools of each step of a workshop: the pages' own parts, in the order a room needs them."""

import textwrap
from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd
import streamlit as st

from assessment import training_brief as brief
from assessment.engagement import Action, Engagement
from assessment.mapping.processes import ProcessList
from assessment.mapping.stream import Stream
from assessment.plan.actions import Plan
from assessment.proposals import Proposal
from assessment.results import Results
from assessment.wording import (
    brief_words,
    diagnosis_words,
    plan_words,
    process_words,
    room_words,
    strategy_words,
    stream_words,
    words,
)
from assessment.workshop.agenda import Agenda, agenda
from assessment.workshop.records import CLASSES_MAX, Question, RoomStep, StepKind
from assessment.workshop.rooms import RoomView
from pages import diagnosis, plan, strategy
from pages.ui import (
    choices,
    decided,
    errors,
    fields,
    parts,
    plan_editing,
    process_classes,
    room_ballots,
    room_parts,
    session,
    stream_charts,
    stream_editing,
)

TAKING: Final = "room_taking"
TOPICS_MAX: Final = 3
LINE: Final = 200  # what a question of a ballot holds
FLOW: Final = ("flow_efficiency", "rty", "bottleneck")


def draw(opened: Engagement, view: RoomView) -> None:
    """Draw the tools of the step the room is in."""
    tool = _TOOLS.get(view.step.kind)
    if tool is not None:
        tool(opened, view)


def _to(page: str, label: str) -> None:
    """A way to another page, from which there is a way back."""
    if session.has_page(page) and st.button(session.texts()(label), key=f"room_to_{page}"):
        session.keep(session.LEFT_ROOM, True)
        session.go(page)


# ---------------------------------------------------------------- frame, pulse


def _frame(opened: Engagement, view: RoomView) -> None:
    texts, service = session.texts(), session.service()
    parts.message(room_words.mandate(service.mandate(opened.id)))
    confirmed = texts("workshop.mandate.confirmed")
    with st.container(horizontal=True):
        if confirmed not in (view.step.outcome or ""):
            said = "\n".join(filter(None, [view.step.outcome, confirmed]))
            st.button(
                texts("workshop.mandate.confirm"),
                key="room_confirm",
                on_click=room_ballots.write,
                args=(lambda: service.describe_step(opened.id, view.step.id, {"outcome": said}),),
            )
        _to("mandate", "workshop.to_mandate")
    fields.refused(room_ballots.VOTING)


def _pulse(opened: Engagement, view: RoomView) -> None:
    room_ballots.draw(opened, view, "pulse", ())


# ---------------------------------------------------------------- the result


def _result(opened: Engagement, view: RoomView) -> None:
    texts, results = session.texts(), room_ballots.measured(opened)
    if results is None:
        parts.hidden(texts("workshop.no_result"))
        _to("maturity", "workshop.to_maturity")
        return
    found = agenda(results.score)
    parts.bullets(standing_out(results, found))
    chosen = topics_of(results, view.step)
    _choose_topics(opened, view, results, found, chosen)
    items = items_of(results, chosen or found.suggested)
    for item in items:
        room_parts.anchors(item, *room_parts.ends(results, item))
    room_ballots.draw(opened, view, "items", [Question(id=item) for item in items], ready=bool(items))
    _to("perceptions", "workshop.to_perceptions")


def standing_out(results: Results, found: Agenda) -> list[str]:
    """What stands out, a sentence each: highest, lowest, what is disagreed on most, and the widest gap."""
    texts, said = session.texts(), []
    for place, criterion in (("highest", found.highest), ("lowest", found.lowest)):
        if criterion is not None:
            score = texts.number(results.score.criterion(criterion).score or 0.0)
            said.append(texts(f"workshop.{place}", name=words.name_of(results.pack, criterion), score=score))
    if found.disagreement is not None:
        topic = words.name_of(results.pack, found.disagreement)
        apart = texts.number(results.score.item(found.disagreement).ad_m or 0.0)
        said.append(texts("workshop.disagreement", topic=topic, apart=apart))
    if found.perception is not None:
        gap, name = found.perception, words.name_of(results.pack, found.perception.criterion_id)
        key = "workshop.gap_brighter" if gap.delta > 0 else "workshop.gap_darker"
        delta, other = texts.number(abs(gap.delta)), texts(f"perceptions.seen.{gap.perspective}")
        said.append(texts(key, name=name, delta=delta, other=other))
    return said


def named(found: Agenda) -> frozenset[str]:
    """The criteria that stand out or are suggested: what a projector has room for."""
    widest = None if found.perception is None else found.perception.criterion_id
    return frozenset(filter(None, (*found.suggested, found.highest, found.lowest, widest)))


def topics_of(results: Results, step: RoomStep) -> tuple[str, ...]:
    """The criteria the room has chosen: those its outcome names, in whichever language it was written."""
    told = step.outcome or ""
    named = {c.id: [p.criteria[c.id].title for p in results.pack.prose.values()] for c in results.pack.criteria}
    return tuple(id_ for id_, titles in named.items() if any(title in told for title in titles))


def items_of(results: Results, criteria: tuple[str, ...]) -> tuple[str, ...]:
    """Of each criterion the item people disagree on most."""
    found = []
    for criterion in criteria:
        known = [i for i in results.score.items if i.criterion == criterion and i.ad_m]
        if known:
            found.append(max(known, key=lambda item: item.ad_m or 0.0).id)
    return tuple(found)


def _choose_topics(
    opened: Engagement, view: RoomView, results: Results, found: Agenda, chosen: tuple[str, ...]
) -> None:
    texts, labels = session.texts(), {c.id: words.name_of(results.pack, c.id) for c in results.pack.criteria}
    if found.suggested:
        names = texts.listing([words.quoted(labels[c]) for c in found.suggested])
        parts.note(texts("workshop.suggested", names=names))
    key = session.widget_key(f"room_topics_{view.step.id}_{'_'.join(chosen)}")
    st.pills(
        texts("workshop.choose_topics"),
        list(labels),
        selection_mode="multi",
        default=list(chosen),
        key=key,
        format_func=labels.__getitem__,
        wrap=True,
        on_change=lambda: room_ballots.write(lambda: _store_topics(opened, view.step, labels, session.widget(key))),
    )


def _store_topics(opened: Engagement, step: RoomStep, labels: Mapping[str, str], chosen: list[str]) -> None:
    if len(chosen) > TOPICS_MAX:
        raise fields.Refused("workshop.topics_max")
    said = "\n".join(labels[c] for c in labels if c in chosen)
    session.service().describe_step(opened.id, step.id, {"outcome": said})


# ---------------------------------------------------------------- core, management or support


def _classify(opened: Engagement, view: RoomView) -> None:
    texts, found = session.texts(), session.service().processes(opened.id)
    if not found.processes:
        parts.hidden(texts("workshop.no_processes"))
        _to("processes", "workshop.to_processes")
        return
    ballot = view.ballot
    chosen = _choose_processes(found) if ballot is None or ballot.revealed_at is not None else []
    room_ballots.draw(opened, view, "classes", [Question(id=id_) for id_ in chosen], ready=bool(chosen))
    if ballot is not None and ballot.revealed_at is not None and found.waiting:
        st.button(
            texts("workshop.take_over"),
            key="room_take_over",
            type="primary",
            on_click=room_ballots.write,
            args=(lambda: session.service().take_over_classes(opened.id),),
        )
        parts.note(texts("workshop.take_over_why"))
    if found.comparison is not None:
        parts.message(*process_words.sentences(found))
        for disagreement in found.disagreements:
            process_classes.one_disagreement(opened, disagreement)
    _to("processes", "workshop.to_processes")


def suggested(found: ProcessList) -> list[str]:
    """The processes to mark: those the sides disagree on or have not compared, most hours first."""
    apart = {d.process.id for d in found.disagreements if d.process.class_agreed is None}
    open_ = [p for p in found.processes if p.id in apart or p.classes_shown_at is None]
    order = sorted(open_, key=lambda p: -(p.hours_month or 0.0))
    return [p.id for p in order[:CLASSES_MAX]]


def _choose_processes(found: ProcessList) -> list[str]:
    texts, labels = session.texts(), {p.id: process_words.name_of(p) for p in found.processes}
    chosen: list[str] = st.multiselect(
        texts("workshop.choose_processes", n=CLASSES_MAX),
        list(labels),
        default=suggested(found),
        key=session.widget_key("room_processes"),
        format_func=labels.__getitem__,
        max_selections=CLASSES_MAX,
        wrap=True,
        placeholder=texts("workshop.choose_one"),
    )
    return chosen


# ---------------------------------------------------------------- walk the chain


def _walk(opened: Engagement, view: RoomView) -> None:
    texts, told = session.texts(), session.stream(opened)
    if not told.chain:
        parts.hidden(texts("workshop.no_stream"))
        _to("stream", "workshop.to_stream")
        return
    parts.message(*stream_words.message(told))
    parts.bullets(flow_facts(told))
    stream_charts.strip(told, told.chain)
    st.subheader(texts("workshop.walk_type"), anchor=False)
    stream_editing.quick(opened, told)
    _to("stream", "workshop.to_stream")


def flow_facts(told: Stream) -> list[str]:
    """Flow efficiency, what is right the first time, the bottleneck, and the hand-off that fails most."""
    texts, figures = session.texts(), stream_words.flow_figures(told)
    facts = [texts("workshop.flow", what=texts(f"stream.flow.{name}"), value=figures[name]) for name in FLOW]
    weak = brief.weak_handoffs(told)
    return [*facts, brief_words.handoff(told, weak[0])] if weak else facts


# ---------------------------------------------------------------- diagnosis, strategy


def _diagnosis(opened: Engagement, view: RoomView) -> None:
    texts, results = session.texts(), room_ballots.measured(opened)
    found = None if results is None else session.diagnosis(opened)
    if results is None or found is None:
        parts.hidden(texts("workshop.no_result"))
        return
    chosen = found.find(session.step())
    if chosen is not None:
        diagnosis.one(opened, results, found, chosen)
        return
    parts.message(*diagnosis_words.message(found))
    for judged in found.findings:
        diagnosis.row(results, judged)
    diagnosis.signature(opened, found)


def _strategy(opened: Engagement, view: RoomView) -> None:
    texts, results = session.texts(), room_ballots.measured(opened)
    advice = None if results is None else session.advice(opened)
    if results is None or advice is None:
        parts.hidden(texts("workshop.no_result"))
        return
    parts.message(strategy_words.lead(advice.recommendation))
    decided.notes(advice, session.service().strategy_decisions(opened.id))
    strategy.ranking_chart(results, advice.recommendation)
    if advice.recommendation.counterfactuals:
        st.subheader(texts("strategy.changes"), anchor=False)
        strategy.change_cards(advice.recommendation)
    _to("decision", "workshop.to_decision")


# ---------------------------------------------------------------- quick wins, brief


def _quick_wins(opened: Engagement, view: RoomView) -> None:
    texts, found = session.texts(), session.service().plan(opened.id)
    chosen = found.find(session.step())
    if chosen is not None:
        plan_editing.edit(opened, found, chosen)
        return
    proposed = {lang: plan.proposed(opened, lang) for lang in ("nb", "en")} if room_ballots.measured(opened) else {}
    fresh = [p for p in proposed.get(session.language(), ()) if p.source not in found.sources]
    questions = _dot_questions(found, proposed)
    room_ballots.draw(opened, view, "dots", questions, ready=bool(questions))
    _wins(opened, found)
    if fresh:
        _take(opened, fresh)
    if found.parked:
        st.subheader(texts.plural("plan.parked", len(found.parked)), anchor=False)
        parts.bullets([plan_words.called(parked.action) for parked in found.parked])
    _to("plan", "workshop.to_plan")


def _dot_questions(found: Plan, proposed: Mapping[str, tuple[Proposal, ...]]) -> list[Question]:
    """Actions that are still to be done, and proposals nobody has taken over."""
    actions = [Question(id=a.id, nb=_short(a.title)) for a in found.actions if a.open and a.title]
    english = {p.source: p.title for p in proposed.get("en", ())}
    fresh = [
        Question(id=p.source, nb=_short(p.title), en=_short(english[p.source]))
        for p in proposed.get("nb", ())
        if p.source not in found.sources
    ]
    return [*actions, *fresh]


def _short(title: str) -> str:
    return textwrap.shorten(title, LINE, placeholder=" …")


def _wins(opened: Engagement, found: Plan) -> None:
    texts = session.texts()
    st.subheader(texts.plural("workshop.wins", len(found.quick_wins)), anchor=False)
    if found.quick_wins:
        parts.table(pd.DataFrame([win_row(found, action) for action in found.quick_wins]))
    open_ = [action for action in found.actions if action.open]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(texts("workshop.add_win"), key="room_add_win", on_click=_add_win, args=(opened,))
        if open_:
            labels = {action.id: plan_words.called(action) for action in open_}
            choices.open_one(texts("plan.open_one"), "room_open_action", labels)
    fields.refused(TAKING)


def win_row(found: Plan, action: Action) -> dict[str, str]:
    """A quick win in words: what, who and when."""
    texts = session.texts()
    cells = {
        "title": plan_words.called(action),
        "owner": action.owner or texts("common.unknown"),
        "due_on": plan_words.when(found, action) or texts("common.unknown"),
    }
    return {texts(f"plan.column.{name}"): value for name, value in cells.items()}


def _add_win(opened: Engagement) -> None:
    errors.guarded(TAKING, lambda: session.go_to_step(session.service().begin_action(opened.id)))


def _take(opened: Engagement, fresh: list[Proposal]) -> None:
    """Let a proposal become an action, with its fields open."""
    texts, by_source = session.texts(), {proposal.source: proposal for proposal in fresh}
    key = session.widget_key(f"room_proposals_{len(fresh)}")

    def take() -> None:
        chosen = by_source[session.widget(key)]
        session.go_to_step(session.service().take_over_proposal(opened.id, chosen))

    st.selectbox(
        texts("workshop.take_proposal"),
        list(by_source),
        index=None,
        key=key,
        format_func=lambda source: by_source[source].title,
        placeholder=texts("workshop.choose_one"),
        on_change=lambda: errors.guarded(TAKING, take),
    )


def _brief(opened: Engagement, view: RoomView) -> None:
    texts, results = session.texts(), room_ballots.measured(opened)
    advice = None if results is None else session.advice(opened)
    if results is None or advice is None:
        parts.hidden(texts("workshop.no_result"))
        return
    parts.message(texts(f"actions.training.{advice.training}"), next_date(opened))
    service = session.service()
    decisions, added = service.strategy_decisions(opened.id), service.training_brief(opened.id)
    said = brief_words.said(results, advice, decisions, added, session.reaction(opened))
    for section in ("steps", "obstacles"):
        st.subheader(texts(f"training_brief.section.{section}"), anchor=False)
        parts.bullets(said[section] or [texts(f"training_brief.nothing.{section}")])
    _to("training_brief", "workshop.to_brief")


def next_date(opened: Engagement) -> str:
    """When to measure next, or nothing."""
    coming = session.service().plan(opened.id).next_measuring
    return session.texts()("plan.measure_next", day=session.texts().day(coming.on)) if coming else ""


_TOOLS: Final[Mapping[StepKind, Callable[[Engagement, RoomView], None]]] = {
    "frame": _frame,
    "pulse": _pulse,
    "result": _result,
    "classify": _classify,
    "walk": _walk,
    "diagnosis": _diagnosis,
    "strategy": _strategy,
    "quick_wins": _quick_wins,
    "brief": _brief,
}
