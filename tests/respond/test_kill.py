"""The server is killed while people answer: what it has confirmed is there, once. The bench does it twenty times."""

from pathlib import Path

from tests.load.respond import killed
from tests.looping import run
from tests.respond.invited import Survey
from tests.serving import Server


def test_what_was_confirmed_before_a_kill_is_there_once(tmp_path: Path) -> None:
    survey = Survey(tmp_path / "salgsflyt.db")
    server = Server(survey.database).start()

    lost, timings = run(killed(survey, server, times=2, people=12))

    assert lost == 0
    assert timings.lost > 0  # the kills have hit somebody
