"""Telling the value stream: one stage, one step or one pool at a time beside the chain it changes."""

from collections.abc import Callable, Sequence

import streamlit as st

from assessment.current_state.value_stream import WAIT_SIDES
from assessment.engagement import Engagement, Pool, Stage, StageId
from assessment.mapping.stream import Stream, process_time_h
from assessment.wording import stream_words
from pages.ui import fields, parts, session, stream_charts

NOBODY = "none"
STRUCTURE, UNDO = "stream_structure", "stream_undo"


# ---------------------------------------------------------------- stages and steps


def stages(opened: Engagement, stream: Stream) -> None:
    """Draw the fields of the stage or step of the address beside its chain."""
    texts, stage = session.texts(), stream.stage(session.step())
    assert stage is not None
    parent, siblings = stream.stage(stage.parent_stage_id), stream.steps(stage.parent_stage_id)
    if parent is not None:
        name = stream_words.stage_name(parent)
        st.button(texts("stream.to_stage", stage=name), on_click=session.go_to_step, args=(parent.id,))
    _pick(
        texts("stream.step", stage=stream_words.stage_name(parent)) if parent else texts("stream.stage"),
        {s.id: f"{i} {stream_words.stage_name(s)}" for i, s in enumerate(siblings, start=1)},
        stage.id,
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        parts.section(stream_words.stage_name(stage))
        undo(opened)
        _stage_fields(opened, stream, stage)
        fields.saved()
        _structure(opened, stage, siblings)
        if parent is None:
            _steps(opened, stream, stage)
    with right:
        stream_charts.strip(stream, siblings)


def quick(opened: Engagement, stream: Stream) -> None:
    """Draw the three figures of every stage that the flow is worked out from, for typing while a case is told."""
    for number, stage in enumerate(stream.chain, start=1):
        with st.container(key=f"quick_{stage.id}", gap="small"):
            name = stream_words.stage_name(stage)
            st.html(f'<p class="sf-name">{number} {parts.escape(name)}</p>')
            _three(opened, stream, stage)
    fields.saved()


def _three(opened: Engagement, stream: Stream, stage: Stage) -> None:
    texts, service = session.texts(), session.service()

    def storing(field: str) -> Callable[[object], object]:
        return lambda value: service.change_stage(opened.id, stage.id, {field: value})

    columns = st.columns(2 + len(stage.work))
    with columns[0]:
        fields.number(texts("stream.field.wait_h"), f"quick_{stage.id}_wait", stage.wait_h, storing("wait_h"))
    for column, (pool_id, hours) in zip(columns[1:-1], stage.work.items(), strict=True):
        with column:
            fields.number(
                texts("stream.field.work", pool=stream_words.name_of(stream, pool_id)),
                f"quick_{stage.id}_{pool_id}",
                hours,
                lambda value, pool_id=pool_id: service.set_work(opened.id, stage.id, pool_id, value),
            )
    with columns[-1]:
        share, name = stage.complete_accurate_share, f"quick_{stage.id}_share"
        asked = texts("stream.field.complete_accurate_share")
        fields.number(asked, name, share, storing("complete_accurate_share"), share=True)


def _pick(label: str, labels: dict[str, str], chosen: str) -> None:
    key = session.widget_key(f"stream_pick_{chosen}")
    # each framed on its own, so that a chain breaks over lines on a phone
    st.pills(
        label,
        list(labels),
        default=chosen,
        required=True,
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: session.go_to_step(session.widget(key)),
    )


def _stage_fields(opened: Engagement, stream: Stream, stage: Stage) -> None:
    texts = session.texts()

    def storing(field: str) -> Callable[[object], object]:
        return lambda value: session.service().change_stage(opened.id, stage.id, {field: value})

    name = stream_words.stage_name(stage)
    fields.text(
        texts("stream.field.name"),
        f"{stage.id}_name",
        name,
        lambda typed: _rename(opened, stage, typed),
        needed=True,
    )
    fields.text(
        texts("stream.field.department"),
        f"{stage.id}_department",
        stage.department or "",
        lambda typed: storing("department")(typed or None),
    )
    one, other = st.columns(2)
    with one:
        fields.number(texts("stream.field.wait_h"), f"{stage.id}_wait", stage.wait_h, storing("wait_h"))
    with other:
        _side(opened, stage)
    _staff(opened, stream, stage)
    for pool_id, hours in stage.work.items():
        fields.number(
            texts("stream.field.work", pool=stream_words.name_of(stream, pool_id)),
            f"{stage.id}_{pool_id}",
            hours,
            lambda value, pool_id=pool_id: session.service().set_work(opened.id, stage.id, pool_id, value),
        )
    one, other = st.columns(2)
    with one:
        fields.number(
            texts("stream.field.complete_accurate_share"),
            f"{stage.id}_share",
            stage.complete_accurate_share,
            storing("complete_accurate_share"),
            share=True,
            explained=texts("stream.field.complete_accurate_share_help"),
        )
        fields.number(
            texts("stream.field.volume_month"), f"{stage.id}_vol", stage.volume_month, storing("volume_month")
        )
        fields.number(
            texts("stream.field.reentry_share"),
            f"{stage.id}_back",
            stage.reentry_share,
            storing("reentry_share"),
            share=True,
            explained=texts("stream.field.reentry_share_help"),
        )
    with other:
        fields.number(
            texts("stream.field.conversion_share"),
            f"{stage.id}_conv",
            stage.conversion_share,
            storing("conversion_share"),
            share=True,
        )
        fields.number(
            texts("stream.field.wip"),
            f"{stage.id}_wip",
            stage.wip,
            storing("wip"),
            explained=texts("stream.field.wip_help"),
        )


def _rename(opened: Engagement, stage: Stage, typed: str) -> None:
    before = stream_words.stage_name(stage)
    session.service().change_stage(opened.id, stage.id, {"name": typed})
    _can_undo(
        opened,
        session.texts()("stream.undo_rename", name=before),
        lambda: session.service().change_stage(opened.id, stage.id, {"name": stage.name, "code": stage.code}),
    )


def _side(opened: Engagement, stage: Stage) -> None:
    texts, key = session.texts(), session.widget_key(f"{stage.id}_side")
    options = [NOBODY, *WAIT_SIDES]
    st.selectbox(
        texts("stream.field.wait_side"),
        options,
        index=options.index(stage.wait_side or NOBODY),
        key=key,
        format_func=lambda side: texts(f"stream.side.{side}"),
        on_change=_save_side,
        args=(opened, stage.id, key),
    )
    fields.refused(f"{stage.id}_side")


def _save_side(opened: Engagement, stage_id: StageId, key: str) -> None:
    side = None if session.widget(key) == NOBODY else session.widget(key)
    store = session.service().change_stage
    fields.write(f"{stage_id}_side", lambda: store(opened.id, stage_id, {"wait_side": side}))


def _staff(opened: Engagement, stream: Stream, stage: Stage) -> None:
    texts, key = session.texts(), session.widget_key(f"{stage.id}_staff")
    if not stream.told.pools:
        parts.note(texts("stream.pools_none"))
        return
    names = {pool.id: pool.name for pool in stream.told.pools}
    st.multiselect(
        texts("stream.field.staff"),
        list(names),
        default=list(stage.work),
        key=key,
        format_func=names.__getitem__,
        placeholder=texts("stream.field.staff_none"),
        on_change=_save_staff,
        args=(opened, stage.id, key),
    )
    fields.refused(f"{stage.id}_staff")


def _save_staff(opened: Engagement, stage_id: StageId, key: str) -> None:
    def store() -> None:
        left = session.service().staff(opened.id, stage_id, session.widget(key))
        if left.work:
            _can_undo(
                opened,
                session.texts()("stream.undo_staff"),
                lambda: session.service().put_back(opened.id, left),
            )

    fields.write(f"{stage_id}_staff", store)


def _structure(opened: Engagement, stage: Stage, siblings: Sequence[Stage]) -> None:
    """Move, add and remove; each can be undone."""
    texts, at = session.texts(), [s.id for s in siblings].index(stage.id)
    is_step, name = stage.parent_stage_id is not None, stream_words.stage_name(stage)
    with st.container(horizontal=True):
        if at:
            st.button(texts("stream.earlier"), key="earlier", on_click=_move, args=(opened, stage, -1))
        if at < len(siblings) - 1:
            st.button(texts("stream.later"), key="later", on_click=_move, args=(opened, stage, 1))
        st.button(
            texts("stream.add_step_after" if is_step else "stream.add_after"),
            key="add_after",
            on_click=_add,
            args=(opened, texts("stream.new_step" if is_step else "stream.new_stage"), stage.id, None),
        )
        st.button(
            texts("stream.remove", name=name),
            key="remove",
            type="tertiary",
            on_click=_remove,
            args=(opened, stage, siblings),
        )
    fields.refused(STRUCTURE)


def _move(opened: Engagement, stage: Stage, places: int) -> None:
    if fields.write(STRUCTURE, lambda: session.service().move_stage(opened.id, stage.id, places)):
        _can_undo(
            opened,
            session.texts()("stream.undo_move", name=stream_words.stage_name(stage)),
            lambda: session.service().move_stage(opened.id, stage.id, -places),
        )


def _add(opened: Engagement, name: str, after: StageId | None, within: StageId | None) -> None:
    add = session.service().add_stage
    fields.write(STRUCTURE, lambda: session.go_to_step(add(opened.id, name, after=after, within=within)))


def _remove(opened: Engagement, stage: Stage, siblings: Sequence[Stage]) -> None:
    def store() -> None:
        removed = session.service().remove_stage(opened.id, stage.id)
        name = stream_words.stage_name(stage)
        _can_undo(
            opened,
            session.texts()("stream.undo_remove", name=name),
            lambda: session.service().put_back(opened.id, removed),
        )

    if fields.write(STRUCTURE, store):
        at = [s.id for s in siblings].index(stage.id)
        others = [s.id for s in siblings if s.id != stage.id]
        session.go_to_step(others[max(0, at - 1)] if others else stage.parent_stage_id or "chain")


def _steps(opened: Engagement, stream: Stream, stage: Stage) -> None:
    """The way to the steps within a stage, and whether their times agree with it."""
    texts, steps = session.texts(), stream.steps(stage.id)
    st.subheader(texts("stream.step_by_step"), anchor=False)
    total = stream.steps_sum(stage.id)
    if total is None:
        parts.note(texts("stream.step_by_step_why"))
    else:
        wait, work = total[0], sum(total[1].values())
        summed = [stream_words.figure("wait_h", hours) for hours in (wait, work)]
        said = [stream_words.figure("wait_h", hours) for hours in (stage.wait_h, process_time_h(stage))]
        if summed != said:
            told = {"stage_wait": said[0], "stage_work": said[1]}
            parts.note(texts("stream.steps_differ", wait=summed[0], work=summed[1], **told))
            st.button(texts("stream.use_steps"), key="use_steps", on_click=_use_steps, args=(opened, stage.id))
    with st.container(horizontal=True):
        if steps:
            st.button(
                texts.plural("stream.see_steps", len(steps)),
                key="see_steps",
                on_click=session.go_to_step,
                args=(steps[0].id,),
            )
        else:
            st.button(
                texts("stream.add_step"),
                key="add_step",
                on_click=_add,
                args=(opened, texts("stream.new_step"), None, stage.id),
            )


def _use_steps(opened: Engagement, stage_id: StageId) -> None:
    if fields.write(STRUCTURE, lambda: session.service().use_steps(opened.id, stage_id)):
        session.renew_widgets()


# ---------------------------------------------------------------- pools


def pools(opened: Engagement, stream: Stream) -> None:
    """Draw the fields of the pool of the address beside what all pools are asked for."""
    texts, pool = session.texts(), stream.pool(session.step())
    if pool is not None:
        _pick(texts("stream.pool"), {p.id: p.name for p in stream.told.pools}, pool.id)
    left, right = st.columns([2, 3], gap="large")
    with left:
        if pool is None:
            parts.lead(texts("stream.pools_none"))
        else:
            parts.section(pool.name)
        undo(opened)
        if pool is not None:
            _pool_fields(opened, stream, pool)
            fields.saved()
        with st.container(horizontal=True):
            st.button(texts("stream.add_pool"), key="add_pool", on_click=_add_pool, args=(opened, stream))
            if pool is not None:
                st.button(
                    texts("stream.remove", name=pool.name),
                    key="remove_pool",
                    type="tertiary",
                    on_click=_remove_pool,
                    args=(opened, stream, pool),
                )
        fields.refused(STRUCTURE)
    with right:
        if stream.told.pools:
            stream_charts.loads(stream)


def _pool_fields(opened: Engagement, stream: Stream, pool: Pool) -> None:
    texts = session.texts()

    def storing(field: str) -> Callable[[object], object]:
        return lambda value: session.service().change_pool(opened.id, pool.id, {field: value})

    fields.text(
        texts("stream.field.name"),
        f"{pool.id}_name",
        pool.name,
        lambda typed: _rename_pool(opened, stream, pool, typed),
        needed=True,
    )
    one, other = st.columns(2)
    with one:
        fields.number(texts("stream.field.fte"), f"{pool.id}_fte", pool.fte, storing("fte"))
    with other:
        fields.number(
            texts("stream.field.hours_month"),
            f"{pool.id}_hours",
            pool.hours_month,
            storing("hours_month"),
            explained=texts("stream.field.hours_month_help"),
        )
    fields.number(
        texts("stream.field.flow_share"), f"{pool.id}_share", pool.flow_share, storing("flow_share"), share=True
    )
    served = stream.flow.pool(pool.id).stages
    works = texts("stream.pool_works", stages=stream_words.stages(stream, served))
    parts.note(works if served else texts("stream.pool_idle"))


def _rename_pool(opened: Engagement, stream: Stream, pool: Pool, typed: str) -> None:
    if typed in {p.name for p in stream.told.pools if p.id != pool.id}:
        raise fields.Refused("fields.name_taken")
    session.service().change_pool(opened.id, pool.id, {"name": typed})
    _can_undo(
        opened,
        session.texts()("stream.undo_rename", name=pool.name),
        lambda: session.service().change_pool(opened.id, pool.id, {"name": pool.name}),
    )


def _add_pool(opened: Engagement, stream: Stream) -> None:
    texts, taken = session.texts(), {pool.name for pool in stream.told.pools}
    numbered = (texts("stream.new_pool_n", n=n) for n in range(2, len(taken) + 3))
    name = next(n for n in (texts("stream.new_pool"), *numbered) if n not in taken)
    fields.write(STRUCTURE, lambda: session.go_to_step(session.service().add_pool(opened.id, name)))


def _remove_pool(opened: Engagement, stream: Stream, pool: Pool) -> None:
    def store() -> None:
        removed = session.service().remove_pool(opened.id, pool.id)
        _can_undo(
            opened,
            session.texts()("stream.undo_remove", name=pool.name),
            lambda: session.service().put_back(opened.id, removed),
        )

    if fields.write(STRUCTURE, store):
        session.go_to_step(next((p.id for p in stream.told.pools if p.id != pool.id), "pools"))


# ---------------------------------------------------------------- undo


def _can_undo(opened: Engagement, label: str, restore: Callable[[], object]) -> None:
    session.keep("stream_undo", (opened.id, label, restore))


def undo(opened: Engagement) -> None:
    """Draw the button that undoes the last rename, move or removal in this tab."""
    kept = session.kept("stream_undo")
    if kept is not None and kept[0] == opened.id:
        st.button(kept[1], key="stream_undo", on_click=_undo, args=(kept[2],))
    fields.refused(UNDO)


def _undo(restore: Callable[[], object]) -> None:
    if fields.write(UNDO, restore, say=False):
        session.drop("stream_undo")
        session.renew_widgets()
