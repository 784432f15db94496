"""Both differences of a training: from what was measured before, and from how it was before as said afterwards."""

from pathlib import Path

import pytest

from assessment.engagement import EngagementId, Response
from assessment.packs import builtin
from assessment.service import Service
from assessment.store import SqliteStore
from tests.store.situations import MONDAY, WEDNESDAY, a_wave, an_engagement


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "before.db")


def asked_twice(
    store: SqliteStore, *, sellers: int, leaders: int, label: str = "T0", said: int | None = 1
) -> EngagementId:
    """First all answer 2 and later 4, and then say that it was 1 before; leaders say it was 3."""
    engagement = an_engagement()
    waves = [a_wave(engagement.id, 1, label=label), a_wave(engagement.id, 2, label="T2", opened_at=WEDNESDAY)]
    store.create_engagement(engagement, waves[0])
    store.add_wave(waves[1])
    for wave, level in zip(waves, (2, 4), strict=True):
        roles = ["S"] * sellers + ["SL"] * leaders
        people = [
            {
                "id": f"{wave.id}-{n}",
                "wave_id": wave.id,
                "role": role,
                "answers": {i: {"value": level} for i in builtin("full").shown_to(role)},  # type: ignore[arg-type]
                "retrospective": {
                    i.id: {"value": said if role == "S" else 3} for i in builtin("pulse").items if said and level == 4
                },
            }
            for n, role in enumerate(roles)
        ]
        store.add_responses(wave.id, [Response.model_validate(person) for person in people])
        store.close_wave(wave.id, MONDAY if level == 2 else WEDNESDAY)
    return engagement.id


def test_both_differences_are_told(store: SqliteStore) -> None:
    found = Service(store).comparison(asked_twice(store, sellers=6, leaders=0))

    assert found is not None
    assert [(t.pre, t.then, t.post) for t in found.thens] == [(2, 1, 4)] * 7


def test_they_never_enter_the_score(store: SqliteStore, tmp_path: Path) -> None:
    other = SqliteStore(tmp_path / "other.db")
    with_, without = asked_twice(store, sellers=6, leaders=0), asked_twice(other, sellers=6, leaders=0, said=None)

    one, two = Service(store).results(with_), Service(other).results(without)

    assert one.score == two.score
    found = Service(other).comparison(without)
    assert found is not None
    assert found.thens == ()


def test_a_group_under_k_is_not_in_them(store: SqliteStore) -> None:
    found = Service(store).comparison(asked_twice(store, sellers=4, leaders=2))

    assert found is not None
    # the four sellers' 1 is nowhere: all three figures are the leaders'
    assert {(t.pre, t.then, t.post) for t in found.thens} <= {(2, 3, 4), (None, None, None)}
    assert any(t.then == 3 for t in found.thens)


def test_a_measurement_from_during_the_work_is_not_before_it(store: SqliteStore) -> None:
    found = Service(store).comparison(asked_twice(store, sellers=6, leaders=0, label="T3"))

    assert found is not None
    assert found.thens == ()
