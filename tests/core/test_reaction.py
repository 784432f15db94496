"""The reaction to a training: what may be shown of it, and that it enters nothing else."""

from pathlib import Path

import pytest

from assessment.engagement import EngagementId, Response
from assessment.links import Invitation
from assessment.packs import builtin
from assessment.reaction import Reaction
from assessment.service import GroupBeginning, Service
from assessment.store import SqliteStore
from assessment.store.protocol import NotFound

Answers = dict[str, int]
# of ten: the first obstacle is named by six, the second by four, the third by nobody
TEN: list[Answers] = [
    {
        **{item.id: 1 + (n + at) % 2 * 3 for at, item in enumerate(builtin("reaction").items)},
        "R4": 2 if n < 6 else 1,
        "R5": 5 if n < 4 else 1,
        "R6": 1,
    }
    for n in range(10)
]


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "reaction.db")


@pytest.fixture
def service(store: SqliteStore) -> Service:
    return Service(store)


@pytest.fixture
def measured(service: Service, store: SqliteStore) -> EngagementId:
    """An assessment with a closed first measurement."""
    engagement = service.begin_group(GroupBeginning(organisation="Fjordvik", training_planned="yes"), "nb")
    items = builtin("full").shown_to("S")
    answer(service, store, engagement, [dict.fromkeys(items, 2 + n % 3) for n in range(8)])
    return engagement


def answer(
    service: Service, store: SqliteStore, engagement: EngagementId, people: list[Answers], *, close: bool = True
) -> None:
    """Answer the open wave, as sellers."""
    wave = service.waves(engagement)[-1]
    rows = [
        {
            "id": f"{wave.id}-{n}",
            "wave_id": wave.id,
            "role": "S",
            "answers": {i: {"value": v} for i, v in given.items()},
        }
        for n, given in enumerate(people)
    ]
    store.add_responses(wave.id, [Response.model_validate(row) for row in rows])
    if close:
        service.close_wave(engagement, wave.id)


def trained(
    service: Service, store: SqliteStore, engagement: EngagementId, people: list[Answers], *, close: bool = True
) -> Reaction:
    """What those trained have answered."""
    service.open_wave(engagement, "T1", pack_id="reaction")
    answer(service, store, engagement, people, close=close)
    found = service.reaction(engagement)
    assert found is not None
    return found


def test_nobody_asked_is_no_reaction(service: Service, measured: EngagementId) -> None:
    assert service.reaction(measured) is None


def test_while_it_is_open_there_is_a_count_and_nothing_else(
    service: Service, store: SqliteStore, measured: EngagementId
) -> None:
    found = trained(service, store, measured, TEN, close=False)

    assert (found.answered, found.said, found.obstacles, found.hidden) == (10, (), (), ())


def test_obstacles_come_by_how_many_name_them(service: Service, store: SqliteStore, measured: EngagementId) -> None:
    found = trained(service, store, measured, TEN)

    assert [item.id for item in found.said] == ["R1", "R2", "R3"]
    known = {o.item.id: (o.named, o.common) for o in found.obstacles}
    assert (known["R4"], known["R5"]) == ((6, True), (4, False))
    # all said the same, and only that they lie low may be told
    assert known["R6"] == (None, False)
    assert (found.obstacles[0].item.id, found.obstacles[-1].item.id) == ("R4", "R6")


def test_with_too_few_for_a_count_half_is_said_only_where_the_mean_proves_it(
    service: Service, store: SqliteStore, measured: EngagementId
) -> None:
    people = [{**given, "R4": 2 if n < 4 else 1, "R5": 5 if n < 4 else 1} for n, given in enumerate(TEN[:6])]
    found = {o.item.id: (o.named, o.common) for o in trained(service, store, measured, people).obstacles}

    assert (found["R4"], found["R5"]) == ((None, False), (None, True))


def test_fewer_than_k_show_nothing(service: Service, store: SqliteStore, measured: EngagementId) -> None:
    found = trained(service, store, measured, TEN[:4])

    assert (found.said, found.obstacles, len(found.hidden)) == ((), (), 9)


def test_it_changes_no_result_advice_or_comparison(
    service: Service, store: SqliteStore, measured: EngagementId
) -> None:
    before, advice, plan = service.results(measured), service.advice(measured), service.plan(measured)
    wave = trained(service, store, measured, TEN).wave

    after = service.results(measured)
    assert (after.score, after.wave, after.waves) == (before.score, before.wave, before.waves)
    assert service.advice(measured) == advice
    assert service.plan(measured) == plan
    assert service.comparison(measured) is None
    with pytest.raises(NotFound):
        service.results(measured, wave.id)
    with pytest.raises(NotFound):
        service.share_results(measured, wave.id)


def test_its_result_is_not_offered_to_those_who_answered(
    service: Service, store: SqliteStore, measured: EngagementId
) -> None:
    service.open_wave(measured, "T1", pack_id="reaction")
    service.invite(measured, Invitation(role="S"))
    answer(service, store, measured, TEN)

    assert service.shareable(measured) == ()


def test_the_measurement_after_it_is_compared_with_the_one_before(
    service: Service, store: SqliteStore, measured: EngagementId
) -> None:
    trained(service, store, measured, TEN)
    service.open_wave(measured, "T2")
    items = builtin("full").shown_to("S")
    answer(service, store, measured, [dict.fromkeys(items, 2 + n % 3) for n in range(8)])

    found = service.comparison(measured)

    assert found is not None
    assert [wave.label for wave in found.waves] == ["T0", "T2"]


@pytest.mark.parametrize(("label", "pack"), [("T1", "full"), ("T2", "reaction")])
def test_label_and_questions_go_together(service: Service, measured: EngagementId, label: str, pack: str) -> None:
    with pytest.raises(ValueError, match="right after"):
        service.open_wave(measured, label, pack_id=pack)  # type: ignore[arg-type]
