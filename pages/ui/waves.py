"""Which measurement the result pages show, and the way from a pulse to the full set."""

import streamlit as st

from assessment.engagement import Wave
from assessment.results import Results
from pages.ui import parts, session


def choose(results: Results) -> None:
    """Draw the choice between the measurements that have results, when there are several."""
    if len(results.waves) < 2:
        return
    labels = {wave.id: _label(wave) for wave in results.waves}
    key = session.widget_key(f"wave_{results.engagement.id}_{results.wave.id}")
    st.segmented_control(
        session.texts()("maturity.wave"),
        list(labels),
        default=results.wave.id,
        required=True,
        key=key,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        on_change=lambda: session.choose_wave(session.widget(key)),
    )


def _label(wave: Wave) -> str:
    texts = session.texts()
    words = texts(f"wave.{wave.label}")
    return f"{words[:1].upper()}{words[1:]} · {texts.month(wave.closed_at or wave.opened_at)}"


def offer_full_set(results: Results) -> None:
    """Draw the panel that leads from a pulse to the full set, for somebody who may answer."""
    if not session.may("run"):
        return
    texts = session.texts()
    with st.container(key="next"):
        st.subheader(texts("maturity.pulse_next"), anchor=False)
        parts.note(texts("maturity.pulse_next_why"))
        if st.button(texts("maturity.pulse_go"), type="primary", key="full_set"):
            session.service().continue_with_full_set(results.engagement.id)
            session.go("answer")
