"""Paper: questionnaires to print, and the fastest way from filled-in sheets to answers."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from assessment.engagement import Engagement, ResponseId, Wave, WaveId
from assessment.keying import BLANK, MARKS, Typed, sheet
from assessment.packs import LANGUAGES, ROLES, Role, builtin
from assessment.report.export import named_file
from assessment.report.questionnaire import questionnaire
from assessment.respondents import Course, course
from assessment.texts import texts as texts_of
from pages.ui import errors, inviting, parts, session

LINE: Final = "keying_line"
SAVE: Final = "keying_save"
PAUSE: Final = "200ms"  # a run takes a tenth of that: what is typed and what is said of it stay together
OTHER: Final = ""
# Streamlit saves by a click; a stack of paper is typed with one hand on the keys. A second Enter or click on an
# untouched line would bring it again, before the browser has been told that it is kept.
ENTER: Final = """<script>
if (!window.salgsflytKeying) {
  let sent = 0;
  window.salgsflytKeying = true;
  const line = (e) => e.target.closest(".st-key-LINE"), save = '[class*="st-key-SAVE"]';
  document.addEventListener("input", (e) => { if (line(e)) sent = 0; });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.isComposing && line(e)) document.querySelector(`${save} button`).click();
  });
  document.addEventListener("click", (e) => {
    if (!e.target.closest(save)) return;
    if (Date.now() - sent < 2000) e.stopPropagation(); else sent = Date.now();
    document.querySelector(".st-key-LINE input").focus();
  }, true);
}
</script>""".replace("LINE", LINE).replace("SAVE", SAVE)


@dataclass
class Stack:
    """The sheets of a wave that this tab has kept, changed in place: no session write can come between disk and count.

    Streamlit ends a callback at any look at the session when the next key has been pressed, and a line that is on disk
    but looks unsaved would be kept twice. sheets: without those taken back. saved: with them. last: the newest sheet,
    None when it is taken back. clear: the line is kept, and goes before it is drawn.
    """

    wave_id: WaveId
    sheets: int = 0
    saved: int = 0
    last: ResponseId | None = None
    clear: bool = False


def render() -> None:
    """Draw the line to type in with what it means, and the questionnaires to print."""
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(texts("page.keying"), texts("keying.none"), (texts("start.begin"), "begin"))
        return
    wave = session.service().waves(opened.id)[-1]
    if opened.mode != "anonymous" or wave.closed_at is not None:
        why = "keying.closed" if opened.mode == "anonymous" else "keying.not_many"
        parts.empty(texts("page.keying"), texts(why), (texts("answer.to_participants"), "participants"))
        return
    since = texts("participants.open_since", date=inviting.day_of(wave.opened_at))
    parts.where(opened.name, texts(f"wave.{wave.label}"), since)
    parts.title(texts("page.keying"))
    parts.lead(texts("keying.lead"))
    with st.container(key="keying"):
        role = parts.choice(
            st.selectbox, "keying_role", texts("keying.role"), {r: texts(f"role.{r}") for r in ROLES}, first=ROLES[0]
        )
        team = _team(opened, wave) if wave.by_team else None
        _typing(opened, wave, role, team)
    _printing(opened, wave, role)


def _team(opened: Engagement, wave: Wave) -> str | None:
    """The team on the sheet: one that has a link, or another one."""
    texts = session.texts()
    invited = session.service().invitations(opened.id)
    known = sorted({m.link.team for m in invited if m.link.wave_id == wave.id and m.link.team})
    labels = {team: team for team in known} | {OTHER: texts("keying.other_team")}
    if known and (team := parts.choice(st.selectbox, "keying_team", texts("keying.team"), labels, first=known[0])):
        return str(team)
    typed = st.text_input(texts("participants.team"), key="keying_other_team", max_chars=80)
    return typed.strip() or None


# ---------------------------------------------------------------- typing


def _typing(opened: Engagement, wave: Wave, role: Role, team: str | None) -> None:
    texts, way = session.texts(), course(wave.pack_id, role, wave.asks_retrospectively)
    parts.bullets([texts("keying.levels"), texts("keying.keys" if way.pack.allows_na else "keying.keys_without_na")])
    stack = _stack(wave)
    if stack.clear:
        session.empty_widget(LINE)
        stack.clear = False
    line = st.text_input(texts("keying.line"), key=LINE, live=PAUSE, autocomplete="off")
    typed = sheet(line, way)
    _said(typed, way)
    st.button(
        texts("keying.save"),
        type="primary",
        key=f"{SAVE}_{stack.saved}",  # a second click on the one before reaches nothing
        on_click=_save,
        args=(opened, wave, role, team, stack, stack.saved),
    )
    parts.saved("keying", False)
    _kept(opened, stack)
    _questions(typed, way)
    st.html(ENTER, unsafe_allow_javascript=True)


def _said(typed: Typed, way: Course) -> None:
    """How far the line has come, and what is wrong with it; what is missing only when it was to be saved."""
    texts, topics = session.texts(), _topics(way)
    count = texts("keying.count", typed=texts.number(len(typed.marks), 0), of=texts.number(len(typed.items), 0))
    if typed.missing:
        following = len(typed.marks)
        count += f" {texts('keying.next', number=following + 1, topic=topics[typed.items[following].id])}"
    elif typed.ready:
        count += f" {texts('keying.ready')}"
    wrong = [
        texts("keying.wrong", number=at, mark=typed.marks[at - 1], topic=topics[typed.items[at - 1].id])
        for at in typed.wrong
    ]
    if typed.beyond:
        wrong.append(texts.plural("keying.beyond", typed.beyond))
    if typed.missing and session.kept("keying_refused") == typed.marks:
        wrong.append(texts.plural("keying.missing", typed.missing))
    if not typed.missing and not typed.answers:
        wrong.append(texts("keying.nothing"))
    st.html(f'<p class="sf-saved" role="status">{parts.escape(count)}</p>')
    if wrong:
        lines = "<br>".join(parts.escape(words) for words in wrong)
        st.html(f'<p class="sf-saved sf-stop" role="alert">{lines}</p>')


def _topics(way: Course) -> dict[str, str]:
    """What each question is about, in a few words."""
    language = session.language()
    return {
        item.id: way.pack_of(page).prose[language].items[item.id].topic
        for page, items in enumerate(way.pages, 1)
        for item in items
    }


def _questions(typed: Typed, way: Course) -> None:
    """Every question of the sheet beside what is typed for it, the next one marked."""
    topics, rows = _topics(way), []
    for number, item in enumerate(typed.items, 1):
        about = ' class="sf-wrong"' if number in typed.wrong else ""
        about += ' aria-current="step"' if number == len(typed.marks) + 1 else ""
        asked, meant = parts.escape(topics[item.id]), parts.escape(_meant(typed.marks[number - 1 : number]))
        rows.append(f"<li{about}><span>{number} {asked}</span><b>{meant}</b></li>")
    st.html(f'<ol class="sf-keyed">{"".join(rows)}</ol>')


def _meant(mark: str) -> str:
    texts, value = session.texts(), MARKS.get(mark, mark)
    if value in ("DK", "NA"):
        return texts(f"answer.{value}")
    return texts("keying.no_answer") if mark and mark in BLANK else value


def _save(opened: Engagement, wave: Wave, role: Role, team: str | None, stack: Stack, saved: int) -> None:
    if stack.saved != saved:  # the run that kept the line was ended before it could be drawn
        return
    typed = sheet(str(session.widget(LINE) or ""), course(wave.pack_id, role, wave.asks_retrospectively))
    session.keep("keying_refused", typed.marks)
    if typed.ready:
        errors.guarded("keying", lambda: _keep(opened, wave, role, team, typed, stack))


def _keep(opened: Engagement, wave: Wave, role: Role, team: str | None, typed: Typed, stack: Stack) -> None:
    stack.last = session.service().key_in(opened.id, wave.id, role, team, typed.answers)
    stack.sheets, stack.saved, stack.clear = stack.sheets + 1, stack.saved + 1, True


def _stack(wave: Wave) -> Stack:
    kept: Stack | None = session.kept("keying_stack")
    if kept is None or kept.wave_id != wave.id:
        kept = Stack(wave.id)
        session.keep("keying_stack", kept)
    return kept


def _kept(opened: Engagement, stack: Stack) -> None:
    """How many sheets are kept, and the way back from the last one until there is another."""
    texts, last = session.texts(), stack.last
    if not stack.saved:
        return
    with st.container(key="keying_kept", horizontal=True, vertical_alignment="center"):
        said = texts.plural("keying.kept" if last else "keying.taken_back", stack.sheets)
        st.html(f'<p role="status">{parts.escape(said)}</p>')
        if last:
            st.button(texts("keying.take_back"), key="keying_back", on_click=_take_back, args=(opened, stack, last))


def _take_back(opened: Engagement, stack: Stack, last: ResponseId) -> None:
    def erase() -> None:
        session.service().take_back_sheet(opened.id, last)
        stack.sheets, stack.last = stack.sheets - 1, None

    if stack.last == last:
        errors.guarded("keying", erase)


# ---------------------------------------------------------------- printing


def _printing(opened: Engagement, wave: Wave, role: Role) -> None:
    # the files are made when they are asked for, outside the run: nobody could tell there who is asking
    texts, branding, pack = session.texts(), session.service().branding(opened.id), builtin(wave.pack_id)
    parts.section(texts("keying.print"))
    parts.note(texts("keying.print_note", role=texts(f"role.{role}").lower()))
    with st.container(horizontal=True):
        for language in LANGUAGES:
            words = texts_of(language)
            st.download_button(
                texts(f"keying.print.{language}"),
                partial(
                    questionnaire,
                    pack,
                    language,
                    role=role,
                    branding=branding,
                    organisation=opened.name,
                    wave=wave,
                    k=wave.k,
                ),
                named_file(opened.name, f"{words('keying.file')} {words(f'role.{role}')}", "pdf"),
                "application/pdf",
                on_click="ignore",
                key=f"print_{language}",
            )
