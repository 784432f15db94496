"""Read in answers gathered elsewhere: choose, look, confirm; nothing is kept before that."""

import datetime as dt
from typing import Final

import pandas as pd
import streamlit as st

from assessment.config import K_MIN
from assessment.engagement import Engagement, WaveLabel
from assessment.files import InputError
from assessment.files.gathered import UPLOAD_MAX, Gathered, gathered
from assessment.packs import builtin
from assessment.report.template import template_csv, template_xlsx
from assessment.service import Gathering, GroupBeginning
from assessment.store.protocol import StoreError
from assessment.wording import words
from pages.ui import errors, parts, problems, session

LABELS: Final[tuple[WaveLabel, ...]] = ("T0", "T2", "T3")
EARLIEST: Final = dt.date(2000, 1, 1)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def render() -> None:
    """Draw the choices, the file and what is in it."""
    texts, opened = session.texts(), session.engagement()
    into = opened if opened is not None and opened.mode == "anonymous" else None
    if into is not None and session.service().waves(into.id)[-1].closed_at is None:
        to = (texts("import.to_participants"), "participants")
        parts.empty(texts("page.import_answers"), texts("import.wave_open"), to)
        return
    parts.where(into.name if into is not None else "")
    parts.title(texts("page.import_answers"))
    parts.message(texts("import.lead"), texts("import.nothing_yet"))
    parts.note(texts("import.into", name=into.name) if into is not None else texts("import.new"))
    organisation = "" if into is not None else _organisation()
    sets = {pack: texts(f"begin.set.{pack}") for pack in ("full", "pulse")}
    pack_id = parts.choice(st.radio, "import_set", texts("import.set"), sets, first="full")
    label: WaveLabel = "pulse"
    if pack_id == "full":
        labels = {label: words.upper_first(texts(f"wave.{label}")) for label in LABELS}
        label = parts.choice(st.selectbox, "import_label", texts("import.label"), labels, first=LABELS[0])
    today = dt.datetime.now(dt.UTC).date()
    gathered_on = st.date_input(
        texts("import.gathered_on"),
        value=today,
        min_value=EARLIEST,
        max_value=today,
        key="import_on",
        format="DD.MM.YYYY" if texts.language == "nb" else "DD/MM/YYYY",
    )
    _template(pack_id)
    file = st.file_uploader(
        texts("import.file", size=texts.number(UPLOAD_MAX / 1e6, 0)),
        type=["csv", "xlsx"],
        max_upload_size=UPLOAD_MAX // 1_000_000,
        key="import_file",
    )
    if file is None:
        return
    try:
        found = gathered(file.name, file.getvalue(), builtin(pack_id))
    except InputError as error:
        problems.show("import.problems", error)
        return
    by_team = _preview(found, into)
    if isinstance(gathered_on, dt.date):
        _confirm(found, Gathering(label=label, gathered_on=gathered_on, by_team=by_team), into, organisation)


def _organisation() -> str:
    texts = session.texts()
    return st.text_input(texts("begin.organisation"), key="import_organisation", max_chars=80).strip()


def _template(pack_id: str) -> None:
    texts, pack = session.texts(), builtin(pack_id)
    parts.section(texts("import.template"))
    parts.note(texts("import.template_note"))
    name = texts("import.template_name")
    with st.container(horizontal=True):
        st.download_button(
            texts("import.template_csv"),
            lambda: template_csv(pack, texts),
            f"{name}-{pack_id}.csv",
            "text/csv",
            on_click="ignore",
            key="template_csv",
        )
        st.download_button(
            texts("import.template_xlsx"),
            lambda: template_xlsx(pack, texts),
            f"{name}-{pack_id}.xlsx",
            XLSX,
            on_click="ignore",
            key="template_xlsx",
        )


def _preview(found: Gathered, into: Engagement | None) -> bool:
    """Draw what the file holds, and give whether groups are to be split by team."""
    texts, k = session.texts(), K_MIN if into is None else into.k
    by_team = False
    if found.table.teams is not None:
        by_team = st.checkbox(texts("import.by_team"), key="import_by_team", help=texts("import.by_team_help", k=k))
    seen = found.preview(k=k, by_team=by_team)
    parts.section(texts("import.preview", n=texts.number(seen.rows, 0)))
    parts.note(texts("import.coverage", answered=texts.percent(seen.answered), unknown=texts.percent(seen.unknown)))
    parts.table(
        pd.DataFrame(
            [
                {
                    texts("import.column.role"): texts(f"role.{role}"),
                    texts("import.column.people"): texts.number(people, 0),
                }
                for role, people in seen.roles.items()
            ]
        )
    )
    for group in seen.left_out:
        roles = texts.listing([texts(f"role.{role}") for role in group.roles])
        parts.hidden(texts.plural("import.left_out", group.n, roles=roles, k=k))
    if seen.absent:
        topics = texts.listing([words.quoted(words.name_of(found.pack, i)) for i in seen.absent])
        parts.note(texts.plural("import.absent", len(seen.absent), topics=topics))
    return by_team


def _confirm(found: Gathered, gathering: Gathering, into: Engagement | None, organisation: str) -> None:
    texts, service = session.texts(), session.service()
    parts.note(texts("import.confirm_note"))
    if not st.button(texts.plural("import.confirm", found.table.respondents), type="primary", key="import_confirm"):
        return
    if into is None and not organisation:
        st.warning(texts("import.name_missing"))
        return
    try:
        if into is None:
            beginning = GroupBeginning(organisation=organisation, training_planned="unknown", pack_id=found.pack.id)
            engagement_id = service.begin_with_answers(beginning, found, gathering, session.language())
        else:
            engagement_id = into.id
            service.add_answers(engagement_id, found, gathering)
    except StoreError as error:
        st.html(f'<p role="alert">{parts.escape(errors.sentence(error))}</p>')
        return
    session.open_engagement(engagement_id, "maturity")
