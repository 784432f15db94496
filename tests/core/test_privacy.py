"""Privacy: kept as long as was said and no longer, erased for good, taken away whole, and every such act remembered."""

import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from assessment.actor import Actor
from assessment.cli import main
from assessment.config import ERASURE_NOTICE_DAYS
from assessment.engagement import Answer, EngagementId, ItemId, Response, ResponseId
from assessment.links import Invitation, installation_secret
from assessment.packs import builtin
from assessment.privacy import NotTheName
from assessment.report.everything import OF_MANY, SECRETS, VOTES, Everything
from assessment.service import Beginning, GroupBeginning, Service
from assessment.settings import settings
from assessment.store import NotFound, SqliteStore, Unwritable
from assessment.store.watch import BLIND
from assessment.use_cases import UseCases
from tests.conftest import MakeDatabase

BEGUN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNER, OTHER = Actor("oidc", "owner@a.no"), Actor("oidc", "viewer@a.no")


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = BEGUN

    def __call__(self) -> datetime:
        return self.now

    def on(self, day: date) -> None:
        """Set it to noon of a day."""
        self.now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_database: MakeDatabase) -> Iterator[Path]:
    file = make_database(tmp_path / "privacy.db")
    monkeypatch.setenv("SALGSFLYT_DATABASE", str(file))
    for remembered in (settings, installation_secret):
        remembered.cache_clear()
    yield file
    settings.cache_clear()


@pytest.fixture
def service(database: Path, clock: Clock) -> Service:
    return Service(SqliteStore(database, clock=clock), clock=clock, secret=lambda: b"s" * 32)


def many(
    service: Service, name: str = "Fjordvik", *, closed: bool = True, people: int = 5, **levels: int
) -> EngagementId:
    """An assessment that people answer, closed the day it was begun."""
    id_ = service.begin_group(GroupBeginning(organisation=name, training_planned="yes"), "nb")
    store, wave = service._store, service.waves(id_)[0]
    given = {item: {"value": level} for item, level in (levels or {"C1.1": 4}).items()}
    made = [{"id": f"{id_}-{n}", "wave_id": wave.id, "role": "S", "answers": given} for n in range(people)]
    store.add_responses(wave.id, [Response.model_validate(one) for one in made])
    if closed:
        store.close_wave(wave.id, BEGUN)
    return id_


def there(service: Service, id_: EngagementId) -> bool:
    try:
        service._store.engagement(id_)
    except NotFound:
        return False
    return True


# ---------------------------------------------------------------- how long


def test_months_count_from_the_close_and_the_owner_reads_of_it_in_good_time(service: Service, clock: Clock) -> None:
    id_ = many(service)
    service.change_privacy(id_, {"retention_months": 6})
    due = date(2026, 9, 2)
    assert service.retention(id_).erased_on == due

    clock.on(due - timedelta(days=ERASURE_NOTICE_DAYS + 1))
    assert (service.tidy(), service.retention(id_).soon) == (0, False)
    clock.on(due - timedelta(days=ERASURE_NOTICE_DAYS))
    assert (service.tidy(), service.retention(id_).soon) == (0, True)
    assert service.expiring() == ((id_, due),)
    clock.on(due - timedelta(days=1))
    assert service.tidy() == 0
    clock.on(due)
    assert service.tidy() == 1
    assert not there(service, id_)


def test_what_is_due_before_anybody_could_know_is_announced_first(service: Service, clock: Clock) -> None:
    id_ = many(service)
    clock.on(date(2031, 1, 1))  # the server has slept for years, or a new version has brought the rule
    announced = date(2031, 1, 31)
    assert (service.tidy(), service.retention(id_).erased_on) == (0, announced)
    clock.on(announced - timedelta(days=1))
    assert service.tidy() == 0
    clock.on(announced)
    assert service.tidy() == 1


def test_another_rule_takes_the_announcement_back(service: Service, clock: Clock) -> None:
    id_ = many(service)
    clock.on(date(2031, 1, 1))
    service.tidy()
    service.change_privacy(id_, {"retention_months": 1})
    clock.on(date(2031, 1, 31))
    assert service.tidy() == 0
    assert service.retention(id_).erased_on == date(2031, 3, 2)


