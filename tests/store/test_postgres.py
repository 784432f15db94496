"""What is particular to PostgreSQL: its tables are SQLite's, replicas start together, and a lost server is survived."""

import multiprocessing
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from assessment.access import Limit
from assessment.engagement import Answer, EngagementId, Link, LinkId, Response, ResponseId, WaveId
from assessment.links import installation_secret, token_hash, token_of
from assessment.respondents import Respondents
from assessment.settings import SettingsError, read, settings
from assessment.store import LinkUnusable, NewerDatabase, NotFound, Saving, SqliteStore, StoreError
from assessment.store._sqlite_utils import Database as SqliteDatabase
from assessment.store.database import Database
from assessment.store.migrations import MIGRATIONS
from assessment.store.opening import configured, configured_not_ready
from assessment.store.postgres import PostgresStore
from assessment.store.postgres_migrations import OWN, ROWID, STEPS, TABLE
from assessment.store.postgres_server import Reach, not_ready, tables_of_records
from assessment.store.protocol import ForeignDatabase, Unreachable
from assessment.store.records import Records
from tests import looping
from tests.postgres import Server
from tests.store.situations import MONDAY, THREE, TUESDAY, item, someone_answering

SHORT = Reach(least=0, most=4, connect_s=1, wait_s=1)


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.database()


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    opened = PostgresStore(url, clock=lambda: TUESDAY, reach=SHORT)
    yield opened
    opened.close()


def run(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(sql.encode())
        return found.fetchall() if found.description else []


# ---------------------------------------------------------------- the same tables


def test_the_last_steps_are_the_same(tmp_path: Path) -> None:
    assert list(STEPS)[-1] == [step.name for step in MIGRATIONS.pending(SqliteDatabase(memory=True))][-1]


def test_both_have_the_same_tables_columns_types_and_keys(store: PostgresStore, tmp_path: Path) -> None:
    file = SqliteStore(tmp_path / "salgsflyt.db")
    with store._reading() as here, file._reading() as there:
        names = tables_of_records(here)
        assert set(names) == {name for name in there.table_names() if not name.startswith(("_", "sqlite_"))}
        for name in names:
            assert _shape(here, name) == _shape(there, name), name


def _shape(db: Database, name: str) -> tuple[list[tuple[str, type]], list[str]]:
    table = db.table(name)
    return list(table.columns_dict.items()), table.pks


def test_both_refuse_the_same(store: PostgresStore, tmp_path: Path) -> None:
    file = SqliteStore(tmp_path / "salgsflyt.db")
    file.engagements()
    with sqlite3.connect(file.path) as db:
        written = dict(
            db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'")
        )
        indexes = {
            name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        }
    with store._reading() as connection:
        for name, sql in written.items():
            kinds = dict(connection.execute(_CONSTRAINTS, [name]).fetchall())
            plain = re.sub(r"--[^\n]*", "", sql)
            assert kinds.get("c", 0) == len(re.findall(r"\bCHECK\b", plain)), name
            assert kinds.get("f", 0) == len(re.findall(r"\bREFERENCES\b", plain)), name
            assert kinds.get("u", 0) == len(re.findall(r"\bUNIQUE\b", plain)), name
        found = {
            name
            for (name,) in connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        }
    assert {name for name in indexes if not name.startswith("idx_")} <= found


_CONSTRAINTS = """
    SELECT contype::text, count(*) FROM pg_constraint WHERE conrelid = ?::text::regclass GROUP BY contype
"""


def test_references_do_the_same_when_what_they_name_goes(store: PostgresStore, tmp_path: Path) -> None:
    file = SqliteStore(tmp_path / "salgsflyt.db")
    with file._reading() as db:
        there = {
            (table, row[3], row[2], row[6])
            for table in db.table_names()
            if not table.startswith(("_", "sqlite_"))
            for row in db.execute(f"SELECT * FROM pragma_foreign_key_list('{table}')").fetchall()
        }
    rules = {"a": "NO ACTION", "c": "CASCADE", "n": "SET NULL"}
    with store._reading() as connection:
        here = {(t, c, p, rules[rule]) for t, c, p, rule in connection.execute(_REFERENCES).fetchall()}
    assert here == there


_REFERENCES = """
    SELECT conrelid::regclass::text, attname, confrelid::regclass::text, confdeltype::text
    FROM pg_constraint CROSS JOIN unnest(conkey) AS number JOIN pg_attribute ON attrelid = conrelid AND attnum = number
    WHERE contype = 'f'
"""


def test_text_sorts_by_its_bytes_whatever_the_server_is_set_to(url: str, store: PostgresStore) -> None:
    store.prepare()
    own = ", ".join(f"'{name}'" for name in OWN)
    other = run(
        url,
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        f" AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' AND table_name NOT IN ({own})",
    )
    assert other == []


# ---------------------------------------------------------------- beginning


def test_replicas_that_start_together_make_the_tables_once(postgres: Server) -> None:
    url = postgres.database(empty=True)
    context = multiprocessing.get_context("spawn")
    replicas = [context.Process(target=_start, args=(url,)) for _ in range(3)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join(60)
    assert [replica.exitcode for replica in replicas] == [0, 0, 0]
    assert run(url, f"SELECT name FROM {TABLE} ORDER BY name") == [(name,) for name in STEPS]


def _start(url: str) -> None:
    store = PostgresStore(url, reach=SHORT)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: store.engagements(), range(2)))
    store.close()


