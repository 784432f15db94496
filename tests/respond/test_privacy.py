"""What the notice promises is so: nothing else is stored, and erasing one's answers tells nobody what they were."""

import time

import pytest

from assessment.engagement import EngagementId
from assessment.service import Service
from assessment.store import SqliteStore
from tests.respond.conftest import NewPhone, Phone
from tests.respond.invited import CLOSED, FORGOTTEN_S, Survey
from tests.respond.test_answering import begun


def test_it_says_what_is_stored_and_nothing_else_is(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone)
    phone.post(f"/s/{token}/1", data={"C1.1": "2", "shown": "0"})
    with survey.store._reading() as db:
        stored = {t: [c.name for c in db.table(t).columns] for t in ("responses", "answers", "page_times")}
    assert stored == {
        "responses": ["id", "wave_id", "role", "team", "view", "own_code_hash"],
        "answers": ["response_id", "item_id", "answer", "na_reason"],
        "page_times": ["response_id", "page", "seconds"],
    }
    kept = {name.partition("_r_")[0] for name in phone.cookies}
    assert kept == {"sf"}
    assert survey.store.audit_log(limit=10) == []


def sellers(survey: Survey, new_phone: NewPhone, count: int) -> tuple[str, list[Phone]]:
    """So many sellers who have answered everything on the first page with 2, and the last one with 5."""
    token, phones = survey.link(role="S"), [new_phone() for _ in range(count)]
    for number, phone in enumerate(phones, 1):
        phone.get(f"/s/{token}")
        phone.post(f"/s/{token}")
        level = "5" if number == count else "2"
        phone.post(f"/s/{token}/1", data={f"C1.{n}": level for n in range(1, 5)})
    return token, phones


def scores(service: Service, id_: EngagementId) -> dict[str, float | None]:
    return {c.id: c.score for c in service.results(id_).score.criteria}


def test_who_erases_leaves_no_group_that_gives_them_or_the_others_away(survey: Survey, new_phone: NewPhone) -> None:
    token, phones = sellers(survey, new_phone, 5)
    service = Service(SqliteStore(survey.database))
    before = service.progress(survey.engagement, survey.wave)
    # while it is open there is nothing to compare with
    assert service.results(survey.engagement).respondents == 0
    assert set(scores(service, survey.engagement).values()) <= {None}

    phones[-1].post(f"/s/{token}/erase")

    assert [(p.role, p.begun) for p in before] == [("S", 5)]
    assert [(p.role, p.begun) for p in service.progress(survey.engagement, survey.wave)] == [("S", 4)]
    survey.store.close_wave(survey.wave, CLOSED)
    assert set(scores(service, survey.engagement).values()) == {None}


def test_once_closed_nothing_can_be_erased_since_the_difference_would_tell(survey: Survey, new_phone: NewPhone) -> None:
    token, phones = sellers(survey, new_phone, 6)
    service = Service(SqliteStore(survey.database))
    survey.store.close_wave(survey.wave, CLOSED)
    shown = scores(service, survey.engagement)
    assert shown["C1"] == pytest.approx(2.5)  # five times 2, once 5: without the last one it would be 2
    time.sleep(FORGOTTEN_S)

    reply = phones[-1].post(f"/s/{token}/erase")

    assert reply.status_code == 410
    assert scores(service, survey.engagement) == shown


def test_neither_the_link_nor_the_log_tells_who_has_erased(survey: Survey, phone: Phone) -> None:
    token = begun(survey, phone, "S", role="S", max_uses=1)
    uses = survey.store.link(survey.link_id(token)).uses
    phone.post(f"/s/{token}/erase")
    assert survey.store.link(survey.link_id(token)).uses == uses == 1
    assert survey.store.audit_log(limit=10) == []
