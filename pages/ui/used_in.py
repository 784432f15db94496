"""The way back from answers and figures: which findings of the diagnosis rest on what a page shows."""

import streamlit as st

from assessment.engagement import Engagement
from assessment.wording import diagnosis_words
from pages.ui import parts, session


def findings(opened: Engagement, page: str, step: str | None = None) -> None:
    """Draw the findings whose evidence is on this page, each as the way to it; nothing where there are none.

    step: only what this step of the page shows, such as one criterion or one key figure.
    """
    if not session.has_page("diagnosis"):
        return
    found, results = session.diagnosis(opened), session.results(opened)
    advice = session.advice(opened)
    if found is None or advice is None:
        return
    resting = [
        judged
        for judged in found.findings
        if judged.diagnosis is not None
        and any(
            place is not None and place[0] == page and (step is None or place[1] == step)
            for place in (
                diagnosis_words.place(results.pack, advice.state, known)
                for known in (*judged.diagnosis.evidence, *judged.diagnosis.against)
            )
        )
    ]
    if not resting:
        return
    texts = session.texts()
    with st.container(key="used_in"):
        parts.note(texts("diagnosis.used_in"))
        with st.container(horizontal=True):
            for judged in resting:
                if st.button(diagnosis_words.finding(judged), key=f"finding_{judged.rule}"):
                    session.go("diagnosis", p=judged.rule)
