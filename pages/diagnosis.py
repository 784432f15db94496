"""The diagnosis: what the rules find, on what evidence, what people make of it, and who vouches for it."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Final

import streamlit as st

from assessment.diagnoses import DiagnosisSheet, Judged
from assessment.engagement import Decision, Engagement, EngagementId, WaveId
from assessment.mapping.current_state import CurrentState
from assessment.results import Results
from assessment.strategy.diagnosis import Evidence, RuleId
from assessment.wording import diagnosis_words, words
from pages.ui import choices, errors, fields, parts, session, undo, waves

DECIDED: Final = "diagnosis_decided"
SIGNED: Final = "diagnosis_signed"
MARKS: Final = {"accepted": ("✓ ", "sf-ready"), "rejected": ("✕ ", "sf-muted"), None: ("", "")}


def render() -> None:
    """Draw the finding of the address, or the whole diagnosis, or say what it needs."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.diagnosis"), texts("diagnosis.none"), (texts("start.begin"), "begin"))
        return
    results, found = session.results(opened), session.diagnosis(opened)
    if opened.mode == "anonymous" and results.wave.closed_at is None:
        parts.still_open(texts("page.diagnosis"))
        return
    if found is None:
        key = "strategy.nothing" if results.pack.id == "full" else "diagnosis.pulse"
        parts.empty(texts("page.diagnosis"), texts(key), (texts("strategy.to_answer"), "answer"))
        return
    chosen = found.find(session.step())
    if chosen is not None:
        _one(opened, results, found, chosen)
    else:
        _all(opened, results, found)


# ---------------------------------------------------------------- the whole diagnosis


def _all(opened: Engagement, results: Results, found: DiagnosisSheet) -> None:
    texts = session.texts()
    parts.where(*words.about(results))
    parts.title(texts("page.diagnosis"))
    waves.choose(results)
    parts.message(*diagnosis_words.message(found))
    if found.changed_since and found.signed is not None:
        by, day = found.signed.signed_by, texts.day(found.signed.signed_at)
        parts.banner(texts("diagnosis.changed_since"), texts("diagnosis.changed_since_why", name=by, date=day))
    for judged in found.findings:
        row(results, judged)
    if found.lapsed:
        parts.section(texts("diagnosis.lapsed"))
        parts.note(texts("diagnosis.lapsed_why"))
        for judged in found.lapsed:
            row(results, judged)
    signature(opened, found)
    _rest(found)
    parts.next_step(
        texts("diagnosis.next"),
        texts("diagnosis.next_why"),
        (texts("diagnosis.to_strategy"), "strategy"),
        (texts("strategy.to_maturity"), "maturity"),
    )


def row(results: Results, judged: Judged) -> None:
    """One finding: what, how sure, what people made of it, what it rests on, and the way in."""
    texts, decided = session.texts(), judged.said.decided
    mark, style = MARKS[decided]
    state = texts(f"diagnosis.state.{decided or 'open'}")
    outdated = f" <span class='sf-warn'>◆ {escape(texts('diagnosis.outdated'))}</span>" if judged.outdated else ""
    known = () if judged.diagnosis is None else judged.diagnosis.evidence
    facts = diagnosis_words.facts(results.pack, state_of(results), known)
    sure = "" if judged.diagnosis is None else texts(f"strategy.confidence.{judged.diagnosis.confidence}")
    said = " · ".join(filter(None, [sure, state]))
    with st.container(key=f"found_{judged.rule}"):
        st.html(
            f"<h2 class='sf-finding'><span class='{style}' aria-hidden='true'>{mark}</span>"
            f"{escape(diagnosis_words.finding(judged))}</h2>"
            f"<p class='sf-muted'>{escape(said)}{outdated}</p>"
            f"<ul class='sf-list'>{''.join(f'<li>{escape(fact)}</li>' for fact in facts)}</ul>"
        )
        key = "diagnosis.look" if decided or not session.may("run") else "diagnosis.decide"
        st.button(
            texts(key),
            key=f"open_{judged.rule}",
            help=diagnosis_words.finding(judged),
            on_click=session.go_to_step,
            args=(judged.rule,),
        )


def _rest(found: DiagnosisSheet) -> None:
    """What was looked at and found in order, and what nobody can say yet."""
    texts = session.texts()
    if not found.quiet and not found.untried:
        return
    with st.expander(texts("diagnosis.rest")):
        if found.quiet:
            parts.note(texts("diagnosis.quiet"))
            parts.bullets([texts(f"diagnosis.{rule}") for rule in found.quiet])
        if found.untried:
            parts.note(texts("diagnosis.untried"))
            parts.bullets([texts(f"diagnosis.{rule}") for rule in found.untried])


# ---------------------------------------------------------------- who vouches for it