def test_a_chosen_day_holds_and_takes_the_place_of_months(service: Service, clock: Clock) -> None:
    id_ = many(service, closed=False)
    service.change_privacy(id_, {"retention_months": 6})
    service.change_privacy(id_, {"erase_on": date(2026, 3, 5)})
    assert service.retention(id_).told.retention_months is None
    clock.on(date(2026, 3, 4))
    assert service.tidy() == 0
    clock.on(date(2026, 3, 5))
    assert service.tidy() == 1


@pytest.mark.parametrize("given", [{"erase_on": BEGUN.date()}, {"retention_months": 0}, {"retention_months": 121}])
def test_a_rule_that_makes_no_sense_is_refused(service: Service, given: dict[str, object]) -> None:
    id_ = many(service)
    before = service.retention(id_)
    with pytest.raises(ValueError, match=r".+"):
        service.change_privacy(id_, given)
    assert service.retention(id_) == before


def test_an_open_measurement_and_one_persons_count_from_the_last_change(service: Service, clock: Clock) -> None:
    alone = service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")
    both = (many(service, closed=False), alone)
    clock.on(date(2027, 3, 1))
    sheet = service.sheet(alone)
    assert sheet is not None
    service.answer(sheet.response_id, {ItemId("C1.1"): Answer(value=3)})
    assert [service.retention(id_).erased_on for id_ in both] == [date(2028, 3, 2), date(2029, 3, 1)]


