"""The server is killed a hundred times, and told to stop, while people answer: what was confirmed is there, once."""

from pathlib import Path

import pytest

from tests.load.respond import killed
from tests.looping import run
from tests.respond.invited import Survey
from tests.serving import Server

ROUNDS = 100
STOP_S = 15


class ToldToStop(Server):
    """A server whose end is SIGTERM, which it has to obey by itself."""

    def kill(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=STOP_S)


@pytest.mark.faults
@pytest.mark.parametrize(("kind", "rounds"), [(Server, ROUNDS), (ToldToStop, 10)], ids=["SIGKILL", "SIGTERM"])
def test_no_acknowledged_answer_is_lost(tmp_path: Path, kind: type[Server], rounds: int) -> None:
    survey = Survey(tmp_path / "salgsflyt.db")
    server = kind(survey.database).start()

    lost, timings = run(killed(survey, server, times=rounds, people=12))

    confirmed = sum(len(timings.taken.get(what, ())) for what in ("begin", "save", "post"))
    print(f"\n| Server | Rounds | Writes confirmed | Requests without reply | Lost, wrong or twice |\n|{'---|' * 5}")
    print(f"| {kind.__name__} | {rounds} | {confirmed} | {timings.lost} | {lost} |", flush=True)
    assert lost == 0
    assert timings.lost > 0  # the rounds have hit somebody
    assert confirmed > rounds
