"""Documents in the background: one after the other, told of as they come along, and only for who may have them."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from assessment.actor import Actor
from assessment.engagement import EngagementId
from assessment.report.documents import DOCUMENTS, DocumentId, Order, Progress, Step, Write, file_name
from assessment.report.jobs import Job, Jobs, TooMany
from assessment.service import Beginning, Service
from assessment.store import NotFound, SqliteStore

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Press:
    """Stands in for who writes documents: says what it is asked for, and waits until it is let on."""

    def __init__(self) -> None:
        self.asked: list[DocumentId] = []
        self.begun, self.on = Event(), Event()
        self.content = b"{}"
        self.typed = "Hemmelig Kunde"

    def begin(self, service: Service, order: Order) -> Write:
        def write(progress: Progress) -> bytes:
            self.asked.append(order.document)
            progress(Step("preview", 7, 12))
            self.begun.set()
            assert self.on.wait(10)
            if order.document == "brief":
                raise RuntimeError(self.typed)
            return self.content

        return write


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    """Every document is written by it, and shown as nothing."""
    made = Press()
    theirs = {id_: replace(document, begin=made.begin, preview="none") for id_, document in DOCUMENTS.items()}
    monkeypatch.setattr("assessment.report.jobs.DOCUMENTS", theirs)
    yield made
    made.on.set()


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(SqliteStore(tmp_path / "jobs.db"))


@pytest.fixture
def demo(service: Service) -> EngagementId:
    return service.open_demo()


def order(service: Service, engagement: EngagementId, document: DocumentId = "report") -> Order:
    return Order(engagement, service.results(engagement).wave.id, document, "nb")


def finished(jobs: Jobs, service: Service, of: Order) -> Job:
    """The job when it is known what became of it."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        job = jobs.find(service, of)
        assert job is not None
        if not job.underway:
            return job
        time.sleep(0.005)
    raise AssertionError("never finished")


# ---------------------------------------------------------------- states


def test_a_document_waits_is_made_and_is_there(service: Service, demo: EngagementId, press: Press) -> None:
    jobs, first, second = Jobs(clock=lambda: NOON), order(service, demo), order(service, demo, "deck")
    assert jobs.find(service, first) is None

    assert jobs.begin(service, first).state == "waiting"
    jobs.begin(service, second)
    assert press.begun.wait(10)
    making, waiting = jobs.find(service, first), jobs.find(service, second)
    assert making is not None
    assert waiting is not None
    assert (making.state, making.step) == ("making", Step("preview", 7, 12))
    assert (waiting.state, waiting.step) == ("waiting", None)
    press.on.set()

    done = finished(jobs, service, first)
    assert (done.state, done.revision) == ("done", service.engagement(demo).revision)
    assert done.made is not None
    assert (done.made.content, done.made.preview, done.made.at) == (b"{}", (), NOON)
    assert finished(jobs, service, second).state == "done"


def test_they_are_made_in_the_order_they_were_asked_for(service: Service, demo: EngagementId, press: Press) -> None:
    jobs, asked = Jobs(), ["workbook", "report", "deck", "handout"]
    for document in asked:
        jobs.begin(service, order(service, demo, document))  # type: ignore[arg-type]
    press.on.set()
    finished(jobs, service, order(service, demo, "handout"))

    assert press.asked == asked


