"""Several processes on one file, and processes that are killed: nothing acknowledged is lost, the file is whole."""

import multiprocessing
import random
import signal
import sqlite3
import subprocess
import sys
import time
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

from assessment.engagement import Answer, EngagementId, ResponseId
from assessment.store import SqliteStore
from tests.store.situations import THREE, a_response, a_wave, an_engagement, item, someone_answering

PROCESSES, ANSWERS, FILES, KILLS = 8, 120, 40, 12

# Answers without end, three items a call, and says so after each call: "42" means that save 42 has returned.
WRITER = """
import sys
from assessment.engagement import Answer, ItemId
from assessment.store import SqliteStore
path, response, first = sys.argv[1], sys.argv[2], int(sys.argv[3])
store, save = SqliteStore(path), first
while True:
    store.save_answers(response, {ItemId(f"S{save}.{part}"): Answer(value=save % 5 + 1) for part in (1, 2, 3)})
    print(save, flush=True)
    save += 1
"""


def _start_and_answer(path: Path, go: Event, number: int) -> None:
    """Open the file at the same moment as everybody else, begin an engagement, then answer into the shared one."""
    go.wait()
    store = SqliteStore(path)
    engagement = an_engagement(name=f"Process {number}")
    store.create_engagement(engagement, a_wave(engagement.id))
    shared = ResponseId(f"shared-{number % 2}")
    while not _is_there(store):
        time.sleep(0.005)
    for answer in range(ANSWERS):
        store.save_answers(shared, {item(number * 1000 + answer): THREE})


def _is_there(store: SqliteStore) -> bool:
    return any(summary.engagement.id == "shared" and summary.responses for summary in store.engagements())


def test_eight_processes_that_start_and_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "salgsflyt.db"
    spawn = multiprocessing.get_context("spawn")
    go = spawn.Event()
    workers = [spawn.Process(target=_start_and_answer, args=(path, go, number)) for number in range(PROCESSES)]
    for worker in workers:
        worker.start()
    time.sleep(1)  # all are waiting at the gate, and there is no file yet
    go.set()
    store = SqliteStore(path)
    engagement = an_engagement(id="shared")
    wave = a_wave(engagement.id)
    store.create_engagement(engagement, wave)
    store.add_responses(wave.id, [a_response(wave.id, id=f"shared-{number}") for number in (0, 1)])
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    saved = [len(response.answers) for response in store.responses(wave.id)]
    assert saved == [PROCESSES * ANSWERS // 2] * 2
    assert len(store.engagements()) == PROCESSES + 1
    assert store.revision(EngagementId("shared")) == 1 + PROCESSES * ANSWERS


def _open_first(folder: Path, gate: Barrier) -> None:
    for number in range(FILES):
        gate.wait()
        SqliteStore(folder / f"{number}.db").engagements()


def test_processes_that_meet_at_a_first_start_all_get_through(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(PROCESSES, timeout=30)
    workers = [fork.Process(target=_open_first, args=(tmp_path, gate)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES


def test_a_writer_killed_at_any_moment_has_lost_nothing_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "salgsflyt.db"
    store = SqliteStore(path)
    _, _, response = someone_answering(store)
    store.close()  # so that each writer in turn opens what the one before left behind, alone
    acknowledged = 0
    for _ in range(KILLS):
        acknowledged = max(acknowledged, _killed_writer(path, response, acknowledged + 1))
    answers = store.response(response).answers
    expected = {
        f"S{save}.{part}": Answer(value=save % 5 + 1) for save in range(1, acknowledged + 1) for part in (1, 2, 3)
    }
    assert acknowledged > KILLS
    assert {i: a for i, a in answers.items() if i in expected} == expected
    # a save killed on its way to be acknowledged may be there, but never a part of one
    assert len(answers) % 3 == 0
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchone() is None


def _killed_writer(path: Path, response: ResponseId, first: int) -> int:
    """The last save a writer acknowledged before it was killed somewhere between and within its writes."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, path, response, str(first)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    last = int(writer.stdout.readline())
    time.sleep(random.uniform(0, 0.05))
    writer.kill()
    for line in writer.stdout:  # what was acknowledged between
        if line.endswith("\n"):
            last = int(line)
    assert writer.wait() == -signal.SIGKILL
    return last
