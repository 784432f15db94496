"""The plan: what is to be done by whom and when, as board, list or timeline, and what waits outside the mandate."""

import textwrap
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

import pandas as pd
import streamlit as st

from assessment import charts
from assessment.deciding import followed
from assessment.engagement import Action, Engagement, EngagementId
from assessment.packs import Language
from assessment.plan.actions import STATUSES, Parked, Plan, Proposal
from assessment.plan.calendar import calendar_file
from assessment.proposals import proposals
from assessment.use_cases import utc_now
from assessment.wording import kpi_words, plan_words
from pages.ui import choices, errors, fields, parts, plan_editing, session, take_away, undo
from pages.ui.plan_editing import STRUCTURE, VIEW

VIEWS: Final = ("board", "list", "timeline")
CARDS: Final = 5  # of a column: each costs the server two milliseconds
BY_MONTH_ABOVE: Final = 24  # more actions than this would be a chart of many screens
NAME_CHARS: Final = 46


def render() -> None:
    """Draw the action of the address, or the whole plan in the view of the address."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.plan"), texts("plan.none"), (texts("start.begin"), "begin"))
        return
    plan = session.service().plan(opened.id)
    chosen = plan.find(session.step())
    if chosen is not None and session.may("run"):
        plan_editing.draw(opened, plan, chosen)
    else:
        _all(opened, plan)


# ---------------------------------------------------------------- the whole plan


def _all(opened: Engagement, plan: Plan) -> None:
    texts, may_run = session.texts(), session.may("run")
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "")
    parts.title(texts("page.plan"))
    parts.message(*plan_words.message(plan))
    if may_run:
        _undo(opened)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = _choose_view() if plan.actions else "board"
        if may_run:
            kind = "secondary" if plan.actions else "primary"
            st.button(texts("plan.add"), type=kind, key="plan_add", on_click=_begin, args=(opened,))
        _calendar(opened, plan)
    fields.refused(STRUCTURE)
    if plan.actions:
        {"board": _board, "list": _list, "timeline": _timeline}[view](opened, plan)
    if plan.parked:
        _parking(opened, plan)
    if may_run:
        _proposals(opened, plan)
    if plan.actions:
        parts.next_step(
            texts("plan.next"),
            texts("plan.next_why"),
            (texts("plan.to_change"), "change"),
            (texts("plan.to_goals"), "goals"),
        )


def _choose_view() -> str:
    texts, step = session.texts(), session.step()
    view = step if step in VIEWS else VIEWS[0]
    session.keep(VIEW, view)
    key = session.widget_key(f"plan_view_{view}")
    st.segmented_control(
        texts("plan.view"),
        VIEWS,
        default=view,
        required=True,
        key=key,
        format_func=lambda v: texts(f"plan.view.{v}"),
        on_change=lambda: session.go_to_step(session.widget(key)),
    )
    return view


def _calendar(opened: Engagement, plan: Plan) -> None:
    if not any(action.open and action.due_on for action in plan.actions) and plan.next_measuring is None:
        return
    texts = session.texts()
    st.download_button(
        texts("plan.calendar"),
        take_away.noted(lambda: calendar_file(plan, opened.name, utc_now(), texts)),
        f"{texts('plan.file_name')}.ics",
        "text/calendar",
        on_click="ignore",
        key="plan_calendar",
        help=texts("plan.calendar_help"),
    )


def _begin(opened: Engagement) -> None:
    def begin() -> None:
        session.go_to_step(session.service().begin_action(opened.id))

    errors.guarded(STRUCTURE, begin)


def _undo(opened: Engagement) -> None:
    """Offer to put back what was just taken out, or to take out what was just taken over."""
    texts = session.texts()
    undo.offer(STRUCTURE, opened, lambda done: texts(f"plan.{done[0]}", name=plan_words.called(done[1])), _take_back)


def _take_back(engagement_id: EngagementId, done: tuple[str, Action]) -> None:
    what, action = done
    if what == "removed":
        session.service().restore_action(engagement_id, action)
    else:
        session.service().remove_action(engagement_id, action.id)


# ---------------------------------------------------------------- board


def _board(opened: Engagement, plan: Plan) -> None:
    texts, may_run = session.texts(), session.may("run")
    for column, status in zip(st.columns(len(STATUSES)), STATUSES, strict=True):
        found = plan.by_status(status)
        with column:
            st.subheader(f"{texts(f'plan.status.{status}')} ({texts.number(len(found), 0)})", anchor=False)
            for action in found[:CARDS]:
                _card(opened, plan, action, may_run)
            if len(found) > CARDS:
                parts.note(texts.plural("plan.more", len(found) - CARDS))
    if may_run:
        fields.saved()


def _card(opened: Engagement, plan: Plan, action: Action, may_run: bool) -> None:
    texts, name = session.texts(), plan_words.called(action)
    facts = "".join(f'<p class="sf-note">{parts.escape(fact)}</p>' for fact in _facts(plan, action))
    with st.container(key=f"plan_card_{action.id}", border=True, gap="small"):
        st.html(f'<p class="sf-name">{parts.escape(name)}</p>{facts}')
        if may_run:
            plan_editing.ask_status(opened, action, texts("plan.move", name=name), label_visibility="collapsed")
            st.button(texts("plan.open"), key=f"open_{action.id}", on_click=session.go_to_step, args=(action.id,))


def _facts(plan: Plan, action: Action) -> list[str]:
    texts = session.texts()
    about = [texts("plan.quick_win")] if action.quick_win else []
    about += [action.owner] if action.owner else []
    late = "◆ " if action.overdue(plan.today) else ""
    return [fact for fact in (late + plan_words.when(plan, action), ", ".join(about)) if fact]


# ---------------------------------------------------------------- list


def _list(opened: Engagement, plan: Plan) -> None:
    texts = session.texts()
    if session.may("run"):
        labels = {action.id: plan_words.called(action) for action in plan.actions}
        choices.open_one(texts("plan.open_one"), f"plan_open_{opened.id}", labels)
    named = {reading.kpi.id: kpi_words.said(reading) for reading in session.kpis(opened)}
    parts.table(pd.DataFrame([_row(plan, action, named) for action in plan.actions]))


def _row(plan: Plan, action: Action, named: dict[str, kpi_words.Said]) -> dict[str, str]:
    texts, unknown = session.texts(), session.texts()("common.unknown")
    kpi = named.get(action.kpi_id or "")
    gives = unknown
    if action.figure is not None:
        gives = kpi_words.with_unit(action.figure, (kpi.unit if kpi else "") or action.unit or "")
    cells = {
        "title": plan_words.called(action) + (f" ({texts('plan.quick_win')})" if action.quick_win else ""),
        "status": texts(f"plan.status.{action.status}"),
        "due_on": plan_words.when(plan, action) or unknown,
        "owner": action.owner or unknown,
        "figure": gives,
        "kpi": kpi.name if kpi else unknown,
        "touches": plan_words.touched(plan, action) or unknown,
    }
    return {texts(f"plan.column.{name}"): value for name, value in cells.items()}


# ---------------------------------------------------------------- timeline


def _timeline(opened: Engagement, plan: Plan) -> None:
    texts = session.texts()
    drawn = [action for action in plan.actions if _day(action) is not None and action.status != "dropped"]
    dated = sorted(drawn, key=lambda action: _day(action) or plan.today)
    undated = sum(action.due_on is None and action.open for action in plan.actions)
    if not dated:
        parts.hidden(texts("plan.no_dates"))
        return
    parts.section(_claim(plan))
    by_month = len(dated) > BY_MONTH_ABOVE
    frame = _by_month(plan, dated) if by_month else _by_action(plan, dated)
    about = (plan.today, by_month, *(tuple(row) for row in frame.itertuples(index=False)))
    look = charts.Look(texts)
    if by_month:
        parts.chart("plan_months", about, lambda: charts.spec(charts.plan_months(frame, look)))
    else:
        parts.chart("plan_timeline", about, lambda: charts.spec(charts.plan_timeline(frame, look, plan.today)))
    parts.note(texts("plan.how_to_read_months" if by_month else "plan.how_to_read"))
    if undated:
        parts.note(texts.plural("plan.undated", undated))


def _claim(plan: Plan) -> str:
    texts = session.texts()
    if plan.overdue:
        return texts.plural("plan.claim_overdue", len(plan.overdue))
    coming = next((action for action in plan.actions if action.open and action.due_on), None)
    if coming is None or coming.due_on is None:
        return texts("plan.claim_done")
    return texts("plan.claim", name=_short(coming), day=texts.day(coming.due_on))


def _by_action(plan: Plan, dated: Sequence[Action]) -> pd.DataFrame:
    rows = [(_short(action), _day(action), _state(plan, action), plan_words.when(plan, action)) for action in dated]
    return pd.DataFrame(rows, columns=["title", "on", "state", "said"])


def _day(action: Action) -> date | None:
    """The day an action was done, or is to be."""
    return action.done_on or action.due_on


def _by_month(plan: Plan, dated: Sequence[Action]) -> pd.DataFrame:
    texts, rows = session.texts(), []
    for month, members in groupby(dated, key=lambda action: (_day(action) or plan.today).replace(day=1)):
        states = [_state(plan, action) for action in members]
        counts = {state: states.count(state) for state in ("done", "open", "overdue")}
        said = texts.listing([texts.plural(f"plan.count.{state}", n) for state, n in counts.items() if n])
        rows.append({"title": texts.month(month), **counts, "said": said})
    return pd.DataFrame(rows)


def _state(plan: Plan, action: Action) -> str:
    if action.overdue(plan.today):
        return "overdue"
    return "done" if action.status == "done" else "open"


def _short(action: Action) -> str:
    return textwrap.shorten(plan_words.called(action), NAME_CHARS, placeholder=" …")


# ---------------------------------------------------------------- outside the mandate, and proposals


def _parking(opened: Engagement, plan: Plan) -> None:
    texts, may_run = session.texts(), session.may("run")
    parts.section(texts.plural("plan.parked", len(plan.parked)))
    parts.note(texts("plan.parked_why"))
    ready = [parked for parked in plan.parked if not parked.reasons]
    waiting = [parked for parked in plan.parked if parked.reasons]
    if may_run:
        labels = {parked.action.id: plan_words.called(parked.action) for parked in plan.parked}
        choices.open_one(texts("plan.open_parked"), f"plan_parked_{opened.id}", labels)
    for parked in ready:
        _ready(opened, parked, may_run)
    if waiting:
        parts.bullets([f"{plan_words.called(p.action)}. {plan_words.why_outside(p)}" for p in waiting])


def _ready(opened: Engagement, parked: Parked, may_run: bool) -> None:
    action = parked.action
    with st.container(key=f"plan_ready_{action.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.html(f'<p class="sf-name">{parts.escape(plan_words.called(action))}</p>')
            parts.note(plan_words.why_outside(parked))
        if may_run:
            plan_editing.offer_move_in(opened, action)


def _proposals(opened: Engagement, plan: Plan) -> None:
    texts, found = session.texts(), proposed(opened, session.language())
    fresh = [proposal for proposal in found if proposal.source not in plan.sources]
    if not found:
        parts.note(texts("plan.no_proposals"))
    if not fresh:
        return
    parts.section(texts.plural("plan.proposals", len(fresh)))
    parts.note(texts("plan.proposals_why"))
    for proposal in fresh:
        with st.container(key=f"plan_{proposal.source}", horizontal=True, vertical_alignment="center"):
            with st.container(gap=None):
                st.html(f'<p class="sf-name">{parts.escape(proposal.title)}</p>')
                parts.note(_from(proposal))
            st.button(
                texts("plan.take_over"), key=f"take_{proposal.source}", on_click=_take_over, args=(opened, proposal)
            )


def proposed(opened: Engagement, language: Language) -> tuple[Proposal, ...]:
    """What follows from the measurement and the strategy that is followed; nothing before there is advice."""
    advice = session.advice(opened)
    if advice is None:
        return ()
    chosen = followed(advice, session.service().strategy_decisions(opened.id))
    return proposals(session.results(opened), chosen, language)


def _from(proposal: Proposal) -> str:
    texts = session.texts()
    if proposal.strategy is not None:
        return texts("plan.from_strategy", name=texts(f"strategy.{proposal.strategy}"))
    return texts("plan.from_item", question=proposal.why)


def _take_over(opened: Engagement, proposal: Proposal) -> None:
    def take_over() -> None:
        service = session.service()
        action_id = service.take_over_proposal(opened.id, proposal)
        taken = Action(id=action_id, title=proposal.title)
        undo.remember(STRUCTURE, opened.id, ("taken", taken))

    errors.guarded(STRUCTURE, take_over)
