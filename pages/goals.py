"""The goals: what is to be reached, by when and by whom, what the KPIs say of it, and the drafts of more."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from assessment.engagement import Engagement, Goal
from assessment.mapping.kpis import KpiReading
from assessment.mapping.owners import may_be_a_person
from assessment.plan.goals import Goals, doubts, limits
from assessment.wording import kpi_words, words
from pages.ui import choices, errors, fields, kpi_chart, parts, session, undo

STRUCTURE: Final = "goal_structure"
YEARS_AHEAD: Final = 10

Readings = Mapping[str, KpiReading]


def render() -> None:
    """Draw the goal of the address, or all goals."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.goals"), texts("goals.none"), (texts("start.begin"), "begin"))
        return
    found, readings = session.service().goals(opened.id), {r.kpi.id: r for r in session.kpis(opened)}
    chosen = found.find(session.step())
    if chosen is not None and session.may("run"):
        _one(opened, found, chosen, readings)
    else:
        _all(opened, found, readings)


# ---------------------------------------------------------------- all of them


def _all(opened: Engagement, found: Goals, readings: Readings) -> None:
    texts, may_run = session.texts(), session.may("run")
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "", _horizon(found))
    parts.title(texts("page.goals"))
    parts.message(*_message(found, readings))
    if may_run:
        _undo(opened)
        st.button(texts("goals.add"), type="primary", key="goal_add", on_click=_begin, args=(opened,))
        fields.refused(STRUCTURE)
    if found.goals:
        parts.section(texts.plural("goals.listed", len(found.goals)))
        for goal in found.goals:
            _line(found, goal, readings)
    if found.drafts and may_run:
        parts.section(texts.plural("goals.drafts", len(found.drafts)))
        parts.note(texts("goals.drafts_why"))
        for goal in found.drafts:
            _draft_line(goal)
    if found.goals:
        parts.next_step(
            texts("goals.next"),
            texts("goals.next_why"),
            (texts("goals.to_actions"), "actions"),
            (texts("goals.to_kpis"), "kpis"),
        )


def _horizon(found: Goals) -> str:
    texts = session.texts()
    return "" if found.ends_on is None else texts("goals.horizon", day=texts.day(found.ends_on))


def _message(found: Goals, readings: Readings) -> list[str]:
    texts = session.texts()
    if not found.goals:
        return [texts("goals.lead_empty"), texts("goals.rule")]
    states = [_state(goal, readings) for goal in found.goals]
    better, worse = states.count("signal_better"), states.count("signal_worse")
    lead = texts.plural("goals.lead", len(found.goals), better=texts.number(better, 0))
    return [lead, texts.plural("goals.worse", worse) if worse else "", texts("goals.verdict_why")]


def _state(goal: Goal, readings: Readings) -> str | None:
    """How the KPI of a goal stands; None without a KPI."""
    measured = readings.get(goal.kpi_id or "")
    if measured is None:
        return None
    return "insufficient" if measured.series is None else measured.series.state