def test_what_fails_is_a_number_and_the_next_is_made_all_the_same(
    service: Service, demo: EngagementId, press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    jobs, fails, after = Jobs(), order(service, demo, "brief"), order(service, demo, "deck")
    press.on.set()
    jobs.begin(service, fails)
    jobs.begin(service, after)

    job = finished(jobs, service, fails)
    assert (job.state, job.made) == ("failed", None)
    assert f"reference {job.reference}" in caplog.text
    assert "in write" in caplog.text
    assert "Hemmelig" not in caplog.text
    assert finished(jobs, service, after).state == "done"
    assert jobs.begin(service, fails).number > job.number  # one can try again


def test_what_cannot_be_gathered_has_failed_too(
    service: Service, demo: EngagementId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(service: Service, order: Order) -> Write:
        raise RuntimeError

    theirs = {"report": replace(DOCUMENTS["report"], begin=broken)}
    monkeypatch.setattr("assessment.report.jobs.DOCUMENTS", theirs)
    job = Jobs().begin(service, order(service, demo))

    assert job.state == "failed"
    assert job.reference is not None


# ---------------------------------------------------------------- the same document, and the one after a change


def test_a_document_is_made_once_for_each_state_of_the_engagement(
    service: Service, demo: EngagementId, press: Press
) -> None:
    jobs, wanted = Jobs(), order(service, demo)
    press.on.set()
    jobs.begin(service, wanted)
    jobs.begin(service, wanted)
    first = finished(jobs, service, wanted)
    assert jobs.begin(service, wanted) == first
    assert press.asked == ["report"]

    service.change_branding(demo, {"sender": "Fjord Rådgivning"})
    assert jobs.find(service, wanted) == first  # still there, and known to be of before
    assert first.revision < service.engagement(demo).revision
    jobs.begin(service, wanted)
    assert finished(jobs, service, wanted).revision == service.engagement(demo).revision


def test_what_was_overtaken_while_it_was_made_is_let_go(service: Service, demo: EngagementId, press: Press) -> None:
    jobs, wanted = Jobs(), order(service, demo)
    old = jobs.begin(service, wanted)
    assert press.begun.wait(10)
    service.change_branding(demo, {"sender": "Fjord Rådgivning"})
    new = jobs.begin(service, wanted)
    press.on.set()

    assert finished(jobs, service, wanted).number == new.number > old.number


def test_languages_and_measurements_are_documents_of_their_own(
    service: Service, demo: EngagementId, press: Press
) -> None:
    jobs, wanted = Jobs(), order(service, demo)
    press.on.set()
    jobs.begin(service, wanted)

    assert jobs.find(service, replace(wanted, language="en")) is None
    assert jobs.find(service, replace(wanted, wave_id=service.waves(demo)[0].id)) is None


# ---------------------------------------------------------------- limits


def test_only_the_last_few_are_kept(service: Service, demo: EngagementId, press: Press) -> None:
    jobs = Jobs(kept_max=2)
    press.on.set()
    first, second, third = (order(service, demo, d) for d in ("report", "deck", "workbook"))
    for wanted in (first, second):
        jobs.begin(service, wanted)
        finished(jobs, service, wanted)
    jobs.find(service, first)  # looked at, so the other one goes
    jobs.begin(service, third)
    finished(jobs, service, third)

    assert jobs.find(service, second) is None
    assert jobs.find(service, first) is not None


def test_they_weigh_no_more_than_the_limit_and_the_last_one_stays(
    service: Service, demo: EngagementId, press: Press
) -> None:
    jobs = Jobs(kept_bytes_max=1500)
    press.on.set()
    press.content = b"x" * 1000
    first, second = order(service, demo), order(service, demo, "deck")
    jobs.begin(service, first)
    finished(jobs, service, first)
    jobs.begin(service, second)
    assert finished(jobs, service, second).state == "done"
    assert jobs.find(service, first) is None

    press.content = b"x" * 2000
    jobs.begin(service, first)
    assert finished(jobs, service, first).state == "done"
    assert jobs.find(service, second) is None


def test_nobody_waits_behind_a_queue_without_end(service: Service, demo: EngagementId, press: Press) -> None:
    jobs = Jobs(waiting_max=1)
    jobs.begin(service, order(service, demo))
    assert press.begun.wait(10)
    jobs.begin(service, order(service, demo, "deck"))

    with pytest.raises(TooMany):
        jobs.begin(service, order(service, demo, "workbook"))


# ---------------------------------------------------------------- rights


def test_somebody_elses_document_is_not_there(service: Service, press: Press) -> None:
    theirs = service.for_actor(Actor("oidc", "kari@example.no"))
    beginning = Beginning(organisation="Kari & co", role="SL", training_planned="no")
    engagement = theirs.begin(beginning, "nb")
    jobs, wanted = Jobs(), order(theirs, engagement)
    press.on.set()
    jobs.begin(theirs, wanted)
    assert finished(jobs, theirs, wanted).state == "done"

    others = service.for_actor(Actor("oidc", "ola@example.no"))
    with pytest.raises(NotFound):
        jobs.find(others, wanted)
    with pytest.raises(NotFound):
        jobs.begin(others, wanted)
    assert press.asked == ["report"]


def test_who_may_only_read_has_no_hand_over_file_even_when_it_is_made(service: Service, press: Press) -> None:
    owner = service.for_actor(Actor("oidc", "kari@example.no"))
    engagement = owner.begin(Beginning(organisation="Kari & co", role="SL", training_planned="no"), "nb")
    owner.add_member(engagement, "ola@example.no", "viewer")
    reader, jobs = service.for_actor(Actor("oidc", "ola@example.no")), Jobs()
    press.on.set()
    for document in ("handover", "report"):
        jobs.begin(owner, order(owner, engagement, document))  # type: ignore[arg-type]
        finished(jobs, owner, order(owner, engagement, document))  # type: ignore[arg-type]

    assert jobs.find(reader, order(owner, engagement, "report")) is not None
    with pytest.raises(NotFound):
        jobs.find(reader, order(owner, engagement, "handover"))


def test_a_hand_over_file_is_gathered_with_the_rights_of_who_asks(service: Service) -> None:
    owner = service.for_actor(Actor("oidc", "kari@example.no"))
    engagement = owner.begin(Beginning(organisation="Kari & co", role="SL", training_planned="no"), "nb")
    owner.add_member(engagement, "ola@example.no", "viewer")
    wanted = order(owner, engagement, "handover")

    with pytest.raises(NotFound):
        DOCUMENTS["handover"].begin(service.for_actor(Actor("oidc", "ola@example.no")), wanted)
    jobs = Jobs()
    jobs.begin(owner, wanted)
    job = finished(jobs, owner, wanted)
    assert job.made is not None
    assert json.loads(job.made.content)["engagement"]["name"] == "Kari & co"


def test_what_is_deleted_is_not_there(service: Service, demo: EngagementId, press: Press) -> None:
    jobs, wanted = Jobs(), order(service, demo)
    press.on.set()
    jobs.begin(service, wanted)
    finished(jobs, service, wanted)
    service.delete(demo)

    with pytest.raises(NotFound):
        jobs.find(service, wanted)


# ---------------------------------------------------------------- what they are called


def test_a_file_is_called_in_the_language_of_its_document(service: Service, demo: EngagementId) -> None:
    wanted = order(service, demo, "one_pager")

    assert file_name("Fjordvik & Sønn", wanted) == "salgsflyt-fjordvik-sonn-til-oppdragsgiver.pdf"
    assert file_name("Fjordvik & Sønn", replace(wanted, language="en")).endswith("-for-the-sponsor.pdf")


def test_only_the_hand_over_file_needs_more_than_reading() -> None:
    assert [id_ for id_, document in DOCUMENTS.items() if document.need != "read"] == ["handover"]
