"""The questionnaire on paper: every question once, in the order it is typed in again, in both languages."""

import io
import re
from datetime import UTC, datetime
from functools import cache

import pypdf
import pytest

from assessment.engagement import Branding, Wave
from assessment.packs import LANGUAGES, ROLES, Language, Role, builtin
from assessment.report.questionnaire import questionnaire
from assessment.respondents import course
from assessment.texts import texts

ORGANISATION = "Fjordvik & <Sønn> #1"


def wave_of(label: str, pack_id: str, by_team: bool) -> Wave:
    pack = builtin(pack_id)
    return Wave.model_validate(
        {
            "id": "w",
            "engagement_id": "e",
            "label": label,
            "position": 1,
            "opened_at": datetime(2026, 3, 2, tzinfo=UTC),
            "pack_id": pack.id,
            "pack_version": pack.version,
            "pack_hash": pack.hash,
            "scoring_version": "1",
            "k": 7,
            "by_team": by_team,
        }
    )


@cache
def printed(
    language: Language, role: Role = "S", label: str = "T0", pack_id: str = "full", by_team: bool = False
) -> pypdf.PdfReader:
    """The file as its reader opens it."""
    file = questionnaire(
        builtin(pack_id),
        language,
        role=role,
        branding=Branding(),
        organisation=ORGANISATION,
        wave=wave_of(label, pack_id, by_team),
        k=7,
    )
    return pypdf.PdfReader(io.BytesIO(file))


def words(file: pypdf.PdfReader) -> str:
    """All that is printed, lines run together."""
    return plain(" ".join(page.extract_text() for page in file.pages))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("role", "label", "pack_id"),
    [*((role, "T0", "full") for role in ROLES), ("S", "T2", "full"), ("OD", "pulse", "pulse"), ("S", "T1", "reaction")],
)
def test_every_question_stands_once_in_the_order_of_the_screen(
    language: Language, role: Role, label: str, pack_id: str
) -> None:
    text, way = words(printed(language, role, label, pack_id)), course(pack_id, role, label == "T2")

    at = 0
    for number, item in enumerate(way.items, 1):
        asked = way.pack_of(way.page_of(item.id) or 0).prose[language].items[item.id]
        numbered = plain(f"{number} {asked.stem}")
        assert text.count(numbered) == 1
        at = text.index(numbered, at) + len(numbered)
        for anchor in asked.anchors:
            at = text.index(plain(anchor), at)
    unasked = {i.id for i in builtin(pack_id).items} - {i.id for i in way.items}
    assert [i for i in unasked if plain(builtin(pack_id).prose[language].items[i].stem) in text] == []
    assert text.count(texts(language)("answer.DK")) == len(way.items)
    assert text.count(texts(language)("answer.NA")) == (len(way.scored) if pack_id == "full" else 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_sees_what_is_told_as_on_the_phone(language: Language) -> None:
    t = texts(language)
    seller, leader = words(printed(language)), words(printed(language, "SL", by_team=True))

    assert plain(t("respond.start.protected", k="7")) in seller
    assert plain(t("respond.start.stored")) in seller
    assert plain(t("respond.start.open")) in leader
    assert plain(t("respond.start.stored_team")) in leader
    assert plain(t("questionnaire.decline")) in leader
    assert t("questionnaire.team") in leader
    assert t("questionnaire.team") not in seller
    for text in (seller, leader):
        assert plain(t("questionnaire.typed_in")) in text
        assert plain(t("respond.start.title", organisation=ORGANISATION)) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_tagged_numbered_and_on_a4(language: Language) -> None:
    file = printed(language)

    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert file.trailer["/Root"]["/Lang"] == language
    assert file.metadata is not None
    assert file.metadata.title == texts(language)("respond.start.title", organisation=ORGANISATION)
    for number, page in enumerate(file.pages, 1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert f"{number} / {len(file.pages)}" in page.extract_text()
        assert texts(language)("role.S") in page.extract_text()
    _, parts = file.outline
    assert isinstance(parts, list)
    assert [part.title for part in parts] == [c.title for c in builtin("full").prose[language].criteria.values()]
