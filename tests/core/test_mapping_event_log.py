"""An event log into the value stream: stages found by name, what could be taken over, and taking it and undoing it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessment.actor import Actor
from assessment.engagement import EngagementId, StageId
from assessment.files import InputError
from assessment.files.event_log import EventLog
from assessment.mapping import event_log as events
from assessment.mapping.stream import Stream
from assessment.service import Beginning, Service
from assessment.store import AlreadyThere, Gone, NotFound, SqliteStore
from assessment.stream_template import template

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
HEAD = "case,stage,entered,left\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    store = SqliteStore(tmp_path / "events.db")
    yield Service(store, clock=lambda: NOW)
    store.close()


@pytest.fixture
def engagement(service: Service) -> EngagementId:
    return service.begin(Beginning(organisation="Fjordvik", role="SL", training_planned="no"), "nb")


@pytest.fixture
def worked() -> Stream:
    """The worked stream of the method, each part with the id it has there."""
    return Stream(template("nb", lambda key: key, worked=True))


def read(service: Service, engagement: EngagementId, rows: str) -> EventLog:
    return service.read_events(engagement, "log.csv", (HEAD + rows).encode(), lambda _: None)


def six(stage: str, day: str = "2026-01-{:02}") -> str:
    """Six cases that each stay two working days and go on to the order the day after."""
    return "".join(
        f"{n},{stage},{day.format(5 + 7 * (n % 3))},{day.format(7 + 7 * (n % 3))}\n"
        f"{n},Ordre,{day.format(8 + 7 * (n % 3))},{day.format(9 + 7 * (n % 3))}\n"
        for n in range(6)
    )


def test_stages_are_found_by_their_names_in_either_language(
    service: Service, engagement: EngagementId, worked: Stream
) -> None:
    names = ["Løsning og tilbud", "NEEDS  ANALYSIS", "Mitt steg", "Closed - lost", "Tapt", "Noe annet"]
    log = read(service, engagement, "".join(f"1,{name},2026-01-05,\n" for name in names))
    mine = worked.told.model_copy(
        update={
            "stages": tuple(
                s.model_copy(update={"code": None, "name": "Mitt steg"}) if s.id == "V6" else s
                for s in worked.told.stages
            )
        }
    )
    found = dict(zip(log.names, events.suggested(log, Stream(mine)), strict=True))
    assert [found[name] for name in names] == ["V4", "V3", "V6", events.END, events.END, events.OUT]
    assert set(events.suggested(log, Stream(replace_with_nothing(worked)))) == {events.NEW, events.END}


def replace_with_nothing(stream: Stream) -> object:
    return stream.told.model_copy(update={"stages": ()})


def test_what_the_log_says_stands_beside_what_is_told(
    service: Service, engagement: EngagementId, worked: Stream
) -> None:
    log = read(service, engagement, six("Tilbud"))
    offers = events.offers(events.summed(log, worked, ("V6", "V4")), worked, "median")
    by = {(o.stage_id, o.figure): o for o in offers}
    assert {o.stage_id for o in offers} == {"V4", "V6"}  # the log is silent of the others
    quote = by[StageId("V4"), "wait_h"]
    assert (quote.told, quote.found, quote.thin, quote.differs) == (45, 10, False, True)  # 15 less 5 by hand
    assert by[StageId("V6"), "wait_h"].found == 7.5 + 6
    assert by[StageId("V4"), "conversion_share"].found == 1
    assert by[StageId("V4"), "wip"].found == 0
    assert (StageId("V6"), "conversion_share") in by
    assert not any(o.figure in ("process_time_h", "complete_accurate_share") for o in offers)


def test_few_visits_are_thin_and_the_same_figure_is_no_change(
    service: Service, engagement: EngagementId, worked: Stream
) -> None:
    rows = "".join(six("Tilbud").splitlines(keepends=True)[2:])
    offers = events.offers(events.summed(read(service, engagement, rows), worked, ("V6", "V4")), worked, "mean")
    assert {o.thin for o in offers} == {True}
    (wait,) = (o for o in offers if (o.stage_id, o.figure) == ("V4", "wait_h"))
    assert not replace(wait, told=10.0).differs
    assert not replace(wait, told=10.04).differs
    assert replace(wait, told=None).differs


def test_a_chain_is_made_from_the_log_once(service: Service, engagement: EngagementId) -> None:
    log = read(service, engagement, six("Tilbud"))
    names = [log.names[at] for at in events.in_order(log)]
    service.begin_from_events(engagement, names)
    assert [stage.name for stage in service.stream(engagement).chain] == ["Tilbud", "Ordre"]
    with pytest.raises(AlreadyThere):
        service.begin_from_events(engagement, names)
    assert set(events.suggested(log, service.stream(engagement))) == {
        stage.id for stage in service.stream(engagement).chain
    }


def test_figures_are_taken_over_and_put_back(service: Service) -> None:
    demo = service.open_demo()
    told, quote = service.stream(demo).told, StageId("demo-V4")
    before = service.take_figures(demo, {quote: {"wait_h": 10.0, "reentry_share": 0.2, "wip": None}})
    stage = service.stream(demo).stage(quote)
    assert stage is not None
    assert (stage.wait_h, stage.reentry_share, stage.wip) == (10, 0.2, None)
    assert service.take_figures(demo, before) == {quote: {"wait_h": 10.0, "reentry_share": 0.2, "wip": None}}
    assert service.stream(demo).told == told
    with pytest.raises(Gone):
        service.take_figures(demo, {quote: {"wait_h": 1.0}, StageId("nowhere"): {"wait_h": 1.0}})
    assert service.stream(demo).told == told


def test_nobody_reads_a_log_into_what_is_not_theirs(service: Service, engagement: EngagementId) -> None:
    stranger = service.for_actor(Actor("oidc", "stranger@a.no"))
    with pytest.raises(NotFound):
        read(stranger, engagement, six("Tilbud"))
    with pytest.raises(NotFound):
        stranger.take_figures(engagement, {})
    with pytest.raises(NotFound):
        stranger.begin_from_events(engagement, ["Tilbud"])


def test_a_log_may_reach_into_tomorrow_elsewhere_but_no_further(service: Service, engagement: EngagementId) -> None:
    assert read(service, engagement, "1,A,2026-07-01,").cases == 1
    with pytest.raises(InputError):
        read(service, engagement, "1,A,2026-07-02,")