def test_the_installations_months_hold_until_the_owner_decides(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALGSFLYT_RETENTION_MONTHS", "3")
    settings.cache_clear()
    id_ = many(service)
    assert service.retention(id_).erased_on == date(2026, 6, 2)


def test_the_example_is_nobodys_data_and_stays(service: Service, clock: Clock) -> None:
    demo = service.open_demo()
    clock.on(date(2040, 1, 1))
    service.tidy()
    clock.on(date(2040, 3, 1))
    assert (service.tidy(), service.retention(demo).erased_on) == (0, None)
    assert there(service, demo)


def test_replicas_that_erase_at_once_erase_it_once(service: Service, database: Path, clock: Clock) -> None:
    ids = {many(service, f"Fjordvik {n}") for n in range(3)}
    clock.on(date(2031, 1, 1))
    service.tidy()
    clock.on(date(2031, 2, 1))
    replicas = [Service(SqliteStore(database, clock=clock), clock=clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda replica: replica.tidy(), replicas)) == len(ids)
    erased = [e.engagement_id for e in service.audit_log(None, 100) if e.kind == "expired"]
    assert sorted(map(str, erased)) == sorted(ids)


def test_what_is_changed_in_the_same_moment_is_not_erased(service: Service) -> None:
    id_ = many(service)
    seen = service.engagement(id_).revision
    service.change_privacy(id_, {"retention_months": 120})
    assert not service._store.erase_engagement(id_, service._event("expired", id_), revision=seen)
    assert there(service, id_)


# ---------------------------------------------------------------- erasing


def test_an_erased_assessment_leaves_no_byte_in_the_file_or_its_log(service: Service, database: Path) -> None:
    others = [many(service, f"Nabo {n}", people=200) for n in range(2)]
    id_ = many(service, "Hemmelig Handel AS", people=200)
    service.change_privacy(id_, {"controller": "Hemmelig Konsulent", "contact": "hemmelig@handel.no"})
    for n in range(40):  # pages are split and joined, where copies of rows can stay behind
        service.for_actor(Actor("local")).describe_waste(
            id_, service.for_actor(Actor("local")).add_waste(id_, "W4"), {"description": f"Hemmelig årsak {n} " * 9}
        )
    held = b"".join(file.read_bytes() for file in database.parent.iterdir())
    assert held.count(b"Hemmelig") > 40

    with pytest.raises(NotTheName):
        service.erase(id_, "Hemmelig")
    assert there(service, id_)
    service.erase(id_, " Hemmelig Handel AS ")

    left = b"".join(file.read_bytes() for file in database.parent.iterdir())
    assert b"emmelig" not in left
    assert f"{id_}-7".encode() not in left
    assert all(there(service, other) for other in others)
    assert [(e.kind, e.engagement_id) for e in service.audit_log(id_, 1)] == [("erased", id_)]


def test_only_the_owner_erases_exports_and_reads_what_was_done(service: Service, clock: Clock) -> None:
    mine = service.for_actor(OWNER)
    id_ = mine.begin_group(GroupBeginning(organisation="Fjordvik", training_planned="yes"), "nb")
    mine.add_member(id_, "viewer@a.no", "facilitator")
    theirs = service.for_actor(OTHER)
    for refused in (
        lambda: theirs.erase(id_, "Fjordvik"),
        lambda: theirs.audit_page(id_),
        lambda: theirs.change_privacy(id_, {"controller": "Meg"}),
        lambda: theirs.beside(Everything).export_everything(id_, "nb"),
    ):
        with pytest.raises(NotFound):
            refused()
    assert theirs.retention(id_).erased_on is not None


# ---------------------------------------------------------------- all of it as a file


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_the_export_holds_every_table_but_what_anonymity_forbids(service: Service) -> None:
    id_, other = many(service), many(service, "Nabo")
    service.invite(id_, Invitation(purpose="results", pin_hash="hemmelig"))
    service.for_actor(Actor("local")).describe_process(
        id_, service.for_actor(Actor("local")).add_own_process(id_, "=SALG()", "nb"), {"hours_month": 7}
    )
    with service._store._reading() as db:  # type: ignore[attr-defined]
        tables = {name for name in db.table_names() if not name.startswith(("_", "sqlite_"))}

    packed = opened(service.beside(Everything).export_everything(id_, "nb"))
    data = json.loads(packed.read("data.json"))

    assert set(data) == tables - OF_MANY - VOTES
    assert [row["id"] for row in data["engagements"]] == [id_]
    assert (len(data["links"]), len(data["processes"]), len(data["changes"])) == (1, 1, 2)
    assert not SECRETS["links"] & data["links"][0].keys()
    assert not set(BLIND) & data["processes"][0].keys()
    assert "'=SALG()" in packed.read("tables/processes.csv").decode()
    written = "".join(packed.read(name).decode() for name in packed.namelist())
    assert other not in written
    assert f"{id_}-0" not in written
    assert "results/1-T0.json" in packed.namelist()
    assert "hva hver enkelt har svart" in packed.read("README.txt").decode()
    assert service.audit_log(id_, 1)[0].kind == "exported_everything"


def scores(service: Service, id_: EngagementId) -> list[float | None]:
    """What the export says of each criterion, by the results in it."""
    packed = opened(service.beside(Everything).export_everything(id_, "en"))
    results = [json.loads(packed.read(name)) for name in packed.namelist() if name.startswith("results/")]
    return [c["score"] for result in results for c in result["result"]["criteria"]]


def test_a_small_group_stays_hidden_in_the_export(service: Service) -> None:
    everything = dict.fromkeys(builtin("full").shown_to("S"), 4)
    assert 4.0 in scores(service, many(service, people=5, **everything))
    assert set(scores(service, many(service, "Nabo", people=4, **everything))) <= {None}


def test_what_a_group_under_k_has_answered_changes_no_byte_of_the_export(service: Service) -> None:
    everything = dict.fromkeys(builtin("full").shown_to("S"), 4)
    id_ = many(service, people=7, closed=False, **everything)
    (wave,) = service.waves(id_)
    theirs = builtin("full").shown_to("OP")
    few = [
        {"id": f"{id_}-few{n}", "wave_id": wave.id, "role": "OP", "answers": {i: {"value": 2} for i in theirs}}
        for n in range(4)
    ]
    service._store.add_responses(wave.id, [Response.model_validate(one) for one in few])
    service._store.close_wave(wave.id, BEGUN)

    def exported() -> dict[str, bytes]:
        packed = opened(service.beside(Everything).export_everything(id_, "nb"))
        names = [name for name in packed.namelist() if "audit" not in name and name != "data.json"]
        return {name: packed.read(name) for name in names}

    before = exported()
    with service._store._writing() as db:  # type: ignore[attr-defined]
        sql = "UPDATE answers SET answer = '5' WHERE response_id IN (SELECT id FROM responses WHERE role = ?)"
        assert db.execute(sql, ["OP"]).rowcount == 4 * len(theirs)
    assert exported() == before
    assert "results/1-T0.json" in before
    with service._store._writing() as db:  # type: ignore[attr-defined]
        db.execute(sql, ["S"])
    assert exported() != before


def test_an_open_measurement_gives_no_result_away(service: Service) -> None:
    packed = opened(service.beside(Everything).export_everything(many(service, closed=False), "nb"))
    assert not [name for name in packed.namelist() if name.startswith("results/")]


def test_nothing_is_taken_away_without_a_trace(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    id_, full = many(service), Unwritable(Path("full"), "no space")
    monkeypatch.setattr(SqliteStore, "note", Mock(side_effect=full))
    for take in (
        service.exported,
        service.document_made,
        lambda e: service.beside(Everything).export_everything(e, "nb"),
    ):
        with pytest.raises(Unwritable):
            take(id_)


def test_ones_own_answers_are_in_ones_own_export(service: Service) -> None:
    id_ = service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")
    sheet = service.sheet(id_)
    assert sheet is not None
    service.answer(ResponseId(sheet.response_id), {ItemId("C1.1"): Answer(value=3)})
    data = json.loads(opened(service.beside(Everything).export_everything(id_, "nb")).read("data.json"))
    assert [(row["item_id"], row["answer"]) for row in data["answers"]] == [("C1.1", "3")]


# ---------------------------------------------------------------- who did what


def test_the_audit_log_says_who_did_what_and_never_with_what(service: Service, clock: Clock) -> None:
    mine, theirs = service.for_actor(OWNER), service.for_actor(OTHER)
    id_ = mine.begin_group(GroupBeginning(organisation="Hemmelig AS", training_planned="yes"), "nb")
    mine.looked_at(id_)  # their own
    mine.add_member(id_, "viewer@a.no", "viewer")
    theirs.looked_at(id_)
    theirs.exported(id_)
    mine.invite(id_, Invitation(role="S", count=3, max_uses=1))
    mine.revoke(id_, [one.link.id for one in mine.invitations(id_)][:2])
    mine.change_privacy(id_, {"contact": "Hemmelig"})
    mine.delete(id_)
    mine.restore(id_)

    told = [(e.subject, e.kind, e.count) for e in reversed(service.audit_log(id_, 100))]
    owner, viewer = OWNER.subject, OTHER.subject
    assert told == [
        (owner, "member_added", 1),
        (viewer, "opened", 1),
        (viewer, "exported", 1),
        (owner, "links_made", 3),
        (owner, "links_revoked", 2),
        (owner, "privacy_changed", 1),
        (owner, "deleted", 1),
        (owner, "restored", 1),
    ]
    assert "Hemmelig" not in repr(service.audit_log(None, 100))
    assert mine.audit_page(id_).events[0].kind == "restored"


def test_what_is_deleted_and_left_is_erased_and_noted_for_the_system(service: Service, clock: Clock) -> None:
    id_ = many(service)
    service.delete(id_)
    clock.on(date(2026, 5, 1))
    assert service.tidy() == 1
    assert [(e.actor, e.kind) for e in service.audit_log(id_, 1)] == [("system", "erased")]


def test_the_audit_log_forgets_after_its_own_months(service: Service, clock: Clock) -> None:
    id_ = many(service)
    service.exported(id_)
    clock.on(date(2027, 3, 1))
    service.tidy()
    assert [e.kind for e in service.audit_log(id_, 10)] == ["exported"]
    clock.on(date(2027, 3, 3))
    service.tidy()
    assert service.audit_log(id_, 10) == []


def test_every_use_case_class_remembers_who_came_through_the_door(service: Service) -> None:
    beside = service.for_actor(OWNER).beside(UseCases)
    assert beside._service._event("opened").actor == "oidc"
    assert service.beside(UseCases)._event("opened").actor == "command"


# ---------------------------------------------------------------- by command


def test_the_commands_export_look_erase_and_tell(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id_, file = many(service), tmp_path / "all.zip"
    assert main(["export", id_, str(file)]) == 0
    assert "data.json" in opened(file.read_bytes()).namelist()
    assert main(["export", id_, str(file)]) == 2
    assert main(["export", "nobody", str(tmp_path / "no.zip")]) == 2
    service._store.change_privacy(id_, {"erase_on": date(2026, 3, 3)})
    capsys.readouterr()

    assert main(["erase-expired", "--dry-run"]) == 0
    assert capsys.readouterr().out == f"2026-03-03  {id_}\n"
    assert there(service, id_)
    assert main(["erase-expired"]) == 0
    assert capsys.readouterr().out == "erased 1\n"
    assert not there(service, id_)
    assert main(["audit", id_]) == 0
    told = [line.split()[2:] for line in capsys.readouterr().out.splitlines()[1:]]
    assert [words[:2] for words in told][:2] == [["system", "expired"], ["command", "exported_everything"]]
