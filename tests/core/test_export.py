"""A result to take away: what stands in it, how a spreadsheet reads it, and what must never be in it."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assessment.engagement import Answer, Engagement, EngagementId, ItemId, Wave, WaveId
from assessment.packs import builtin
from assessment.report import export
from assessment.scoring.answers import answer_table
from assessment.scoring.result import document
from assessment.scoring.score import score
from assessment.texts import texts

OPENED = datetime(2026, 10, 5, 21, 30, tzinfo=UTC)
DELIMITERS = {"nb": ";", "en": ","}


def taken(name: str = "Fjordvik", pack_id: str = "full") -> export.Taken:
    """A solo result: level 2 everywhere, one don't know, one not applicable, one unanswered."""
    pack = builtin(pack_id)
    first, second, third, *rest = [i.id for i in pack.items]
    values = {first: "DK", second: "NA" if pack.allows_na else 2, **dict.fromkeys(rest, 2)}
    own = {ItemId(i): Answer.model_validate({"value": v}) for i, v in values.items()}
    result = score(answer_table(pack, ["SL"], [values], mode="solo"), pack, mode="solo")
    engagement = Engagement(id=EngagementId("e"), name=name, language="nb", mode="solo", created_at=OPENED)
    wave = Wave(
        id=WaveId("w"),
        engagement_id=engagement.id,
        label="T0",
        position=1,
        opened_at=OPENED,
        pack_id=pack.id,
        pack_version=pack.version,
        pack_hash=pack.hash,
        scoring_version=result.scoring_version,
    )
    assert third not in own
    return export.Taken(engagement, wave, pack, result, own)


def anonymous() -> export.Taken:
    """Six sellers who all say 2, and two in sales support, who are too few to be used."""
    pack = builtin("full")
    rows = [dict.fromkeys(pack.shown_to("S"), 2) for _ in range(6)] + [dict.fromkeys(pack.shown_to("OP"), 4)] * 2
    table = answer_table(pack, ["S"] * 6 + ["OP"] * 2, rows, mode="anonymous")
    one = taken()
    return replace(one, result=score(table, pack, mode="anonymous"), own=None)


def rows(lang: str, what: export.Taken) -> list[dict[str, str]]:
    """The table as a spreadsheet opens it."""
    text = export.result_csv(what, texts(lang)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=DELIMITERS[lang]))


@pytest.mark.parametrize(("lang", "level"), [("nb", "2,00"), ("en", "2.00")])
def test_the_table_opens_in_the_readers_spreadsheet(lang: str, level: str) -> None:
    content = export.result_csv(taken(), texts(lang))
    table = rows(lang, taken())

    assert content.startswith(b"\xef\xbb\xbf")
    assert len(table) == 1 + 7 + 5 + 33
    column = texts(lang)("export.score")
    assert table[2][column] == level
    assert all(None not in row for row in table)


def test_every_row_says_what_it_was_computed_from() -> None:
    what = taken()

    for row in rows("en", what):
        pinned = (row["Question set"], row["Question set version"], row["Question set fingerprint"])
        assert pinned == ("full", what.pack.version, what.pack.hash)
        assert row["Scoring version"] == what.result.scoring_version


def test_not_assessed_is_an_empty_cell_and_never_a_zero() -> None:
    table = rows("nb", taken())
    item = next(r for r in table if r["Navn"] == builtin("full").prose["nb"].items["C1.3"].topic)

    assert (item["Nivå"], item["Ditt svar"], item["Antall svar"]) == ("", "", "0")


