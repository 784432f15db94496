"""The parts every page is made of, in the order of the visual language: where, title, message, evidence, next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from assessment.packs import ItemProse
from pages.ui import session

if TYPE_CHECKING:
    import pandas as pd  # the front page has no figures, and need not wait for it


def where(*facts: str, done: int = 0, of: int = 0) -> None:
    """One muted line that says which engagement, wave and answers the page is about, and how far one has come.

    One element for both: each costs the server half a millisecond to send.
    """
    bar = f'<progress class="sf-progress" max="{of}" value="{done}" aria-hidden="true"></progress>' if of else ""
    st.html(f'<p class="sf-where">{escape(" · ".join(f for f in facts if f))}</p>{bar}')


def title(words: str) -> None:
    """The page's one h1: its name in the menu."""
    st.title(words, anchor=False)


def message(lead: str, *more: str) -> None:
    """The key message: a sentence with a figure, then at most two that say what it means."""
    rest = "".join(f"<p>{escape(m)}</p>" for m in more if m)
    with st.container(key="message"):
        st.html(f'<p class="sf-lead">{escape(lead)}</p>{rest}')


def lead(*sentences: str) -> None:
    """A page's opening sentences where there is no finding to lead with."""
    st.html("".join(f'<p class="sf-open">{escape(s)}</p>' for s in sentences if s))


def choice(
    ask: Callable[..., Any], name: str, label: str, labels: Mapping[Any, str], first: Any = None, **more: Any
) -> Any:
    """Ask with `st.radio`, `st.selectbox` or `st.segmented_control`, and give what is chosen.

    It is kept by its name, so that a change of language loses nothing. labels: the words of each choice, in order.
    first: what is chosen before anybody has; None is nothing.
    """
    key, options, kept = session.widget_key(name), list(labels), session.kept(name)
    chosen = kept if kept in labels else first
    at = {"default": chosen} if ask is st.segmented_control else {"index": options.index(chosen) if chosen else None}
    return ask(
        label,
        options,
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: session.keep(name, session.widget(key)),
        **at,
        **more,
    )


def section(claim: str) -> None:
    """A section's heading: a finding, not a topic."""
    st.header(claim, anchor=False)


def note(words: str) -> None:
    """Small print: how to read a chart, what a figure leaves out."""
    st.html(f'<p class="sf-note">{escape(words)}</p>')


def hidden(words: str) -> None:
    """The one sign for hidden, excluded and not assessed: hatch, dashed edge and the reason in words."""
    st.html(f'<p class="sf-hidden">{escape(words)}</p>')


def chart(name: str, about: Iterable[object], build: Callable[[], dict[str, Any]]) -> None:
    """Draw a chart from its cached specification. about: whatever changes the picture, the language included."""
    spec = session.chart_spec(name, (session.language(), *about), build)
    st.vega_lite_chart(spec, theme=None, width="stretch")


def figures(frame: "pd.DataFrame") -> None:
    """The page's figures as a table of ready words: the charts' accessible twin."""
    with st.expander(session.texts()("common.figures")):
        table(frame)


def table(frame: "pd.DataFrame") -> None:
    """A table of ready words, as markup of ours: it wraps, prints, is read aloud, and scrolls sideways by itself."""
    head = "".join(f'<th scope="col">{escape(str(c))}</th>' for c in frame.columns)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(str(cell))}</th>' if i == 0 else f"<td>{escape(str(cell))}</td>"
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in frame.itertuples(index=False)
    )
    label = escape(session.texts()("common.table"))
    st.html(
        f'<div class="sf-scroll" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="sf-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def next_step(heading: str, why: str, primary: tuple[str, str], secondary: tuple[str, str] | None = None) -> None:
    """The closing panel: one thing to do next and at most one beside it, each (label, page address)."""
    with st.container(key="next"):
        st.subheader(heading, anchor=False)
        st.html(f'<p class="sf-note">{escape(why)}</p>')
        with st.container(horizontal=True):
            links(primary, secondary)


def links(primary: tuple[str, str], secondary: tuple[str, str] | None = None) -> None:
    """A primary button and at most one beside it, each (label, page address), to pages the reader has."""
    if session.has_page(primary[1]) and st.button(primary[0], type="primary", key=f"go_{primary[1]}"):
        session.go(primary[1])
    if secondary and session.has_page(secondary[1]) and st.button(secondary[0], key=f"go_{secondary[1]}"):
        session.go(secondary[1])


def empty(heading: str, why: str, action: tuple[str, str]) -> None:
    """A page that has nothing to show yet: its title, one sentence why, one button to what fills it."""
    title(heading)
    st.html(f'<p class="sf-note">{escape(why)}</p>')
    links(action)


def still_open(heading: str) -> None:
    """A result page while people answer: nobody sees anything yet, and where one can see how far they are."""
    texts = session.texts()
    to = ("answer.to_participants", "participants") if session.has_page("participants") else ("error.to_start", "start")
    empty(heading, texts("maturity.open"), (texts(to[0]), to[1]))


def banner(heading: str, why: str) -> None:
    """Something that needs attention before the rest is read."""
    st.html(f'<div class="sf-banner" role="note"><b>◆ {escape(heading)}</b><p>{escape(why)}</p></div>')


def bullets(lines: Sequence[str]) -> None:
    """A plain list of sentences."""
    st.html("<ul class='sf-list'>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>")


def question(words: ItemProse) -> str:
    """A question's label with its one-line help below: in sight on a phone, and read aloud with the question."""
    return f"{words.stem} :small[{words.help}]" if words.help else words.stem


def saved(what: str, done: bool) -> None:
    """Say below a question whether its answer is on disk; the line is always there, so that nothing moves."""
    failed = session.kept(f"unsaved_{what}")
    if failed:
        st.html(f'<p class="sf-saved sf-stop" role="alert">{escape(failed)}</p>')
    else:
        words = f"✓ {escape(session.texts()('common.saved'))}" if done else "&nbsp;"
        st.html(f'<p class="sf-saved" role="status">{words}</p>')
