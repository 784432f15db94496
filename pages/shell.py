"""The frame of every page: language, menu, theme and the error boundary."""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import streamlit as st

from assessment.packs import LANGUAGES
from pages.ui import errors, session, warm

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
    "menu.engagement": ("begin", "answer", "mandate", "targets"),
    "menu.results": ("maturity", "items", "strategy"),
    "menu.follow_up": ("actions",),
    "menu.help": ("method",),
}


def main() -> None:
    """Draw one run: menu, language switch and the page of the address."""
    session.begin_run()
    texts = session.texts()
    st.set_page_config(page_title=texts("common.product"), page_icon=ICON, layout="wide", initial_sidebar_state=240)
    st.html(STYLE)
    pages = {
        group: {
            address: st.Page(
                _page(address),
                title=texts(f"page.{address}"),
                url_path=address,
                default=address == "start",
                visibility="hidden" if address == "begin" else "visible",
            )
            for address in members
        }
        for group, members in MENU.items()
    }
    session.register({address: page for members in pages.values() for address, page in members.items()})
    chosen = st.navigation(
        {texts(group) if group else "": list(members.values()) for group, members in pages.items()}, expanded=True
    )
    _language_switch()
    try:
        chosen.run()
    except Exception as error:  # noqa: BLE001  the boundary: no reader ever meets a traceback
        errors.show(error)
    _script(chosen.url_path or "start")
    warm.up(tuple(address for members in MENU.values() for address in members))


def _page(address: str) -> Callable[[], None]:
    """The page at an address, imported when it is first opened: the front page is on screen before pandas is read."""

    def render() -> None:
        import_module(f"pages.{address}").render()

    return render


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
