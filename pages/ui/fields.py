"""Fields that are saved as they are typed: figures as each language writes them, and names."""

import re
from collections.abc import Callable

import streamlit as st

from assessment.engagement import AMOUNT_MAX
from pages.ui import errors, parts, session

# a comma between groups of three is English thousands; anywhere else a comma is a decimal one
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"\d+(\.\d+)?|\.\d+")


class Refused(Exception):  # noqa: N818 - named by what is wrong
    """What was typed cannot be stored, and nothing was; carries the key of what to say."""


def number(
    label: str,
    name: str,
    value: float | None,
    write: Callable[[float | None], object],
    *,
    share: bool = False,
    explained: str | None = None,
    placeholder: str | None = None,
    stored: bool = True,
) -> None:
    """Ask for a figure from 0 up, or a share in per cent; an empty field is not known.

    Text and not `st.number_input`, which writes 1234.50 in every language.
    name: one of its own for what the figure is of. write: stores it, as 0 to 1 where it is a share. stored: whether
    on disk; else nothing is said of that.
    """
    texts, key = session.texts(), _fresh(name)
    st.text_input(
        label,
        value=_shown(value, share),
        key=key,
        max_chars=20,
        help=explained,
        placeholder=placeholder or texts("common.unknown"),
        on_change=_save_number,
        args=(name, key, write, share, stored),
    )
    refused(name, key)


def text(
    label: str,
    name: str,
    value: str,
    write: Callable[[str], object],
    *,
    needed: bool = False,
    placeholder: str | None = None,
) -> None:
    """Ask for a name. needed: an empty one is refused."""
    key = _fresh(name)
    st.text_input(
        label,
        value=value,
        key=key,
        max_chars=200,
        placeholder=placeholder or session.texts()("common.unknown"),
        on_change=_save_text,
        args=(name, key, write, needed),
    )
    refused(name, key)


def refused(name: str, key: str | None = None) -> None:
    """Draw why the last write of this name failed, or why what was typed in the field of this key is not saved."""
    if failed := session.kept(f"unsaved_{name}") or session.kept(f"refused_{key}"):
        st.html(f'<p class="sf-saved sf-stop" role="alert">{parts.escape(failed)}</p>')


def saved() -> None:
    """Say once below a group of fields that the last of them is on disk; the line is always there."""
    done = session.kept("field_saved")
    session.drop("field_saved")
    words = f"✓ {parts.escape(session.texts()('common.saved'))}" if done else "&nbsp;"
    st.html(f'<p class="sf-saved" role="status">{words}</p>')


def write(name: str, store: Callable[[], object], *, say: bool = True, key: str | None = None) -> bool:
    """Store something, remember for `saved` that it went well or for `refused` why not, and give which.

    say: whether `saved` is to say it. key: of the field that holds what was typed, which keeps it when it is refused.
    """
    slot = f"unsaved_{name}" if key is None else f"refused_{key}"
    session.drop(slot)
    try:
        done = errors.guarded(name, store)
    except Refused as why:
        session.keep(slot, session.texts()(str(why)))
        return False
    if done and say:
        session.keep("field_saved", True)
    return done


def read(typed: str, *, share: bool) -> float | None:
    """The figure somebody typed, None when nothing. Raises: Refused."""
    bare = re.sub(r"\s", "", typed).removesuffix("%")
    if not bare:
        return None
    if session.language() == "en" and _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    bare = bare.replace(",", ".")
    if not _NUMBER.fullmatch(bare):
        raise Refused("fields.not_a_share" if share else "fields.not_a_number")
    value = float(bare)
    if share:
        # 0,85 in a field of per cent is most likely 85
        if value > 100 or (0 < value < 1 and "%" not in typed):
            raise Refused("fields.not_a_share")
        return value / 100
    if value > AMOUNT_MAX:
        raise Refused("fields.too_large")
    return value


def _fresh(name: str) -> str:
    """The key of a field; drawn anew it shows what is on disk, and what was wrong with what was typed is past."""
    key = session.widget_key(name)
    if session.widget(key) is None:
        session.drop(f"refused_{key}")
    return key


def _save_number(name: str, key: str, store: Callable[[float | None], object], share: bool, stored: bool) -> None:
    write(name, lambda: store(read(session.widget(key) or "", share=share)), say=stored, key=key)


def _save_text(name: str, key: str, store: Callable[[str], object], needed: bool) -> None:
    def checked() -> None:
        typed = (session.widget(key) or "").strip()
        if needed and not typed:
            raise Refused("fields.no_name")
        store(typed)

    write(name, checked, key=key)


def _shown(value: float | None, share: bool) -> str:
    if value is None:
        return ""
    written = f"{round(value * 100 if share else value, 6):.10g}"
    return written.replace(".", ",") if session.language() == "nb" else written
