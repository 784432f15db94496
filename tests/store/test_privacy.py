"""Who answers for the answers, and erasing what was to be kept no longer."""

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assessment.audit import AuditEvent
from assessment.cli import main
from assessment.engagement import Answer, EngagementId, Privacy
from assessment.settings import settings
from assessment.store.opening import configured
from assessment.store.protocol import NotFound, Store
from tests.postgres import Server
from tests.store.situations import TUESDAY, item, someone_answering

DAY = date(2026, 6, 1)


def event(engagement: EngagementId | None, later: timedelta = timedelta()) -> AuditEvent:
    return AuditEvent(at=TUESDAY + later, actor="oidc", subject="kari@a.no", kind="erased", engagement_id=engagement)


def test_what_is_said_is_kept_field_by_field(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    assert store.privacy(engagement) == Privacy()

    store.change_privacy(engagement, {"controller": "Fjord AS", "erase_on": DAY})
    store.change_privacy(engagement, {"contact": "post@fjord.example"})

    assert store.privacy(engagement) == Privacy(controller="Fjord AS", contact="post@fjord.example", erase_on=DAY)


def test_months_and_a_day_exclude_each_other(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    store.change_privacy(engagement, {"retention_months": 6})
    with pytest.raises(ValueError, match="takes the place"):
        store.change_privacy(engagement, {"erase_on": DAY})
    store.change_privacy(engagement, {"erase_on": DAY, "retention_months": None})
    assert store.privacy(engagement) == Privacy(erase_on=DAY)


def test_what_decides_how_long_each_is_kept(store: Store) -> None:
    kept, wave, _ = someone_answering(store)
    deleted, with_day = (someone_answering(store)[0] for _ in range(2))
    store.close_wave(wave, TUESDAY)
    store.change_privacy(with_day, {"erase_on": DAY})
    for gone in (deleted, with_day):
        store.delete_engagement(gone, TUESDAY)

    found = {one.engagement_id: one for one in store.kept()}

    assert found.keys() == {kept, with_day}
    assert (found[kept].closed_on, found[kept].told, found[kept].announced_on) == (TUESDAY.date(), Privacy(), None)
    assert (found[with_day].closed_on, found[with_day].told.erase_on) == (None, DAY)
    assert [one.engagement_id for one in store.kept(deleted)] == [deleted]


def test_an_announcement_is_kept_until_there_is_another_rule(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    store.announce_erasure(engagement, DAY)
    store.change_privacy(engagement, {"contact": "post@fjord.example"})
    assert store.kept(engagement)[0].announced_on == DAY
    store.change_privacy(engagement, {"retention_months": 7})
    assert store.kept(engagement)[0].announced_on is None


def test_it_is_erased_with_its_event_and_not_after_a_change(store: Store) -> None:
    engagement, _, response = someone_answering(store)
    other, _, _ = someone_answering(store)
    seen = store.revision(engagement)
    store.change_privacy(engagement, {"controller": "Fjord AS"})
    assert not store.erase_engagement(engagement, event(engagement), revision=seen)
    assert store.audit_log(limit=5) == []

    assert store.erase_engagement(engagement, event(engagement), revision=seen + 1)
    assert not store.erase_engagement(engagement, event(engagement))

    for read in (lambda: store.engagement(engagement), lambda: store.response(response)):
        with pytest.raises(NotFound):
            read()
    assert store.engagement(other).id == other
    assert store.audit_log(engagement, limit=5) == [event(engagement)]


def test_the_audit_log_reads_newest_first_and_forgets_the_oldest(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    told = [event(engagement if day else None, timedelta(days=day)) for day in range(4)]
    for one in told:
        store.note(one)

    assert store.audit_log(limit=9) == told[::-1]
    assert store.audit_log(engagement, limit=2, offset=1) == [told[2], told[1]]
    assert store.count_events(engagement) == 3
    assert store.forget_events(told[2].at) == 2
    assert store.audit_log(limit=9) == [told[3], told[2]]


def test_everything_is_every_row_of_one_and_no_row_of_another(store: Store) -> None:
    engagement, wave, response = someone_answering(store)
    other, _, _ = someone_answering(store)
    store.save_answers(response, {item(1): Answer(value=3)})
    store.note(event(engagement))

    found = store.everything(engagement)

    filled = {name: len(rows) for name, rows in found.items() if rows}
    assert filled == {"answers": 1, "audit_log": 1, "engagements": 1, "links": 1, "responses": 1, "waves": 1}
    assert (found["waves"][0]["id"], found["answers"][0]["answer"]) == (wave, "3")
    assert {"changed_rows", "room_votes", "mandate_departments", "stage_pools"} <= found.keys()
    assert other not in repr(found)


def test_an_engagement_that_is_not_there_says_nothing(store: Store) -> None:
    with pytest.raises(NotFound):
        store.privacy(EngagementId("nobody"))


@pytest.fixture(params=["sqlite", "postgres"])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Store, Path]]:
    """A store as the settings choose it, and a folder; its clock is the real one."""
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres")
        monkeypatch.setenv("DATABASE_URL", server.database())
        monkeypatch.setenv("SALGSFLYT_SECRET", "s" * 32)
    else:
        monkeypatch.setenv("SALGSFLYT_DATABASE", str(tmp_path / "salgsflyt.db"))
    settings.cache_clear()
    opened = configured()
    yield opened, tmp_path
    opened.close()
    settings.cache_clear()


def test_the_commands_give_out_announce_erase_and_tell(
    installation: tuple[Store, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    store, folder = installation
    due, usual, other = (someone_answering(store)[0] for _ in range(3))
    today = datetime.now(UTC).date()
    store.change_privacy(due, {"erase_on": today})
    store.change_privacy(other, {"erase_on": today + timedelta(days=100)})

    assert main(["export", due, str(folder / "all.zip")]) == 0
    with zipfile.ZipFile(folder / "all.zip") as packed:
        rows = json.loads(packed.read("data.json"))
    assert [row["id"] for row in rows["engagements"]] == [due]
    assert "answers" not in rows
    capsys.readouterr()

    assert main(["erase-expired", "--dry-run"]) == 0
    assert capsys.readouterr().out == f"{today}  {due}\n"
    assert main(["erase-expired"]) == 0
    assert capsys.readouterr().out == "erased 1\n"
    assert main(["erase-expired"]) == 0
    assert capsys.readouterr().out == "erased 0\n"

    with pytest.raises(NotFound):
        store.engagement(due)
    assert {e.engagement.id for e in store.engagements()} == {usual, other}
    assert main(["audit", due]) == 0
    told = [line.split()[2:4] for line in capsys.readouterr().out.splitlines()[1:]]
    assert told == [["system", "expired"], ["command", "exported_everything"]]