def test_own_answers_stand_in_words() -> None:
    answers = [row["Ditt svar"] for row in rows("nb", taken()) if row["Hva raden gjelder"] == "Spørsmål"]

    assert answers[:4] == ["Vet ikke", "Ikke aktuelt hos oss", "", "2"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_name_that_is_a_formula_is_only_text(lang: str, start: str) -> None:
    formula = f'{start}HYPERLINK("http://x";"y")'
    what = taken()
    # a record strips white space round a name, so a tab can only come from elsewhere; the table must hold all the same
    what = replace(what, engagement=what.engagement.model_copy(update={"name": formula}))

    assert {row[texts(lang)("export.organisation")] for row in rows(lang, what)} == {f"'{formula}"}


def test_a_name_with_separators_quotes_and_line_breaks_stays_in_its_cell() -> None:
    what = taken()
    name = 'A;B,"C"\nD'
    what = replace(what, engagement=what.engagement.model_copy(update={"name": name}))

    assert {row["Virksomhet"] for row in rows("nb", what)} == {name}


def test_the_document_holds_the_headless_result_and_what_pins_it() -> None:
    what = taken()
    loaded = json.loads(export.result_json(what))

    assert loaded["result"] == json.loads(json.dumps(document(what.result)))
    assert loaded["pack"] == {"id": "full", "version": what.pack.version, "hash": what.pack.hash}
    assert loaded["scoring_version"] == what.result.scoring_version
    assert loaded["engagement"] == {"name": "Fjordvik", "language": "nb", "mode": "solo", "fictional": False}
    assert loaded["wave"] == {"label": "T0", "opened_on": "2026-10-05", "closed_on": None}
    assert len(loaded["own_answers"]) == 32
    assert loaded["own_answers"]["C1.1"] == {"value": "DK"}
    assert "recommendation" not in loaded


def test_the_recommendation_stands_in_the_document_when_there_is_one() -> None:
    what = replace(taken(), recommendation={"recommended": "S4"})

    assert export.result_document(what)["recommendation"] == {"recommended": "S4"}


def test_many_peoples_answers_never_leave_and_a_hidden_view_is_empty() -> None:
    what = anonymous()
    loaded, table = json.loads(export.result_json(what)), rows("nb", what)

    assert "own_answers" not in loaded
    assert "Ditt svar" not in table[0]
    assert {row["Nivå, omgivelsene"] for row in table} == {""}
    items = [row["Nivå"] for row in table if row["Hva raden gjelder"] == "Spørsmål" and row["Antall svar"] != "0"]
    assert set(items) == {"2 eller lavere"}


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_pulse_can_be_taken_away_too(lang: str) -> None:
    assert len(rows(lang, taken(pack_id="pulse"))) == 1 + 7 + 7


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Fjordvik", "salgsflyt-fjordvik-t0.csv"),
        ("Ærlig & Sønn Åsgård AS", "salgsflyt-aerlig-sonn-asgard-as-t0.csv"),
        ("../../etc/passwd", "salgsflyt-etc-passwd-t0.csv"),
        ("\u5317\u4eac", "salgsflyt-t0.csv"),
    ],
)
def test_a_file_name_is_one_any_system_takes(name: str, file: str) -> None:
    assert export.file_name(taken(name), "csv") == file


@pytest.mark.parametrize(("lang", "mark"), [("nb", "oppdiktet"), ("en", "fictional")])
def test_what_is_made_up_says_so_on_every_row(lang: str, mark: str) -> None:
    what = taken()
    what = replace(what, engagement=what.engagement.model_copy(update={"fictional": True}))

    assert all(mark in row[texts(lang)("export.organisation")] for row in rows(lang, what))
    assert export.result_document(what)["engagement"]["fictional"] is True


@pytest.mark.parametrize(
    ("lang", "column"), [("nb", "Utelatt, for raskt besvart"), ("en", "Left out, answered too fast")]
)
def test_how_many_were_left_out_as_too_fast_stands_once(lang: str, column: str) -> None:
    what = replace(anonymous(), excluded=2)

    assert [row[column] for row in rows(lang, what)][:2] == ["2", ""]
    assert json.loads(export.result_json(what))["excluded_respondents"] == 2
    assert column not in rows(lang, taken())[0]
    assert "excluded_respondents" not in json.loads(export.result_json(taken()))
