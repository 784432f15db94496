"""The mandate as a form. What is typed is a draft of this tab until it is saved as a version, with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from assessment.engagement import Engagement, Mandate, Process
from assessment.wording import money
from assessment.wording.process_words import name_of
from pages.ui import errors, fields, parts, session

SCOPES: Final = ("named", "all_sales", "sales_plus", "company")
OWNERS: Final = ("SL", "TM")
CHANGES: Final = ("process", "system", "model", "organisation")
AMOUNTS: Final = ("budget_nok", "hours")
WHOLE: Final = {"processes_in_scope": (0, 200), "horizon_months": (1, 120)}
DRAFT: Final = "mandate_draft"
ASIDE: Final = "mandate_aside"
SAVED: Final = "mandate_saved"
REASON_MAX: Final = 500

Draft = Mapping[str, Any]


def draw(opened: Engagement, mandate: Mandate | None) -> None:
    """Ask for the whole mandate, seeded from the draft of this tab or from what is stored."""
    draft, texts, form = _draft(opened, mandate), session.texts(), _Form(opened, mandate)
    say = form.say
    scopes = {scope: texts(f"mandate.scope.{scope}") for scope in SCOPES}
    notes = [texts(f"mandate.scope.{scope}_note") for scope in SCOPES]
    _one(st.radio, texts("mandate.scope"), "scope", scopes, draft["scope"], say("scope"), captions=notes)
    _processes(form, draft)
    _departments(form, draft)
    horizon = form.whole("horizon_months", "mandate.refused_horizon")
    fields.number(texts("mandate.horizon"), "mandate_horizon_months", draft["horizon_months"], horizon, stored=False)
    owners = {owner: texts(f"mandate.owner.{owner}") for owner in OWNERS}
    _one(st.radio, texts("mandate.owner"), "owner", owners, draft["owner"], say("owner"))
    st.subheader(texts("mandate.may_change"), anchor=False)
    parts.note(texts("mandate.may_change_help"))
    answers = {True: texts("choice.yes"), False: texts("choice.no")}
    for change in CHANGES:
        field, label = f"may_change_{change}", texts(f"mandate.may_change.{change}")
        _one(st.segmented_control, label, field, answers, draft[field], say(field))
    currency = money.label(session.service().currency(opened.id))
    for field, column in zip(AMOUNTS, st.columns(2), strict=True):
        with column:
            label = texts(f"mandate.{field}", currency=currency)
            fields.number(label, f"mandate_{field}", draft[field], say(field), stored=False)
    _saving(form, draft)


def take_up(opened: Engagement, mandate: Mandate | None, earlier: Mandate, listed: set[str]) -> None:
    """Fill the form with an earlier version, to be saved as a new one; what was typed is put aside.

    listed: ids of the processes there are now; the number follows.
    """
    draft, kept = _of(earlier), tuple(id_ for id_ in earlier.process_ids if id_ in listed)
    if earlier.process_ids:
        draft |= {"process_ids": kept, "processes_in_scope": len(kept) or None}
    _replace(opened, mandate, draft)


# ---------------------------------------------------------------- the draft


@dataclass(frozen=True)
class _Form:
    """Writes to the draft as it is when something is typed: two fields may be sent by one click."""

    opened: Engagement
    mandate: Mandate | None

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The departments with their counterparts as they are typed, and an empty row."""
        return [*_draft(self.opened, self.mandate)["rows"], ("", "")]

    def keep(self, said: Draft) -> None:
        """Keep this in the draft."""
        session.keep(DRAFT, (self.opened.id, _draft(self.opened, self.mandate) | said))
        session.drop(SAVED)

    def say(self, field: str) -> Callable[[Any], None]:
        """What keeps the value of a field."""
        return lambda value: self.keep({field: value})

    def whole(self, field: str, refusal: str) -> Callable[[float | None], None]:
        """What keeps a whole number. refusal: key of what to say of another one."""
        least, most = WHOLE[field]

        def say(value: float | None) -> None:
            if value is not None and (value != int(value) or not least <= value <= most):
                raise fields.Refused(refusal)
            self.keep({field: None if value is None else int(value)})

        return say


def _draft(opened: Engagement, mandate: Mandate | None) -> dict[str, Any]:
    kept = session.kept(DRAFT)
    return dict(kept[1]) if kept is not None and kept[0] == opened.id else _of(mandate)