def signature(opened: Engagement, found: DiagnosisSheet) -> None:
    """Draw who has signed the diagnosis, or the field to sign it in once everything is decided."""
    texts, signed, may_run = session.texts(), found.signed, session.may("run")
    if signed is not None:
        by, day = signed.signed_by, texts.day(signed.signed_at)
        parts.section(texts("diagnosis.signed", name=by, date=day))
        if may_run and found.changed_since:
            _sign(opened, found)
        if may_run:
            st.button(texts("diagnosis.withdraw"), on_click=_withdraw, args=(opened, found.wave_id))
    elif may_run and found.findings:
        parts.section(texts("diagnosis.sign_heading"))
        _sign(opened, found)
    if signed is None:
        undo.offer(
            SIGNED,
            opened,
            lambda taken: texts("diagnosis.withdrawn", name=taken[1].signed_by),
            lambda engagement_id, taken: session.service().restore_signature(engagement_id, *taken),
        )
    fields.refused(SIGNED)


def _sign(opened: Engagement, found: DiagnosisSheet) -> None:
    texts = session.texts()
    if found.open:
        parts.note(texts.plural("diagnosis.sign_open", len(found.open)))
        return
    parts.note(texts("diagnosis.sign_why"))
    key = session.widget_key(f"sign_{found.wave_id}")
    with st.form(f"sign_form_{found.wave_id}", border=False):
        st.text_input(texts("diagnosis.sign_by"), key=key, max_chars=200, placeholder=texts("diagnosis.sign_example"))
        st.form_submit_button(
            texts("diagnosis.sign"), type="primary", on_click=_store_signature, args=(opened.id, found.wave_id, key)
        )


def _store_signature(engagement_id: EngagementId, wave_id: WaveId, key: str) -> None:
    name = (session.widget(key) or "").strip()

    def sign() -> None:
        if not name:
            raise fields.Refused("diagnosis.sign_nobody")
        session.service().sign_diagnosis(engagement_id, wave_id, name)

    fields.write(SIGNED, sign, say=False)


def _withdraw(opened: Engagement, wave_id: WaveId) -> None:
    def withdraw() -> None:
        signed = session.service().withdraw_signature(opened.id, wave_id)
        undo.remember(SIGNED, opened.id, (wave_id, signed))

    errors.guarded(SIGNED, withdraw)


# ---------------------------------------------------------------- one finding


def _one(opened: Engagement, results: Results, found: DiagnosisSheet, judged: Judged) -> None:
    parts.where(*words.about(results))
    parts.title(session.texts()("page.diagnosis"))
    one(opened, results, found, judged)


def one(opened: Engagement, results: Results, found: DiagnosisSheet, judged: Judged) -> None:
    """Draw a finding with its evidence, what speaks for and against it, and what people make of it."""
    texts, diagnosis = session.texts(), judged.diagnosis
    st.button(texts("diagnosis.back"), type="tertiary", on_click=session.go_to_step, args=("",))
    parts.section(diagnosis_words.finding(judged))
    if diagnosis is None:
        parts.banner(texts("diagnosis.lapsed"), texts("diagnosis.lapsed_why"))
    else:
        parts.note(texts(f"diagnosis.confidence.{diagnosis.confidence}", k=results.score.k))
    if judged.outdated:
        _changed(results, judged)
    if diagnosis is not None:
        st.subheader(texts("diagnosis.for"), anchor=False)
        _evidence(results, diagnosis.evidence, "for")
        if diagnosis.against:
            st.subheader(texts("diagnosis.against"), anchor=False)
            _evidence(results, diagnosis.against, "against")
    if judged.said.note and not session.may("run"):
        st.subheader(texts("diagnosis.note"), anchor=False)
        parts.lead(judged.said.note)
    st.subheader(texts("diagnosis.tell"), anchor=False)
    parts.bullets(
        [
            texts("diagnosis.confirms", what=texts(f"diagnosis.{judged.rule}.confirms")),
            texts("diagnosis.refutes", what=texts(f"diagnosis.{judged.rule}.refutes")),
        ]
    )
    if session.may("run"):
        _said(opened, found, judged)
        _decide(opened, found, judged)
    else:
        _decision(judged)
    _neighbours(found, judged)


def _changed(results: Results, judged: Judged) -> None:
    """How the evidence differs from what was decided on."""
    texts, state = session.texts(), state_of(results)

    def said(known: Evidence | None) -> str:
        if known is None:
            return texts("diagnosis.was_unknown")
        return diagnosis_words.evidence(results.pack, state, known)

    parts.banner(texts("diagnosis.outdated"), texts("diagnosis.outdated_why"))
    # seen by several perspectives, one fact reads the same
    pairs = dict.fromkeys((said(was), said(now)) for was, now in judged.changed)
    parts.bullets([texts("diagnosis.then_now", then=then, now=now) for then, now in pairs if then != now])


