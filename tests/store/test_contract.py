"""What every store does. Nothing here knows which database is behind."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.engagement import (
    Answer,
    AnsweredCount,
    Cells,
    CriterionSetting,
    EngagementId,
    ItemId,
    LinkId,
    Mandate,
    ReadinessAnswer,
    ResponseId,
    ResponseProgress,
    WaveId,
)
from assessment.store import AlreadyThere, Closed, LinkUnusable, NotFound, Store
from tests.store.situations import (
    DONT_KNOW,
    MONDAY,
    NOT_APPLICABLE,
    THREE,
    TUESDAY,
    WEDNESDAY,
    a_link,
    a_response,
    a_wave,
    an_engagement,
    item,
    link_to,
    someone_answering,
)

NOBODY = EngagementId("nobody")


def writes(engagement: EngagementId, wave: WaveId, response: ResponseId) -> dict[str, Callable[[Store], object]]:
    """Every way to change an open engagement, so that what must hold for all of them is asked of all of them."""
    return {
        "mark_results_seen": lambda s: s.mark_results_seen(engagement, TUESDAY),
        "add_wave": lambda s: s.add_wave(a_wave(engagement, 2)),
        "add_responses": lambda s: s.add_responses(wave, [a_response(wave)]),
        "save_answers": lambda s: s.save_answers(response, {item(1): THREE}),
        "save_page_seconds": lambda s: s.save_page_seconds(response, "C1", 42),
        "set_criterion_settings": lambda s: s.set_criterion_settings(
            engagement, {"C1": CriterionSetting(criterion_id="C1", weight=2, target=3.5)}
        ),
        "set_readiness": lambda s: s.set_readiness(
            engagement, {ItemId("P1"): ReadinessAnswer(item_id=ItemId("P1"), value=3)}
        ),
        "save_mandate": lambda s: s.save_mandate(engagement, Mandate(scope="company"), TUESDAY),
        "add_links": lambda s: s.add_links([a_link(engagement, wave)]),
        "revoke_links": lambda s: s.revoke_links([link_to(wave)], TUESDAY),
        "begin_response": lambda s: s.begin_response(a_response(wave), link_to(wave), TUESDAY),
        "erase_response": lambda s: s.erase_response(response),
        "close_wave": lambda s: s.close_wave(wave, TUESDAY),
        "share": lambda s: s.share(wave, {"C1": 2.5}),
        "unshare": lambda s: s.unshare(wave),
    }


ALL_WRITES = list(writes(NOBODY, WaveId("nobody"), ResponseId("nobody")))
INTO_A_WAVE = ["add_responses", "save_answers", "save_page_seconds", "begin_response", "erase_response"]


def test_what_is_created_is_read_back_as_it_was(store: Store) -> None:
    engagement = an_engagement(mode="solo", training_planned="unknown", fictional=True, owner="kari@example.no")
    wave = a_wave(engagement.id, by_team=True, k=7)
    response = a_response(
        wave.id, team="Nord", view="all", answers={item(1): THREE, item(2): NOT_APPLICABLE}, page_seconds={"C1": 35}
    )
    store.create_engagement(engagement, wave, response)
    assert store.engagement(engagement.id) == engagement
    assert store.wave(wave.id) == wave
    assert store.response(response.id) == response
    assert store.responses(wave.id) == [response]


def test_an_engagement_is_created_whole_or_not_at_all(store: Store) -> None:
    _, wave_id, _ = someone_answering(store)
    engagement = an_engagement()
    with pytest.raises(AlreadyThere) as refused:
        store.create_engagement(engagement, a_wave(engagement.id, id=wave_id))
    assert refused.value.fields == {"kind": "wave", "id": wave_id}
    with pytest.raises(NotFound):
        store.engagement(engagement.id)


def test_parts_of_something_else_are_refused(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    other = an_engagement()
    with pytest.raises(ValueError, match="another engagement"):
        store.create_engagement(other, a_wave(engagement))
    with pytest.raises(ValueError, match="another wave"):
        store.create_engagement(other, a_wave(other.id), a_response(wave))
    with pytest.raises(ValueError, match="another wave"):
        store.add_responses(wave, [a_response(WaveId("elsewhere"))])


@pytest.mark.parametrize("write", ALL_WRITES)
def test_every_write_raises_the_revision_and_the_day_of_change(store: Store, write: str) -> None:
    engagement, wave, response = someone_answering(store)
    before = store.revision(engagement)
    writes(engagement, wave, response)[write](store)
    assert store.revision(engagement) > before
    assert store.engagement(engagement).revision == store.revision(engagement)
    assert store.engagements()[0].changed_on == TUESDAY.date()


def test_reading_and_writes_elsewhere_leave_the_revision_alone(store: Store) -> None:
    engagement, wave, response = someone_answering(store)
    before = store.revision(engagement)
    store.responses(wave), store.response(response), store.engagements(), store.mandate(engagement)
    someone_answering(store)
    assert store.revision(engagement) == before


@pytest.mark.parametrize("write", ALL_WRITES)
def test_nothing_is_written_to_a_deleted_engagement(store: Store, write: str) -> None:
    engagement, wave, response = someone_answering(store)
    store.delete_engagement(engagement, TUESDAY)
    before = store.revision(engagement)
    with pytest.raises(Closed) as refused:
        writes(engagement, wave, response)[write](store)
    assert refused.value.fields == {"kind": "engagement", "id": engagement}
    assert store.revision(engagement) == before


@pytest.mark.parametrize("write", INTO_A_WAVE)
def test_nothing_is_written_to_a_closed_wave(store: Store, write: str) -> None:
    engagement, wave, response = someone_answering(store)
    store.close_wave(wave, TUESDAY)
    before = store.revision(engagement)
    with pytest.raises(Closed) as refused:
        writes(engagement, wave, response)[write](store)
    assert refused.value.fields == {"kind": "wave", "id": wave}
    assert (store.revision(engagement), len(store.responses(wave))) == (before, 1)


@pytest.mark.parametrize("write", ALL_WRITES)
def test_writing_to_what_is_not_there_is_not_found(store: Store, write: str) -> None:
    with pytest.raises(NotFound):
        writes(NOBODY, WaveId("nobody"), ResponseId("nobody"))[write](store)


def test_reading_what_is_not_there_is_not_found(store: Store) -> None:
    for read in (store.engagement, store.revision, store.waves, store.criterion_settings, store.readiness):
        with pytest.raises(NotFound):
            read(NOBODY)
    for kind, call in (
        ("engagement", lambda: store.mandate(NOBODY)),
        ("engagement", lambda: store.delete_engagement(NOBODY, TUESDAY)),
        ("engagement", lambda: store.restore_engagement(NOBODY)),
        ("wave", lambda: store.wave(WaveId("nobody"))),
        ("wave", lambda: store.responses(WaveId("nobody"))),
        ("wave", lambda: store.wave_answers(WaveId("nobody"), pages_under_s=15)),
        ("wave", lambda: store.wave_retrospective(WaveId("nobody"))),
        ("wave", lambda: store.shared(WaveId("nobody"))),
        ("response", lambda: store.response(ResponseId("nobody"))),
    ):
        with pytest.raises(NotFound) as refused:
            call()
        assert (refused.value.key, refused.value.kind, refused.value.id) == ("store.not_found", kind, "nobody")


def test_answers_are_replaced_and_cleared_one_by_one(store: Store) -> None:
    _, _, response = someone_answering(store)
    store.save_answers(response, {item(1): THREE, item(2): NOT_APPLICABLE, item(3): DONT_KNOW})
    store.save_answers(response, {item(1): Answer(value=5), item(2): None, item(4): None})
    assert store.response(response).answers == {item(1): Answer(value=5), item(3): DONT_KNOW}
    store.save_answers(response, {item(3): NOT_APPLICABLE})
    store.save_answers(response, {item(3): THREE})
    assert store.response(response).answers[item(3)].na_reason is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    saves=st.lists(
        st.dictionaries(
            st.integers(1, 6).map(item),
            st.one_of(st.none(), st.sampled_from([1, 2, 3, 4, 5, "DK", "NA"]).map(lambda v: Answer(value=v))),
        ),
        max_size=5,
    )
)
def test_a_response_holds_the_last_answer_to_each_item(store: Store, saves: list[dict[ItemId, Answer | None]]) -> None:
    _, _, response = someone_answering(store)
    expected: dict[ItemId, Answer | None] = {}
    for save in saves:
        store.save_answers(response, save)
        expected |= save
    assert store.response(response).answers == {i: a for i, a in expected.items() if a is not None}


def test_a_bad_value_leaves_everything_as_it_was(store: Store) -> None:
    engagement, wave, response = someone_answering(store)
    before = store.revision(engagement)
    naive = TUESDAY.replace(tzinfo=None)
    for call in (
        lambda: store.save_answers(response, {item(1): THREE, item(2): 4}),  # type: ignore[dict-item]
        lambda: store.save_page_seconds(response, "C1", -1),
        lambda: store.save_page_seconds(response, "C1", float("nan")),
        lambda: store.mark_results_seen(engagement, naive),
        lambda: store.delete_engagement(engagement, naive),
        lambda: store.close_wave(wave, naive),
        lambda: store.purge_deleted(naive),
        lambda: store.save_mandate(engagement, Mandate(), naive),
        lambda: store.share(wave, {}),
        lambda: store.share(wave, {"C1": 3.0, "C2": 5.1}),
        lambda: store.share(wave, {"C1": float("nan")}),
        lambda: store.set_readiness(engagement, {ItemId("P1"): ReadinessAnswer(item_id=ItemId("P2"), value=1)}),
    ):
        with pytest.raises(ValueError):
            call()
    assert store.revision(engagement) == before
    assert store.response(response).answers == {}
    assert store.shared(wave) is None


def test_page_seconds_add_up_in_steps_of_five(store: Store) -> None:
    _, _, response = someone_answering(store)
    for seconds in (41.2, 1.9, 9):
        store.save_page_seconds(response, "C1", seconds)
    store.save_page_seconds(response, "C2", 0)
    assert store.response(response).page_seconds == {"C1": 50, "C2": 0}


def test_responses_come_in_the_order_of_their_random_ids(store: Store) -> None:
    engagement = an_engagement()
    wave = a_wave(engagement.id)
    store.create_engagement(engagement, wave)
    first, second = a_response(wave.id, id="b" * 32), a_response(wave.id, id="a" * 32, answers={item(1): THREE})
    store.add_responses(wave.id, [first, second])
    assert store.responses(wave.id) == [second, first]


def test_the_answers_of_a_wave_come_by_column_too(store: Store) -> None:
    engagement = an_engagement()
    wave = a_wave(engagement.id)
    store.create_engagement(engagement, wave)
    store.add_responses(
        wave.id,
        [
            a_response(wave.id, id="b", role="OP", team="Nord", retrospective={item(1): DONT_KNOW}),
            a_response(
                wave.id,
                id="a",
                view="all",
                answers={item(2): NOT_APPLICABLE, item(1): THREE},
                page_seconds={"C1": 10, "C2": 15, "C3": 5},
            ),
        ],
    )
    given = store.wave_answers(wave.id, pages_under_s=15)
    assert (given.roles, given.teams, given.views) == (("S", "OP"), (None, "Nord"), ("all", "role"))
    assert [_told(cells) for cells in (given.answers, store.wave_retrospective(wave.id), given.page_seconds)] == [
        [{"C1.1": "3", "C1.2": "NA"}, {}],
        [{}, {"C1.1": "DK"}],
        [{"C1": "10", "C3": "5"}, {}],
    ]


def _told(cells: Cells) -> list[dict[str, str]]:
    lines = zip(cells.names, cells.values, strict=True)
    return [dict(zip(names.split(), values.split(), strict=True)) for names, values in lines]


def test_responses_are_added_all_or_none(store: Store) -> None:
    _, wave, there = someone_answering(store)
    with pytest.raises(AlreadyThere) as refused:
        store.add_responses(wave, [a_response(wave), a_response(wave, id=there)])
    assert refused.value.fields == {"kind": "response", "id": there}
    assert len(store.responses(wave)) == 1


def test_waves_come_by_position_and_each_position_once(store: Store) -> None:
    engagement, first, _ = someone_answering(store)
    third, second = a_wave(engagement, 3, label="T3"), a_wave(engagement, 2, label="T2")
    store.add_wave(third)
    store.add_wave(second)
    assert [wave.id for wave in store.waves(engagement)] == [first, second.id, third.id]
    with pytest.raises(AlreadyThere):
        store.add_wave(a_wave(engagement, 3))


def test_a_wave_keeps_the_time_it_was_first_closed(store: Store) -> None:
    _, wave, _ = someone_answering(store)
    store.close_wave(wave, TUESDAY)
    store.close_wave(wave, WEDNESDAY)
    assert store.wave(wave).closed_at == TUESDAY


def test_results_keep_the_time_they_were_first_seen(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    store.mark_results_seen(engagement, TUESDAY)
    before = store.revision(engagement)
    store.mark_results_seen(engagement, WEDNESDAY)
    assert (store.engagement(engagement).results_seen_at, store.revision(engagement)) == (TUESDAY, before)


def test_the_list_shows_latest_wave_progress_and_day(store: Store) -> None:
    engagement = an_engagement(mode="solo")
    store.create_engagement(engagement, a_wave(engagement.id))
    latest = a_wave(engagement.id, 2, label="T2")
    store.add_wave(latest)
    begun = a_response(latest.id, id="a", role="SL", answers={item(1): THREE, item(2): DONT_KNOW})
    store.add_responses(latest.id, [begun, a_response(latest.id, id="b", view="all")])
    (summary,) = store.engagements()
    assert summary.engagement == store.engagement(engagement.id)
    assert (summary.wave, summary.changed_on) == (latest, TUESDAY.date())
    assert summary.responses == 2
    assert summary.first == ResponseProgress(response_id=begun.id, role="SL", view="role", answered=2)


def test_the_list_takes_engagements_without_responses_newest_first(store: Store) -> None:
    for name, created in (("old", MONDAY), ("new", WEDNESDAY)):
        engagement = an_engagement(name=name, created_at=created)
        store.create_engagement(engagement, a_wave(engagement.id))
    assert [(s.engagement.name, s.responses, s.first) for s in store.engagements()] == [
        ("new", 0, None),
        ("old", 0, None),
    ]


def test_a_deleted_engagement_is_out_of_sight_and_comes_back_whole(store: Store) -> None:
    engagement, wave, response = someone_answering(store)
    store.save_answers(response, {item(1): THREE})
    store.delete_engagement(engagement, TUESDAY)
    store.delete_engagement(engagement, WEDNESDAY)
    assert store.engagements() == []
    assert [s.engagement.id for s in store.engagements(deleted=True)] == [engagement]
    assert store.engagement(engagement).deleted_at == TUESDAY
    store.restore_engagement(engagement)
    store.restore_engagement(engagement)
    assert store.engagement(engagement).deleted_at is None
    assert [s.engagement.id for s in store.engagements()] == [engagement]
    assert store.responses(wave)[0].answers == {item(1): THREE}


def test_purging_erases_only_what_was_deleted_before(store: Store) -> None:
    kept, _, _ = someone_answering(store)
    recent, _, _ = someone_answering(store)
    old, wave, response = someone_answering(store)
    store.save_answers(response, {item(1): THREE})
    store.delete_engagement(old, MONDAY)
    store.delete_engagement(recent, WEDNESDAY)
    assert store.purge_deleted(TUESDAY) == 1
    for read in (lambda: store.engagement(old), lambda: store.wave(wave), lambda: store.response(response)):
        with pytest.raises(NotFound):
            read()
    assert store.engagement(recent).deleted_at == WEDNESDAY
    assert store.engagement(kept).deleted_at is None
    assert store.purge_deleted(TUESDAY) == 0


def test_criterion_settings_change_one_by_one(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    c1, c2 = (CriterionSetting(criterion_id=c, weight=2, target=3.5) for c in ("C1", "C2"))
    store.set_criterion_settings(engagement, {"C2": c2, "C1": c1})
    later = CriterionSetting(criterion_id="C1", weight=0, target=5, set_after_results=True)
    store.set_criterion_settings(engagement, {later.criterion_id: later})
    assert store.criterion_settings(engagement) == [later, c2]
    store.set_criterion_settings(engagement, {"C1": None})
    assert store.criterion_settings(engagement) == [c2]
    with pytest.raises(ValueError, match="another criterion"):
        store.set_criterion_settings(engagement, {"C3": c2})


def test_readiness_is_replaced_and_cleared_one_by_one(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    p1, p2 = (ReadinessAnswer(item_id=ItemId(p), value="DK", evidence="E1") for p in ("P1", "P2"))
    store.set_readiness(engagement, {p1.item_id: p1, p2.item_id: p2})
    better = ReadinessAnswer(item_id=ItemId("P2"), value=4)
    store.set_readiness(engagement, {p1.item_id: None, p2.item_id: better})
    assert store.readiness(engagement) == [better]


def test_a_mandate_gets_a_version_when_its_content_changes(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    assert store.mandate(engagement) is None
    narrow = Mandate(scope="named", processes_in_scope=1, departments=("Leveranse", "Kundesenter"), budget_nok=250_000)
    first = store.save_mandate(engagement, narrow, MONDAY)
    before = store.revision(engagement)
    again = store.save_mandate(engagement, narrow.model_copy(update={"reason": "Samme igjen"}), TUESDAY)
    assert (first.version, first.created_at, again) == (1, MONDAY, first)
    assert (store.mandate(engagement), store.revision(engagement)) == (first, before)
    wider = first.model_copy(update={"departments": ("Kundesenter",), "may_change_system": False, "reason": "Styret"})
    second = store.save_mandate(engagement, wider, TUESDAY)
    assert (second.version, second.created_at, second.departments) == (2, TUESDAY, ("Kundesenter",))
    assert store.mandate(engagement) == second
    assert second.may_change_system is False
    assert second.may_change_model is None


def test_many_threads_write_through_one_store(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    people = [a_response(wave) for _ in range(16)]
    store.add_responses(wave, people)
    before = store.revision(engagement)

    def answer_all(person: ResponseId) -> None:
        for number in range(20):
            store.save_answers(person, {item(number): THREE})

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(answer_all, [person.id for person in people]))
    assert [len(store.response(person.id).answers) for person in people] == [20] * 16
    assert store.revision(engagement) == before + 16 * 20


def test_times_come_back_in_utc(store: Store) -> None:
    engagement = an_engagement(created_at=MONDAY + timedelta(microseconds=7))
    store.create_engagement(engagement, a_wave(engagement.id))
    created = store.engagement(engagement.id).created_at
    assert created == engagement.created_at
    assert created.utcoffset() == timedelta(0)


def test_links_are_read_back_newest_first_and_found_by_their_hash(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    personal = a_link(
        engagement,
        wave,
        role="S",
        team="Nord",
        max_uses=1,
        expires_at=WEDNESDAY,
        created_at=TUESDAY,
        pin_hash="$argon2id",
    )
    results = a_link(engagement, None, created_at=WEDNESDAY)
    store.add_links([personal, results])
    assert list(store.links(engagement))[:2] == [results, personal]
    assert store.link_by_hash(personal.token_hash) == personal
    assert store.link_by_hash("0" * 64) is None


def test_links_are_stored_all_or_none(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    link = a_link(engagement, wave)
    store.add_links([link])
    with pytest.raises(AlreadyThere):
        store.add_links([a_link(engagement, wave), link])
    assert len(store.links(engagement)) == 2


def test_a_link_cannot_lead_into_another_engagement(store: Store) -> None:
    engagement, _, _ = someone_answering(store)
    _, elsewhere, _ = someone_answering(store)
    with pytest.raises(ValueError, match="another engagement"):
        store.add_links([a_link(engagement, elsewhere)])


def test_a_revoked_link_stays_revoked_from_the_first_time(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    store.revoke_links([link_to(wave)], TUESDAY)
    store.revoke_links([link_to(wave)], WEDNESDAY)
    assert store.links(engagement)[0].revoked_at == TUESDAY


def test_links_are_revoked_all_or_none(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    with pytest.raises(NotFound):
        store.revoke_links([link_to(wave), LinkId("nobody")], TUESDAY)
    assert store.links(engagement)[0].revoked_at is None


def test_beginning_counts_a_use_and_stores_the_response(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    response = a_response(wave, role="OP", answers={item(1): THREE})
    store.begin_response(response, link_to(wave), TUESDAY)
    assert store.response(response.id) == response
    assert store.links(engagement)[0].uses == 1


def test_beginning_twice_counts_once(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    response = a_response(wave)
    store.begin_response(response, link_to(wave), TUESDAY)
    with pytest.raises(AlreadyThere):
        store.begin_response(response, link_to(wave), TUESDAY)
    assert store.links(engagement)[0].uses == 1


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"revoked_at": MONDAY}, "revoked"),
        ({"expires_at": TUESDAY}, "expired"),
        ({"max_uses": 1, "uses": 1}, "used_up"),
        ({"max_uses": 1, "uses": 1, "expires_at": MONDAY, "revoked_at": MONDAY}, "revoked"),
    ],
)
def test_nobody_begins_by_a_link_that_is_out_of_use(store: Store, fields: dict[str, object], state: str) -> None:
    engagement, wave, _ = someone_answering(store)
    link = a_link(engagement, wave, **fields)
    store.add_links([link])
    before = len(store.responses(wave))
    with pytest.raises(LinkUnusable) as refused:
        store.begin_response(a_response(wave), link.id, TUESDAY)
    assert refused.value.state == state
    assert len(store.responses(wave)) == before


def test_a_response_is_what_its_link_is_for(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    later = a_wave(engagement, 2)
    store.add_wave(later)
    link = a_link(engagement, wave, role="S", team="Nord")
    store.add_links([link])
    for wrong in (a_response(wave, role="SL", team="Nord"), a_response(wave), a_response(later.id, team="Nord")):
        with pytest.raises(ValueError, match="the response is not"):
            store.begin_response(wrong, link.id, TUESDAY)
    store.begin_response(a_response(wave, team="Nord"), link.id, TUESDAY)


def test_the_last_uses_of_a_link_are_given_out_once_each(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    link = a_link(engagement, wave, max_uses=5)
    store.add_links([link])

    def begin(_: int) -> bool:
        try:
            store.begin_response(a_response(wave), link.id, TUESDAY)
        except LinkUnusable:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(begin, range(24))) == 5
    assert len(store.responses(wave)) == 1 + 5


def test_an_erased_response_leaves_nothing(store: Store) -> None:
    _, wave, response = someone_answering(store)
    store.save_answers(response, {item(1): THREE})
    store.erase_response(response)
    assert store.responses(wave) == []
    with pytest.raises(NotFound):
        store.response(response)


def test_progress_counts_responses_by_role_and_by_how_far_they_have_come(store: Store) -> None:
    _, wave, response = someone_answering(store)
    store.save_answers(response, {item(1): THREE, item(2): DONT_KNOW})
    store.add_responses(wave, [a_response(wave), a_response(wave), a_response(wave, role="OP", view="all")])
    assert list(store.progress(wave)) == [
        AnsweredCount(role="OP", view="all", answered=0, responses=1),
        AnsweredCount(role="S", view="role", answered=0, responses=2),
        AnsweredCount(role="S", view="role", answered=2, responses=1),
    ]


def test_what_is_shared_of_a_wave_is_read_back_replaced_and_taken_away(store: Store) -> None:
    engagement, wave, _ = someone_answering(store)
    second = a_wave(engagement, 2)
    store.add_wave(second)
    assert store.shared(wave) is None
    store.share(wave, {"C1": 2.125, "C2": None})
    store.share(second.id, {"C1": 4.0})
    assert store.shared(wave) == {"C1": 2.125, "C2": None}
    store.share(wave, {"C3": None})
    assert store.shared(wave) == {"C3": None}
    store.unshare(wave)
    store.unshare(wave)
    assert (store.shared(wave), store.shared(second.id)) == (None, {"C1": 4.0})


def test_a_closed_wave_is_shared(store: Store) -> None:
    _, wave, _ = someone_answering(store)
    store.close_wave(wave, TUESDAY)
    store.share(wave, {"C1": 3.0})
    assert store.shared(wave) == {"C1": 3.0}


def test_what_is_written_together_is_kept_together_or_not_at_all(store: Store) -> None:
    first, second = an_engagement(), an_engagement()

    def twice() -> None:
        with store.together():
            store.create_engagement(first, a_wave(first.id))
            assert store.engagement(first.id) == first
            store.create_engagement(first, a_wave(first.id))

    with pytest.raises(AlreadyThere):
        twice()
    assert store.engagements() == []

    with store.together():
        store.create_engagement(first, a_wave(first.id))
        store.create_engagement(second, a_wave(second.id))
    assert {summary.engagement.id for summary in store.engagements()} == {first.id, second.id}