def _of(mandate: Mandate | None) -> dict[str, Any]:
    """What a version says, as the form has it: departments as rows of a name and a counterpart."""
    said = mandate or Mandate()
    plain = ("scope", "process_ids", *WHOLE, "owner", *(f"may_change_{change}" for change in CHANGES), *AMOUNTS)
    return {
        **{field: getattr(said, field) for field in plain},
        "rows": tuple((name, said.counterparts.get(name) or "") for name in said.departments),
        "presumed": tuple(name for name in said.departments if said.counterparts.get(name, "") is None),
        "reason": "",
    }


def _given(draft: Draft) -> dict[str, Any]:
    """What the form says, as the mandate has it."""
    rows = [(name.strip(), counterpart.strip()) for name, counterpart in draft["rows"]]
    named = {name: counterpart for name, counterpart in reversed(rows) if name}
    departments = tuple(dict.fromkeys(name for name, _ in rows if name))
    spoken_for = {n: named[n] or None for n in departments if named[n] or n in draft["presumed"]}
    plain = {field: value for field, value in draft.items() if field not in ("rows", "presumed")}
    return {**plain, "departments": departments, "counterparts": spoken_for}


def _is_new(mandate: Mandate | None, draft: Draft) -> bool:
    return not (mandate or Mandate()).same_content(Mandate.model_validate(_given(draft)))


def _replace(opened: Engagement, mandate: Mandate | None, draft: Draft | None) -> None:
    """Let the form show something else, and remember what it showed if that is stored nowhere."""
    before = _draft(opened, mandate)
    session.drop(ASIDE)
    if _is_new(mandate, before):
        session.keep(ASIDE, (opened.id, before))
    session.drop(DRAFT)
    session.drop("unsaved_mandate")
    if draft is not None:
        session.keep(DRAFT, (opened.id, draft))
    session.renew_widgets()


# ---------------------------------------------------------------- the fields


def _one(
    ask: Callable[..., Any], label: str, field: str, labels: Mapping[Any, str], value: Any, say: Any, **more: Any
) -> None:
    key, options = session.widget_key(f"mandate_{field}"), list(labels)
    chosen = value if value in labels else None
    at = {"default": chosen} if ask is st.segmented_control else {"index": _place(options, chosen)}
    ask(
        label,
        options,
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: say(session.widget(key)),
        **at,
        **more,
    )


def _place(options: list[Any], chosen: Any) -> int | None:
    return None if chosen is None else options.index(chosen)


def _processes(form: _Form, draft: Draft) -> None:
    """Ask which processes are in scope, or how many while the assessment has no list of them."""
    texts = session.texts()
    listed = session.service().processes(form.opened.id).processes
    if not listed:
        label, value = texts("mandate.processes"), draft["processes_in_scope"]
        say = form.whole("processes_in_scope", "mandate.refused_processes")
        fields.number(label, "mandate_processes_in_scope", value, say, stored=False)
        return
    labels = {process.id: name_of(process) for process in listed}
    key, chosen = session.widget_key("mandate_process_ids"), draft["process_ids"]

    def pick(ids: list[str]) -> None:
        form.keep({"process_ids": tuple(ids), "processes_in_scope": len(ids) or None})

    st.multiselect(
        texts("mandate.process_ids"),
        list(labels),
        default=[id_ for id_ in labels if id_ in chosen],
        key=key,
        format_func=labels.__getitem__,
        placeholder=texts("mandate.process_ids_none"),
        on_change=lambda: pick(session.widget(key)),
    )
    _about_processes(listed, draft)
    marked = [process.id for process in listed if process.in_mandate]
    if marked and not chosen:

        def take() -> None:
            pick(marked)
            session.renew_widgets()

        st.button(texts.plural("mandate.take_marked", len(marked)), key="mandate_take_marked", on_click=take)


def _about_processes(listed: tuple[Process, ...], draft: Draft) -> None:
    texts, chosen, count = session.texts(), draft["process_ids"], draft["processes_in_scope"]
    known = {process.id for process in listed}
    if not chosen:
        if count is not None:
            parts.note(texts.plural("mandate.processes_unnamed", count))
        return
    parts.note(texts.plural("mandate.processes_counted", count))
    if gone := sum(id_ not in known for id_ in chosen):
        parts.note(texts.plural("mandate.processes_gone", gone))
    other = [name_of(p) for p in listed if p.in_mandate is not None and p.in_mandate != (p.id in chosen)]
    if other:
        parts.note(texts("mandate.processes_marked", names=texts.listing(other)))


