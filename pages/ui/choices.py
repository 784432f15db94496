"""Choices and longer words that are saved as they are made, beside the fields of `pages.ui.fields`."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from pages.ui import fields, session

FREQUENCIES: Final = ("per_case", "daily", "weekly", "monthly", "quarterly", "yearly")
YES_NO: Final = (True, False)


def one(
    ask: Callable[..., Any],
    label: str,
    name: str,
    labels: Mapping[Any, str],
    value: object,
    write: Callable[[Any], object],
    **more: Any,
) -> None:
    """Ask for one of some choices with `st.selectbox` or `st.segmented_control`; choosing none is not known.

    name: one of its own for what the choice is of. labels: the words of each choice, in order. write: stores it.
    """
    key, options = session.widget_key(name), list(labels)
    chosen = value if value in labels else None
    unknown = {"index": _place(options, chosen), "placeholder": session.texts()("common.unknown")}
    at = {"default": chosen} if ask is st.segmented_control else unknown
    ask(
        label,
        options,
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: fields.write(name, lambda: write(session.widget(key))),
        **at | more,
    )
    fields.refused(name)


def yes_or_no(label: str, name: str, value: bool | None, write: Callable[[Any], object]) -> None:
    """Ask for yes or no; neither is not known."""
    texts = session.texts()
    labels = {answer: texts("choice.yes" if answer else "choice.no") for answer in YES_NO}
    one(st.segmented_control, label, name, labels, value, write)


def paragraph(label: str, name: str, value: str, write: Callable[[str], object], *, height: int = 96) -> None:
    """Ask for a reason or another longer text. height: in pixels."""
    key = session.widget_key(name)
    st.text_area(
        label,
        value=value,
        key=key,
        max_chars=2000,
        height=height,
        on_change=lambda: fields.write(name, lambda: write(session.widget(key) or "")),
    )
    fields.refused(name)


def open_one(label: str, name: str, labels: Mapping[str, str]) -> None:
    """Ask which part to open, as a step of the page with an address of its own."""
    key = session.widget_key(name)
    st.selectbox(
        label,
        list(labels),
        index=None,
        key=key,
        format_func=labels.__getitem__,
        placeholder=session.texts()("choice.open"),
        on_change=lambda: session.go_to_step(session.widget(key) or ""),
    )


def frequencies(*more: str) -> dict[str, str]:
    """How often something is done, in words."""
    texts = session.texts()
    return {frequency: texts(f"choice.frequency.{frequency}") for frequency in (*FREQUENCIES, *more)}


def _place(options: list[Any], chosen: object) -> int | None:
    return None if chosen is None else options.index(chosen)