def _evidence(results: Results, known: Iterable[Evidence], name: str) -> None:
    """Facts, each with the way to where it was answered or written down."""
    texts, state, seen = session.texts(), state_of(results), set()
    for number, fact in enumerate(known):
        said = diagnosis_words.evidence(results.pack, state, fact)
        if said in seen:
            continue
        seen.add(said)
        place = diagnosis_words.place(results.pack, state, fact)
        with st.container(horizontal=True, vertical_alignment="center", key=f"evidence_{name}_{number}"):
            st.html(f"<p>{escape(said)}</p>")
            if place is not None and session.has_page(place[0]):
                label = texts("diagnosis.to_source", page=texts(f"page.{place[0]}"))
                if st.button(label, type="tertiary", key=f"to_{name}_{number}"):
                    session.go(place[0], p=place[1])


def _said(opened: Engagement, found: DiagnosisSheet, judged: Judged) -> None:
    texts, rule, name = session.texts(), judged.rule, f"finding_{found.wave_id}_{judged.rule}"
    standard = texts(f"diagnosis.{rule}")

    def storing(field: str) -> Callable[[str], object]:
        def store(typed: str) -> object:
            if field == "reason" and judged.said.decided == "rejected" and not typed.strip():
                raise fields.Refused("diagnosis.no_reason")
            kept = None if field == "wording" and typed.strip() == standard else typed
            return session.service().say_of_finding(opened.id, found.wave_id, rule, {field: kept})

        return store

    fields.text(texts("diagnosis.wording"), f"{name}_wording", diagnosis_words.finding(judged), storing("wording"))
    choices.paragraph(texts("diagnosis.note"), f"{name}_note", judged.said.note or "", storing("note"))
    choices.paragraph(texts("diagnosis.reason"), f"{name}_reason", judged.said.reason or "", storing("reason"))
    fields.saved()


def _decide(opened: Engagement, found: DiagnosisSheet, judged: Judged) -> None:
    texts, decided = session.texts(), judged.said.decided
    _decision(judged)
    offered: list[tuple[str, Decision | None]] = []
    if judged.diagnosis is not None and (decided != "accepted" or judged.outdated):
        offered.append(("diagnosis.accept_anew" if decided == "accepted" else "diagnosis.accept", "accepted"))
    if judged.diagnosis is not None and (decided != "rejected" or judged.outdated):
        offered.append(("diagnosis.reject_anew" if decided == "rejected" else "diagnosis.reject", "rejected"))
    if decided is not None:
        offered.append(("diagnosis.undecide", None))
    with st.container(horizontal=True):
        for label, wanted in offered:
            st.button(
                texts(label),
                key=f"decide_{wanted}",
                type="primary" if wanted == "accepted" else "secondary",
                on_click=_store_decision,
                args=(opened.id, found.wave_id, judged.rule, wanted, judged.said.reason),
            )
    fields.refused(DECIDED)


def _decision(judged: Judged) -> None:
    texts, said = session.texts(), judged.said
    if said.decided is None or said.decided_at is None:
        return
    mark, style = MARKS[said.decided]
    words_ = texts(f"diagnosis.decided.{said.decided}", date=texts.day(said.decided_at))
    why = f" {escape(said.reason)}" if said.reason else ""
    st.html(f"<p role='status'><span class='{style}' aria-hidden='true'>{mark}</span>{escape(words_)}{why}</p>")


def _store_decision(
    engagement_id: EngagementId, wave_id: WaveId, rule: RuleId, decided: Decision | None, reason: str | None
) -> None:
    def store() -> None:
        if decided == "rejected" and not reason:
            raise fields.Refused("diagnosis.no_reason")
        session.service().decide_on_finding(engagement_id, wave_id, rule, decided)

    fields.write(DECIDED, store, say=False)


def _neighbours(found: DiagnosisSheet, judged: Judged) -> None:
    """The finding before and after this one, for reading them out in a room."""
    texts, rules = session.texts(), [f.rule for f in found.findings]
    if judged.rule not in rules:
        return
    at = rules.index(judged.rule)
    with st.container(horizontal=True, key="neighbours"):
        if at:
            st.button(texts("diagnosis.before"), on_click=session.go_to_step, args=(rules[at - 1],))
        if at + 1 < len(rules):
            st.button(texts("diagnosis.after"), on_click=session.go_to_step, args=(rules[at + 1],))
        else:
            st.button(texts("diagnosis.to_all"), on_click=session.go_to_step, args=("",))


def state_of(results: Results) -> CurrentState:
    advice = session.advice(results.engagement)
    assert advice is not None
    return advice.state
