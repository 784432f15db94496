"""What only shows between browser and server: a browser sends a choice back by its words, AppTest by its id."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment.packs import builtin
from assessment.service import Service
from tests.load.browser_tab import Tab
from tests.pages.conftest import MakeSolo
from tests.serving import Server


@pytest.fixture
def server(database: Path) -> Iterator[Server]:
    """The product in a process of its own, on the test's database."""
    running = Server(database)
    try:
        yield running.start()
    finally:
        running.stop()


def test_changing_language_midway_loses_no_answer_and_takes_the_next(
    server: Server, solo: MakeSolo, service: Service
) -> None:
    engagement = solo("none")
    tab = Tab(server.address, "answer", {"e": engagement, "lang": "nb", "p": "C1"})
    for question in range(4):
        tab.choose(question, question + 1)

    tab.follow(lang="en")
    assert [radio.default for radio in tab.radios] == [1, 2, 3, 4]
    assert tab.radios[0].options[:5] == list(builtin("full").prose["en"].items["C1.1"].anchors)
    tab.choose(0, 4)
    tab.follow(lang="nb")
    tab.choose(3, 0)

    sheet = service.sheet(engagement)
    assert sheet is not None
    assert [sheet.answers[i.id].value for i in sheet.items_on("C1")] == [5, 3, 4, 1]
    assert tab.alerts == []


def test_changing_language_midway_keeps_what_was_said_at_the_beginning(server: Server) -> None:
    tab = Tab(server.address, "begin", {"lang": "nb"})
    tab.choose(0, 2)
    tab.choose(1, 1)
    questions = len(tab.radios)

    tab.follow(lang="en")
    tab.choose(2, 0)

    assert [radio.default for radio in tab.radios[:2]] == [2, 1]
    assert len(tab.radios) == questions
    assert tab.alerts == []
