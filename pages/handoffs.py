"""Hand-offs: what it costs when what is passed on must be put right, as both sides see it."""

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from assessment.engagement import Engagement, EngagementId, Removed, StageId
from assessment.mapping.stream import CLEAR, Interface, Stream
from assessment.wording import stream_words, words
from pages.ui import fields, parts, session, used_in

NEW = "new"
STRUCTURE, UNDO = "handoff_structure", "handoff_undo"
ANSWERS = {"yes": True, "no": False, "unasked": None}


def render() -> None:
    """Draw the hand-offs of the open engagement by cost, or say what they need."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.handoffs"), texts("handoffs.none"), (texts("start.begin"), "begin"))
        return
    stream = session.stream(opened)
    if not stream.interfaces:
        parts.empty(texts("page.handoffs"), texts("handoffs.no_chain"), (texts("handoffs.to_stream"), "stream"))
        return
    parts.where(opened.name, texts("common.fictional") if opened.fictional else "", *_counted(stream))
    parts.title(texts("page.handoffs"))
    parts.message(*_message(stream))
    parts.section(texts("handoffs.sorted"))
    parts.table(pd.DataFrame([_row(stream, interface) for interface in stream.interfaces]))
    parts.note(texts("handoffs.sorted_note"))
    if session.may("run"):
        _edit(opened, stream)
    parts.section(texts("handoffs.matrix"))
    parts.note(texts("handoffs.matrix_note"))
    st.html(_matrix(stream))
    used_in.findings(opened, "handoffs")
    parts.next_step(
        texts("handoffs.next"),
        texts("handoffs.next_why"),
        (texts("handoffs.to_maturity"), "maturity"),
        (texts("handoffs.to_stream"), "stream"),
    )


def _counted(stream: Stream) -> list[str]:
    texts, crossing = session.texts(), sum(i.crosses for i in stream.interfaces)
    return [
        texts.plural("handoffs.counted", len(stream.interfaces)),
        texts.plural("handoffs.crossing", crossing) if crossing else "",
    ]


# ---------------------------------------------------------------- what they cost


def _message(stream: Stream) -> list[str]:
    texts, cost = session.texts(), stream.rework
    if not cost.counted:
        return [texts("handoffs.lead_unknown"), texts("handoffs.lead_why")]
    most = stream.interfaces[0]
    hours = texts.number(cost.hours, 0)
    key = "handoffs.total" if cost.counted == len(stream.interfaces) else "handoffs.total_part"
    said = [
        texts("handoffs.lead", pair=_pair(stream, most), hours=texts.number(most.rework_h or 0.0, 0)),
        texts(key, hours=hours, n=texts.number(cost.counted, 0)),
    ]
    apart = max(stream.interfaces, key=lambda i: round(abs(i.apart or 0.0), 6))
    if apart.apart:
        sender, receiver = words.share(apart.sender_share), words.share(apart.receiver_share)
        said.append(texts("handoffs.views", pair=_pair(stream, apart), sender=sender, receiver=receiver))
    return said


def _pair(stream: Stream, interface: Interface) -> str:
    told = interface.told
    ends = (told.from_stage_id, told.to_stage_id)
    sender, receiver = (stream_words.name_of(stream, stage_id) for stage_id in ends)
    return session.texts()("handoffs.pair", sender=sender, receiver=receiver)


def _row(stream: Stream, interface: Interface) -> dict[str, str]:
    texts = session.texts()
    row = {
        "pair": ("⇄ " if interface.crosses else "") + _pair(stream, interface),
        "rework": _rework(interface),
        "usable": _usable(interface),
        "clarity": _clarity(interface),
        "wait": texts("common.not_assessed")
        if interface.wait_h is None
        else texts("handoffs.wait", hours=stream_words.short(interface.wait_h)),
    }
    return {texts(f"handoffs.column.{name}"): value for name, value in row.items()}


def _rework(interface: Interface) -> str:
    texts, hours = session.texts(), interface.rework_h
    if hours is None or interface.volume_month is None or interface.receiver_share is None:
        return texts("common.not_assessed")
    volume, share = stream_words.short(interface.volume_month), texts.percent(1 - interface.receiver_share)
    how = texts("handoffs.rework_how", volume=volume, share=share, fix=stream_words.short(interface.told.fix_h or 0.0))
    return f"{texts('handoffs.hours', hours=texts.number(hours, 1))}: {how}"


def _usable(interface: Interface) -> str:
    texts = session.texts()
    sender, receiver = words.share(interface.sender_share), words.share(interface.receiver_share)
    if interface.apart is not None:
        said = texts("handoffs.both", sender=sender, receiver=receiver)
        points = texts.number(abs(interface.apart) * 100, 0)
        return f"{said}: {texts('handoffs.differ', points=points)}" if round(interface.apart, 2) else said
    if interface.receiver_share is not None:
        return texts("handoffs.receiver_only", receiver=receiver)
    if interface.sender_share is not None:
        return texts("handoffs.sender_only", sender=sender)
    return texts("common.not_assessed")


def _clarity(interface: Interface) -> str:
    texts, clarity = session.texts(), interface.clarity
    if clarity is None:
        return texts("common.not_assessed")
    lacks = [texts(f"handoffs.point.{name}") for name in CLEAR if getattr(interface.told, name) is False]
    said = texts("handoffs.clarity", n=clarity)
    return f"{said}: {texts('handoffs.lacks', what=texts.listing(lacks))}" if lacks else said


def _matrix(stream: Stream) -> str:
    """Senders down, receivers across by their number, hours and clarity in the cells."""
    texts = session.texts()
    found = {(i.told.from_stage_id, i.told.to_stage_id): i for i in stream.interfaces}
    numbered = [(n, stage) for n, stage in enumerate(stream.chain, start=1)]
    head = "".join(
        f'<th scope="col" title="{escape(stream_words.stage_name(s))}">{n}'
        f'<span class="sf-aloud"> {escape(stream_words.stage_name(s))}</span></th>'
        for n, s in numbered
    )
    rows = "".join(
        f'<tr><th scope="row">{n} {escape(stream_words.stage_name(sender))}</th>'
        + "".join(_cell(found.get((sender.id, receiver.id)), sender is receiver) for _, receiver in numbered)
        + "</tr>"
        for n, sender in numbered
    )
    label, corner = escape(texts("handoffs.matrix")), escape(texts("handoffs.matrix_from"))
    return (
        f'<div class="sf-scroll" tabindex="0" role="region" aria-label="{label}"><table class="sf-table sf-matrix">'
        f'<thead><tr><th scope="col">{corner}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _cell(interface: Interface | None, itself: bool) -> str:
    if interface is None:
        return '<td class="sf-self"></td>' if itself else "<td></td>"
    texts = session.texts()
    hours = (
        texts("common.unknown")
        if interface.rework_h is None
        else texts("handoffs.hours", hours=texts.number(interface.rework_h, 0))
    )
    clarity = "" if interface.clarity is None else texts("handoffs.clarity", n=interface.clarity)
    sign = "⇄ " if interface.crosses else ""
    edge = ' class="sf-crosses"' if interface.crosses else ""
    return f"<td{edge}><b>{sign}{escape(hours)}</b><small>{escape(clarity)}</small></td>"


# ---------------------------------------------------------------- one at a time


def _edit(opened: Engagement, stream: Stream) -> None:
    texts = session.texts()
    parts.section(texts("handoffs.edit"))
    labels = {_address(i): _pair(stream, i) for i in stream.interfaces}
    labels[NEW] = texts("handoffs.add")
    chosen = session.step() if session.step() in labels else next(iter(labels))
    key = session.widget_key(f"handoff_{chosen}")
    st.selectbox(
        texts("handoffs.choose"),
        list(labels),
        index=list(labels).index(chosen),
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: session.go_to_step(session.widget(key)),
    )
    if chosen == NEW:
        _add(opened, stream)
    else:
        _fields(opened, stream, next(i for i in stream.interfaces if _address(i) == chosen))
    _undo(opened)


def _address(interface: Interface) -> str:
    return _pair_address(interface.told.from_stage_id, interface.told.to_stage_id)


def _pair_address(from_id: StageId, to_id: StageId) -> str:
    return f"{from_id}~{to_id}"  # a sign that no id has


def _fields(opened: Engagement, stream: Stream, interface: Interface) -> None:
    texts, told, name = session.texts(), interface.told, _address(interface)
    sender, receiver = (stream_words.name_of(stream, end) for end in (told.from_stage_id, told.to_stage_id))

    def storing(field: str) -> Callable[[object], object]:
        change = session.service().change_handoff
        return lambda value: change(opened.id, told.from_stage_id, told.to_stage_id, {field: value})

    def ask(field: str, label: str, value: float | None, *, share: bool = False) -> None:
        fields.number(label, f"{name}_{field}", value, storing(field), share=share)

    one, other = st.columns(2)
    with one:
        says = texts("handoffs.field.complete_accurate_sender_share", stage=sender)
        ask("complete_accurate_sender_share", says, interface.sender_share, share=True)
        ask("fix_h", texts("handoffs.field.fix_h"), told.fix_h)
        ask("volume_month", texts("handoffs.field.volume_month"), interface.volume_month)
    with other:
        says = texts("handoffs.field.complete_accurate_receiver_share", stage=receiver)
        ask("complete_accurate_receiver_share", says, interface.receiver_share, share=True)
        ask("wait_h", texts("handoffs.field.wait_h"), interface.wait_h)
    if interface.neighbours:
        parts.note(texts("handoffs.of_stream"))
    left, right = st.columns(2)
    for at, point in enumerate(CLEAR):
        with right if at % 2 else left:
            _point(f"{name}_{point}", point, getattr(told, point), storing(point))
    fields.saved()
    if not interface.neighbours:
        st.button(texts("handoffs.remove"), type="tertiary", on_click=_remove, args=(opened, interface))
        fields.refused(STRUCTURE)


def _point(name: str, point: str, value: bool | None, store: Callable[[object], object]) -> None:
    texts, key = session.texts(), session.widget_key(name)
    st.segmented_control(
        texts(f"handoffs.asked.{point}"),
        list(ANSWERS),
        default=next(answer for answer, said in ANSWERS.items() if said is value),
        required=True,
        key=key,
        format_func=lambda answer: texts(f"handoffs.{answer}"),
        on_change=lambda: fields.write(name, lambda: store(ANSWERS[session.widget(key)])),
    )
    fields.refused(name)


def _add(opened: Engagement, stream: Stream) -> None:
    """Tell of a hand-off between two stages that do not follow each other."""
    texts = session.texts()
    stages = {s.id: stream_words.stage_name(s) for s in stream.chain}
    one, other = st.columns(2)
    with one:
        sender = parts.choice(
            st.selectbox, "handoff_from", texts("handoffs.add_from"), stages, first=next(iter(stages))
        )
    known = {i.told.to_stage_id for i in stream.interfaces if i.told.from_stage_id == sender}
    free = {id_: name for id_, name in stages.items() if id_ not in known | {sender}}
    if not free:
        return
    with other:
        receiver = parts.choice(
            st.selectbox, f"handoff_to_{sender}", texts("handoffs.add_to"), free, first=next(iter(free))
        )
    st.button(texts("handoffs.add_do"), type="primary", on_click=_added, args=(opened, sender, receiver))
    fields.refused(STRUCTURE)


def _added(opened: Engagement, from_id: StageId, to_id: StageId) -> None:
    if fields.write(STRUCTURE, lambda: session.service().change_handoff(opened.id, from_id, to_id, {}), say=False):
        session.go_to_step(_pair_address(from_id, to_id))


def _remove(opened: Engagement, interface: Interface) -> None:
    ends = (interface.told.from_stage_id, interface.told.to_stage_id)

    def store() -> None:
        session.keep("handoff_removed", (opened.id, session.service().remove_handoff(opened.id, *ends)))

    fields.write(STRUCTURE, store, say=False)


def _undo(opened: Engagement) -> None:
    kept = session.kept("handoff_removed")
    if kept is not None and kept[0] == opened.id:
        st.button(session.texts()("handoffs.undo"), key="handoff_undo", on_click=_put_back, args=kept)
    fields.refused(UNDO)


def _put_back(engagement_id: EngagementId, removed: Removed) -> None:
    if fields.write(UNDO, lambda: session.service().put_back(engagement_id, removed), say=False):
        session.drop("handoff_removed")
