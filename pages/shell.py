"""The frame of every page: language, menu, theme and the error boundary."""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st

from assessment.actor import Actor
from assessment.packs import LANGUAGES
from pages.ui import errors, parts, session, signin, warm

UI = Path(__file__).parent / "ui"
STYLE = f"<style>{(UI / 'streamlit.css').read_text(encoding='utf-8')}</style>"
SCRIPT = (UI / "streamlit.js").read_text(encoding="utf-8")
# of our own: a named icon would be fetched from another machine
ICON = str(UI / "icon.svg")
LANGUAGE_NAMES = {"nb": "Norsk", "en": "English"}

# group of the menu: addresses, each its page's module; the front page must be the default, its own address gives
# "Page not found"
MENU: dict[str, tuple[str, ...]] = {
    "": ("start",),
    "menu.engagement": ("begin", "participants", "keying", "answer", "mandate", "targets", "import_answers", "privacy"),
    "menu.current_state": ("kpis", "processes", "stream", "import_events", "handoffs", "waste"),
    "menu.results": ("maturity", "items", "perceptions", "diagnosis", "strategy", "decision", "sponsor_note"),
    "menu.follow_up": ("goals", "payback", "plan", "actions", "follow_up", "training_brief", "change", "history"),
    "menu.meeting": ("workshop", "screen", "report"),
    "menu.help": ("method",),
}

# reached from another page only
UNLISTED = {"begin", "keying", "import_events", "sponsor_note", "screen"}

# what somebody may open who may only see results
READABLE = {
    "start",
    "begin",
    "kpis",
    "stream",
    "handoffs",
    "processes",
    "waste",
    "maturity",
    "items",
    "perceptions",
    "diagnosis",
    "strategy",
    "decision",
    "sponsor_note",
    "goals",
    "payback",
    "plan",
    "actions",
    "follow_up",
    "training_brief",
    "change",
    "report",
    "method",
}


def main() -> None:
    """Draw one run: menu, language switch and the page of the address."""
    session.begin_run()
    texts = session.texts()
    reader = session.actor()
    st.set_page_config(page_title=texts("common.product"), page_icon=ICON, layout="wide", initial_sidebar_state=240)
    st.html(STYLE)
    if reader is None or session.link_has_ended():
        _alone(signin.render if reader is None else signin.link_ended)
        return
    pages = {
        group: {
            address: st.Page(
                _page(address) if reader.may_begin or address != "start" else _to_the_result,
                title=texts(f"page.{address}"),
                url_path=address,
                default=address == "start",
                visibility="visible" if _in_menu(reader, address) else "hidden",
            )
            for address in members
        }
        for group, members in _menu_of(reader).items()
    }
    session.register({address: page for members in pages.values() for address, page in members.items()})
    grouped = {texts(group) if group else "": list(members.values()) for group, members in pages.items()}
    grouped[""] = [*grouped.get("", []), *_not_theirs({address for members in pages.values() for address in members})]
    chosen = st.navigation(grouped, expanded=True)
    _language_switch()
    signin.sidebar()
    _back_to_the_room(chosen.url_path)
    above = st.container()
    try:
        session.keep_in_audit_log()
        chosen.run()
        with above:  # what it says of the assessment can fail as the page can, and is the lesser of the two
            _announce_erasure(chosen.url_path)
    except Exception as error:  # noqa: BLE001  the boundary: no reader ever meets a traceback
        errors.show(error)
    _script(chosen.url_path or "start")
    warm.up(tuple(address for members in MENU.values() for address in members))


def _page(address: str) -> Callable[[], None]:
    """The page at an address, imported when it is first opened: the front page is on screen before pandas is read."""

    def render() -> None:
        import_module(f"pages.{address}").render()

    return render


def _menu_of(reader: Actor) -> dict[str, tuple[str, ...]]:
    """The pages a reader may open, by group; an address of any other leads to none."""
    may_run = session.may("run")
    menu = {
        group: tuple(a for a in addresses if (may_run or a in READABLE) and (reader.may_begin or a != "begin"))
        for group, addresses in MENU.items()
    }
    return {group: addresses for group, addresses in menu.items() if addresses}


def _in_menu(reader: Actor, address: str) -> bool:
    return address not in UNLISTED and (reader.may_begin or address != "start")


def _not_theirs(theirs: set[str]) -> list[Any]:
    """The addresses that are not the reader's, leading to what is: Streamlit says "Page not found", and in English."""
    others = [address for addresses in MENU.values() for address in addresses if address not in theirs]
    return [st.Page(_to_the_result, title=address, url_path=address, visibility="hidden") for address in others]


def _announce_erasure(page: str) -> None:
    """Say on every page of an assessment that it is soon erased, to who can decide otherwise."""
    retention = None if page in ("", "screen") else session.erasure_announced()
    if retention is not None and retention.erased_on is not None:
        texts = session.texts()
        parts.banner(texts("privacy.soon", day=texts.day(retention.erased_on)), texts("privacy.soon_what"))


def _back_to_the_room(page: str) -> None:
    """A way back for who has gone out of an open workshop to another page."""
    if page in ("workshop", "screen"):
        session.drop(session.LEFT_ROOM)
        return
    left = session.kept(session.LEFT_ROOM) is not None and session.has_page("workshop")
    if left and st.button(session.texts()("workshop.back"), key="back_to_room"):
        session.go("workshop")


def _to_the_result() -> None:
    session.go("maturity")


def _alone(render: Callable[[], None]) -> None:
    """Draw a page that has nothing beside it."""
    chosen = st.navigation([st.Page(render, title=session.texts()("common.product"), default=True)], position="hidden")
    chosen.run()
    _script("start")


def _language_switch() -> None:
    with st.sidebar:
        st.segmented_control(
            session.texts()("common.language"),
            LANGUAGES,
            default=session.language(),
            required=True,
            format_func=lambda language: LANGUAGE_NAMES[language],
            key=f"language_{session.language()}",
            label_visibility="collapsed",
            on_change=lambda key: session.use_language(session.widget(key)),
            args=(f"language_{session.language()}",),
        )


def _script(page: str) -> None:
    texts = session.texts()
    words = {
        '[data-testid="stExpandSidebarButton"]': texts("menu.open"),
        '[data-testid="stSidebarCollapseButton"] button': texts("menu.close"),
        '[data-testid="stMainMenuButton"]': texts("menu.settings"),
        '[data-testid="stSidebar"], [data-testid="stSidebarNav"]': texts("menu.name"),
        '[data-testid="stTooltipIcon"] button': texts("menu.explanation"),
        '[data-testid="stFileUploaderDropzone"] button:not([data-testid="stFileChipDeleteBtn"] *)': texts(
            "menu.upload"
        ),
        '[data-testid="stFileChipDeleteBtn"] button': texts("menu.remove_file"),
        '[data-testid="stNumberInputStepUp"]': texts("menu.more"),
        '[data-testid="stNumberInputStepDown"]': texts("menu.less"),
    }
    filled = (
        SCRIPT.replace("{language}", texts.language)
        .replace("{step}", f"{page}/{session.step() or ''}")
        .replace("{words}", json.dumps(words, ensure_ascii=False))
    )
    st.html(filled, unsafe_allow_javascript=True)


if __name__ == "__main__":
    main()