def _departments(form: _Form, draft: Draft) -> None:
    """Ask for departments, each with a counterpart, in one row more than there are; an emptied name is taken out."""
    texts = session.texts()
    st.subheader(texts("mandate.departments"), anchor=False)
    parts.note(texts("mandate.departments_help"))
    for place, row in enumerate(form.rows):
        for part, (column, label) in enumerate(zip(st.columns(2), ("department", "counterpart"), strict=True)):
            key = session.widget_key(f"mandate_{label}_{place}")
            column.text_input(
                texts(f"mandate.{label}", n=texts.number(place + 1, 0)),
                value=row[part],
                key=key,
                max_chars=200,
                placeholder=texts("mandate.departments_example") if not (place or part) else None,
                on_change=_set_row,
                args=(form, place, part, key),
            )
    given = _given(draft)
    lacking = [name for name in given["departments"] if name not in given["counterparts"]]
    if lacking:
        parts.note(texts("mandate.counterpart_lacks", names=texts.listing(lacking)))
    presumed = [name for name, counterpart in given["counterparts"].items() if counterpart is None]
    if presumed:
        parts.note(texts("mandate.counterpart_presumed", names=texts.listing(presumed)))


def _set_row(form: _Form, place: int, part: int, key: str) -> None:
    rows = [list(row) for row in (*form.rows, ("", ""))]
    rows[place][part] = session.widget(key) or ""
    while rows and not any(text.strip() for text in rows[-1]):
        rows.pop()
    form.keep({"rows": tuple((name, counterpart) for name, counterpart in rows)})


# ---------------------------------------------------------------- saving


def _saving(form: _Form, draft: Draft) -> None:
    opened, mandate = form.opened, form.mandate
    texts, is_new = session.texts(), _is_new(mandate, draft)
    if is_new and mandate is not None:
        key = session.widget_key("mandate_reason")
        st.text_input(
            texts("mandate.reason"),
            value=draft["reason"],
            key=key,
            max_chars=REASON_MAX,
            placeholder=texts("mandate.reason_example"),
            on_change=lambda: form.keep({"reason": session.widget(key) or ""}),
        )
    if is_new:
        parts.note(texts("mandate.unsaved"))
    with st.container(horizontal=True):
        if st.button(texts("mandate.save"), type="primary", key="mandate_save"):
            _save(opened, mandate, draft)
        if is_new:
            st.button(
                texts("mandate.discard"),
                type="tertiary",
                key="mandate_discard",
                on_click=_replace,
                args=(opened, mandate, None),
            )
    _said()
    _aside(opened, mandate)


def _save(opened: Engagement, mandate: Mandate | None, draft: Draft) -> None:
    texts = session.texts()
    refused = [
        field for field in (*WHOLE, *AMOUNTS) if session.kept(f"refused_{session.widget_key(f'mandate_{field}')}")
    ]
    if refused:
        session.keep("unsaved_mandate", texts("mandate.refused_field"))
    elif not _is_new(mandate, draft):
        session.keep("unsaved_mandate", texts("mandate.nothing_new"))
    elif mandate is not None and not draft["reason"].strip():
        session.keep("unsaved_mandate", texts("mandate.reason_missing"))
    elif errors.guarded("mandate", lambda: session.service().save_mandate(opened.id, _given(draft))):
        session.drop(DRAFT)
        session.drop(ASIDE)
        session.keep(SAVED, True)
        session.renew_widgets()
        st.rerun()


def _said() -> None:
    """Say below the button whether the mandate is on disk; a failure is past when something else is typed."""
    if failed := session.kept("unsaved_mandate"):
        session.drop("unsaved_mandate")
        st.html(f'<p class="sf-saved sf-stop" role="alert">{parts.escape(failed)}</p>')
    elif session.kept(SAVED):
        session.drop(SAVED)
        st.html(f'<p class="sf-saved" role="status">✓ {parts.escape(session.texts()("mandate.saved"))}</p>')


def _aside(opened: Engagement, mandate: Mandate | None) -> None:
    aside = session.kept(ASIDE)
    if aside is None or aside[0] != opened.id:
        return
    with st.container(key="mandate_put_aside", horizontal=True, vertical_alignment="center"):
        st.html(f'<p role="status">{parts.escape(session.texts()("mandate.put_aside"))}</p>')
        st.button(
            session.texts()("common.undo"), key="mandate_undo", on_click=_replace, args=(opened, mandate, aside[1])
        )
