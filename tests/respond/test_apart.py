"""The surface stands by itself: what it imports, what it logs, and how its writes share a commit."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.engagement import Answer, ItemId
from assessment.respond import Surface
from assessment.respond.writer import Writer
from assessment.respondents import Respondents
from assessment.store import Busy, NotFound, Saving, SqliteStore
from tests.looping import run
from tests.respond.conftest import Phone, nothing_else
from tests.respond.invited import Survey

ROOT = Path(__file__).parents[2]
HEAVY = ("pandas", "altair", "scipy", "numpy", "streamlit", "assessment.scoring", "assessment.service")


def test_the_surface_imports_neither_arrays_nor_charts_nor_streamlit() -> None:
    asked = (
        "import sys; import assessment.respond, assessment.respondents; from assessment.respond import pages; "
        f"pages.warm(); print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"


class _Broken(SqliteStore):
    """A store whose savings fail, with an error that holds what no log may."""

    error: Callable[[], Exception]

    def save_all(self, savings: object) -> list[None]:
        raise self.error()


def _failing(survey: Survey, error: Callable[[], Exception]) -> tuple[Phone, str]:
    store = _Broken(survey.database)
    store.error = error
    phone, token = Phone(Surface(nothing_else, lambda: Respondents(store, survey.secret))), survey.link()
    phone.get(f"/s/{token}")
    phone.post(f"/s/{token}", data={"role": "S"})
    return phone, token


def test_a_fault_of_ours_is_a_number_to_the_reader_and_no_secret_to_the_log(
    survey: Survey, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = ""
    phone, token = _failing(survey, lambda: RuntimeError(f"C1.1 = 5 by {token}"))
    for reply in (
        phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 5}),
        phone.post(f"/s/{token}/1", data={"C1.1": "5"}),
    ):
        assert reply.status_code == 500
        assert caplog.text.count("reference") >= 1
    told = "\n".join(r.getMessage() for r in caplog.records if r.name == "salgsflyt")
    assert token not in told
    assert "C1.1" not in told
    assert "RuntimeError" in told


def test_a_locked_database_asks_the_phone_to_try_again(survey: Survey, caplog: pytest.LogCaptureFixture) -> None:
    phone, token = _failing(survey, lambda: Busy(survey.database))

    assert phone.post(f"/s/{token}/save", json={"item": "C1.1", "value": 5}).status_code == 503
    assert phone.post(f"/s/{token}/1", data={"C1.1": "5"}).status_code == 503
    assert token not in caplog.text


def test_savings_that_wait_together_share_a_commit_and_a_refused_one_disturbs_nobody(survey: Survey) -> None:
    commits: list[int] = []

    class Counting(SqliteStore):
        def save_all(self, savings):  # type: ignore[no-untyped-def]
            commits.append(len(savings))
            return super().save_all(savings)

    people = Respondents(Counting(survey.database), survey.secret)
    token = survey.link()
    invitation = people.invitation(token)
    assert invitation is not None
    keys = [f"{n:022}" for n in range(40)]
    for key in keys:
        people.begin(invitation, key, "S", None)
    ids = [r.id for r in survey.store.responses(survey.wave)]
    savings = [Saving(i, {ItemId("C1.1"): Answer(value=4)}) for i in ids]

    async def all_at_once() -> list[object]:
        writer = Writer(people)
        return await asyncio.gather(
            *(writer.save(s) for s in [*savings, Saving(type(ids[0])("nobody"))]), return_exceptions=True
        )

    *saved, refused = run(all_at_once())

    assert saved == [None] * 40
    assert isinstance(refused, NotFound)
    assert sum(commits) == 41
    assert len(commits) <= 3
    assert all(len(r.answers) == 1 for r in survey.store.responses(survey.wave))
