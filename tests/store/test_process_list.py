"""What every store does with processes: kept whole, changed field by field, judged apart and fixed once shown."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from assessment.engagement import EngagementId, Process, ProcessId
from assessment.store import AlreadyThere, Closed, Gone, NotFound, Store
from tests.store.situations import MONDAY, TUESDAY, WEDNESDAY, someone_answering


def a_process(**fields: object) -> Process:
    known = {"id": uuid4().hex} | ({} if "code" in fields else {"name_nb": "Befaring"})
    return Process.model_validate(known | fields)


def with_a_process(store: Store, **fields: object) -> tuple[EngagementId, Process]:
    """A stored engagement with one process."""
    engagement, _, _ = someone_answering(store)
    process = a_process(**fields)
    store.add_processes(engagement, [process])
    return engagement, process


WRITES: dict[str, Callable[[Store, EngagementId, ProcessId], object]] = {
    "add_processes": lambda s, e, p: s.add_processes(e, [a_process()]),
    "change_process": lambda s, e, p: s.change_process(e, p, {"pain": 2}),
    "judge_process": lambda s, e, p: s.judge_process(e, p, "client", "core"),
    "show_classes": lambda s, e, p: s.show_classes(e, TUESDAY),
    "remove_process": lambda s, e, p: s.remove_process(e, p),
}
ABOUT_ONE = ["change_process", "judge_process", "remove_process"]


def test_a_process_is_read_back_as_it_was(store: Store) -> None:
    full = a_process(
        code="quoting",
        name_nb="Tilbud",
        name_en="Quotes",
        starts_with="a",
        ends_with="b",
        input="c",
        output="d",
        frequency="per_case",
        hours_month=12.5,
        pain=3,
        owner="Salg",
        in_mandate=False,
        class_consultant="core",
        class_client="support",
        classes_shown_at=MONDAY,
        class_agreed="core",
        class_reason="fordi",
        class_decided_by="Salgsledelsen",
    )
    bare = a_process(code="reporting")
    engagement, _, _ = someone_answering(store)

    store.add_processes(engagement, [full, bare])

    assert store.processes(engagement) == [full, bare]


def test_several_are_added_whole_or_not_at_all(store: Store) -> None:
    engagement, process = with_a_process(store, code="quoting")

    for again in (a_process(code="quoting"), a_process(id=process.id)):
        with pytest.raises(AlreadyThere):
            store.add_processes(engagement, [a_process(), again])

    assert store.processes(engagement) == [process]


def test_two_engagements_may_have_the_same_of_the_catalogue(store: Store) -> None:
    first, _ = with_a_process(store, code="quoting")
    second, _ = with_a_process(store, code="quoting")

    assert len(store.processes(first)) == len(store.processes(second)) == 1


def test_fields_that_are_not_given_stay(store: Store) -> None:
    engagement, process = with_a_process(store, hours_month=10.0, owner="Salg")

    store.change_process(engagement, process.id, {"hours_month": None, "pain": 1})

    assert store.processes(engagement) == [process.model_copy(update={"hours_month": None, "pain": 1})]


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "other"},
        {"code": "quoting"},
        {"class_client": "core"},
        {"class_consultant": "core"},
        {"classes_shown_at": MONDAY},
        {"hours_month": -1},
        {"pain": 4},
        {"name_nb": None},
        {"unheard_of": 1},
    ],
)
def test_what_cannot_be_changed_or_cannot_be_is_refused_and_changes_nothing(
    store: Store, fields: dict[str, object]
) -> None:
    engagement, process = with_a_process(store)
    revision = store.revision(engagement)

    with pytest.raises(ValueError):
        store.change_process(engagement, process.id, fields)

    assert store.processes(engagement) == [process]
    assert store.revision(engagement) == revision


def test_each_side_is_stored_apart_and_fixed_once_both_are_shown(store: Store) -> None:
    engagement, process = with_a_process(store)
    half = a_process()
    store.add_processes(engagement, [half])
    store.judge_process(engagement, process.id, "consultant", "core")
    store.judge_process(engagement, process.id, "client", "management")
    store.judge_process(engagement, process.id, "client", "support")
    store.judge_process(engagement, half.id, "client", "support")
    store.judge_process(engagement, half.id, "client", None)

    store.show_classes(engagement, TUESDAY)
    store.show_classes(engagement, WEDNESDAY)

    shown, waiting = store.processes(engagement)
    assert (shown.class_consultant, shown.class_client, shown.classes_shown_at) == ("core", "support", TUESDAY)
    assert waiting == half
    with pytest.raises(Gone):
        store.judge_process(engagement, process.id, "client", "core")
    assert store.processes(engagement) == [shown, half]


def test_what_is_removed_can_be_put_back(store: Store) -> None:
    engagement, process = with_a_process(store, class_client="core", pain=2)

    removed = store.remove_process(engagement, process.id)

    assert (removed, store.processes(engagement)) == (process, [])
    store.add_processes(engagement, [removed])
    assert store.processes(engagement) == [process]


@pytest.mark.parametrize("write", WRITES)
def test_every_write_raises_the_revision_and_none_reaches_a_deleted_engagement(store: Store, write: str) -> None:
    engagement, process = with_a_process(store)
    before = store.revision(engagement)
    WRITES[write](store, engagement, process.id)
    assert store.revision(engagement) > before

    engagement, process = with_a_process(store)
    store.delete_engagement(engagement, TUESDAY)
    with pytest.raises(Closed):
        WRITES[write](store, engagement, process.id)
    assert store.processes(engagement) == [process]


@pytest.mark.parametrize("write", ABOUT_ONE)
def test_a_process_of_another_engagement_is_gone(store: Store, write: str) -> None:
    engagement, _ = with_a_process(store)
    other, process = with_a_process(store)
    for target in (process.id, ProcessId("nothing")):
        with pytest.raises(Gone):
            WRITES[write](store, engagement, target)
    assert store.processes(other) == [process]


def test_an_engagement_that_is_not_there_has_no_processes(store: Store) -> None:
    nobody = EngagementId("nobody")
    for ask in (store.processes, lambda e: store.add_processes(e, []), lambda e: store.show_classes(e, MONDAY)):
        with pytest.raises(NotFound):
            ask(nobody)
