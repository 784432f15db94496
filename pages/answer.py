"""Answer the questionnaire alone: one criterion a page, each choice on disk before the page says saved."""

import streamlit as st

from assessment.engagement import Answer, ItemId, ResponseId
from assessment.packs import Item, Pack
from assessment.service import NA_REASONS, Sheet
from pages.ui import errors, parts, session

REVIEW = "review"


def render() -> None:
    """Draw the page of the address: a criterion's questions, or the review at the end."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.answer"), texts("answer.none"), (texts("start.begin"), "begin"))
        return
    sheet = session.service().sheet(opened.id)
    if sheet is None and opened.mode == "anonymous" and not opened.fictional:
        parts.empty(texts("page.answer"), texts("answer.by_link"), (texts("answer.to_participants"), "participants"))
        return
    if sheet is None:
        parts.empty(texts("page.answer"), texts("answer.consensus_note"), (texts("answer.see_result"), "maturity"))
        return
    steps = [*sheet.pages, REVIEW]
    step = session.step()
    if step not in steps:
        step = sheet.first_unanswered_page() or REVIEW
        session.go_to_step(step)
    if step == REVIEW:
        _review(opened.name, sheet)
    else:
        _questions(opened.name, sheet, step, steps)


def _questions(name: str, sheet: Sheet, step: str, steps: list[str]) -> None:
    texts, pack = session.texts(), sheet.pack
    words, number = pack.prose[texts.language], sheet.pages.index(step) + 1
    parts.where(
        name,
        texts("answer.page_of", page=number, pages=len(sheet.pages)) if len(sheet.pages) > 1 else words.title,
        texts("answer.progress", answered=len(sheet.answers), total=sheet.total),
        done=len(sheet.answers),
        of=sheet.total,
    )
    if len(sheet.pages) > 1:
        parts.title(words.criteria[step].title)
        parts.lead(words.criteria[step].about, texts("answer.how"))
    else:
        parts.title(words.title)
        parts.lead(texts("answer.how_pulse"))
    if sheet.together:
        parts.note(texts("answer.together"))
    with st.container(key="sheet"):
        for item in sheet.items_on(step):
            _question(sheet, item)
    parts.note(texts("answer.saved_all"))
    _buttons(step, steps)


def _question(sheet: Sheet, item: Item) -> None:
    texts, answer = session.texts(), sheet.answers.get(item.id)
    words = sheet.pack.prose[texts.language].items[item.id]
    options = list(sheet.pack.values())
    labels = {value: _label(sheet.pack, item, value) for value in options}
    key = session.widget_key(f"answer_{sheet.response_id}_{item.id}")
    st.radio(
        parts.question(words),
        options,
        index=options.index(answer.value) if answer else None,
        key=key,
        format_func=labels.__getitem__,
        on_change=_save,
        args=(sheet.response_id, item.id, key),
    )
    if answer and answer.value == "NA":
        reasons = list(NA_REASONS)
        st.selectbox(
            texts("answer.reason"),
            reasons,
            index=reasons.index(answer.na_reason) if answer.na_reason in reasons else None,
            key=f"{key}_reason",
            format_func=lambda reason: texts(f"answer.reason.{reason}"),
            placeholder=texts("answer.reason_placeholder"),
            on_change=_save_reason,
            args=(sheet.response_id, item.id, f"{key}_reason"),
        )
    parts.saved(item.id, answer is not None)


def _label(pack: Pack, item: Item, value: int | str) -> str:
    texts = session.texts()
    if isinstance(value, str):
        return texts(f"answer.{value}")
    anchors = dict(zip(pack.anchored, pack.prose[texts.language].items[item.id].anchors, strict=True))
    # told apart by their words: Streamlit sends the label back, not the place
    return anchors.get(value) or texts(f"answer.between.{value}")


def _save(response_id: ResponseId, item_id: str, key: str) -> None:
    _write(response_id, item_id, Answer(value=session.widget(key), na_reason=None))


def _save_reason(response_id: ResponseId, item_id: str, key: str) -> None:
    _write(response_id, item_id, Answer(value="NA", na_reason=session.widget(key)))


def _write(response_id: ResponseId, item_id: str, answer: Answer) -> None:
    errors.guarded(item_id, lambda: session.service().answer(response_id, {ItemId(item_id): answer}))


def _buttons(step: str, steps: list[str]) -> None:
    texts, at = session.texts(), steps.index(step)
    following = steps[at + 1]
    with st.container(horizontal=True, key="sheet_buttons"):
        label = texts("answer.review") if following == REVIEW else texts("answer.next")
        st.button(label, type="primary", key=f"next_{step}", on_click=session.go_to_step, args=(following,))
        if at:
            st.button(texts("common.back"), key=f"back_{step}", on_click=session.go_to_step, args=(steps[at - 1],))
        if following != REVIEW:
            st.button(
                texts("answer.review"),
                type="tertiary",
                key=f"review_{step}",
                on_click=session.go_to_step,
                args=(REVIEW,),
            )


def _review(name: str, sheet: Sheet) -> None:
    texts, words = session.texts(), sheet.pack.prose[session.language()]
    missing = sheet.total - len(sheet.answers)
    parts.where(name, texts("answer.progress", answered=len(sheet.answers), total=sheet.total))
    parts.title(texts("answer.review_title"))
    parts.lead(texts.plural("answer.review_missing", missing) if missing else texts("answer.review_none_missing"))
    for page in sheet.pages:
        items = sheet.items_on(page)
        open_items = [i for i in items if i.id not in sheet.answers]
        title = words.criteria[page].title if len(sheet.pages) > 1 else words.title
        done = texts("answer.review_page", title=title, answered=len(items) - len(open_items), total=len(items))
        st.html(f'<p class="sf-name">{"" if open_items else "✓ "}{parts.escape(done)}</p>')
        if open_items:
            parts.bullets([words.items[i.id].stem for i in open_items])
        st.button(
            texts("answer.goto", title=title),
            key=f"goto_{page}",
            type="secondary" if open_items else "tertiary",
            on_click=session.go_to_step,
            args=(page,),
        )
    with st.container(horizontal=True):
        parts.links((texts("answer.see_result"), "maturity"), (texts("answer.set_targets"), "targets"))