def test_somebody_elses_database_is_refused_and_left_alone(postgres: Server) -> None:
    url = postgres.database(empty=True)
    run(url, "CREATE TABLE invoices (id bigint)")
    with pytest.raises(ForeignDatabase):
        PostgresStore(url, reach=SHORT).engagements()
    assert run(url, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'") == [("invoices",)]


def test_a_database_from_a_newer_version_is_refused(url: str, store: PostgresStore) -> None:
    run(url, f"INSERT INTO {TABLE} VALUES ('m999_from_the_future', '2030')")
    with pytest.raises(NewerDatabase) as refused:
        store.engagements()
    assert refused.value.fields["reason"] == "m999_from_the_future"
    assert not_ready(url, SHORT) == "database_newer"


def test_whether_it_is_ready_is_known_without_making_anything(postgres: Server, url: str) -> None:
    empty = postgres.database(empty=True)
    assert [not_ready(at, SHORT) for at in (url, empty, _nowhere())] == [None, "migrations_pending", "database"]
    assert run(empty, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'") == []


def test_a_server_that_is_not_there_is_unreachable_and_no_password_is_told() -> None:
    with pytest.raises(Unreachable) as refused:
        PostgresStore(_nowhere(), reach=SHORT).engagements()
    assert refused.value.fields["path"] == "127.0.0.1/salgsflyt"
    assert "hemmelig" not in str(refused.value)


def _nowhere() -> str:
    return "postgresql://salgsflyt:hemmelig@127.0.0.1:1/salgsflyt"


# ---------------------------------------------------------------- a lost server


def _lose(url: str) -> None:
    """End every connection of the store, as a server does that is restarted."""
    of_ours = "application_name = 'salgsflyt' AND datname = current_database()"
    run(url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {of_ours}")


def test_connections_that_have_ended_are_replaced(url: str, store: PostgresStore) -> None:
    _, _, response = someone_answering(store)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: store.engagements(), range(8)))
    _lose(url)
    store.save_answers(response, {item(1): THREE})
    _lose(url)
    assert set(store.response(response).answers) == {item(1)}


def test_a_read_is_made_again_when_the_server_is_lost_in_the_middle(
    url: str, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _, _ = someone_answering(store)
    _losing_at(monkeypatch, url, "SELECT revision")
    assert store.revision(engagement) >= 0


def test_a_write_that_has_not_been_committed_is_made_again_once(
    url: str, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _, response = someone_answering(store)
    before = store.revision(engagement)
    _losing_at(monkeypatch, url, "INSERT INTO answers")
    assert store.save_all([Saving(response, {item(1): THREE})]) == [None]
    assert store.revision(engagement) == before + 1


def test_a_write_whose_commit_is_not_known_is_not_made_again_unless_that_is_the_same(
    url: str, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, wave, response = someone_answering(store)
    _losing_at(monkeypatch, url, "; COMMIT")
    with pytest.raises(Unreachable) as lost:
        store.close_wave(wave, MONDAY)
    assert lost.value.again == "same"
    _losing_at(monkeypatch, url, "; COMMIT")
    store.save_answers(response, {item(2): THREE})
    assert set(store.response(response).answers) == {item(2)}


def test_a_part_of_a_transaction_is_not_made_again_without_the_rest(
    url: str, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, response = someone_answering(store)
    with pytest.raises(Unreachable), store.together():  # noqa: PT012  what is lost is lost in the middle
        store.save_answers(response, {item(1): THREE})
        _losing_at(monkeypatch, url, "INSERT INTO answers")
        store.save_answers(response, {item(2): THREE})
    assert store.response(response).answers == {}


def _losing_at(monkeypatch: pytest.MonkeyPatch, url: str, words: str) -> None:
    """Lose the server just before the next statement with these words is sent."""
    left = [True]

    def losing(true: Callable[..., Any], of: Callable[[Any], bytes]) -> Callable[..., Any]:
        def execute(self: Any, query: Any, *arguments: Any, **named: Any) -> Any:
            if left and words.encode() in of(query):
                left.clear()
                _lose(url)
            return true(self, query, *arguments, **named)

        return execute

    as_bytes = lambda query: query if isinstance(query, bytes) else str(query).encode()  # noqa: E731
    monkeypatch.setattr(psycopg.Connection, "execute", losing(psycopg.Connection.execute, as_bytes))
    monkeypatch.setattr(psycopg.Cursor, "executemany", losing(psycopg.Cursor.executemany, as_bytes))


# ---------------------------------------------------------------- several at once


def test_the_last_use_of_a_link_is_given_to_one(url: str, store: PostgresStore) -> None:
    engagement, wave, _ = someone_answering(store)
    link = _link(store, engagement, wave, max_uses=1)

    def begin(_: int) -> str:
        other = PostgresStore(url, clock=lambda: TUESDAY, reach=SHORT)
        try:
            other.begin_response(Response(id=ResponseId(uuid4().hex), wave_id=wave, role="S"), link, MONDAY)
        except LinkUnusable as error:
            return error.state
        finally:
            other.close()
        return "begun"

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(begin, range(4))) == ["begun", "used_up", "used_up", "used_up"]
    assert store.link(link).uses == 1


def _link(store: Records, engagement: EngagementId, wave: WaveId, **fields: Any) -> LinkId:
    link = Link.model_validate(
        {
            "id": uuid4().hex,
            "engagement_id": engagement,
            "wave_id": wave,
            "purpose": "answer",
            "token_hash": uuid4().hex * 2,
        }
        | {"created_at": MONDAY}
        | fields
    )
    store.add_links([link])
    return link.id


def test_nothing_is_answered_after_a_wave_is_closed_elsewhere(url: str, store: PostgresStore) -> None:
    _, wave, response = someone_answering(store)
    other = PostgresStore(url, clock=lambda: TUESDAY, reach=SHORT)

    def save(number: int) -> StoreError | None:
        (refused,) = store.save_all([Saving(response, {item(1 + number % 30): Answer(value=3)})])
        return refused

    with ThreadPoolExecutor(3) as threads:
        closing = threads.submit(other.close_wave, wave, MONDAY)
        list(threads.map(save, range(20)))
        closing.result()
    other.close()
    given = store.response(response).answers
    assert save(40) is not None
    assert store.response(response).answers == given


def test_batches_from_two_replicas_that_share_engagements_do_not_stop_each_other(
    url: str, store: PostgresStore
) -> None:
    responses = [someone_answering(store)[2] for _ in range(3)]
    other = PostgresStore(url, clock=lambda: TUESDAY, reach=SHORT)

    def save(told: tuple[PostgresStore, int]) -> list[StoreError | None]:
        at, number = told
        order = responses if number % 2 else responses[::-1]
        return list(at.save_all([Saving(response, {item(1 + number): Answer(value=4)}) for response in order]))

    with ThreadPoolExecutor(4) as threads:
        refused = list(threads.map(save, [(at, n) for n in range(10) for at in (store, other)]))
    other.close()
    assert refused == [[None] * 3] * 20


def test_an_answer_to_what_was_erased_meanwhile_is_refused_alone(store: PostgresStore) -> None:
    _, _, gone = someone_answering(store)
    _, _, kept = someone_answering(store)
    store.erase_response(gone)
    refused = store.save_all([Saving(gone, {item(1): THREE}), Saving(kept, {item(1): THREE})])
    assert isinstance(refused[0], NotFound)
    assert refused[1] is None


def test_only_tables_whose_rows_have_an_order_of_arrival_keep_it(store: PostgresStore) -> None:
    with store._reading() as db:
        found = db.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND column_name = ?",
            [ROWID],
        ).fetchall()
    assert {name for (name,) in found} == {"kpis", "goals", "processes", "waste_rows", "actions"}


# ---------------------------------------------------------------- what replicas share


def test_tries_at_a_secret_are_counted_for_all_replicas(
    url: str, store: PostgresStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SALGSFLYT_SECRET", "0123456789abcdef" * 2)
    settings.cache_clear()
    installation_secret.cache_clear()
    other = PostgresStore(url, reach=SHORT)
    here, there = (Limit(each=2, everybody=4, what="key", shared=lambda at=at: at) for at in (store, other))
    assert [here.wait("192.0.2.1"), there.wait("192.0.2.1")] == [0, 0]
    assert 50 < there.wait("192.0.2.1") <= 60
    assert 50 < here.left("192.0.2.1") <= 60
    assert [there.wait("192.0.2.2"), here.wait("192.0.2.3")] == [0, 0]
    assert there.wait("192.0.2.4") > 0  # everybody together
    assert Limit(what="pin", shared=lambda: other).wait("192.0.2.1") == 0
    assert "192.0.2" not in repr(run(url, "SELECT * FROM tries"))
    run(url, "UPDATE tries SET tried_at = tried_at - 60")
    assert here.wait("192.0.2.1") == 0
    assert run(url, "SELECT count(*) FROM tries WHERE secret = 'key'") == [(1,)]
    other.close()
    settings.cache_clear()
    installation_secret.cache_clear()


def test_where_the_server_is_away_tries_are_counted_here() -> None:
    limit = Limit(each=1, what="key", shared=lambda: PostgresStore(_nowhere(), reach=SHORT))
    assert limit.wait("192.0.2.1") == 0
    assert limit.wait("192.0.2.1") > 0


def test_an_event_loop_does_not_wait_for_a_server_that_is_away(url: str, postgres: Server) -> None:
    store = PostgresStore(url, reach=Reach(least=0, most=1, wait_s=5))
    store.prepare()

    async def ask() -> float:
        began = time.monotonic()
        for _ in range(5):
            with pytest.raises(Unreachable):
                store.engagements()
        return time.monotonic() - began

    with store._reading():  # the only connection
        assert looping.run(ask()) < 3
    store.close()


def test_a_link_revoked_at_one_replica_is_dead_at_the_other_within_a_second(url: str, store: PostgresStore) -> None:
    secret = b"0" * 32
    engagement, wave, _ = someone_answering(store)
    id_ = LinkId(uuid4().hex)
    token = token_of(secret, id_)
    _link(store, engagement, wave, id=id_, token_hash=token_hash(token))
    other = PostgresStore(url, reach=SHORT)
    people = Respondents(other, secret, lambda: TUESDAY)
    invited = people.invitation(token)
    assert invited is not None
    assert invited.standing(TUESDAY) == "open"
    store.revoke_links([id_], TUESDAY)
    revoked_at = time.monotonic()
    while (invited := people.invitation(token)) is not None and invited.standing(TUESDAY) != "revoked":
        assert time.monotonic() - revoked_at < 1
        time.sleep(0.05)
    other.close()


def test_the_settings_choose_the_store_and_ask_for_what_replicas_share(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError, match="SALGSFLYT_SECRET"):
        read({"DATABASE_URL": url})
    for wrong in ("mysql://a/b", "postgresql://a"):
        with pytest.raises(SettingsError, match="DATABASE_URL"):
            read({"DATABASE_URL": wrong, "SALGSFLYT_SECRET": "s" * 32})
    monkeypatch.setenv("SALGSFLYT_SECRET", "s" * 32)
    settings.cache_clear()
    chosen = configured()
    assert isinstance(chosen, PostgresStore)
    assert chosen is configured()  # its connections are the process's
    assert configured_not_ready() is None
    chosen.close()
    settings.cache_clear()
