"""What one takes away: documents made in the background, looked at here, and who they come from."""

from typing import Final

import streamlit as st

from assessment.engagement import Engagement
from assessment.packs import LANGUAGES
from assessment.report.documents import DOCUMENTS, Document, DocumentId, Order, Step, file_name
from assessment.report.jobs import Job, Made
from assessment.results import Results
from assessment.scoring import findings
from assessment.store.protocol import StoreError
from assessment.wording import words
from pages.ui import branding_form, document_preview, errors, inviting, parts, session, waves

LOOK: Final = "look"
POLL_S: Final = 1.0
FORMATS: Final = {"pdf": "PDF", "pptx": "PowerPoint", "xlsx": "Excel", "json": "JSON"}
KILO, MEGA = 1_000, 1_000_000


def render() -> None:
    """Draw the documents of the open engagement, one of them, or the form of what they look like."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.report"), texts("documents.none"), (texts("start.begin"), "begin"))
        return
    results = session.results(opened)
    if opened.mode == "anonymous" and results.wave.closed_at is None:
        parts.still_open(texts("page.report"))
        return
    parts.where(*words.about(results))
    parts.title(texts("page.report"))
    step = session.step()
    if step == LOOK and session.may("run"):
        _back("documents.back")
        branding_form.draw(opened)
    elif step in DOCUMENTS and (job := _found(results, step)) is not None and job.made is not None:
        _one(opened, job, job.made)
    else:
        _all(opened, results)


# ---------------------------------------------------------------- all of them


def _all(opened: Engagement, results: Results) -> None:
    texts = session.texts()
    parts.lead(texts("documents.lead"), texts("documents.same_rules"))
    if not findings.answered(results.score):
        parts.note(texts("documents.short"))
    waves.choose(results)
    _language()
    parts.section(texts("documents.documents"))
    underway = any(job is not None and job.underway for job in (_found(results, d) for d in _theirs()))
    st.fragment(_documents, run_every=POLL_S if underway else None)(opened, results, underway)
    if session.may("run"):
        parts.section(texts("look.title"))
        parts.note(branding_form.now(session.service().branding(opened.id)))
        st.button(texts("look.change"), key="look_open", on_click=session.go_to_step, args=(LOOK,))


def _language() -> None:
    texts = session.texts()
    labels = {language: texts(f"documents.language.{language}") for language in LANGUAGES}
    key = session.widget_key(f"report_language_{session.document_language()}")
    st.segmented_control(
        texts("documents.language"),
        list(labels),
        default=session.document_language(),
        required=True,
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: session.choose_document_language(session.widget(key)),
    )


def _theirs() -> list[DocumentId]:
    """The documents the reader may have."""
    return [id_ for id_, document in DOCUMENTS.items() if session.may(document.need)]


def _order(results: Results, document: DocumentId) -> Order:
    return Order(results.engagement.id, results.wave.id, document, session.document_language())


def _found(results: Results, document: DocumentId) -> Job | None:
    return session.jobs().find(session.service(), _order(results, document))


def _documents(opened: Engagement, results: Results, polled: bool) -> None:
    """The list, drawn anew every second while something is made, and not otherwise."""
    try:
        found = {document: _found(results, document) for document in _theirs()}
    except StoreError as error:  # deleted or revoked since: this runs outside the shell's error boundary
        st.warning(errors.sentence(error))
        return
    if polled != any(job is not None and job.underway for job in found.values()):
        st.rerun()
    for document, job in found.items():
        with st.container(key=f"document_{document}"):
            _document(opened, _order(results, document), job)


def _document(opened: Engagement, order: Order, job: Job | None) -> None:
    texts, document = session.texts(), DOCUMENTS[order.document]
    st.subheader(texts(f"documents.name.{order.document}"), anchor=False)
    parts.note(f"{FORMATS[document.ending]} · {texts(f'documents.for.{order.document}')}")
    failed = session.kept(f"unsaved_{_slot(order)}")
    if failed:
        st.html(f'<p class="sf-saved sf-stop" role="alert">{parts.escape(failed)}</p>')
    if job is None:
        _make(order, "documents.make", "primary" if order.document == "report" else "secondary")
    elif job.underway:
        _underway(job.step)
    elif job.made is None:
        why = texts("documents.failed", reference=job.reference)
        st.html(f'<p class="sf-saved sf-stop" role="alert">{parts.escape(why)}</p>')
        _make(order, "documents.again")
    else:
        _ready(opened, job, job.made, document)


def _underway(step: Step | None) -> None:
    texts = session.texts()
    said, bar = texts("documents.waiting"), ""
    if step is not None:
        said = texts(f"documents.step.{step.phase}", done=texts.number(step.done, 0), of=texts.number(step.of, 0))
    if step is not None and step.of:
        bar = f'<progress class="sf-progress" max="{step.of}" value="{step.done}" aria-hidden="true"></progress>'
    st.html(f'<p class="sf-name" role="status">{parts.escape(said)}</p>{bar}')


def _ready(opened: Engagement, job: Job, made: Made, document: Document) -> None:
    _state(opened, job, made)
    with st.container(horizontal=True):
        _download(opened, job, made, "secondary")
        if document.preview != "none":
            _look_at(job.order)
        if job.revision != opened.revision:
            _make(job.order, "documents.again")


def _look_at(order: Order) -> None:
    if st.button(_labelled("documents.look_at", order), key=f"look_at_{order.document}"):
        session.go_to_step(order.document)
        st.rerun()  # the whole page: a click in the list draws the list alone


def _state(opened: Engagement, job: Job, made: Made) -> None:
    """How large it is, when it was made, and whether the engagement has changed since."""
    texts = session.texts()
    day, clock = inviting.day_of(made.at), inviting.clock(made.at)
    said = parts.escape(texts("documents.made", size=_size(len(made.content)), day=day, clock=clock))
    if job.revision != opened.revision:
        said += f'<br><span class="sf-warn">◆ {parts.escape(texts("documents.changed"))}</span>'
    st.html(f'<p role="status">✓ {said}</p>')


def _size(count: int) -> str:
    texts = session.texts()
    if count < MEGA:
        return texts("documents.kilobytes", n=texts.number(max(1, count / KILO), 0))
    return texts("documents.megabytes", n=texts.number(count / MEGA))


def _download(opened: Engagement, job: Job, made: Made, kind: str) -> None:
    st.download_button(
        _labelled("documents.download", job.order),
        made.content,
        file_name(opened.name, job.order),
        DOCUMENTS[job.order.document].media_type,
        on_click="ignore",
        key=f"download_{job.order.document}",
        type=kind,
    )


def _make(order: Order, key: str, kind: str = "secondary") -> None:
    st.button(_labelled(key, order), key=f"make_{order.document}", type=kind, on_click=_begin, args=(order,))


def _begin(order: Order) -> None:
    errors.guarded(_slot(order), lambda: session.jobs().begin(session.service(), order))


def _slot(order: Order) -> str:
    return f"report_{order.document}"


def _labelled(key: str, order: Order) -> str:
    texts = session.texts()
    return texts(key, what=texts(f"documents.the.{order.document}"))


# ---------------------------------------------------------------- one of them


def _one(opened: Engagement, job: Job, made: Made) -> None:
    _back("documents.back")
    parts.section(session.texts()(f"documents.name.{job.order.document}"))
    _state(opened, job, made)
    with st.container(horizontal=True):
        _download(opened, job, made, "primary")
    document_preview.draw(job.order, made.preview)


def _back(key: str) -> None:
    st.button(session.texts()(key), type="tertiary", on_click=session.go_to_step, args=("",))