def _line(found: Goals, goal: Goal, readings: Readings) -> None:
    texts, measured = session.texts(), readings.get(goal.kpi_id or "")
    stands = (
        texts("goals.no_kpi")
        if measured is None
        else texts("goals.stands", name=kpi_words.said(measured).name, state=kpi_words.standing(measured))
    )
    with st.container(key=f"goal_{goal.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.html(f'<p class="sf-name">{parts.escape(goal.text or "")}</p>')
            parts.note(_figures(goal, measured))
            parts.note(stands)
            for doubt in doubts(goal, measured, found.today, found.ends_on):
                parts.note(f"◆ {texts(f'goals.doubt.{doubt}')}")
        _open_button(goal)


def _figures(goal: Goal, measured: KpiReading | None) -> str:
    texts, unit = session.texts(), _unit(goal, measured)
    target = kpi_words.with_unit(goal.target_value or 0.0, unit)
    baseline = goal.baseline_value or 0.0
    before = kpi_words.with_unit(baseline, unit) if unit == "%" else kpi_words.figure(baseline)
    day = texts.day(goal.due_on) if goal.due_on else texts("common.unknown")
    return texts("goals.figures", before=before, target=target, day=day, owner=goal.owner or "")


def _draft_line(goal: Goal) -> None:
    texts = session.texts()
    with st.container(key=f"goal_{goal.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.html(f'<p class="sf-name">{parts.escape(_called(goal))}</p>')
            parts.note(_lacks(goal) or texts("goals.ready"))
        _open_button(goal)


def _open_button(goal: Goal) -> None:
    if session.may("run"):
        label = session.texts()("goals.open")
        st.button(label, key=f"open_{goal.id}", on_click=session.go_to_step, args=(goal.id,))


def _begin(opened: Engagement) -> None:
    def begin() -> None:
        session.go_to_step(session.service().begin_goal(opened.id))

    errors.guarded(STRUCTURE, begin)


def _undo(opened: Engagement) -> None:
    texts = session.texts()
    undo.offer(
        STRUCTURE,
        opened,
        lambda removed: texts("goals.removed", name=_called(removed)),
        lambda engagement_id, removed: session.service().restore_goal(engagement_id, removed),
    )


# ---------------------------------------------------------------- one of them


def _one(opened: Engagement, found: Goals, goal: Goal, readings: Readings) -> None:
    texts, measured = session.texts(), readings.get(goal.kpi_id or "")
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "", _horizon(found))
    parts.title(texts("page.goals"))
    st.button(texts("goals.back"), key="goal_back", type="tertiary", on_click=session.go_to_step, args=("",))
    parts.section(_called(goal))
    parts.note(texts("goals.is_draft" if goal.draft else "goals.is_goal"))
    told = doubts(goal, measured, found.today, found.ends_on)
    for doubt in told:
        parts.banner(texts(f"goals.doubt.{doubt}"), _why(doubt, found, measured))
    left, right = st.columns(2)
    with left:
        _fields(opened, goal, readings, measured)
    with right:
        _measured(opened, goal, measured)
    fields.saved()
    _adoption(opened, goal)
    fields.refused(STRUCTURE)


def _why(doubt: str, found: Goals, measured: KpiReading | None) -> str:
    texts = session.texts()
    if doubt == "natural_variation" and measured is not None and (chart := limits(measured)) is not None:
        low, unit = kpi_words.figure(chart.lower or 0.0), kpi_words.said(measured).unit
        return texts("goals.natural_variation_why", low=low, high=kpi_words.with_unit(chart.upper or 0.0, unit))
    if doubt == "beyond_horizon" and found.ends_on is not None:
        return texts("goals.beyond_horizon_why", day=texts.day(found.ends_on))
    if doubt == "wrong_direction" and measured is not None:
        return texts(f"goals.wrong_direction_why.{measured.kpi.better}", name=kpi_words.said(measured).name)
    return texts(f"goals.{doubt}_why")


def _fields(opened: Engagement, goal: Goal, readings: Readings, measured: KpiReading | None) -> None:
    texts, name = session.texts(), f"goal_{goal.id}"

    def storing(field: str) -> Callable[[Any], object]:
        def store(value: Any) -> None:
            if not goal.draft and value in (None, ""):
                raise fields.Refused("goals.keeps_all")
            session.service().describe_goal(opened.id, goal.id, {field: value})

        return store

    fields.text(texts("goals.field.text"), f"{name}_text", goal.text or "", storing("text"))
    if readings:
        labels = {kpi_id: kpi_words.said(found).name for kpi_id, found in readings.items()}
        if measured is not None:
            labels[""] = texts("goals.kpi_none")
        kpi = texts("goals.field.kpi")
        chosen, choose = goal.kpi_id, texts("goals.kpi_choose")
        measure: Callable[[Any], object] = lambda id_: _measure(opened, goal, id_)  # noqa: E731
        choices.one(st.selectbox, kpi, f"{name}_kpi", labels, chosen, measure, placeholder=choose)
    else:
        parts.note(texts("goals.no_kpis"))
    unit = kpi_words.said(measured).unit if measured is not None else ""
    if unit:
        parts.note(texts("goals.unit_of_kpi", unit=unit))
    else:
        fields.text(texts("goals.field.unit"), f"{name}_unit", goal.unit or "", storing("unit"))
    _baseline(opened, goal, measured, storing)
    fields.number(texts("goals.field.target_value"), f"{name}_target", goal.target_value, storing("target_value"))
    _due(goal, storing("due_on"))
    fields.text(texts("goals.field.owner"), f"{name}_owner", goal.owner or "", storing("owner"))
    person = goal.owner is not None and may_be_a_person(goal.owner)
    parts.note(texts("goals.owner_person" if person else "choice.owner_note"))


def _measure(opened: Engagement, goal: Goal, kpi_id: Any) -> None:
    session.service().measure_goal_by(opened.id, goal.id, kpi_id or None, session.language())
    session.renew_widgets()  # unit and baseline have come from the KPI


def _baseline(
    opened: Engagement, goal: Goal, measured: KpiReading | None, storing: Callable[[str], Callable[[Any], object]]
) -> None:
    texts, name = session.texts(), f"goal_{goal.id}_baseline"
    fields.number(texts("goals.field.baseline_value"), name, goal.baseline_value, storing("baseline_value"))
    chart = limits(measured) if measured is not None else None
    if measured is None or chart is None:
        return
    mean = kpi_words.with_unit(chart.centre, kpi_words.said(measured).unit)
    parts.note(texts(f"goals.baseline.{_firmness(measured)}", mean=mean))
    if goal.baseline_value is None or kpi_words.figure(goal.baseline_value) != kpi_words.figure(chart.centre):
        use, key = texts("goals.baseline_use"), "goal_baseline_use"
        st.button(use, key=key, on_click=_take_baseline, args=(opened, goal, chart.centre))


def _firmness(measured: KpiReading) -> str:
    """Whether the baseline of a KPI is frozen, moves with each point, or rests on too few of them."""
    segments = measured.series.segments if measured.series is not None else ()
    if not segments or segments[-1].chart.provisional or segments[-1].chart.state == "insufficient":
        return "provisional"
    return "frozen" if measured.frozen is not None or len(segments) > 1 else "open"


def _take_baseline(opened: Engagement, goal: Goal, mean: float) -> None:
    given = {"baseline_value": mean}
    if fields.write(STRUCTURE, lambda: session.service().describe_goal(opened.id, goal.id, given)):
        session.renew_widgets()


def _due(goal: Goal, store: Callable[[Any], object]) -> None:
    texts, name = session.texts(), f"goal_{goal.id}_due"
    key, today = session.widget_key(name), dt.datetime.now(dt.UTC).date()
    earliest = min(today.replace(year=today.year - 1), goal.due_on or today)
    latest = max(today.replace(year=today.year + YEARS_AHEAD, day=1), goal.due_on or today)

    def save() -> None:
        if goal.draft or session.widget(key) is not None:
            fields.write(name, lambda: store(session.widget(key)))
        else:
            session.keep(f"unsaved_{name}", texts("goals.keeps_all"))
            session.renew_widgets()

    st.date_input(
        texts("goals.field.due_on"),
        value=goal.due_on,
        min_value=earliest,
        max_value=latest,
        key=key,
        format="DD.MM.YYYY" if session.language() == "nb" else "DD/MM/YYYY",
        on_change=save,
    )
    fields.refused(name)


def _measured(opened: Engagement, goal: Goal, measured: KpiReading | None) -> None:
    """The chart of the goal's KPI with what it says; no target is drawn on it (method §4.2)."""
    texts = session.texts()
    if measured is None:
        parts.hidden(texts("goals.no_kpi_why"))
        return
    parts.lead(kpi_words.standing(measured))
    for sentence in kpi_words.sentences(measured):
        parts.note(sentence)
    if measured.points:
        kpi_chart.draw(measured)
        parts.note(texts("goals.no_target_line"))


def _adoption(opened: Engagement, goal: Goal) -> None:
    texts = session.texts()
    if goal.draft and goal.lacks:
        parts.hidden(_lacks(goal))
    with st.container(horizontal=True):
        whole = goal.draft and not goal.lacks
        if whole:
            st.button(texts("goals.adopt"), type="primary", key="goal_adopt", on_click=_adopt, args=(opened, goal))
        label, kind = texts("goals.keep_draft" if goal.draft else "goals.done"), "secondary" if whole else "primary"
        st.button(label, type=kind, key="goal_done", on_click=session.go_to_step, args=("",))
        st.button(texts("goals.remove"), type="tertiary", key="goal_remove", on_click=_remove, args=(opened, goal))


def _adopt(opened: Engagement, goal: Goal) -> None:
    if errors.guarded(STRUCTURE, lambda: session.service().adopt_goal(opened.id, goal.id)):
        session.go_to_step("")


def _remove(opened: Engagement, goal: Goal) -> None:
    def remove() -> None:
        undo.remember(STRUCTURE, opened.id, session.service().remove_goal(opened.id, goal.id))

    if errors.guarded(STRUCTURE, remove):
        session.go_to_step("")


# ---------------------------------------------------------------- words


def _called(goal: Goal) -> str:
    return goal.text or session.texts()("goals.unnamed")


def _unit(goal: Goal, measured: KpiReading | None) -> str:
    """The KPI's unit in the reader's language, else the one that was typed."""
    return (kpi_words.said(measured).unit if measured is not None else "") or goal.unit or ""


def _lacks(goal: Goal) -> str:
    texts = session.texts()
    if not goal.lacks:
        return ""
    return texts("goals.lacks", what=texts.listing([words.lower_first(texts(f"goals.lack.{f}")) for f in goal.lacks]))
