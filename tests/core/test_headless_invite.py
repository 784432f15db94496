"""`invite` and `demo`: links for a mail merge or a load test, in the configured database."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessment.cli import main
from assessment.engagement import EngagementId
from assessment.links import Batch, batches, installation_secret
from assessment.service import Beginning, GroupBeginning, Service
from assessment.settings import settings
from assessment.store import SqliteStore
from assessment.use_cases import random_id


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "invite.db"
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(file))
    for remembered in (settings, installation_secret):
        remembered.cache_clear()
    return file


@pytest.fixture
def service(database: Path) -> Service:
    return Service(SqliteStore(database))


def group(service: Service, *, by_team: bool = False) -> EngagementId:
    return service.begin_group(GroupBeginning(organisation="Fjordvik", training_planned="yes", by_team=by_team), "nb")


def rows(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(printed)))


def only(service: Service, engagement: EngagementId) -> Batch:
    (batch,) = batches(service.invitations(engagement))
    return batch


def test_demo_prints_the_id_of_the_example_and_makes_it_once(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (main(["demo"]), main(["demo"])) == (0, 0)
    assert capsys.readouterr().out == "demo\ndemo\n"
    assert service.engagement(EngagementId("demo")).fictional


def test_fifty_links_are_personal_and_open_the_engagement(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    engagement = group(service)
    assert main(["invite", engagement, "--role", "S", "--count", "50", "--base", "https://x.no"]) == 0
    made = rows(capsys.readouterr().out)
    assert {(row["role"], row["team"]) for row in made} == {("S", "")}
    tokens = {row["url"].removeprefix("https://x.no/s/") for row in made}
    assert len(tokens) == 50
    found = [one for token in tokens if (one := service.link(token))]
    assert {(one.link.engagement_id, one.link.max_uses, one.state) for one in found} == {(engagement, 1, "active")}
    assert len(found) == 50


def test_without_a_count_one_link_serves_all(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    engagement = group(service)
    assert main(["invite", engagement]) == 0
    (row,) = rows(capsys.readouterr().out)
    assert row["url"].startswith("http://127.0.0.1:8501/s/")
    assert (only(service, engagement).first.role, only(service, engagement).max_uses) == (None, None)


def test_the_configured_address_is_used(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALGSFLYT_ADDRESS", "https://salg.example.no/")
    settings.cache_clear()
    main(["invite", group(service)])
    assert rows(capsys.readouterr().out)[0]["url"].startswith("https://salg.example.no/s/")


def test_team_and_last_day_are_the_links(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    engagement, tomorrow = group(service, by_team=True), datetime.now(UTC).date() + timedelta(days=1)
    assert main(["invite", engagement, "--team", "=Nord", "--expires", tomorrow.isoformat()]) == 0
    assert rows(capsys.readouterr().out)[0]["team"] == "'=Nord"
    link = only(service, engagement).first
    assert link.team == "=Nord"
    assert link.expires_at is not None
    assert timedelta() < link.expires_at - datetime.now(UTC) < timedelta(days=3)


def test_where_no_measurement_is_open_the_next_is_opened_and_said(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["invite", "demo", "--role", "S"]) == 0
    printed = capsys.readouterr()
    assert "opened a new measurement" in printed.err
    assert len(rows(printed.out)) == 1
    assert [w.label for w in service.waves(EngagementId("demo"))] == ["T0", "T2", "T3", "T3"]
    assert main(["invite", "demo", "--role", "S"]) == 0
    assert capsys.readouterr().err == ""


def test_after_the_reaction_to_a_training_the_full_set_is_asked_again(service: Service) -> None:
    demo = service.open_demo()
    service.close_wave(demo, service.open_wave(demo, "T1", pack_id="reaction").id)

    assert main(["invite", "demo", "--role", "S"]) == 0

    last = service.waves(demo)[-1]
    assert (last.label, last.pack_id) == ("T2", "full")


def test_an_id_is_never_taken_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["-starts-with-a-dash", "-again", "fine"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: next(drawn))
    assert random_id() == "fine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--count", "0"], "--count"),
        (["--count", "9999"], "--count"),
        (["--team", "Nord"], "--team"),
    ],
)
def test_what_cannot_be_made_is_a_sentence_and_makes_nothing(
    service: Service, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    engagement = group(service)
    assert main(["invite", engagement, *arguments]) == 2
    printed = capsys.readouterr()
    assert (printed.out, said in printed.err) == ("", True)
    assert service.invitations(engagement) == ()


def test_an_engagement_that_is_not_there_or_is_answered_alone_is_a_sentence(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="yes"), "nb")
    assert (main(["invite", "nobody"]), main(["invite", alone])) == (2, 2)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line.partition(":")[0] for line in printed.err.splitlines()] == ["nobody", alone]


@pytest.mark.parametrize("command", [["demo"], ["invite", "demo"]])
def test_a_database_that_cannot_be_used_is_a_sentence(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Kari, " * 100)
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(file))

    assert main(command) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{file}: ")
    assert "is not a database" in printed.err
